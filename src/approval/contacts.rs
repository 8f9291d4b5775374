//! Contacts that a file sends or whose users it touches, and the accounts behind them.

use super::compare::differences;
use super::{Compared, Difference, Fact, Plan};
use crate::check::Touched;
use crate::matrix::Matrix;
use crate::model::{Known, SfId};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of these facts.
pub(super) const CONTACT: &str = "contact";
pub(super) const ACCOUNT: &str = "account";

type Parts = BTreeMap<String, Option<String>>;

/// Contacts and accounts whose state is written out.
const FEW: usize = 100;

/// The contacts of a run and their accounts: few with their state, many with its hash.
pub(super) fn bound(m: &Matrix, touched: &Touched) -> (Vec<Fact>, Vec<(String, String)>) {
    if touched.more_contacts {
        // Which of them came first is no fact about the file.
        return (Vec::new(), Vec::new());
    }
    let account = |id: &SfId| m.contact(*id)?.account.get().flatten();
    let accounts: BTreeSet<SfId> = touched.contacts.iter().filter_map(account).collect();
    let contacts = touched.contacts.iter().map(|id| of_contact(m, *id));
    let facts = contacts.chain(accounts.iter().map(|id| of_account(m, *id)));
    if touched.contacts.len() + accounts.len() <= FEW {
        return (facts.collect(), Vec::new());
    }
    let hashed = facts.map(|fact| {
        let state = nameless(fact);
        (state.id.clone(), state.state())
    });
    (Vec::new(), hashed.collect())
}

/// The name of an account decides nothing.
fn nameless(fact: Fact) -> Fact {
    Fact {
        name: String::new(),
        ..fact
    }
}

fn flag(known: Known<bool>) -> Option<String> {
    known.get().map(|flag| flag.to_string())
}

fn id_text(id: Option<SfId>) -> String {
    id.map_or_else(|| String::from("none"), SfId::text)
}

fn parts<const N: usize>(all: [(&str, Option<String>); N]) -> Parts {
    all.into_iter()
        .map(|(name, part)| (name.to_owned(), part))
        .collect()
}

/// A contact. A pull holds a part of the table only, so one that is not there is not known; its user may be.
fn of_contact(m: &Matrix, id: SfId) -> Fact {
    let account = m.contact(id).and_then(|contact| contact.account.get());
    let users = &m.org.users;
    let holder = || id_text(m.user_of_contact(id).map(|user| users.id(user)));
    // Where the column was not asked for, nobody is no answer.
    let told = m.org.coverage.has_column("User", "ContactId")
        && (users.has_reference("ContactId") || users.keyed("ContactId").is_some());
    Fact {
        kind: CONTACT.to_owned(),
        id: id.text(),
        name: id.text(),
        parts: parts([
            ("account", account.map(id_text)),
            ("user", told.then(holder)),
        ]),
    }
}

/// An account, with what decides of its owner.
fn of_account(m: &Matrix, id: SfId) -> Fact {
    let users = &m.org.users;
    let row = m.account(id);
    let owner = row.and_then(|row| row.owner.get());
    let user = owner.flatten().and_then(|id| users.by_id(id));
    let role = user.map(|user| {
        if users.role(user).is_some() {
            "yes"
        } else {
            "no"
        }
    });
    Fact {
        kind: ACCOUNT.to_owned(),
        id: id.text(),
        name: row.map_or_else(|| id.text(), |row| row.name.to_string()),
        parts: parts([
            ("owner", owner.map(id_text)),
            (
                "owner is active",
                user.and_then(|user| users.active(user))
                    .map(|active| active.to_string()),
            ),
            (
                "owner has a role",
                role.filter(|_| m.org.coverage.has_column("User", "UserRoleId"))
                    .map(str::to_owned),
            ),
            ("partner account", row.and_then(|row| flag(row.is_partner))),
            (
                "person account",
                row.and_then(|row| flag(row.is_person_account)),
            ),
        ]),
    }
}

/// Compares a contact or an account with what the snapshot says of it now.
pub(super) fn compare(found: &mut Compared, fact: &Fact, m: &Matrix) {
    let Ok(id) = SfId::parse(&fact.id) else {
        return;
    };
    let now = if fact.kind == CONTACT {
        of_contact(m, id)
    } else {
        of_account(m, id)
    };
    // Another name of an account changes nothing.
    let now = Fact {
        name: fact.name.clone(),
        ..now
    };
    differences(found, fact, Some(now), m);
}

/// Compares contacts and accounts of which a plan has the hash only.
pub(super) fn compare_many(found: &mut Compared, plan: &Plan, m: &Matrix) {
    for (id, state) in &plan.many_contacts {
        let Ok(known) = SfId::parse(id) else {
            continue;
        };
        let now = if id.starts_with("003") {
            of_contact(m, known)
        } else {
            of_account(m, known)
        };
        let now = nameless(now);
        let after = now.state();
        if after == *state {
            continue;
        }
        let untold = now.parts.values().any(Option::is_none);
        let difference = Difference {
            message: format!("{} {id} is not as it was", now.kind),
            kind: now.kind,
            id: Some(id.clone()),
            name: String::new(),
            part: String::from("state"),
            before: Some(state.clone()),
            after: Some(after),
        };
        if untold {
            found.untold.push(difference);
        } else {
            found.changes.push(difference);
        }
    }
}

/// Says that contacts were not bound, where they are more than a plan holds.
pub(super) fn compare_more(found: &mut Compared, plan: &Plan) {
    if !plan.more_contacts {
        return;
    }
    found.untold.push(Difference {
        kind: CONTACT.to_owned(),
        id: None,
        name: String::new(),
        part: String::from("more"),
        before: None,
        after: None,
        message: String::from(
            "the file is about more contacts than a plan holds: whether one of them has changed cannot be told; check again",
        ),
    });
}
