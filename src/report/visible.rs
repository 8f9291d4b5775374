//! Text from files made safe to look at: nothing in a cell can move the cursor, change a color,
//! reverse the order of what stands around it, or hide.

use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Characters that take no room and are not part of a visible one: zero-width and bidirectional controls.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Letters that are written from right to left: where one stands, a terminal may show other text in another order too.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The text on one line, with control and hidden characters written out.
///
/// The second of two `#` is written out too: agents of Azure Pipelines and GitHub take `##vso[` and `##[` for a command to
/// them wherever it stands in a line of a log.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let commands = text.contains("##");
    if !commands && !text.chars().any(|c| c.is_control() || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == '#' && shown.ends_with('#') {
            shown.push_str("\\u{23}");
        } else {
            push_visible(&mut shown, c);
        }
    }
    Cow::Owned(shown)
}

/// One character of [`visible`].
pub(super) fn push_visible(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        '\0' => shown.push_str("\\0"),
        c if c.is_control() || is_hidden(c) => {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
        c => shown.push(c),
    }
}

/// Terminal cells that the text takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The first `most` characters, and `…` with the number of all where there are more.
pub(super) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    // Fewer bytes than characters allowed: no need to count.
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!(
            "{}… ({} characters)",
            text.get(..end).unwrap_or_default(),
            text.chars().count()
        )),
    }
}

/// Breaks at spaces so that no line is wider than `most`, the first one narrower by `used`.
/// A word that is wider than a line stays whole: names are copied from reports.
pub(super) fn wrapped(text: &str, most: Option<usize>, used: usize) -> Vec<String> {
    let Some(most) = most else {
        return vec![text.to_owned()];
    };
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut taken = used;
    for word in text.split(' ') {
        let wide = width(word);
        let full = taken + usize::from(!line.is_empty()) + wide > most;
        if full && taken > 0 {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            taken += 1;
        }
        line.push_str(word);
        taken += wide;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides() {
        assert_eq!(visible("Größe 数据 😀"), "Größe 数据 😀");
        assert_eq!(visible("a\nb\r\t\0"), "a\\nb\\r\\t\\0");
        assert_eq!(visible("\u{1b}[31mred\u{9b}"), "\\u{1b}[31mred\\u{9b}");
        assert_eq!(
            visible("ann\u{202e}elpmaxe\u{feff}"),
            "ann\\u{202e}elpmaxe\\u{feff}"
        );
    }

    #[test]
    fn nothing_commands_an_agent() {
        assert_eq!(
            visible("a ##vso[x]y ##[error] #1"),
            "a #\\u{23}vso[x]y #\\u{23}[error] #1"
        );
        for text in ["##", "###", "####[", "a##b##c"] {
            assert!(!visible(text).contains("##"), "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äöü… (4 characters)");
    }

    #[test]
    fn lines_fit() {
        assert_eq!(wrapped("a bb ccc dddd", None, 5), ["a bb ccc dddd"]);
        assert_eq!(
            wrapped("a bb ccc dddd", Some(6), 2),
            ["a bb", "ccc", "dddd"]
        );
        assert_eq!(
            wrapped("a bbbbbbbbbb c", Some(4), 0),
            ["a", "bbbbbbbbbb", "c"]
        );
        assert_eq!(wrapped("数据 数据", Some(8), 0), ["数据", "数据"]);
    }
}
