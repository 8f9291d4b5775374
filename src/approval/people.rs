//! The people of a plan against those of another snapshot.

use super::bind::all;
use super::compare::differences;
use super::facts::of_user;
use super::{Compared, Difference, Fact, Plan};
use crate::matrix::Matrix;
use crate::model::SfId;

pub(super) fn people(found: &mut Compared, plan: &Plan, m: &Matrix) {
    let users = &m.org.users;
    let find = |id: &str| SfId::parse(id).ok().and_then(|id| users.by_id(id));
    for fact in &plan.people.few {
        let now = find(&fact.id).map(|user| of_user(m, user));
        differences(found, fact, now, m);
    }
    for (id, state) in &plan.people.many {
        let now = find(id).map(|user| of_user(m, user));
        let name = now.as_ref().map(|now| now.name.clone()).unwrap_or_default();
        if now.as_ref().map(Fact::state).as_ref() == Some(state) {
            continue;
        }
        let gone = now.is_none();
        let untold = match &now {
            None => !m.org.coverage.has("User"),
            Some(now) => now.parts.values().any(Option::is_none),
        };
        let change = Difference {
            kind: String::from("user"),
            id: Some(id.clone()),
            name,
            part: String::from("state"),
            before: Some(state.clone()),
            after: now.map(|now| now.state()),
            message: if gone {
                format!("user {id} is gone")
            } else {
                format!("user {id} is not as it was")
            },
        };
        if untold {
            found.untold.push(change);
        } else {
            found.changes.push(change);
        }
    }
    let whole = |part: &str, before: Option<String>, after, message: &str| Difference {
        kind: String::from("user"),
        id: None,
        name: String::new(),
        part: part.to_owned(),
        before,
        after,
        message: message.to_owned(),
    };
    if let Some(before) = &plan.people.all {
        let after = all(m);
        if *before != after {
            let message = "the users of the org are not as they were; the file touches too many for the plan to say which";
            let both = (Some(before.clone()), Some(after));
            found.changes.push(whole("state", both.0, both.1, message));
        }
    }
    for key in &plan.people.creates {
        let key = u64::from_str_radix(key, 16).unwrap_or_default();
        if let Some(user) = users.by_login(key) {
            let shown = users.shown(user);
            let message = format!("{shown} exists now, and was to be created");
            found
                .changes
                .push(whole("created", None, Some(shown.clone()), &message));
        }
    }
    if !plan.people.creates.is_empty() && !m.org.coverage.has("User") {
        let message = "the snapshot has no User.csv: whether somebody exists now cannot be told";
        found.untold.push(whole("created", None, None, message));
    }
}
