//! Where logged errors come from: what a stream is, told from its beginning, and its messages.

mod event;
mod json;
mod lines;
mod sheet;
mod xml;

use super::{Error, Message};
use crate::input::decoded;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The longest line of a text.
pub(super) const LONGEST_LINE: u64 = 16 << 20;
/// The largest XML document.
pub(super) const LARGEST_DOCUMENT: u64 = 64 << 20;
/// How much of a stream is looked at to tell what it is.
const LOOKED_AT: usize = 64 << 10;

/// How a text is shown that is no file.
const TEXT: &str = "TEXT";

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shape {
    /// One text on each line (the Tasks page, a console).
    #[default]
    Lines,
    /// A sheet with a column of errors: Data Loader, Bulk API, Salesforce CLI, an export of tasks.
    Sheet,
    /// Okta's System Log, or an answer of an API, as JSON: an array, one object, or objects one after another.
    Json,
    /// A SOAP answer.
    Xml,
}

impl Shape {
    /// As it is said to people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Lines => "text, one error on each line",
            Self::Sheet => "a sheet (CSV)",
            Self::Json => "JSON",
            Self::Xml => "XML",
        }
    }
}

/// What a source holds.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The source as it is shown; `-` is stdin.
    pub path: String,
    /// What it is.
    pub shape: Shape,
    /// What else is known of it: the column of the errors, the kind of JSON.
    pub detail: String,
    /// The logged errors.
    pub messages: Vec<Message>,
    /// Records that are no errors: successes, empty cells, events of other apps.
    pub passed_over: u64,
    /// Usernames whose push succeeded, in lower case.
    pub succeeded: BTreeSet<String>,
}

impl Log {
    /// Whether it is one text that was given as such: nothing had to be told about it.
    #[must_use]
    pub fn is_one_text(&self) -> bool {
        self.path == TEXT && self.shape == Shape::Lines && self.messages.len() == 1
    }

    /// One line for people: what was read, and how it was understood.
    #[must_use]
    pub fn told(&self) -> String {
        let detail = match self.detail.as_str() {
            "" => String::new(),
            detail => format!(", {detail}"),
        };
        let passed = match self.passed_over {
            0 => String::new(),
            1 => String::from(", 1 record without an error passed over"),
            many => format!(", {many} records without an error passed over"),
        };
        let errors = match self.messages.len() {
            1 => String::from("1 error"),
            many => format!("{many} errors"),
        };
        format!(
            "{}: read as {}{detail}: {errors}{passed}",
            self.path,
            self.shape.words()
        )
    }
}

/// Reads a file, or stdin where `path` is `-`.
///
/// # Errors
/// The source is missing, empty, no text, or not what its beginning says.
pub fn read(path: &str) -> Result<Log, Error> {
    if path == "-" {
        return read_stream(path, Box::new(io::stdin()), false);
    }
    let failed = |source| crate::input::Error::of_read(path, source);
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Error::Source(crate::input::Error::Directory {
            path: path.into(),
        }));
    }
    read_stream(path, Box::new(file), false)
}

/// Takes a text as if it were a file, but never refuses it: what looks like JSON and is none is a text.
///
/// # Errors
/// The text is empty.
pub fn read_text(text: &str) -> Result<Log, Error> {
    let stream = || Box::new(Cursor::new(text.to_owned().into_bytes()));
    read_stream(TEXT, stream(), true)
}

/// `lenient`: what cannot be read as its beginning says is taken as text.
fn read_stream(path: &str, raw: Box<dyn Read + Send>, lenient: bool) -> Result<Log, Error> {
    let mut stream = BufReader::with_capacity(LOOKED_AT, decoded(path, raw)?);
    let mut log = Log {
        path: path.to_owned(),
        ..Log::default()
    };
    let beginning =
        full_beginning(&mut stream).map_err(|source| crate::input::Error::of_read(path, source))?;
    if lenient {
        let text = String::from_utf8_lossy(&beginning).into_owned();
        let whole = || BufReader::new(Cursor::new(text.clone().into_bytes()));
        let read = of_shape(shape_of(&beginning), whole(), &mut log);
        if read.is_ok() && !log.messages.is_empty() {
            return Ok(log);
        }
        log = Log {
            path: path.to_owned(),
            ..Log::default()
        };
        lines::read(whole(), &mut log)?;
        return Ok(log);
    }
    let shape = shape_of(&beginning);
    let chained = BufReader::new(Cursor::new(beginning).chain(stream));
    of_shape(shape, chained, &mut log)?;
    Ok(log)
}

/// As much of the beginning as one look takes.
fn full_beginning(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::new();
    stream.take(LOOKED_AT as u64).read_to_end(&mut beginning)?;
    Ok(beginning)
}

fn of_shape(
    (shape, sheet): (Shape, Option<sheet::Plan>),
    stream: impl BufRead + Send + 'static,
    log: &mut Log,
) -> Result<(), Error> {
    log.shape = shape;
    match (shape, sheet) {
        (Shape::Sheet, Some(plan)) => sheet::read(&plan, stream, log),
        (Shape::Json, _) => json::read(stream, log),
        (Shape::Xml, _) => xml::read(stream, log),
        (Shape::Lines | Shape::Sheet, _) => lines::read(stream, log),
    }
}

/// What a stream is, by its beginning.
fn shape_of(beginning: &[u8]) -> (Shape, Option<sheet::Plan>) {
    let text = String::from_utf8_lossy(beginning);
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default().trim();
    let more = start
        .split_once('\n')
        .is_some_and(|(_, rest)| !rest.trim().is_empty());
    if first.starts_with(['{', '[']) && looks_like_json(first) {
        // Lines of which the first is an answer of an API and the next is not are lines.
        let next_is_json = start
            .lines()
            .skip(1)
            .find(|line| !line.trim().is_empty())
            .is_none_or(|line| line.trim_start().starts_with(['{', '[']));
        let complete = serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
        return match (complete, more, next_is_json) {
            (true, true, false) => (Shape::Lines, None),
            // Objects one on each line are events or answers; arrays one on each line are answers.
            (true, true, true) if first.starts_with('[') => (Shape::Lines, None),
            _ => (Shape::Json, None),
        };
    }
    let is_xml = ["<?xml", "<soap", "<env:", "<s:env", "<!doctype", "<html"]
        .iter()
        .any(|tag| starts_with_ignoring_case(first, tag));
    if is_xml {
        return (Shape::Xml, None);
    }
    match sheet::plan(&text) {
        Some(plan) => (Shape::Sheet, Some(plan)),
        None => (Shape::Lines, None),
    }
}

/// `[Error] ...` and `{user} ...` are texts: JSON goes on with a quote, a bracket, or nothing.
fn looks_like_json(first: &str) -> bool {
    let rest = first.get(1..).unwrap_or_default().trim_start();
    rest.is_empty() || rest.starts_with(['{', '[', '"', ']', '}'])
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|own| own.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_bytes(bytes: &[u8]) -> Result<Log, Error> {
        read_stream("a", Box::new(Cursor::new(bytes.to_vec())), false)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        /// A file is read, or refused with a message that names it.
        #[test]
        fn any_file_is_read_or_refused(
            start in prop_oneof![Just("["), Just("{"), Just("{\"outcome\":"), Just("<?xml "), Just("User,Error\n"), Just("")],
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            text in "[\\[\\]{}\",:;<>/a-z0-9 \n]{0,120}",
        ) {
            for rest in [bytes.as_slice(), text.as_bytes()] {
                let file = [start.as_bytes(), rest].concat();
                match read_bytes(&file) {
                    Ok(log) => prop_assert_eq!(log.path, "a"),
                    Err(error) => prop_assert!(error.to_string().starts_with("a: "), "{error}"),
                }
            }
        }
    }

    #[test]
    fn a_log_may_end_anywhere() {
        let whole = r#"[{"eventType":"application.provision.user.push","outcome":{"result":"FAILURE","reason":"License Limit Exceeded"}}]"#;
        assert_eq!(
            read_bytes(whole.as_bytes())
                .map(|log| log.messages.len())
                .ok(),
            Some(1)
        );
        for end in 2..whole.len() {
            let cut = whole.get(..end).unwrap_or_default();
            let error = read_bytes(cut.as_bytes()).expect_err(cut);
            assert!(
                matches!(error, Error::Json { line: 1, .. }),
                "{cut}: {error}"
            );
        }
    }
}
