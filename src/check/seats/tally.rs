//! The moves of all rows, summed in file order.

use crate::check::outbox::{SeatMove, SeatStep};
use crate::check::{Ledger, SeatAccount, SeatKind, Taker};
use crate::matrix::Matrix;
use crate::model::Dense;
use fixedbitset::FixedBitSet;

/// The existing users whose rows were counted: a second row of the same user takes no second seat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted(FixedBitSet);

impl Counted {
    /// Room for the users of the matrix.
    pub(crate) fn new(m: &Matrix) -> Self {
        Self(FixedBitSet::with_capacity(m.org.users.len()))
    }
}

/// Sums the moves of one block. Blocks come in file order; `base_row` records and `base_line` lines stand before the block.
pub(crate) fn apply(
    ledger: &mut Ledger,
    counted: &mut Counted,
    (base_row, base_line): (u64, u64),
    moves: &[SeatMove],
) {
    for row in moves.chunk_by(|a, b| a.at.row == b.at.row) {
        let repeated = row
            .first()
            .and_then(|first| first.user)
            .is_some_and(|user| user.index() < counted.0.len() && counted.0.put(user.index()));
        if repeated {
            continue;
        }
        for one in row {
            let taker = Taker {
                row: base_row + u64::from(one.at.row) + 1,
                line: base_line + u64::from(one.at.line) + 1,
                reactivates: one.step == SeatStep::Reactivate,
            };
            if let Some(account) = ledger.accounts.get_mut(one.account as usize) {
                account.sum(one.step, taker);
            }
        }
    }
}

impl SeatAccount {
    fn sum(&mut self, step: SeatStep, taker: Taker) {
        match step {
            SeatStep::Reactivate if matches!(self.kind, SeatKind::Psl(_)) => {
                self.carried += 1;
                self.first_carrier.get_or_insert(taker);
            }
            SeatStep::Take | SeatStep::Reactivate => {
                self.takes += 1;
                self.first_taker.get_or_insert(taker);
                let late = self
                    .free()
                    .is_some_and(|free| i64::try_from(self.takes).is_ok_and(|takes| takes > free));
                if late {
                    self.late_takers.push(taker);
                }
            }
            SeatStep::Release => self.releases += 1,
            SeatStep::LikelyRelease => self.likely_releases += 1,
            SeatStep::Implicit => self.implicit += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, apply};
    use crate::check::outbox::{SeatMove, SeatStep};
    use crate::check::{Ledger, RowAt, SeatAccount, SeatKind, Takers};
    use crate::model::{LicenseId, PslId, UserId};
    use fixedbitset::FixedBitSet;

    fn account(kind: SeatKind, total: i64, used: i64) -> SeatAccount {
        SeatAccount {
            kind,
            key: String::from("K"),
            label: String::from("K"),
            total: Some(total),
            used: Some(used),
            takes: 0,
            releases: 0,
            likely_releases: 0,
            late_takers: Takers::default(),
            first_taker: None,
            carried: 0,
            first_carrier: None,
            implicit: 0,
        }
    }

    fn one(row: u32, user: Option<u32>, step: SeatStep) -> SeatMove {
        SeatMove {
            at: RowAt { row, line: row },
            account: 0,
            user: user.map(UserId),
            step,
        }
    }

    fn summed(kind: SeatKind, total: i64, used: i64, moves: &[SeatMove]) -> SeatAccount {
        let mut ledger = Ledger {
            accounts: vec![account(kind, total, used)],
        };
        let mut counted = Counted(FixedBitSet::with_capacity(8));
        // One block per move shows that nothing depends on where blocks are cut.
        for step in moves {
            apply(
                &mut ledger,
                &mut counted,
                (10, 11),
                std::slice::from_ref(step),
            );
        }
        ledger.accounts.remove(0)
    }

    const LICENSE: SeatKind = SeatKind::License(LicenseId(0));

    #[test]
    fn the_last_takers_fail_and_releases_save_the_first_of_them() {
        let takes: Vec<_> = (0..4).map(|row| one(row, None, SeatStep::Take)).collect();
        let sum = summed(LICENSE, 10, 9, &takes);
        assert_eq!((sum.takes, sum.shortfall()), (4, 3));
        let rows =
            |releases| -> Vec<u64> { sum.failing(releases).map(|taker| taker.row).collect() };
        assert_eq!(rows(0), [12, 13, 14]);
        assert_eq!(rows(2), [14]);
        assert!(rows(3).is_empty());
        assert_eq!(
            sum.first_taker.map(|taker| (taker.row, taker.line)),
            Some((11, 12))
        );
    }

    #[test]
    fn a_second_row_of_one_user_takes_nothing() {
        let sum = summed(
            LICENSE,
            1,
            1,
            &[
                one(0, Some(3), SeatStep::Take),
                one(1, Some(3), SeatStep::Take),
                one(2, None, SeatStep::Take),
                one(3, None, SeatStep::Take),
            ],
        );
        assert_eq!(sum.takes, 3);
    }

    #[test]
    fn an_overdrawn_license_fails_every_taker_but_no_more() {
        let sum = summed(LICENSE, 4, 9, &[one(0, None, SeatStep::Take)]);
        assert_eq!((sum.shortfall(), sum.failures(0)), (1, 1));
        // One release leaves -4: it buys nothing.
        assert_eq!(sum.failures(1), 1);
        assert_eq!(summed(LICENSE, 4, 9, &[]).shortfall(), 0);
    }

    #[test]
    fn no_limit_is_never_short() {
        let sum = summed(LICENSE, -1, 9, &[one(0, None, SeatStep::Take)]);
        assert!(sum.is_unlimited() && sum.failing(0).next().is_none());
    }

    #[test]
    fn a_carried_permission_set_license_is_not_taken() {
        let kind = SeatKind::Psl(PslId(0));
        let sum = summed(kind, 1, 1, &[one(0, Some(1), SeatStep::Reactivate)]);
        assert_eq!((sum.takes, sum.carried), (0, 1));
        let sum = summed(LICENSE, 1, 1, &[one(0, Some(1), SeatStep::Reactivate)]);
        assert!(sum.failing(0).all(|taker| taker.reactivates) && sum.takes == 1);
    }
}
