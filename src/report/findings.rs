//! The findings of a run, handed out again for each report that is written.

use super::lines::Torn;
use super::summary::{Glance, NotShown};
use super::{Error, View};
use crate::finding::{Finding, Severity};
use serde::Deserialize;
use std::io::{self, Write};

/// Writes every finding of a run, in final order, one JSON object ([`Finding`]) per line. Each call starts from the first.
pub type Replay<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + 'a;

/// Where the findings of a run can be had, as often as needed.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    replay: &'a Replay<'a>,
}

impl std::fmt::Debug for Findings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Findings").finish_non_exhaustive()
    }
}

impl<'a> Findings<'a> {
    /// The findings that `replay` writes.
    #[must_use]
    pub fn new(replay: &'a Replay<'a>) -> Self {
        Self { replay }
    }

    /// Hands out the JSON text of each finding that `view` lists, without line break. Tells what it passed over.
    pub(super) fn each_json(
        &self,
        view: &View<'_>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<NotShown, Error> {
        let mut sieve = Sieve {
            take,
            torn: Torn::default(),
            number: 0,
            given: 0,
            limit: view.max_findings.unwrap_or(u64::MAX),
            least: view.min_severity,
            not_shown: NotShown::default(),
            failed: None,
        };
        let replayed = (self.replay)(&mut sieve);
        if let Some(error) = sieve.failed {
            return Err(error);
        }
        replayed.map_err(Error::Replay)?;
        sieve.torn.end().map_err(Error::Replay)?;
        Ok(sieve.not_shown)
    }

    /// Hands out each finding that `view` lists.
    pub(super) fn each(
        &self,
        view: &View<'_>,
        take: &mut dyn FnMut(&Finding) -> Result<(), Error>,
    ) -> Result<NotShown, Error> {
        let mut number = 0;
        self.each_json(view, &mut |json| {
            number += 1;
            take(&parse(json, number)?)
        })
    }
}

fn parse<'j, T: Deserialize<'j>>(json: &'j [u8], number: u64) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|source| Error::Malformed { number, source })
}

/// Takes what is replayed apart into lines and holds back those that are not to be listed.
struct Sieve<'t> {
    take: &'t mut dyn FnMut(&[u8]) -> Result<(), Error>,
    torn: Torn,
    number: u64,
    given: u64,
    limit: u64,
    least: Severity,
    not_shown: NotShown,
    /// Why writing stopped: `Write` itself can only pass an `io::Error` on.
    failed: Option<Error>,
}

impl Sieve<'_> {
    fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        self.number += 1;
        if self.least > Severity::Notice
            && parse::<Glance>(line, self.number)?.severity < self.least
        {
            self.not_shown.below_severity += 1;
        } else if self.given >= self.limit {
            self.not_shown.beyond_limit += 1;
        } else {
            self.given += 1;
            return (self.take)(line);
        }
        Ok(())
    }
}

impl Write for Sieve<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut torn = std::mem::take(&mut self.torn);
        let taken = torn.cut(bytes, |line| self.line(line));
        self.torn = torn;
        match taken {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                self.failed = Some(error);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
