//! Results, a batch at a time: a result is one line of a file, and further rows of its cause beside it.

use super::wire::{
    ArtifactLocation, Level, Located, Partial, Physical, ResultLine, ResultProperties, Suppression,
    Text, Whole,
};
use super::{message, rules};
use crate::finding::Finding;
use crate::report::causes::{Limits, Place, cut};
use crate::report::json::value;
use crate::report::regions::{Asked, Region, regions};
use crate::report::visible::{shortened, visible};
use crate::report::words::{counted, told};
use crate::report::{Error, Report, View};
use std::io::Write;

/// Characters of a message.
const MOST_CHARACTERS: usize = 4_000;
/// Results that are held at a time, while their records are looked up: each time is a pass over the input.
const BATCH: usize = 1_000;

/// A result whose region is not known yet.
pub(super) struct Waiting {
    finding: Finding,
    text: String,
    /// File of the report, and rows of it that the result stands for; the first is its location.
    places: Vec<Place>,
}

impl Waiting {
    pub(super) fn one(finding: &Finding, report: &Report<'_>) -> Self {
        let finding = cut(finding, Limits::PIPELINES.characters);
        let place = finding.row.map(|row| Place {
            input: finding.input.clone().unwrap_or_default(),
            row,
            line: finding.line,
        });
        let rows = finding.rows.filter(|rows| *rows > 1);
        let rows = rows.map_or(String::new(), |rows| counted(rows, "row"));
        Self::several(finding, place.into_iter().collect(), &rows, report)
    }

    pub(super) fn several(
        finding: Finding,
        mut places: Vec<Place>,
        rows: &str,
        report: &Report<'_>,
    ) -> Self {
        let mut lines = told(&finding);
        if let Some(first) = lines.first_mut() {
            // The first sentence is the title of the alert.
            first.push('.');
        }
        if let Some(user) = &finding.user {
            lines.push(format!("user: {user}"));
        }
        if !rows.is_empty() {
            lines.push(rows.to_owned());
        }
        if places.is_empty() {
            places.push(Place {
                input: report.pipeline.file(&finding, report.head),
                row: 0,
                line: finding.line,
            });
        }
        let lines: Vec<_> = lines.iter().map(|line| visible(line)).collect();
        Self {
            text: message(&shortened(&lines.join("\n"), MOST_CHARACTERS)),
            finding,
            places,
        }
    }
}

/// Writes results, a batch at a time.
pub(super) struct Results<'o, 'r> {
    out: &'o mut dyn Write,
    report: &'r Report<'r>,
    view: &'r View<'r>,
    index: &'r dyn Fn(&str) -> Option<usize>,
    between: &'static [u8],
    waiting: Vec<Waiting>,
}

impl<'o, 'r> Results<'o, 'r> {
    pub(super) fn new(
        out: &'o mut dyn Write,
        report: &'r Report<'r>,
        view: &'r View<'r>,
        index: &'r dyn Fn(&str) -> Option<usize>,
    ) -> Self {
        Self {
            out,
            report,
            view,
            index,
            between: b"\n",
            waiting: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, waiting: Waiting) -> Result<(), Error> {
        self.waiting.push(waiting);
        if self.waiting.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    pub(super) fn flush(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let asked: Vec<Asked<'_>> = waiting
            .iter()
            .flat_map(|result| {
                result.places.iter().map(|place| Asked {
                    input: &place.input,
                    line: place.line.unwrap_or(1),
                    column: result.finding.column.as_deref().filter(|_| place.row > 0),
                    value: result.finding.value.as_deref(),
                })
            })
            .collect();
        let mut regions = regions(&asked, self.report.head, self.view).into_iter();
        for result in &waiting {
            let locations: Vec<Located> = result
                .places
                .iter()
                .zip(regions.by_ref())
                .map(|(place, region)| self.location(place, region))
                .collect();
            let line = self.line(result, locations);
            self.out
                .write_all(std::mem::replace(&mut self.between, b",\n"))?;
            value(self.out, &line)?;
        }
        Ok(())
    }

    fn location(&self, place: &Place, region: Region) -> Located {
        Located {
            id: None,
            physical_location: Physical {
                artifact_location: ArtifactLocation::at(self.report.pipeline, &place.input),
                region,
            },
            message: None,
        }
    }

    fn line<'w>(&self, result: &'w Waiting, mut locations: Vec<Located>) -> ResultLine<'w> {
        let finding = &result.finding;
        let mut related = locations.split_off(locations.len().min(1));
        for ((n, location), place) in related
            .iter_mut()
            .enumerate()
            .zip(result.places.iter().skip(1))
        {
            location.id = Some(n + 1);
            location.message = Some(Text::new(format!("row {}", place.row)));
        }
        ResultLine {
            rule_id: &finding.rule,
            rule_index: (self.index)(&finding.rule),
            level: Level::of(finding.severity),
            message: Text::new(result.text.clone()),
            locations,
            related_locations: related,
            partial_fingerprints: Partial {
                primary_location_line_hash: format!("{}:1", finding.fingerprint),
            },
            fingerprints: Whole {
                own: &finding.fingerprint,
            },
            suppressions: Suppression::of(finding),
            properties: ResultProperties {
                confidence: finding.confidence,
                precision: rules::precision(finding.confidence),
                column: finding.column.as_deref(),
                subject: finding.subject.as_deref(),
                rows: finding.rows,
            },
        }
    }
}
