//! Seats: what the file takes and releases, license by license.

use super::packed::{Packed, Trail};
use crate::model::{FeatureId, LicenseId, PackageId, PslId};

/// What kind of seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatKind {
    /// UserLicense
    License(LicenseId),
    /// PermissionSetLicense
    Psl(PslId),
    /// A feature license flag
    Feature(FeatureId),
    /// PackageLicense
    Package(PackageId),
}

/// A row that takes a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// Data record, from 1.
    pub row: u64,
    /// Physical line, from 1.
    pub line: u64,
    /// The user was inactive and becomes active (`reactivation-seats`).
    pub reactivates: bool,
}

/// Rows that take a seat, in row order. A large file has millions of them: each takes a byte or two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takers {
    packed: Packed,
    last: Trail,
    count: usize,
}

impl Takers {
    /// Adds a taker, whose row comes after those before it.
    pub fn push(&mut self, taker: Taker) {
        self.last
            .write(&mut self.packed, (taker.row, taker.line), taker.reactivates);
        self.count += 1;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them, in row order.
    pub fn iter(&self) -> impl Iterator<Item = Taker> + Clone + '_ {
        let (mut numbers, mut trail) = (self.packed.iter(), Trail::default());
        std::iter::from_fn(move || {
            let (row, line, reactivates) = trail.read(&mut numbers)?;
            Some(Taker {
                row,
                line,
                reactivates,
            })
        })
    }
}

impl FromIterator<Taker> for Takers {
    fn from_iter<I: IntoIterator<Item = Taker>>(takers: I) -> Self {
        let mut all = Self::default();
        takers.into_iter().for_each(|taker| all.push(taker));
        all
    }
}

/// The seats of one license, PSL, feature license or package over a whole run.
#[derive(Clone, Debug)]
pub struct SeatAccount {
    /// What is counted.
    pub kind: SeatKind,
    /// Key as in reports: `SFDC`, a PSL key, a feature type, a namespace.
    pub key: String,
    /// Label for people.
    pub label: String,
    /// Total seats; `None`: the org does not say (and no total is configured). -1 is no limit.
    pub total: Option<i64>,
    /// Seats in use before the push; `None`: unknown.
    pub used: Option<i64>,
    /// Rows that take a seat.
    pub takes: u64,
    /// Rows that release one.
    pub releases: u64,
    /// For PSLs: releases that come by themselves "in most cases" only.
    pub likely_releases: u64,
    /// Takers for whom no free seat was left when only present free seats count, in row order (the first ones that fit are not kept).
    pub late_takers: Takers,
    /// The first taker.
    pub first_taker: Option<Taker>,
    /// For PSLs: users who become active again and carry one. Whether it still counts for them while they are
    /// inactive is not known, so these are not among `takes`.
    pub carried: u64,
    /// The first of them.
    pub first_carrier: Option<Taker>,
    /// CRM Content seats that new internal users may receive without being asked (implicit; feature accounts only).
    pub implicit: u64,
}

impl SeatAccount {
    /// Free seats now; `None` without a limit or where the figures are unknown. May be negative.
    #[must_use]
    pub fn free(&self) -> Option<i64> {
        match (self.total?, self.used?) {
            (-1, _) => None,
            (total, used) => Some(total - used),
        }
    }

    /// Whether there is no limit.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.total == Some(-1)
    }

    /// Seats that are missing after the whole file (net); 0 where it fits, where nothing is taken, and where nothing is known.
    #[must_use]
    pub fn shortfall(&self) -> u64 {
        self.missing(self.releases)
    }

    /// Seats that are missing if every taker is pushed before every releaser (peak).
    #[must_use]
    pub fn peak_shortfall(&self) -> u64 {
        self.missing(0)
    }

    fn missing(&self, releases: u64) -> u64 {
        let Some(free) = self.free() else { return 0 };
        if self.takes == 0 {
            return 0;
        }
        let needed = i64::try_from(self.takes).unwrap_or(i64::MAX)
            - i64::try_from(releases).unwrap_or(i64::MAX);
        // Takers alone can fail: seats that are overdrawn already are not their number.
        u64::try_from(needed.saturating_sub(free))
            .unwrap_or(0)
            .min(self.takes)
    }

    /// How many takers cannot succeed once `releases` seats come back.
    #[must_use]
    pub fn failures(&self, releases: u64) -> u64 {
        self.missing(releases).min(self.late_takers.len() as u64)
    }

    /// The takers that cannot succeed, in row order, once `releases` seats come back.
    pub fn failing(&self, releases: u64) -> impl Iterator<Item = Taker> + Clone + '_ {
        let failures = usize::try_from(self.failures(releases)).unwrap_or(usize::MAX);
        self.late_takers
            .iter()
            .skip(self.late_takers.len().saturating_sub(failures))
    }
}

/// All seat accounts of a run, in a fixed order: licenses, PSLs, feature licenses, packages, each in file order.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The accounts.
    pub accounts: Vec<SeatAccount>,
}

impl Ledger {
    /// The account of a license, PSL, feature license or package.
    #[must_use]
    pub fn account(&self, kind: SeatKind) -> Option<&SeatAccount> {
        self.accounts.iter().find(|account| account.kind == kind)
    }
}
