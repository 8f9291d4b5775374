//! Seats that a run counts decide between causes of a text that speaks of licenses.

use super::Answer;
use super::join::{Predictions, push_new};
use crate::check::{SeatAccount, SeatKind};

impl Predictions {
    /// A shortage is one finding at the first row that fails; the rows after it fail as well.
    pub(super) fn note_seats(&mut self) {
        for account in &self.judged.outcome.ledger.accounts {
            for taker in account.failing(account.releases) {
                if let Some(user) = self.people.of_row(taker.row) {
                    let rule = seat_rule(account.kind, taker.reactivates);
                    self.errors
                        .entry(rule.to_owned())
                        .or_default()
                        .insert(user.to_owned());
                }
            }
        }
    }

    /// The seats that rows of the people concerned do not get, of kinds that the text can stand for.
    pub(super) fn short_seats(&self, answer: &Answer) -> Vec<(&'static str, &SeatAccount)> {
        let rows: Vec<u64> = answer
            .affected
            .iter()
            .flat_map(|user| self.people.rows(user))
            .copied()
            .collect();
        let accounts = self.judged.outcome.ledger.accounts.iter();
        accounts
            .filter_map(|account| {
                let taker = account
                    .late_takers
                    .iter()
                    .find(|taker| rows.contains(&taker.row))?;
                let rule = seat_rule(account.kind, taker.reactivates);
                answer
                    .rules()
                    .any(|own| own == rule)
                    .then_some((rule, account))
            })
            .collect()
    }

    /// Lets the counted seats decide. `false`: the people concerned get theirs, or are in no input.
    pub(super) fn decide_by_seats(&self, answer: &mut Answer) -> bool {
        let short = self.short_seats(answer);
        let Some((rule, account)) = short.first() else {
            return false;
        };
        let mut others = Vec::new();
        for (other, _) in short.iter().filter(|(other, _)| other != rule) {
            push_new(&mut others, (*other).to_owned());
        }
        answer.cause = format!(
            "no seat of {} is left for this row: {} in all, {} in use, {} rows of the files take one",
            account.label,
            known(account.total),
            known(account.used),
            account.takes
        );
        answer.rule = Some((*rule).to_owned());
        answer.candidates = others;
        true
    }

    /// A text about seats, and nothing that decides: the kinds of seats that are used up come first.
    pub(super) fn lean_on_seats(&self, answer: &mut Answer) {
        let accounts = &self.judged.outcome.ledger.accounts;
        let full: Vec<&SeatAccount> = accounts
            .iter()
            .filter(|account| account.free().is_some_and(|free| free <= 0))
            .filter(|account| account.total != Some(0) || account.used.is_some_and(|used| used > 0))
            .collect();
        let about = |account: &&SeatAccount| {
            let rule = seat_rule(account.kind, false);
            let named = answer.captures.get("license");
            answer.rules().any(|own| own == rule)
                && named.is_none_or(|named| named.eq_ignore_ascii_case(&account.label))
        };
        let full: Vec<&SeatAccount> = full.into_iter().filter(about).collect();
        if full.is_empty() {
            return;
        }
        let mut shown: Vec<String> = full
            .iter()
            .take(MOST_SEATS)
            .map(|account| {
                format!(
                    "{} ({}) {} of {}",
                    account.label,
                    account.key,
                    known(account.used),
                    known(account.total)
                )
            })
            .collect();
        if let Some(more) = full.len().checked_sub(MOST_SEATS).filter(|more| *more > 0) {
            shown.push(format!("{more} more"));
        }
        answer.evidence.push(format!(
            "no seat free in the snapshot: {}",
            shown.join(", ")
        ));
        let mut rules: Vec<String> = answer.rules().map(str::to_owned).collect();
        rules.sort_by_key(|rule| {
            !full
                .iter()
                .any(|account| seat_rule(account.kind, false) == rule)
        });
        let mut rules = rules.into_iter();
        answer.rule = rules.next();
        answer.candidates = rules.collect();
    }
}

/// Licenses without a free seat that are named.
const MOST_SEATS: usize = 5;

/// The rule that speaks of a seat of this kind.
fn seat_rule(kind: SeatKind, reactivates: bool) -> &'static str {
    match kind {
        _ if reactivates => "reactivation-seats",
        SeatKind::License(_) => "license-seats",
        SeatKind::Psl(_) => "psl-seats",
        SeatKind::Feature(_) => "feature-license-seats",
        SeatKind::Package(_) => "package-license-seats",
    }
}

fn known(number: Option<i64>) -> String {
    match number {
        None => String::from("an unknown number"),
        Some(-1) => String::from("no limit"),
        Some(number) => number.to_string(),
    }
}
