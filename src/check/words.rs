//! The words of findings, built once per cause and kept as JSON, because most findings of a large file repeat.

use crate::finding::{Cause, Confidence, Explanation, Fingerprint, Severity};
use crate::input::{Attribute, Columns};
use crate::rules::Rule;
use crate::waivers::Subject;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Everything of a finding that does not depend on its row.
#[derive(Debug)]
pub(crate) struct Said {
    /// Severity after evidence and policy.
    pub(crate) severity: Severity,
    /// Place of the marked column in the file, for the order of findings.
    pub(crate) column: u16,
    /// The identity of the problem.
    pub(crate) fingerprint: Fingerprint,
    /// What its subject is, if it has one.
    kind: Option<&'static str>,
    /// All texts of it, one after the other: there are many findings, and one allocation is cheaper than seven.
    texts: Box<[u8]>,
    /// Where each [`Part`] lies in `texts`.
    parts: [Option<Range<u32>>; Part::COUNT],
}

/// The texts of a finding.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// JSON members from `rule` to `fix`, without braces and without `status`.
    Body,
    /// JSON string contents (escaped, no quotes): the predicted code.
    Code,
    /// The predicted message.
    Text,
    /// The text of Okta's own.
    Okta,
    /// As they are: the value, the name of the subject, the name of the column.
    Value,
    Subject,
    Column,
}

impl Part {
    const COUNT: usize = 7;
}

#[derive(Serialize)]
struct Body<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    message: &'a str,
    reason: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixBody<'a>>,
}

#[derive(Serialize)]
struct FixBody<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replace: Option<ReplaceBody<'a>>,
}

#[derive(Serialize)]
struct ReplaceBody<'a> {
    column: &'a str,
    with: &'a str,
}

/// The text as JSON, without the quotes around it.
fn escaped(text: &str) -> Cow<'_, str> {
    // Without an early end the compiler looks at many bytes at a time.
    let odd = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    if !text.bytes().fold(false, |any, byte| any | odd(byte)) {
        return Cow::Borrowed(text);
    }
    let mut json = serde_json::to_string(text).unwrap_or_default();
    json.pop();
    json.drain(..json.len().min(1));
    Cow::Owned(json)
}

/// Room for the JSON of most findings.
const USUAL_BODY: usize = 1 << 10;

impl Said {
    fn new(
        rule: &Rule,
        severity: Severity,
        cause: &Cause<'_>,
        words: &Explanation,
        columns: Option<&Columns>,
    ) -> Self {
        let shown = |column| {
            columns.map_or_else(|| Attribute::name(column), |columns| columns.shown(column))
        };
        let subject = cause.subject.map(|(kind, name)| format!("{kind}:{name}"));
        let column = cause.column.map(shown);
        let fingerprint = Fingerprint::of(rule.name, subject.as_deref(), column, cause.value);
        let mark = fingerprint.to_string();
        let replace_column = words.replace.as_ref().map(|(column, _)| shown(*column));
        let body = Body {
            rule: rule.name,
            severity,
            confidence: cause.confidence,
            fingerprint: &mark,
            column,
            value: cause.value,
            subject: subject.as_deref(),
            message: &words.message,
            reason: &words.reason,
            fix: (!words.fix.is_empty()).then(|| FixBody {
                text: &words.fix,
                replace: words
                    .replace
                    .as_ref()
                    .zip(replace_column)
                    .map(|((_, with), column)| ReplaceBody { column, with }),
            }),
        };
        let mut texts = Vec::with_capacity(USUAL_BODY);
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut texts, &body);
        texts.pop();
        let mut parts = [const { None }; Part::COUNT];
        let length = |texts: &Vec<u8>| u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let mut put = |part: Part, range| {
            if let Some(place) = parts.get_mut(part as usize) {
                *place = Some(range);
            }
        };
        put(Part::Body, 1..length(&texts));
        let code = words.code.map(escaped);
        let text = words.text.as_deref().map(escaped);
        let okta = words.okta.as_deref().map(escaped);
        for (part, text) in [
            (Part::Code, code.as_deref()),
            (Part::Text, text.as_deref()),
            (Part::Okta, okta.as_deref()),
            (Part::Value, cause.value),
            (Part::Subject, cause.subject.map(|(_, name)| name)),
            (Part::Column, column),
        ] {
            let Some(text) = text else { continue };
            let start = length(&texts);
            texts.extend_from_slice(text.as_bytes());
            put(part, start..length(&texts));
        }
        Self {
            severity,
            column: cause
                .column
                .zip(columns)
                .map_or(0, |(column, columns)| columns.place(column)),
            fingerprint,
            kind: cause.subject.map(|(kind, _)| kind),
            texts: texts.into(),
            parts,
        }
    }

    /// The bytes of one of its texts.
    fn get(&self, part: Part) -> Option<&[u8]> {
        let range = self.parts.get(part as usize)?.as_ref()?;
        self.texts.get(range.start as usize..range.end as usize)
    }

    fn text(&self, part: Part) -> Option<&str> {
        self.get(part).and_then(|text| str::from_utf8(text).ok())
    }

    /// Whether it was said of this cause: a key is a hash only.
    fn is_of(&self, cause: &Cause<'_>) -> bool {
        self.get(Part::Value) == cause.value.map(str::as_bytes)
            && self.get(Part::Subject) == cause.subject.map(|(_, name)| name.as_bytes())
    }

    /// What a waiver sees of it; whose row it is, is not known here.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            about: self.kind.zip(self.text(Part::Subject)),
            column: self.text(Part::Column),
            value: self.text(Part::Value),
            user: None,
            input: None,
        }
    }

    /// Whether two say the same.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.get(Part::Body) == other.get(Part::Body)
    }

    /// Appends the JSON members of one finding, from `rule` on, and the closing brace.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        user: Option<&str>,
        creates: bool,
        rows: Option<u64>,
        label: &[u8],
    ) {
        out.extend_from_slice(self.get(Part::Body).unwrap_or_default());
        out.extend_from_slice(label);
        let user = user.map(escaped);
        if let Some(user) = &user {
            out.extend_from_slice(b",\"user\":\"");
            out.extend_from_slice(user.as_bytes());
            out.push(b'"');
        }
        let [code, text, okta] = [Part::Code, Part::Text, Part::Okta].map(|part| self.get(part));
        if code.is_some() || text.is_some() || okta.is_some() {
            out.extend_from_slice(b",\"predicted\":{");
            let mut comma = false;
            let mut member = |out: &mut Vec<u8>, name: &str, parts: &[&[u8]]| {
                if comma {
                    out.push(b',');
                }
                comma = true;
                out.push(b'"');
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(b"\":\"");
                for part in parts {
                    out.extend_from_slice(part);
                }
                out.push(b'"');
            };
            if let Some(code) = code {
                member(out, "code", &[code]);
            }
            if let Some(text) = text {
                member(out, "message", &[text]);
            }
            if let Some(okta) = okta {
                member(out, "okta", &[okta]);
            } else if let (Some(text), Some(user)) = (text, &user) {
                // The form of Okta's Tasks page; a create is "provisioning", an update a "profile push".
                let push: &[u8] = if creates {
                    b"Automatic provisioning of user "
                } else {
                    b"Automatic profile push of user "
                };
                let to = b" to app Salesforce.com failed: ";
                member(out, "okta", &[push, user.as_bytes(), to, text]);
            }
            out.push(b'}');
        }
        if let Some(rows) = rows {
            out.extend_from_slice(format!(",\"rows\":{rows}").as_bytes());
        }
        out.push(b'}');
    }
}

/// The identity of a cause within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CauseKey(u64);

impl CauseKey {
    pub(crate) fn of(rule: usize, severity: Severity, cause: &Cause<'_>) -> Self {
        let column = match cause.column {
            None => 0,
            Some(Attribute::Field(n)) => 1 << 16 | u64::from(n),
            Some(Attribute::FeatureFlag(n)) => 2 << 16 | u64::from(n),
            Some(fixed) => 3 << 16 | fixed.slot().unwrap_or(0) as u64,
        };
        // A text that is not there differs from an empty one.
        let text = |text: Option<&str>| text.map_or(0, |text| xxh3_64(text.as_bytes()).max(1));
        let (kind, name) = cause.subject.unzip();
        let parts = [
            (rule as u64) << 32 | (severity as u64) << 8 | cause.confidence as u64,
            column,
            cause.key,
            text(cause.value),
            text(kind),
            text(name),
        ];
        let mut bytes = [0; 48];
        for (place, part) in bytes.as_chunks_mut().0.iter_mut().zip(parts) {
            *place = part.to_le_bytes();
        }
        Self(xxh3_64(&bytes))
    }
}

/// The words said so far by one worker. Bounded: a file whose every finding is new does not fill the memory.
#[derive(Debug, Default)]
pub(crate) struct Words {
    said: FxHashMap<CauseKey, Held>,
}

#[derive(Debug)]
struct Held {
    said: Arc<Said>,
    /// Whether it was said again since room was made last.
    again: bool,
}

/// The words of a cause as they were found.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    pub(crate) key: CauseKey,
    pub(crate) said: Arc<Said>,
    /// Whether the same was said shortly before.
    pub(crate) again: bool,
}

/// About 6 MB of words for each worker.
const MOST_WORDS: usize = 4_096;

impl Words {
    /// The words of a cause: those said before, or new ones.
    pub(crate) fn get(
        &mut self,
        rule: (usize, &Rule),
        severity: Severity,
        cause: &Cause<'_>,
        columns: Option<&Columns>,
        explain: impl FnOnce() -> Explanation,
    ) -> Spoken {
        let key = CauseKey::of(rule.0, severity, cause);
        if let Some(Held { said, again }) = self.said.get_mut(&key)
            && said.is_of(cause)
        {
            *again = true;
            return Spoken {
                key,
                said: Arc::clone(said),
                again: true,
            };
        }
        if self.said.len() >= MOST_WORDS {
            self.make_room();
        }
        let said = Arc::new(Said::new(rule.1, severity, cause, &explain(), columns));
        self.said.insert(
            key,
            Held {
                said: Arc::clone(&said),
                again: false,
            },
        );
        Spoken {
            key,
            said,
            again: false,
        }
    }

    /// Forgets what was said once only: findings about unique values would push out those that come again and again.
    fn make_room(&mut self) {
        self.said.retain(|_, held| std::mem::take(&mut held.again));
        if self.said.len() > MOST_WORDS / 2 {
            self.said.clear();
        }
    }
}
