//! Seats: what the file takes and releases, license by license.

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
    /// For each the distance to the row before, with two marks in the lowest bits; then, if [`JUMPS`] is set, what its
    /// line is further than its row. Numbers in seven bits a byte, the lowest first.
    bytes: Vec<u8>,
    count: usize,
    last: (u64, u64),
}

const REACTIVATES: u64 = 1;
const JUMPS: u64 = 2;

impl Takers {
    /// Adds a taker, whose row comes after those before it.
    pub fn push(&mut self, taker: Taker) {
        let (row, line) = self.last;
        let further = taker.row.wrapping_sub(row);
        // Lines start anew with each file.
        let jump = taker.line.wrapping_sub(line).wrapping_sub(further);
        let marks = if taker.reactivates { REACTIVATES } else { 0 } | if jump == 0 { 0 } else { JUMPS };
        self.write(further << 2 | marks);
        if jump != 0 {
            self.write(jump);
        }
        self.last = (taker.row, taker.line);
        self.count += 1;
    }

    fn write(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.bytes.push(u8::try_from(number).unwrap_or(0));
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
        let mut bytes = self.bytes.iter();
        let mut number = move || -> Option<u64> {
            let (mut number, mut place) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                number |= u64::from(byte & 0x7f) << place;
                if byte & 0x80 == 0 {
                    return Some(number);
                }
                place += 7;
            }
        };
        let (mut row, mut line) = (0u64, 0u64);
        std::iter::from_fn(move || {
            let packed = number()?;
            let jump = if packed & JUMPS == 0 { 0 } else { number()? };
            row += packed >> 2;
            line = line.wrapping_add(packed >> 2).wrapping_add(jump);
            Some(Taker { row, line, reactivates: packed & REACTIVATES != 0 })
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
        self.late_takers.iter().skip(self.late_takers.len().saturating_sub(failures))
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

#[cfg(test)]
mod tests {
    use super::{Taker, Takers};

    #[test]
    fn takers_are_kept_as_they_came() {
        let taker = |row, line, reactivates| Taker { row, line, reactivates };
        let all = [
            taker(1, 2, false),
            taker(2, 3, true),
            taker(900, 901, false),
            taker(901, 1_500, false),
            // The next file.
            taker(902, 2, true),
            taker(70_000_000_000, 9, false),
        ];
        let takers: Takers = all.into_iter().collect();
        assert_eq!(takers.len(), all.len());
        assert!(takers.iter().eq(all));
        assert!(Takers::default().is_empty() && Takers::default().iter().next().is_none());
    }
}
