//! Texts of provisioning errors: how they are recognized, which rules they stand for, what helps.

use super::Error;
use super::sheet::{Place, Sheet, filled, list};
use regex::{Regex, RegexBuilder};

/// The order of lines counts: among patterns of one kind the first that fits decides, so a special text stands above the
/// general one. A pattern is a regular expression without look-around, matched in any case of letters against text with
/// plain quotes and single spaces; `.` takes everything.
pub(super) const SHEET: Sheet<9> = Sheet {
    name: "error_patterns",
    header: [
        "kind",
        "pattern",
        "rules",
        "cause",
        "fix",
        "retry",
        "predictable",
        "example",
        "source",
    ],
    text: include_str!("error_patterns.csv"),
};

/// What a compiled pattern may take: the table is ours, so a larger one is a mistake in it.
const LARGEST: usize = 4 << 20;

/// What a pattern is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PatternKind {
    /// Words of a tool around the message; the group `rest` is what is looked at next. Its rules can be meant as well.
    Envelope,
    /// The words of a message.
    Text,
    /// A status code. Counts only where no words are known: one family arrives under several codes.
    Code,
    /// Which candidates come first, by the operation (`op:...`) or the fields (`fields:...`) beside the message.
    Prefer,
}

/// What to try again, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retry {
    /// After the repair, by Retry Selected on Okta's Tasks page.
    AfterFix,
    /// As it is: the cause passes by itself.
    Now,
    /// As it is, but later and in smaller groups.
    Later,
    /// After Okta was connected again.
    Login,
    /// The import into Okta.
    Import,
    /// The deploy or the saving of the set: it is no push.
    Deploy,
    /// Nothing.
    Nothing,
}

impl Retry {
    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AfterFix => "after the repair: Dashboard > Tasks > Retry Selected",
            Self::Now => "as it is, in a few minutes: Dashboard > Tasks > Retry Selected",
            Self::Later => {
                "as it is, later and in smaller groups: Dashboard > Tasks > Retry Selected"
            }
            Self::Login => {
                "after Provisioning > Integration is authenticated again: all tasks that failed since"
            }
            Self::Import => "after the repair: the import, or Force Sync on To Okta",
            Self::Deploy => "after the repair: the deploy, or saving the permission set",
            Self::Nothing => "nothing",
        }
    }

    fn parse(place: Place, word: &'static str) -> Result<Self, Error> {
        Ok(match word {
            "after-fix" => Self::AfterFix,
            "now" => Self::Now,
            "later" => Self::Later,
            "login" => Self::Login,
            "import" => Self::Import,
            "deploy" => Self::Deploy,
            "nothing" => Self::Nothing,
            _ => return Err(place.word("retry", word)),
        })
    }
}

/// Whether the data of the org and the file tell the failure before the push.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Predictable {
    /// They do.
    Yes,
    /// Only some of its causes lie in what can be pulled.
    Partly,
    /// They do not.
    No,
}

impl Predictable {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct ErrorPattern {
    /// What it is for.
    pub kind: PatternKind,
    /// The regular expression.
    pub pattern: &'static str,
    /// Names of the rules that the text can stand for, the likeliest first; empty: no rule stands for it.
    pub rules: Vec<&'static str>,
    /// What happened, in words.
    pub cause: &'static str,
    /// What to do; empty for envelopes and preferences.
    pub fix: &'static str,
    /// What to try again; none for envelopes and preferences.
    pub retry: Option<Retry>,
    /// Whether it can be told before the push; none for envelopes and preferences.
    pub predictable: Option<Predictable>,
    /// A text that it recognizes.
    pub example: &'static str,
    /// Where it was read.
    pub source: &'static str,
}

impl ErrorPattern {
    /// The compiled pattern.
    ///
    /// # Errors
    /// It is no regular expression; [`super::load`] refuses such a line.
    pub fn regex(&self) -> Result<Regex, regex::Error> {
        RegexBuilder::new(self.pattern)
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .size_limit(LARGEST)
            .build()
    }
}

pub(super) fn parse(sheet: Sheet<9>) -> Result<Vec<ErrorPattern>, Error> {
    let mut patterns: Vec<ErrorPattern> = Vec::new();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let pattern = line(place, cells)?;
        let twice =
            |own: &&ErrorPattern| own.kind == pattern.kind && own.pattern == pattern.pattern;
        if patterns.iter().find(twice).is_some() {
            return Err(place.duplicate(pattern.pattern));
        }
        patterns.push(pattern);
    }
    Ok(patterns)
}

fn line(place: Place, cells: [&'static str; 9]) -> Result<ErrorPattern, Error> {
    let [
        kind,
        pattern,
        rules,
        cause,
        fix,
        retry,
        predictable,
        example,
        source,
    ] = cells;
    let kind = match kind {
        "envelope" => PatternKind::Envelope,
        "text" => PatternKind::Text,
        "code" => PatternKind::Code,
        "prefer" => PatternKind::Prefer,
        _ => return Err(place.word("kind", kind)),
    };
    let answers = matches!(kind, PatternKind::Text | PatternKind::Code);
    let rules: Vec<&'static str> = list(rules).collect();
    let is_name = |name: &&str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    if let Some(wrong) = rules.iter().find(|name| !is_name(name)) {
        return Err(place.word("rule", wrong));
    }
    if kind == PatternKind::Prefer && rules.is_empty() {
        return Err(place.malformed("a preference names rules"));
    }
    if pattern.is_empty() || cause.is_empty() || example.is_empty() || fix.is_empty() == answers {
        return Err(place.malformed("an empty cell, or a fix where none belongs"));
    }
    Ok(ErrorPattern {
        kind,
        pattern,
        rules,
        cause,
        fix,
        retry: filled(retry)
            .map(|word| Retry::parse(place, word))
            .transpose()?,
        predictable: match predictable {
            "" => None,
            "yes" => Some(Predictable::Yes),
            "partly" => Some(Predictable::Partly),
            "no" => Some(Predictable::No),
            _ => return Err(place.word("predictable", predictable)),
        },
        example,
        source,
    })
    .and_then(|known| {
        if known.retry.is_some() == answers && known.predictable.is_some() == answers {
            Ok(known)
        } else {
            Err(place.malformed("retry and predictable belong to texts and codes"))
        }
    })
}

/// Refuses a pattern that does not compile, or an envelope without anything to look at next.
pub(super) fn compile(sheet: Sheet<9>) -> Result<(), Error> {
    for record in sheet.records()? {
        let (place, cells) = record?;
        let known = line(place, cells)?;
        let regex = known
            .regex()
            .map_err(|_| place.malformed("the pattern is no regular expression"))?;
        if known.kind == PatternKind::Envelope
            && !regex.capture_names().flatten().any(|name| name == "rest")
        {
            return Err(place.malformed("an envelope needs a group `rest`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Result<(), Error> {
        let sheet = Sheet { text, ..SHEET };
        parse(sheet)?;
        compile(sheet)
    }

    const HEADER: &str = "kind,pattern,rules,cause,fix,retry,predictable,example,source\n";

    fn refused(line: &str) -> Error {
        let text: &'static str = Box::leak(format!("{HEADER}{line}\n").into_boxed_str());
        read(text).expect_err(line)
    }

    #[test]
    fn a_malformed_line_is_refused_with_its_place() {
        for line in [
            "song,x,a-rule,c,f,now,yes,x,here",
            "text,x,A Rule,c,f,now,yes,x,here",
            "text,x,a-rule,c,f,soon,yes,x,here",
            "text,x,a-rule,c,f,now,maybe,x,here",
            "text,x,a-rule,,f,now,yes,x,here",
            "text,x,a-rule,c,f,,yes,x,here",
            "text,x,a-rule,c,f,now,yes,,here",
            "text,x,a-rule,c,f,now,yes,x,",
            "text,(x,a-rule,c,f,now,yes,x,here",
            "envelope,x,,c,,,,x,here",
            "envelope,x(?P<rest>.+),,c,f,now,yes,x,here",
            "prefer,op:x,,c,,,,x,here",
        ] {
            let said = refused(line).to_string();
            assert!(said.contains("error_patterns, line 2"), "{line}: {said}");
        }
        assert!(
            refused("text,x,a-rule,c,f,now,yes,x,here\ntext,x,b-rule,c,f,now,yes,x,here")
                .to_string()
                .contains("line 3")
        );
    }
}
