//! Rows that are made of what texts name (a person, a profile, a permission set), judged like any other: the rules
//! themselves say what is wrong with them.

use super::join::{Against, read_findings};
use super::{Answer, Error};
use crate::check::{self, Options};
use crate::finding::Finding;
use crate::model::{Users, key_of_folded};
use crate::rules::{ListMeaning, NullMeaning};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use tempfile::NamedTempFile;

/// Columns of such a row.
const COLUMNS: [&str; 6] = [
    "username",
    "profile",
    "role",
    "permissionSets",
    "featureLicenses",
    "active",
];

/// A row, and the answer that it is made of.
struct Probe {
    answer: usize,
    cells: [String; COLUMNS.len()],
}

/// Judges the rows; findings by the number of the answer.
pub(super) fn probe(
    answers: &[Answer],
    users: &Users,
    against: &Against<'_>,
) -> Result<BTreeMap<usize, Vec<Finding>>, Error> {
    let rows: Vec<Probe> = answers
        .iter()
        .enumerate()
        .filter_map(|(n, answer)| row_of(n, answer, users))
        .collect();
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sheet = sheet_of(&rows).map_err(Error::Temporary)?;
    let options = options_of(answers, against.options);
    let path = sheet.path().to_string_lossy().into_owned();
    let judged = check::check(&[path], against.snapshot, &options, &|_| ()).map_err(Box::new)?;
    let mut found: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for finding in read_findings(&judged)? {
        let row = finding.row.and_then(|row| usize::try_from(row).ok());
        let probe = row.and_then(|row| rows.get(row.checked_sub(1)?));
        if let Some(probe) = probe {
            found.entry(probe.answer).or_default().push(finding);
        }
    }
    Ok(found)
}

/// The row of an answer; `None`: its person is not in the org, or its text names nothing that could be wrong.
fn row_of(n: usize, answer: &Answer, users: &Users) -> Option<Probe> {
    answer.rule.as_ref()?;
    let user = answer
        .affected
        .iter()
        .find(|name| users.by_login(key_of_folded(name.trim())).is_some())?;
    let said = |name: &str| answer.captures.get(name).cloned().unwrap_or_default();
    let list = |name: String| match name.as_str() {
        "" => name,
        _ => serde_json::to_string(&[name]).unwrap_or_default(),
    };
    let operation = said("op");
    let active = match operation.as_str() {
        word if word.starts_with("reactiv") => "true",
        word if word.starts_with("deactiv") || word.starts_with("deprovision") => "false",
        _ => "",
    };
    let cells = [
        user.clone(),
        said("profile"),
        said("role"),
        list(said("permset")),
        list(said("feature")),
        active.to_owned(),
    ];
    let says_something = cells.iter().skip(1).any(|cell| !cell.is_empty());
    says_something.then_some(Probe { answer: n, cells })
}

/// The rows as a file, without columns that nobody fills.
fn sheet_of(rows: &[Probe]) -> std::io::Result<NamedTempFile> {
    let filled = |place: usize| {
        rows.iter()
            .any(|row| row.cells.get(place).is_some_and(|cell| !cell.is_empty()))
    };
    let columns: Vec<usize> = (0..COLUMNS.len()).filter(|place| filled(*place)).collect();
    let mut sheet = tempfile::Builder::new().suffix(".csv").tempfile()?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().filter_map(|place| COLUMNS.get(*place)))?;
    for row in rows {
        writer.write_record(columns.iter().filter_map(|place| row.cells.get(*place)))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    sheet.write_all(&bytes)?;
    sheet.flush()?;
    Ok(sheet)
}

/// Only the rules that the texts can stand for speak, and nothing is taken away by what the row does not say.
fn options_of(answers: &[Answer], options: &Options) -> Options {
    let mut options = options.clone();
    let rules: BTreeSet<&str> = answers.iter().flat_map(Answer::rules).collect();
    options.selection.select = rules.into_iter().map(str::to_owned).collect();
    options.run.lists = ListMeaning::Add;
    options.run.nulls = NullMeaning::Ignored;
    options.kind = None;
    options.columns = Vec::new();
    options.delimiter = Some(b',');
    options.encoding = None;
    options.list_separator = None;
    options
}
