//! Findings grouped by their cause, for formats that people read.

use super::summary::NotShown;
use super::visible::shortened;
use super::words::counted;
use super::{Error, Report, View};
use crate::finding::{Finding, Severity, Status};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use xxhash_rust::xxh3::Xxh3Default;

/// How much is kept: memory stays bounded however many findings there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Most causes.
    pub(super) causes: usize,
    /// Most rows that a cause names.
    pub(super) places: usize,
    /// Most characters of one text: a cell may be a megabyte long.
    pub(super) characters: usize,
}

impl Limits {
    /// What people read.
    const PEOPLE: Self = Self {
        causes: 2_000,
        places: 5,
        characters: 4_000,
    };

    /// What pipelines read.
    pub(super) const PIPELINES: Self = Self {
        causes: 5_000,
        places: 10,
        characters: 1_000,
    };
}

/// A row that a cause concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) input: String,
    pub(super) row: u64,
    pub(super) line: Option<u64>,
}

/// Findings with one cause.
#[derive(Debug)]
pub(super) struct Group {
    /// The first of them, long texts cut.
    pub(super) first: Finding,
    /// How many findings.
    pub(super) findings: u64,
    /// How many rows they stand for.
    pub(super) rows: u64,
    /// The first rows.
    pub(super) places: Vec<Place>,
    order: u64,
    key: u128,
}

impl Group {
    /// Open findings before waived ones, then by severity.
    fn rank(&self) -> (bool, Severity) {
        rank(&self.first)
    }
}

fn rank(finding: &Finding) -> (bool, Severity) {
    (finding.status == Status::Open, finding.severity)
}

/// The causes of a run, the most severe and most frequent first.
#[derive(Debug, Default)]
pub(super) struct Causes {
    pub(super) groups: Vec<Group>,
    /// Findings whose cause was not kept.
    pub(super) others: u64,
    /// Findings below the severity that is shown.
    pub(super) not_shown: NotShown,
}

impl Causes {
    pub(super) fn gather(report: &Report<'_>, view: &View<'_>) -> Result<Self, Error> {
        Self::gather_within(report, view, Limits::PEOPLE)
    }

    pub(super) fn gather_within(
        report: &Report<'_>,
        view: &View<'_>,
        limits: Limits,
    ) -> Result<Self, Error> {
        let mut gathering = Gathering::new(limits);
        // The limit is on causes.
        let all = View {
            max_findings: None,
            ..*view
        };
        let not_shown = report.findings.each(&all, &mut |finding| {
            gathering.add(finding);
            Ok(())
        })?;
        let mut groups = gathering.groups;
        groups.sort_by_key(|group| (Reverse(group.rank()), Reverse(group.rows), group.order));
        Ok(Self {
            groups,
            others: gathering.others,
            not_shown,
        })
    }

    /// Keeps the first `most` groups and says what is left out, if anything is.
    pub(super) fn keep(&mut self, most: usize) -> Option<String> {
        let rest = self.groups.get(most..).unwrap_or_default();
        let (causes, findings) = (
            rest.len() as u64,
            rest.iter().map(|group| group.findings).sum::<u64>(),
        );
        self.groups.truncate(most);
        match (causes, self.others) {
            (0, 0) => None,
            (_, 0) => Some(format!(
                "and {} ({}) not listed",
                counted(causes, "more cause"),
                counted(findings, "finding")
            )),
            (0, others) => Some(format!(
                "and {} of other causes not listed",
                counted(others, "more finding")
            )),
            (_, others) => Some(format!(
                "and {} of more than {} not listed",
                counted(findings + others, "more finding"),
                counted(causes, "other cause")
            )),
        }
    }
}

struct Gathering {
    limits: Limits,
    groups: Vec<Group>,
    places: FxHashMap<u128, usize>,
    seen: u64,
    others: u64,
    /// The lowest rank that is kept, once all places are taken.
    floor: Option<(bool, Severity)>,
}

impl Gathering {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            groups: Vec::new(),
            places: FxHashMap::default(),
            seen: 0,
            others: 0,
            floor: None,
        }
    }

    fn add(&mut self, finding: &Finding) {
        let key = key(finding);
        let at = match self.places.get(&key) {
            Some(at) => Some(*at),
            None => self.begin(finding, key),
        };
        let Some(group) = at.and_then(|at| self.groups.get_mut(at)) else {
            self.others += 1;
            return;
        };
        group.findings += 1;
        group.rows += finding.rows.unwrap_or(u64::from(finding.row.is_some()));
        if let (Some(row), true) = (finding.row, group.places.len() < self.limits.places) {
            group.places.push(Place {
                input: finding.input.clone().unwrap_or_default(),
                row,
                line: finding.line,
            });
        }
    }

    /// Makes a new cause, if there is room for it.
    fn begin(&mut self, finding: &Finding, key: u128) -> Option<usize> {
        let at = self.room(rank(finding))?;
        let group = Group {
            first: cut(finding, self.limits.characters),
            findings: 0,
            rows: 0,
            places: Vec::new(),
            order: self.seen,
            key,
        };
        self.seen += 1;
        match self.groups.get_mut(at) {
            Some(old) => *old = group,
            None => self.groups.push(group),
        }
        self.places.insert(key, at);
        Some(at)
    }

    /// A place for a new cause. Where all are taken, the latest cause of the lowest rank makes room for a higher one:
    /// so what was dropped once is never counted again, and the counts of what is kept are exact.
    fn room(&mut self, rank: (bool, Severity)) -> Option<usize> {
        if self.groups.len() < self.limits.causes {
            return Some(self.groups.len());
        }
        if self.floor.is_some_and(|floor| floor >= rank) {
            return None;
        }
        let (at, lowest) = self
            .groups
            .iter()
            .enumerate()
            .min_by_key(|(_, group)| (group.rank(), Reverse(group.order)))?;
        self.floor = Some(lowest.rank());
        if lowest.rank() >= rank {
            return None;
        }
        self.others += lowest.findings;
        self.places.remove(&lowest.key);
        Some(at)
    }
}

/// What tells causes apart. The fingerprint holds rule, subject, column and value; the words can
/// still differ (by the license that a user has now, for example), and then it is another cause.
///
/// So the lists of losses (`permission-sets-removed` ...) are folded by the item that is lost, which is their subject.
fn key(finding: &Finding) -> u128 {
    let mut hash = Xxh3Default::new();
    hash.update(finding.fingerprint.as_bytes());
    hash.update(&[0, finding.severity as u8, finding.status as u8]);
    hash.update(finding.message.as_bytes());
    if let Some(waiver) = &finding.waiver {
        for part in [
            &waiver.owner,
            &waiver.reason,
            &waiver.ticket,
            &waiver.expires,
        ] {
            hash.update(&[0]);
            hash.update(part.as_deref().unwrap_or_default().as_bytes());
        }
    }
    hash.digest128()
}

/// The finding with long texts cut.
pub(super) fn cut(finding: &Finding, most: usize) -> Finding {
    let mut finding = finding.clone();
    let short = |text: &mut String| {
        if text.len() > most {
            *text = shortened(text, most).into_owned();
        }
    };
    short(&mut finding.message);
    finding.reason.iter_mut().for_each(short);
    let texts = [&mut finding.value, &mut finding.subject, &mut finding.user];
    texts.into_iter().flatten().for_each(short);
    if let Some(waiver) = &mut finding.waiver {
        let texts = [&mut waiver.owner, &mut waiver.reason, &mut waiver.ticket];
        texts.into_iter().flatten().for_each(short);
    }
    if let Some(fix) = &mut finding.fix {
        short(&mut fix.text);
    }
    if let Some(predicted) = &mut finding.predicted {
        let texts = [&mut predicted.message, &mut predicted.okta];
        texts.into_iter().flatten().for_each(short);
    }
    finding
}
