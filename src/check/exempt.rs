//! Which findings do not count: those that a waiver covers, and those of the baseline.
//!
//! Decided where a finding is spoken, by its rule, its cause and its row alone: so it is the same for
//! any number of threads. A run without waivers and baseline asks one question per finding.

use super::words::Said;
use crate::baseline::{Baseline, Known};
use crate::finding::Status;
use crate::rules::{RULES, is_about_the_run};
use crate::waivers::{Entry, Subject, Waivers};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a finding counts, as a number: [`OPEN`], [`BASELINED`], or a waiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Standing(u32);

/// It counts.
pub(crate) const OPEN: Standing = Standing(0);
/// The baseline holds it.
const BASELINED: Standing = Standing(1);
/// Numbers that stand for no waiver.
const FIXED: u32 = 2;

impl Standing {
    pub(crate) fn status(self) -> Status {
        match self {
            OPEN => Status::Open,
            BASELINED => Status::Baselined,
            _ => Status::Waived,
        }
    }

    /// As the spool keeps it.
    pub(crate) fn number(self) -> u64 {
        self.0.into()
    }

    pub(crate) fn of_number(number: u64) -> Option<Self> {
        u32::try_from(number).ok().map(Self)
    }
}

/// What reports say of each standing: JSON members with a comma before them.
#[derive(Clone, Debug)]
pub(crate) struct Labels(Arc<[Box<[u8]>]>);

impl Default for Labels {
    fn default() -> Self {
        Self::of_waivers(&Waivers::default())
    }
}

impl Labels {
    fn of_waivers(waivers: &Waivers) -> Self {
        let fixed = [Status::Open, Status::Baselined];
        let plain = fixed
            .iter()
            .map(|status| format!(",\"status\":\"{}\"", status.as_str()));
        let waived = waivers.active.iter().map(|waiver| {
            // Texts and dates always have a JSON form.
            let note = serde_json::to_string(&waiver.note).unwrap_or_default();
            format!(",\"status\":\"waived\",\"waiver\":{note}")
        });
        Self(
            plain
                .chain(waived)
                .map(|label| label.into_bytes().into())
                .collect(),
        )
    }

    /// The members of a standing.
    pub(crate) fn get(&self, standing: Standing) -> &[u8] {
        let place = usize::try_from(standing.0).unwrap_or(usize::MAX);
        self.0.get(place).map_or(&[], |label| label)
    }
}

/// Whose row a finding is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whose<'a> {
    /// Username; `None` also where it stands for the rows of several people.
    pub(crate) user: Option<&'a str>,
    /// Path of the input.
    pub(crate) input: Option<&'a str>,
}

/// The waivers and the baseline of a run, and which of them it needed.
#[derive(Debug, Default)]
pub(crate) struct Exemptions {
    waivers: Arc<Waivers>,
    /// By rule: the places of its waivers.
    of_rule: Vec<Vec<usize>>,
    used: Vec<AtomicBool>,
    baseline: Option<Arc<Baseline>>,
    seen: Vec<AtomicBool>,
    pub(crate) labels: Labels,
}

impl Exemptions {
    pub(crate) fn new(waivers: Option<Arc<Waivers>>, baseline: Option<Arc<Baseline>>) -> Self {
        let waivers = waivers.unwrap_or_default();
        let mut of_rule = vec![Vec::new(); RULES.len()];
        for (place, waiver) in waivers.active.iter().enumerate() {
            if let Some(own) = of_rule.get_mut(waiver.rule) {
                own.push(place);
            }
        }
        let unset = |count: usize| (0..count).map(|_| AtomicBool::new(false)).collect();
        Self {
            labels: Labels::of_waivers(&waivers),
            used: unset(waivers.active.len()),
            seen: unset(baseline.as_ref().map_or(0, |baseline| baseline.len())),
            waivers,
            of_rule,
            baseline,
        }
    }

    /// Whether a finding counts. A finding about the run itself always does.
    pub(crate) fn standing(&self, rule: u16, said: &Said, whose: Whose<'_>) -> Standing {
        let own = self.of_rule.get(usize::from(rule));
        let own = own.map_or(&[][..], Vec::as_slice);
        if own.is_empty() && self.baseline.is_none() {
            return OPEN;
        }
        if RULES
            .get(usize::from(rule))
            .is_none_or(|rule| is_about_the_run(rule.name))
        {
            return OPEN;
        }
        let known = self.baseline.as_ref();
        let place = known.and_then(|known| known.find(said.fingerprint));
        if let Some(seen) = place.and_then(|place| self.seen.get(place)) {
            seen.store(true, Ordering::Relaxed);
        }
        let finding = Subject {
            user: whose.user,
            input: whose.input,
            ..said.subject()
        };
        let mut standing = if place.is_some() { BASELINED } else { OPEN };
        // The first one in the file gives its name; the others are used as well.
        for &place in own.iter().rev() {
            let Some(waiver) = self.waivers.active.get(place) else {
                continue;
            };
            if waiver.selectors.cover(&finding) {
                if let Some(used) = self.used.get(place) {
                    used.store(true, Ordering::Relaxed);
                }
                standing = u32::try_from(place)
                    .ok()
                    .and_then(|place| place.checked_add(FIXED))
                    .map_or(standing, Standing);
            }
        }
        standing
    }

    /// The waivers of the run.
    pub(crate) fn waivers(&self) -> &Waivers {
        &self.waivers
    }

    /// Waivers that covered nothing, although their rule ran (over an input that they are about).
    pub(crate) fn unused<'e>(
        &'e self,
        ran: &BTreeSet<u16>,
        inputs: &[String],
    ) -> impl Iterator<Item = &'e Entry> {
        let all = self.waivers.active.iter().zip(&self.used);
        all.filter(move |(waiver, used)| {
            let asked = u16::try_from(waiver.rule).is_ok_and(|rule| ran.contains(&rule));
            let concerned = |input: &String| waiver.selectors.may_concern(input);
            let about = inputs.is_empty() || inputs.iter().any(concerned);
            asked && about && !used.load(Ordering::Relaxed)
        })
        .filter_map(|(waiver, _)| self.waivers.entries.get(waiver.entry))
    }

    /// Waivers that covered something.
    pub(crate) fn used(&self) -> impl Iterator<Item = &Entry> {
        let all = self.waivers.active.iter().zip(&self.used);
        all.filter(|(_, used)| used.load(Ordering::Relaxed))
            .filter_map(|(waiver, _)| self.waivers.entries.get(waiver.entry))
    }

    /// Entries of the baseline that no finding has, although their rule ran or is none any more.
    pub(crate) fn stale<'e>(&'e self, ran: &BTreeSet<u16>) -> impl Iterator<Item = &'e Known> {
        let known = self.baseline.iter().flat_map(|baseline| baseline.known());
        known
            .zip(&self.seen)
            .filter(move |(known, seen)| {
                let number = RULES.iter().position(|rule| rule.name == known.rule);
                let number = number.and_then(|number| u16::try_from(number).ok());
                number.is_none_or(|number| ran.contains(&number)) && !seen.load(Ordering::Relaxed)
            })
            .map(|(known, _)| known)
    }
}
