//! Keys of permission set licenses: which kind of license a key is made for.

use super::Error;
use super::sheet::Sheet;

/// A pattern may begin and end with `*`. The first line that fits decides, so an exception stands
/// above the pattern that it is taken from.
pub(super) const SHEET: Sheet<5> = Sheet {
    name: "keys",
    header: ["pattern", "kind", "confidence", "remark", "source"],
    text: include_str!("keys.csv"),
};

/// For which users a permission set license is made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PslKind {
    /// External users of a site.
    Community,
    /// Users of the Salesforce Integration license.
    Integration,
    /// Internal users.
    Core,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyPattern {
    text: &'static str,
    pub(super) kind: PslKind,
}

impl KeyPattern {
    pub(super) fn fits(self, key: &str) -> bool {
        match (self.text.strip_prefix('*'), self.text.strip_suffix('*')) {
            (None, None) => key == self.text,
            (Some(end), None) => key.ends_with(end),
            (None, Some(start)) => key.starts_with(start),
            (Some(_), Some(_)) => key.contains(self.text.trim_matches('*')),
        }
    }
}

pub(super) fn parse(sheet: Sheet<5>) -> Result<Vec<KeyPattern>, Error> {
    let mut patterns: Vec<KeyPattern> = Vec::new();
    for record in sheet.records()? {
        let (place, [text, kind, confidence, _, _]) = record?;
        let kind = match kind {
            "community" => PslKind::Community,
            "integration" => PslKind::Integration,
            "core" => PslKind::Core,
            _ => return Err(place.word("kind", kind)),
        };
        place.confidence("confidence", confidence)?;
        if text.trim_matches('*').is_empty() {
            return Err(place.word("pattern", text));
        }
        if patterns.iter().any(|earlier| earlier.text == text) {
            return Err(place.duplicate(text));
        }
        patterns.push(KeyPattern { text, kind });
    }
    Ok(patterns)
}

#[cfg(test)]
mod tests {
    use super::{KeyPattern, PslKind};

    #[test]
    fn a_star_stands_for_anything_at_either_end() {
        let fits = |text, key| {
            KeyPattern {
                text,
                kind: PslKind::Core,
            }
            .fits(key)
        };
        assert!(fits("AbcPsl", "AbcPsl") && !fits("AbcPsl", "xAbcPsl"));
        assert!(fits("Abc*", "AbcPsl") && !fits("Abc*", "xAbc"));
        assert!(fits("*Psl", "AbcPsl") && !fits("*Psl", "AbcPsl2"));
        assert!(fits("*bcP*", "AbcPsl") && !fits("*bcP*", "Psl"));
    }
}
