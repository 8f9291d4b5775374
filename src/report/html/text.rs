//! Text that stays text.

use crate::report::visible::visible;
use std::fmt;
use std::io::{self, Write};

/// Text between tags or in a quoted attribute. Characters that hide, turn or move others are written out.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = visible(self.0);
        let mut rest = shown.as_ref();
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            f.write_str(before)?;
            let mut characters = after.chars();
            f.write_str(match characters.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = characters.as_str();
        }
        f.write_str(rest)
    }
}

/// Passes JSON on so that it can stand in a script block: `<`, which JSON has only inside of strings, becomes `\u003c`.
pub(super) struct ScriptSafe<'w>(pub(super) &'w mut dyn Write);

impl Write for ScriptSafe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (n, part) in bytes.split(|byte| *byte == b'<').enumerate() {
            if n > 0 {
                self.0.write_all(b"\\u003c")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_becomes_entities() {
        assert_eq!(
            Escaped("\"><img onerror='x'>&\u{202e}").to_string(),
            "&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;&amp;\\u{202e}"
        );
    }

    proptest! {
        #[test]
        fn nothing_opens_a_tag(text in any::<String>()) {
            let shown = Escaped(&text).to_string();
            prop_assert!(!shown.contains(['<', '>', '"', '\'']));
        }

        #[test]
        fn a_block_holds_the_same_json(text in any::<String>()) {
            let mut out = Vec::new();
            serde_json::to_writer(ScriptSafe(&mut out), &text).expect("memory");
            prop_assert!(!out.contains(&b'<'));
            prop_assert_eq!(serde_json::from_slice::<String>(&out).expect("JSON"), text);
        }
    }
}
