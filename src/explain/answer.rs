//! What is said about one message, and how it is found.

use super::matcher::{Captures, Match, Matcher};
use super::normal::{BREAK, normalized};
use super::pieces::{Body, bodies, parts, stands_alone, without_fields};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A logged error as a source gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Line of a text or a sheet, element of a JSON document; from 1.
    pub line: u64,
    /// The text as it was logged.
    pub text: String,
    /// The status code beside it.
    pub code: Option<String>,
    /// The fields named beside it.
    pub fields: Vec<String>,
    /// Usernames that the source names.
    pub users: Vec<String>,
    /// What was done: `provisioning`, `profile push`, `deactivation`, `reactivation`, `import`.
    pub operation: Option<String>,
    /// What tells more where the text says nothing: codes of the event, its display message, its type.
    pub also: Vec<String>,
}

impl Message {
    /// A text without anything around it.
    #[must_use]
    pub fn of_text(line: u64, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
            ..Self::default()
        }
    }
}

/// The explanation of one message; the element of `explain --format json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Line of a text or a sheet, element of a JSON document; from 1. Several messages of one line share it.
    pub line: u64,
    /// The message as it was logged.
    pub text: String,
    /// The rule that stands for it; `None`: the text is unknown, or no rule stands for its cause.
    pub rule: Option<String>,
    /// Other rules that the same words can stand for.
    pub candidates: Vec<String>,
    /// What happened, in words.
    pub cause: String,
    /// What the text names: license, field, value ...
    pub captures: BTreeMap<String, String>,
    /// Who is concerned: usernames where they are known, else display names.
    pub affected: Vec<String>,
    /// What to do.
    pub fix: String,
    /// What to try again.
    pub retry: String,
    /// Whether `check` would have told it before the push: `yes`, `partly`, `no`, `unknown`.
    pub predictable: String,
    /// What the data of the org says about it; only with a snapshot.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<String>,
}

impl Answer {
    /// Whether a pattern knows the text.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.predictable != UNKNOWN
    }

    /// All rules that it names, the first one first.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.rule.iter().chain(&self.candidates).map(String::as_str)
    }
}

/// The word of `predictable` for a text that no pattern knows.
const UNKNOWN: &str = "unknown";

/// What can be said of a text that no pattern knows.
const UNKNOWN_CAUSE: &str = "unknown: no pattern knows this text";
const UNKNOWN_FIX: &str = "read the text; look the event up in Okta's System Log, outcome.reason, or in Salesforce's setup audit trail";

/// Explains a message: one answer for each of the errors that it holds, at least one.
#[must_use]
pub fn explain(message: &Message) -> Vec<Answer> {
    let matcher = Matcher::shipped();
    let mut around = Around::default();
    let mut found = Vec::new();
    let bodies = bodies(&message.text);
    if bodies.is_empty() {
        let plain = normalized(&message.text);
        let rest = matcher
            .unwrapped(&plain, &mut around.captures, &mut around.rules)
            .to_owned();
        let body = Body {
            text: rest,
            code: message.code.clone(),
            fields: message.fields.clone(),
        };
        look_at(matcher, &body, &around, &mut found);
    } else {
        // The words around the bodies name the person and the operation.
        let plain = normalized(&message.text);
        matcher.unwrapped(&plain, &mut around.captures, &mut around.rules);
        for body in bodies {
            let body = Body {
                text: normalized(&body.text),
                code: body.code.or_else(|| message.code.clone()),
                fields: body.fields,
            };
            look_at(matcher, &body, &around, &mut found);
        }
    }
    if found.iter().all(|piece| piece.fits.is_none()) {
        look_elsewhere(matcher, message, &around, &mut found);
    }
    let alone = found.len() == 1;
    found
        .into_iter()
        .map(|piece| piece.answer(matcher, message, alone))
        .collect()
}

/// What stands around a message.
#[derive(Default)]
struct Around {
    captures: Captures,
    /// Rules that it can stand for as well.
    rules: Vec<&'static str>,
}

/// One message, and what fits it.
struct Piece {
    text: String,
    fields: Vec<String>,
    captures: Captures,
    /// Rules that what stands around it can stand for as well.
    beside: Vec<&'static str>,
    fits: Option<Match>,
}

/// Looks at the text of one body, which can be several joined messages.
fn look_at(matcher: &Matcher, body: &Body, around: &Around, found: &mut Vec<Piece>) {
    let before = found.len();
    let all = parts(&body.text);
    let several = all.len() > 1;
    let mut open: Option<String> = None;
    for part in all {
        let piece = piece_of(matcher, part, body, around, !several);
        match found.get_mut(before..).and_then(<[Piece]>::last_mut) {
            _ if piece.fits.is_some() => {
                let mut piece = piece;
                if let Some(start) = open.take() {
                    piece.text = format!("{start}; {}", piece.text);
                }
                found.push(piece);
            }
            Some(last) if !stands_alone(part) => {
                last.text.push_str("; ");
                last.text.push_str(part);
            }
            Some(_) => found.push(piece),
            None => match &mut open {
                Some(start) => {
                    start.push_str("; ");
                    start.push_str(part);
                }
                None => open = Some(part.to_owned()),
            },
        }
    }
    let fitted = found
        .get(before..)
        .is_some_and(|own| own.iter().any(|piece| piece.fits.is_some()));
    if !fitted {
        // A sentence that was broken over lines, or that holds a `;` itself; and the code beside it.
        found.truncate(before);
        let whole = body.text.replace(BREAK, " ");
        found.push(piece_of(matcher, &whole, body, around, true));
    }
}

/// Takes what is around a text off it and looks for its pattern. `with_code`: the code beside it may speak for it.
fn piece_of(matcher: &Matcher, text: &str, body: &Body, around: &Around, with_code: bool) -> Piece {
    let mut captures = around.captures.clone();
    let mut own = Captures::new();
    let mut beside = around.rules.clone();
    let inner = matcher.unwrapped(text, &mut own, &mut beside);
    let (message, mut fields) = without_fields(inner);
    // A code in the text itself stands for the text whatever is beside it.
    let code = own.get("code").cloned().or_else(|| {
        with_code
            .then(|| {
                body.code
                    .clone()
                    .or_else(|| around.captures.get("code").cloned())
            })
            .flatten()
    });
    let fits = matcher.of(message, code.as_deref());
    if fields.is_empty() {
        fields.clone_from(&body.fields);
    }
    captures.extend(own);
    if let Some(code) = code {
        captures.entry("code".to_owned()).or_insert(code);
    }
    if let Some(known) = &fits {
        // What the message itself says counts before what is around it; only the person and the operation stay.
        captures.extend(known.captures.clone());
    }
    Piece {
        text: text.to_owned(),
        fields,
        captures,
        beside,
        fits,
    }
}

/// Where the text says nothing: the codes of the event, what it is called, its type.
fn look_elsewhere(matcher: &Matcher, message: &Message, around: &Around, found: &mut Vec<Piece>) {
    // What was taken off as an envelope can be what there is to know.
    let whole = normalized(&message.text).replace(BREAK, " ");
    if let Some(known) = matcher.of(&whole, None) {
        let mut captures = around.captures.clone();
        captures.extend(known.captures.clone());
        *found = vec![Piece {
            text: whole,
            fields: message.fields.clone(),
            captures,
            beside: around.rules.clone(),
            fits: Some(known),
        }];
        return;
    }
    for text in &message.also {
        let plain = normalized(text);
        let piece = piece_of(matcher, &plain, &Body::default(), around, false);
        if piece.fits.is_some() {
            *found = vec![piece];
            return;
        }
    }
}

impl Piece {
    fn answer(self, matcher: &Matcher, message: &Message, alone: bool) -> Answer {
        let Self {
            text,
            fields,
            mut captures,
            beside,
            fits,
        } = self;
        let operation = message
            .operation
            .clone()
            .or_else(|| captures.get("op").cloned());
        if let Some(operation) = &operation {
            captures
                .entry("op".to_owned())
                .or_insert_with(|| operation.clone());
        }
        if !fields.is_empty() {
            captures
                .entry("fields".to_owned())
                .or_insert_with(|| fields.join(", "));
        }
        let affected = affected(message, &captures);
        let text = if alone { message.text.clone() } else { text };
        let Some(Match { pattern, .. }) = fits else {
            return Answer {
                line: message.line,
                text,
                cause: UNKNOWN_CAUSE.to_owned(),
                captures,
                affected,
                fix: UNKNOWN_FIX.to_owned(),
                predictable: UNKNOWN.to_owned(),
                ..Answer::default()
            };
        };
        let mut rules = pattern.rules.clone();
        rules.extend(beside);
        let mut seen = BTreeSet::new();
        rules.retain(|rule| seen.insert(*rule));
        if let Some(operation) = operation {
            matcher.preferred(&format!("op:{operation}"), &mut rules);
        }
        if let Some(fields) = captures.get("fields") {
            matcher.preferred(&format!("fields:{fields}"), &mut rules);
        }
        let mut rules = rules.into_iter().map(str::to_owned);
        Answer {
            line: message.line,
            text,
            rule: rules.next(),
            candidates: rules.collect(),
            cause: pattern.cause.to_owned(),
            captures,
            affected,
            fix: pattern.fix.to_owned(),
            retry: pattern
                .retry
                .map(|retry| retry.words().to_owned())
                .unwrap_or_default(),
            predictable: pattern
                .predictable
                .map_or(UNKNOWN, crate::knowledge::Predictable::as_str)
                .to_owned(),
            evidence: Vec::new(),
        }
    }
}

/// Who is concerned: the source says it best, then a username in the text, then a display name.
fn affected(message: &Message, captures: &Captures) -> Vec<String> {
    if !message.users.is_empty() {
        return message.users.clone();
    }
    ["username", "user", "assignee"]
        .into_iter()
        .filter_map(|name| captures.get(name))
        .find(|user| !is_placeholder(user))
        .map(|user| vec![user.clone()])
        .unwrap_or_default()
}

/// `<user>` and `...` of documentation are nobody.
fn is_placeholder(user: &str) -> bool {
    user.starts_with('<') || !user.contains(char::is_alphanumeric)
}
