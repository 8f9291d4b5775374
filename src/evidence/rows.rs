//! `rows.csv` and `findings.csv`: every input row accounted for, and every finding beside the row that it is about.
//!
//! The inputs are read once more, in order, beside the findings, which come in the same order.

use super::Error;
use super::findings::{About, FindingsCsv};
use super::folder::{Csv, Staging};
use crate::check::{self, Judged};
use crate::finding::{Finding, Severity, Verdict};
use crate::input::{Attribute, Input, InputBlocks, Resolver, Row, RowKind};
use crate::report::redact::Redactor;
use crate::tabular::Records;
use std::collections::BTreeMap;
use std::io::{self, BufRead};

/// The columns, in order.
const COLUMNS: [&str; 9] = [
    "input", "row", "line", "user", "action", "verdict", "errors", "warnings", "notices",
];

/// The findings of a run, one by one.
struct Stream<R> {
    reader: R,
    line: Vec<u8>,
    next: Option<Finding>,
    number: u64,
}

impl<R: BufRead> Stream<R> {
    fn new(reader: R) -> Result<Self, Error> {
        let mut stream = Self {
            reader,
            line: Vec::new(),
            next: None,
            number: 0,
        };
        stream.advance()?;
        Ok(stream)
    }

    fn advance(&mut self) -> Result<(), Error> {
        self.line.clear();
        let replay = |error| Error::Report(crate::report::Error::Replay(error));
        self.reader
            .read_until(b'\n', &mut self.line)
            .map_err(replay)?;
        if self.line.is_empty() {
            self.next = None;
            return Ok(());
        }
        self.number += 1;
        let number = self.number;
        let finding = serde_json::from_slice(&self.line)
            .map_err(|source| Error::Report(crate::report::Error::Malformed { number, source }))?;
        self.next = Some(finding);
        Ok(())
    }

    /// The next finding, if it is wanted.
    fn take(&mut self, wanted: impl Fn(&Finding) -> bool) -> Result<Option<Finding>, Error> {
        if !self.next.as_ref().is_some_and(wanted) {
            return Ok(None);
        }
        let taken = self.next.take();
        self.advance()?;
        Ok(taken)
    }
}

/// Where the two tables are written.
pub(super) struct Tables<'a> {
    pub(super) judged: &'a Judged,
    pub(super) redactor: Option<&'a Redactor>,
    pub(super) snapshot_id: &'a str,
}

/// One record of an input, while its findings are counted.
#[derive(Default)]
struct Record {
    number: u64,
    line: u64,
    user: String,
    action: &'static str,
    /// Errors, warnings and notices that are open.
    counts: [u64; 3],
}

impl Tables<'_> {
    /// Writes both tables, and says their control totals.
    pub(super) fn write(
        &self,
        staging: &mut Staging,
        inputs: &[String],
    ) -> Result<BTreeMap<String, u64>, Error> {
        let rows = Csv::new(staging.create("rows.csv")?, &COLUMNS)?;
        let findings = FindingsCsv::new(staging, self)?;
        let outcome = &self.judged.outcome;
        let replay = |error| Error::Report(crate::report::Error::Replay(error));
        let mut writer = Writer {
            of: self,
            failed: Box::new(rows.failed()),
            rows,
            findings,
            stream: Stream::new(outcome.findings().map_err(replay)?)?,
            verdicts: outcome.verdicts.iter(),
            totals: BTreeMap::new(),
        };
        for name in ["compatible", "warned", "incompatible", "undecided"] {
            writer.totals.insert(format!("rows.{name}"), 0);
        }
        while let Some(finding) = writer.stream.take(|finding| finding.row.is_none())? {
            writer.findings.write(finding, &About::default())?;
        }
        for (input, blocks) in check::reopen(self.judged, inputs)? {
            writer.input(&input, blocks)?;
        }
        // What belongs to no row that was read would be lost: nothing is.
        while let Some(finding) = writer.stream.take(|_| true)? {
            writer.findings.write(finding, &About::default())?;
        }
        let mut totals = writer.totals;
        totals.insert("rows.records".into(), writer.rows.rows);
        writer.rows.finish(staging)?;
        totals.extend(writer.findings.finish(staging)?);
        Ok(totals)
    }
}

struct Writer<'a, R> {
    of: &'a Tables<'a>,
    rows: Csv,
    findings: FindingsCsv<'a>,
    stream: Stream<R>,
    verdicts: std::slice::Iter<'a, Verdict>,
    totals: BTreeMap<String, u64>,
    failed: Box<dyn Fn(io::Error) -> Error + 'a>,
}

impl<R: BufRead> Writer<'_, R> {
    fn input(&mut self, input: &Input, mut blocks: InputBlocks) -> Result<(), Error> {
        let judged = self.of.judged;
        let options = &judged.options;
        let resolver = Resolver::new(&judged.matrix, &input.columns, &options.run)
            .separated_by(options.list_separator.as_deref());
        let mut records = Records::default();
        let mut buffer = Vec::new();
        let mut n = 0;
        let mut record: Option<Record> = None;
        let failed = |error| crate::input::Error::of_block(&input.path, error);
        while let Some(block) = blocks.next(std::mem::take(&mut buffer)).map_err(failed)? {
            let text = input.text(&block)?;
            records.split(text, input.delimiter);
            for place in 0..records.len() {
                let Some(cells) = records.get(text, place) else {
                    continue;
                };
                n += 1;
                let line = block.first_line + u64::from(cells.line());
                let shown = input.places.as_ref().and_then(|places| places.of(n));
                let (number, line) = shown.unwrap_or((n, line));
                let row = resolver
                    .row(cells)
                    .map_err(|refusal| input.refused(refusal, line))?;
                let user = input.columns.cell(Attribute::Username, cells).sent();
                let group = input.columns.cell(Attribute::Group, cells).sent();
                // Several rows of a table can be of one record of the file: that is told once, when it is over.
                if record.as_ref().is_some_and(|held| held.number != number) {
                    self.close(input, record.take())?;
                }
                let held = record.get_or_insert_with(|| {
                    let (user, action) = self.whose(input, &row, user, group);
                    Record {
                        number,
                        line,
                        user,
                        action,
                        counts: [0; 3],
                    }
                });
                let about = About::of(&judged.matrix, &row);
                while let Some(finding) = self.stream.take(|finding| {
                    finding.row == Some(number) && finding.input.as_deref() == Some(&input.path)
                })? {
                    if finding.status == crate::finding::Status::Open {
                        let place = match finding.severity {
                            Severity::Error => 0,
                            Severity::Warning => 1,
                            Severity::Notice => 2,
                        };
                        if let Some(count) = held.counts.get_mut(place) {
                            *count += 1;
                        }
                    }
                    self.findings.write(finding, &about)?;
                }
            }
            buffer = block.bytes;
        }
        self.close(input, record)
    }

    /// Whose row it is, and what it does.
    fn whose(
        &self,
        input: &Input,
        row: &Row<'_>,
        user: Option<&str>,
        group: Option<&str>,
    ) -> (String, &'static str) {
        let redactor = self.of.redactor;
        if !matches!(input.columns.rows, RowKind::User | RowKind::ProfileSource) {
            let name = group.unwrap_or_default();
            let name = redactor.map_or_else(|| name.to_owned(), |redactor| redactor.text(name));
            return (name, "");
        }
        let users = &self.of.judged.matrix.org.users;
        let person = &row.person;
        let known = person.user.map(|user| users.id(user));
        let shown = match (user, known, redactor) {
            (Some(user), _, None) => user.to_owned(),
            (Some(user), _, Some(redactor)) => redactor.person(user),
            (None, Some(id), None) => id.text(),
            (None, Some(id), Some(redactor)) => redactor.of_id(id),
            (None, None, _) => String::new(),
        };
        let creates = person.is_create();
        (shown, if creates { "create" } else { "update" })
    }

    fn close(&mut self, input: &Input, record: Option<Record>) -> Result<(), Error> {
        let Some(record) = record else { return Ok(()) };
        let verdict = match self.verdicts.next() {
            Some(Verdict::Compatible) => "compatible",
            Some(Verdict::Warned) => "warned",
            Some(Verdict::Incompatible) => "incompatible",
            Some(Verdict::Undecided) | None => "undecided",
        };
        *self.totals.entry(format!("rows.{verdict}")).or_default() += 1;
        for (name, count) in ["errors", "warnings", "notices"]
            .into_iter()
            .zip(record.counts)
        {
            *self.totals.entry(format!("rows.{name}")).or_default() += count;
        }
        let csv = &mut self.rows;
        let mut write = || {
            csv.text(&input.path)?;
            csv.number(Some(record.number))?;
            csv.number(Some(record.line))?;
            csv.text(&record.user)?;
            csv.text(record.action)?;
            csv.text(verdict)?;
            for count in record.counts {
                csv.number(Some(count))?;
            }
            csv.end()
        };
        write().map_err(&self.failed)
    }
}
