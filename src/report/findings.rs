//! The findings of a run, read back as often as there are reports to write.

use super::summary::{Glance, NotShown};
use super::{Error, View};
use crate::finding::{Finding, Severity};
use std::io::{self, BufRead};

/// Where the findings of a run can be read again: one JSON object per line, in final order.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    open: &'a dyn Fn() -> io::Result<Box<dyn BufRead + 'a>>,
}

impl std::fmt::Debug for Findings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Findings").finish_non_exhaustive()
    }
}

impl<'a> Findings<'a> {
    /// `open` starts from the first finding each time.
    #[must_use]
    pub fn new(open: &'a dyn Fn() -> io::Result<Box<dyn BufRead + 'a>>) -> Self {
        Self { open }
    }

    /// Reads from the first finding, all that `view` lists.
    pub(super) fn listed(&self, view: &View<'_>) -> Result<Listed<'a>, Error> {
        Ok(Listed {
            lines: (self.open)().map_err(Error::Replay)?,
            line: Vec::new(),
            number: 0,
            given: 0,
            limit: view.max_findings.unwrap_or(u64::MAX),
            least: view.min_severity,
            not_shown: NotShown::default(),
        })
    }

    /// The same without a limit: for formats that list causes, not findings.
    pub(super) fn unlimited(&self, view: &View<'_>) -> Result<Listed<'a>, Error> {
        let mut listed = self.listed(view)?;
        listed.limit = u64::MAX;
        Ok(listed)
    }
}

/// The findings that are to be listed; those that are not are counted. Holds one line at a time.
pub(super) struct Listed<'a> {
    lines: Box<dyn BufRead + 'a>,
    line: Vec<u8>,
    number: u64,
    given: u64,
    limit: u64,
    least: Severity,
    not_shown: NotShown,
}

impl Listed<'_> {
    /// The next finding as its JSON text, without a line break; `None` after the last one.
    pub(super) fn next_json(&mut self) -> Result<Option<&[u8]>, Error> {
        loop {
            self.line.clear();
            let read = self
                .lines
                .read_until(b'\n', &mut self.line)
                .map_err(Error::Replay)?;
            if read == 0 {
                return Ok(None);
            }
            while self.line.last().is_some_and(u8::is_ascii_whitespace) {
                self.line.pop();
            }
            if self.line.is_empty() {
                continue;
            }
            self.number += 1;
            if self.least > Severity::Notice && self.parse::<Glance>()?.severity < self.least {
                self.not_shown.below_severity += 1;
            } else if self.given >= self.limit {
                self.not_shown.beyond_limit += 1;
            } else {
                self.given += 1;
                return Ok(Some(&self.line));
            }
        }
    }

    /// The next finding; `None` after the last one.
    pub(super) fn next_finding(&mut self) -> Result<Option<Finding>, Error> {
        if self.next_json()?.is_none() {
            return Ok(None);
        }
        self.parse().map(Some)
    }

    /// What was passed over so far; complete after the last finding.
    pub(super) fn not_shown(&self) -> NotShown {
        self.not_shown
    }

    fn parse<'s, T: serde::Deserialize<'s>>(&'s self) -> Result<T, Error> {
        serde_json::from_slice(&self.line).map_err(|source| Error::Malformed {
            number: self.number,
            source,
        })
    }
}
