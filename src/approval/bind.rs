//! From a judged run to a plan.

use super::facts::{behind, hash, of_record, of_user};
use super::{Fact, File, People, Plan, Seats, Verdict, Waived, contacts, fields};
use crate::check::{Judged, SeatAccount, SeatKind, Touched};
use crate::matrix::Matrix;
use crate::model::{Dense, SfId, UserId};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Users whose state is written out.
const FEW: usize = 100;
/// Users that are told apart at all.
const MANY: usize = 10_000;

/// What the caller knows of the run.
#[derive(Clone, Debug)]
pub struct Bound {
    /// When it ran, RFC 3339 in UTC.
    pub created: String,
    /// The day by which it judged.
    pub day: Date,
    /// Its exit code, and its last line.
    pub exit: (u8, String),
    /// Files of the run beside its inputs.
    pub files: Vec<File>,
}

/// Binds the verdict of a run to what it depended on. The run must have noted what it touched.
#[must_use]
pub fn bind(judged: &Judged, bound: Bound) -> Plan {
    let m = &judged.matrix;
    let outcome = &judged.outcome;
    let none = Touched::default();
    let touched = outcome.touched.as_ref().unwrap_or(&none);
    let counts = &outcome.counts;
    let (few_contacts, many_contacts) = contacts::bound(m, touched);
    let organization = m.org.organization.as_ref().map(|row| row.id);
    let inputs = outcome.inputs.iter().filter_map(|report| {
        Some(File {
            role: String::from("input"),
            path: report.input.path.to_string(),
            sha256: report.input.sha256.hex()?,
        })
    });
    Plan {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created: bound.created,
        day: bound.day.to_string(),
        org: judged.capture.org_id.or(organization).map(SfId::text),
        pulled_at: judged.capture.pulled_at.map(|at| at.to_string()),
        verdict: Verdict {
            exit_code: bound.exit.0,
            reason: bound.exit.1,
            rows: counts.rows,
            errors: counts.errors,
            warnings: counts.warnings,
            notices: counts.notices,
            waived: counts.waived,
            baselined: counts.baselined,
        },
        files: inputs.chain(bound.files).collect(),
        facts: facts(m, touched, few_contacts),
        seats: outcome
            .ledger
            .accounts
            .iter()
            .filter(|account| account.takes > 0)
            .map(seats)
            .collect(),
        waivers: outcome
            .used_waivers()
            .map(|entry| Waived {
                waiver: entry.label(),
                expires: entry.note.expires.clone(),
            })
            .collect(),
        people: people(m, touched),
        settings: m.org.settings.clone(),
        required: fields::required(m, touched),
        many_contacts,
        more_contacts: touched.more_contacts,
    }
}

/// The records that rows lead to, and those behind them.
fn facts(m: &Matrix, touched: &Touched, contacts: Vec<Fact>) -> Vec<Fact> {
    let mut ids: BTreeSet<SfId> = BTreeSet::new();
    let mut waiting: Vec<SfId> = touched.records.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        if ids.insert(id) {
            waiting.extend(behind(m, id));
        }
    }
    let mut facts: Vec<Fact> = ids.into_iter().filter_map(|id| of_record(m, id)).collect();
    facts.extend(fields::bound(m, touched));
    facts.extend(contacts);
    facts.sort_by(|a, b| (&a.kind, &a.id).cmp(&(&b.kind, &b.id)));
    facts
}

/// The word for a kind of seat.
pub(super) fn kind(kind: SeatKind) -> &'static str {
    match kind {
        SeatKind::License(_) => "user-license",
        SeatKind::Psl(_) => "permission-set-license",
        SeatKind::Feature(_) => "feature-license",
        SeatKind::Package(_) => "package",
    }
}

fn seats(account: &SeatAccount) -> Seats {
    Seats {
        kind: kind(account.kind).to_owned(),
        key: account.key.clone(),
        label: account.label.clone(),
        takes: account.takes,
        releases: account.releases,
        total: account.total,
        used: account.used,
        shortfall: account.shortfall(),
        peak_shortfall: account.peak_shortfall(),
    }
}

fn people(m: &Matrix, touched: &Touched) -> People {
    let users: Vec<UserId> = touched.users.ones().map(UserId::new).collect();
    let nameless = users.iter().any(|user| m.org.users.id(*user).is_null());
    let mut people = People {
        users: users.len() as u64,
        creates: touched
            .creates
            .iter()
            .map(|key| format!("{key:016x}"))
            .collect(),
        ..People::default()
    };
    if nameless || users.len() > MANY || touched.more_creates {
        people.all = Some(all(m));
        return people;
    }
    let mut facts: Vec<Fact> = users.iter().map(|user| of_user(m, *user)).collect();
    facts.sort_by(|a, b| a.id.cmp(&b.id));
    if users.len() <= FEW {
        people.few = facts;
    } else {
        people.many = facts
            .into_iter()
            .map(|fact| {
                let state = fact.state();
                (fact.id, state)
            })
            .collect();
    }
    people
}

/// One hash over all users of the org, in whatever order their file has them.
pub(super) fn all(m: &Matrix) -> String {
    let sum = m.org.users.iter().fold(0_u128, |sum, user| {
        let state = of_user(m, user).state();
        sum.wrapping_add(u128::from_str_radix(&state, 16).unwrap_or_default())
    });
    hash([sum.to_string(), m.org.users.len().to_string()])
}
