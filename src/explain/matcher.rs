//! Which pattern fits a text. Linear time, whatever the text: the `regex` crate never backtracks.

use crate::knowledge::{ErrorPattern, PatternKind, shipped};
use regex::{Regex, RegexSet, RegexSetBuilder};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What all patterns of one kind may take together when they are compiled.
const LARGEST: usize = 256 << 20;
/// Envelopes within envelopes that are taken off.
const DEEPEST: usize = 8;

/// Names and values that a text gives, by the names of the groups.
pub(super) type Captures = BTreeMap<String, String>;

/// The patterns, compiled.
#[derive(Debug)]
pub(super) struct Matcher {
    envelopes: Shelf,
    /// Texts that a rule stands for, codes that a rule stands for, other texts, other codes.
    said: [Shelf; 4],
    prefers: Shelf,
}

/// Patterns in their order: the first that fits decides.
#[derive(Debug)]
struct Shelf {
    set: RegexSet,
    patterns: Vec<(&'static ErrorPattern, OnceLock<Option<Regex>>)>,
}

impl Shelf {
    fn new(wanted: impl Fn(&ErrorPattern) -> bool) -> Self {
        let patterns: Vec<_> = shipped()
            .error_patterns()
            .iter()
            .filter(|pattern| wanted(pattern))
            .collect();
        let set = RegexSetBuilder::new(patterns.iter().map(|pattern| pattern.pattern))
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .size_limit(LARGEST)
            .build()
            // A unit test reads the table strictly: no pattern ships that does not compile.
            .unwrap_or_else(|_| RegexSet::empty());
        Self {
            set,
            patterns: patterns
                .into_iter()
                .map(|pattern| (pattern, OnceLock::new()))
                .collect(),
        }
    }

    /// The patterns that fit, in their order.
    fn fitting(&self, text: &str) -> impl Iterator<Item = (&'static ErrorPattern, &Regex)> {
        let fitting: Vec<usize> = self.set.matches(text).into_iter().collect();
        fitting.into_iter().filter_map(|n| {
            let (pattern, regex) = self.patterns.get(n)?;
            let regex = regex.get_or_init(|| pattern.regex().ok()).as_ref()?;
            Some((*pattern, regex))
        })
    }

    fn first(&self, text: &str) -> Option<Match> {
        let (pattern, regex) = self.fitting(text).next()?;
        Some(Match {
            pattern,
            captures: captured(regex, text),
        })
    }
}

/// A pattern that fits, with what it captured.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) pattern: &'static ErrorPattern,
    pub(super) captures: Captures,
}

impl Matcher {
    /// The one matcher of the program, compiled on first use.
    pub(super) fn shipped() -> &'static Self {
        static MATCHER: OnceLock<Matcher> = OnceLock::new();
        MATCHER.get_or_init(|| {
            let said = |kind, rules: bool| {
                Shelf::new(move |own| own.kind == kind && own.rules.is_empty() != rules)
            };
            Self {
                envelopes: Shelf::new(|own| own.kind == PatternKind::Envelope),
                said: [
                    said(PatternKind::Text, true),
                    said(PatternKind::Code, true),
                    said(PatternKind::Text, false),
                    said(PatternKind::Code, false),
                ],
                prefers: Shelf::new(|own| own.kind == PatternKind::Prefer),
            }
        })
    }

    /// Takes envelopes off, as long as there are any; what they tell goes to `captures`, the outermost first, and the rules
    /// that they stand for beside the message go to `beside`.
    pub(super) fn unwrapped<'t>(
        &self,
        text: &'t str,
        captures: &mut Captures,
        beside: &mut Vec<&'static str>,
    ) -> &'t str {
        let mut rest = text;
        for _ in 0..DEEPEST {
            let inner = self.envelopes.fitting(rest).find_map(|(pattern, regex)| {
                let found = regex.captures(rest)?;
                let inner = found.name("rest")?.as_str().trim();
                (!inner.is_empty() && inner.len() < rest.len()).then(|| {
                    for (name, value) in named(regex, &found) {
                        captures.entry(name).or_insert(value);
                    }
                    beside.extend(&pattern.rules);
                    inner
                })
            });
            match inner {
                Some(inner) => rest = inner,
                None => break,
            }
        }
        rest
    }

    /// The pattern of a message: its words first, then the code (in the words, or `code` beside them); patterns without
    /// a rule only where no other fits.
    pub(super) fn of(&self, text: &str, code: Option<&str>) -> Option<Match> {
        let [texts, codes, plain_texts, plain_codes] = &self.said;
        // A code can be read as words too (`LICENSE_LIMIT_EXCEEDED`), but words that were said come first.
        texts
            .first(text)
            .or_else(|| code.and_then(|code| codes.first(code)))
            .or_else(|| codes.first(text))
            .or_else(|| code.and_then(|code| texts.first(code)))
            .or_else(|| plain_texts.first(text))
            .or_else(|| code.and_then(|code| plain_codes.first(code)))
            .or_else(|| plain_codes.first(text))
    }

    /// Puts the candidates first that what stands beside the message speaks for (`op:...`, `fields:...`).
    pub(super) fn preferred(&self, beside: &str, candidates: &mut [&'static str]) {
        for (pattern, _) in self.prefers.fitting(beside) {
            // A stable sort: what is not named keeps its order.
            candidates.sort_by_key(|rule| {
                pattern
                    .rules
                    .iter()
                    .position(|own| own == rule)
                    .unwrap_or(usize::MAX)
            });
        }
    }
}

fn captured(regex: &Regex, text: &str) -> Captures {
    regex
        .captures(text)
        .map(|found| named(regex, &found).collect())
        .unwrap_or_default()
}

/// The groups that took part, without those that only say where to look next.
fn named<'r>(
    regex: &'r Regex,
    found: &'r regex::Captures<'r>,
) -> impl Iterator<Item = (String, String)> + 'r {
    regex.capture_names().flatten().filter_map(|name| {
        let value = found.name(name)?.as_str();
        let value = value.trim_matches([' ', ',', ';', '"', '\'']);
        // A sentence that goes on, or ends.
        let value = value
            .trim_end_matches("...")
            .trim_end_matches(['.', ':', ' ']);
        (name != "rest" && !value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    })
}
