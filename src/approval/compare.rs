//! A plan against another snapshot of its org: what of it does not hold any more.

use super::bind::kind;
use super::facts::{RIGHTS, of_record};
use super::files::files;
use super::people::people;
use super::{Error, Fact, Plan, Seats, contacts, fields};
use crate::check::{SeatAccount, open};
use crate::matrix::Matrix;
use crate::model::SfId;
use crate::rules::Run;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Something that mattered and is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// `profile`, `role`, `seats`, `user`, `input` ...
    pub kind: String,
    /// Record id, where it is a record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// Its name when the check was approved.
    pub name: String,
    /// Which part of it: `name`, `status`, `seats` ...
    pub part: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is; `null`: it is gone, or cannot be told.
    pub after: Option<String>,
    /// One sentence.
    pub message: String,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What has changed.
    pub changes: Vec<Difference>,
    /// What cannot be told from this snapshot.
    pub untold: Vec<Difference>,
    /// What was not compared, and does not count.
    pub notes: Vec<String>,
}

impl Compared {
    /// Adds why nothing can be told: the snapshot is doubtful, or the approved run itself could not tell.
    pub fn doubt(&mut self, plan: &Plan, doubts: Vec<String>) {
        let untold = |kind: &str, message: String| Difference {
            kind: kind.to_owned(),
            id: None,
            name: String::new(),
            part: String::from("evidence"),
            before: None,
            after: None,
            message,
        };
        let doubts = doubts.into_iter();
        self.untold
            .extend(doubts.map(|why| untold("snapshot", format!("the snapshot: {why}"))));
        if plan.verdict.exit_code == 5 {
            let message = String::from("the approved check itself ended with incomplete evidence");
            self.untold.push(untold("plan", message));
        }
    }
}

/// When and where a comparison is made.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The day of the run.
    pub today: Date,
    /// The day of the push (`--change-window`, else that of the plan if it is still to come, else today).
    pub window: Date,
    /// Where files of the run are looked for.
    pub folder: &'a Path,
}

/// Compares a plan with an org. `run` gives totals that the org does not.
///
/// # Errors
/// [`Error::OtherOrg`]
pub fn compare(
    plan: &Plan,
    m: &Matrix,
    org: Option<&str>,
    run: &Run,
    when: Occasion<'_>,
) -> Result<Compared, Error> {
    if plan.org.as_deref() != org {
        let named = |org: Option<&str>| org.unwrap_or("an org that is not named").to_owned();
        return Err(Error::OtherOrg {
            plan: named(plan.org.as_deref()),
            snapshot: named(org),
        });
    }
    let mut found = Compared::default();
    for fact in &plan.facts {
        match fact.kind.as_str() {
            fields::KIND => fields::compare(&mut found, fact, m),
            contacts::CONTACT | contacts::ACCOUNT => contacts::compare(&mut found, fact, m),
            _ => record(&mut found, fact, m),
        }
        ends(&mut found, fact, plan, m, when.window);
    }
    fields::compare_required(&mut found, plan, m);
    contacts::compare_many(&mut found, plan, m);
    contacts::compare_more(&mut found, plan);
    let ledger = open(m, run);
    for seats in &plan.seats {
        let account = ledger
            .accounts
            .iter()
            .find(|account| kind(account.kind) == seats.kind && account.key == seats.key);
        seats_left(&mut found, seats, account);
    }
    people(&mut found, plan, m);
    settings(&mut found, plan, m);
    waivers(&mut found, plan, when.today);
    files(&mut found, plan, when.folder);
    if plan.version != env!("CARGO_PKG_VERSION") {
        found.notes.push(format!(
            "the plan was made by version {}, and this is {}: another version may judge otherwise",
            plan.version,
            env!("CARGO_PKG_VERSION")
        ));
    }
    Ok(found)
}

fn change(
    fact: &Fact,
    part: &str,
    before: Option<&str>,
    after: Option<&str>,
    message: String,
) -> Difference {
    Difference {
        kind: fact.kind.clone(),
        id: Some(fact.id.clone()),
        name: fact.name.clone(),
        part: part.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        message,
    }
}

/// The file that records of a kind come from.
fn object(kind: &str) -> &'static str {
    match kind {
        "license" => "UserLicense",
        "profile" => "Profile",
        "role" => "UserRole",
        "permission-set" => "PermissionSet",
        "permission-set-group" => "PermissionSetGroup",
        "permission-set-license" => "PermissionSetLicense",
        "public-group" => "Group",
        "package" => "PackageLicense",
        contacts::CONTACT => "Contact",
        contacts::ACCOUNT => "Account",
        _ => "User",
    }
}

fn record(found: &mut Compared, fact: &Fact, m: &Matrix) {
    let now = SfId::parse(&fact.id).ok().and_then(|id| of_record(m, id));
    differences(found, fact, now, m);
}

pub(super) fn differences(found: &mut Compared, fact: &Fact, now: Option<Fact>, m: &Matrix) {
    let what = format!("{} '{}'", fact.kind, fact.name);
    let Some(now) = now.filter(|now| now.kind == fact.kind) else {
        let file = object(&fact.kind);
        // Fields are compared only where describe is there.
        if fact.kind == fields::KIND || m.org.coverage.has(file) {
            let message = format!("{what} is gone");
            found
                .changes
                .push(change(fact, "record", Some(&fact.name), None, message));
        } else {
            let message = format!("{what}: the snapshot has no {file}.csv");
            found
                .untold
                .push(change(fact, "record", Some(&fact.name), None, message));
        }
        return;
    };
    if now.name != fact.name {
        let message = format!("{what} is now called '{}'", now.name);
        found.changes.push(change(
            fact,
            "name",
            Some(&fact.name),
            Some(&now.name),
            message,
        ));
    }
    for (part, before) in &fact.parts {
        // What was not known then decided nothing.
        let Some(before) = before else { continue };
        match now.parts.get(part).and_then(Option::as_deref) {
            Some(after) if after == before => {}
            Some(after) => {
                let message = if is_hash(part) {
                    format!("{what}: its {part} are others")
                } else {
                    format!("{what}: {part} was '{before}' and is '{after}'")
                };
                found
                    .changes
                    .push(change(fact, part, Some(before), Some(after), message));
            }
            None => {
                let message = format!("{what}: the snapshot does not tell its {part}");
                found
                    .untold
                    .push(change(fact, part, Some(before), None, message));
            }
        }
    }
}

/// Parts that are hashes of lists.
fn is_hash(part: &str) -> bool {
    ["permissions", "members", "values", RIGHTS].contains(&part)
}

/// Licenses that end before the push, and did not when the check was approved.
fn ends(found: &mut Compared, fact: &Fact, plan: &Plan, m: &Matrix, window: Date) {
    if fact.kind != "permission-set-license" {
        return;
    }
    let now = SfId::parse(&fact.id).ok().and_then(|id| of_record(m, id));
    let end = now.and_then(|now| now.parts.get("expires").cloned().flatten());
    let day = |text: &str| text.parse::<Date>().ok();
    let (Some(end), Some(judged)) = (end.as_deref().and_then(day), day(&plan.day)) else {
        return;
    };
    if end < window && end >= judged {
        let (end, window) = (end.to_string(), window.to_string());
        let message = format!(
            "{} '{}' ends on {end}, before the change on {window}",
            fact.kind, fact.name
        );
        found
            .changes
            .push(change(fact, "expires", None, Some(&end), message));
    }
}

fn seats_left(found: &mut Compared, seats: &Seats, account: Option<&SeatAccount>) {
    let what = format!("{} '{}'", seats.kind, seats.label);
    let shown = |total: Option<i64>, used: Option<i64>| match (total, used) {
        (Some(-1), _) => String::from("no limit"),
        (Some(total), Some(used)) => format!("{} of {total} free", total - used),
        _ => String::from("not known"),
    };
    let change = |after: Option<String>, message: String| Difference {
        kind: String::from("seats"),
        id: None,
        name: seats.label.clone(),
        part: seats.key.clone(),
        before: Some(shown(seats.total, seats.used)),
        after,
        message,
    };
    let Some(account) = account else {
        let message = format!(
            "{what} is gone: the file needs {} of its seats",
            seats.takes
        );
        return found.changes.push(change(None, message));
    };
    if seats.total.is_none() || (seats.used.is_none() && seats.total != Some(-1)) {
        return;
    }
    if account.total.is_none() || (account.used.is_none() && !account.is_unlimited()) {
        let message = format!("{what}: the snapshot does not tell how many seats are free");
        return found.untold.push(change(None, message));
    }
    let mut planned = account.clone();
    (planned.takes, planned.releases) = (seats.takes, seats.releases);
    let worse =
        planned.shortfall() > seats.shortfall || planned.peak_shortfall() > seats.peak_shortfall;
    if worse {
        let after = shown(account.total, account.used);
        let message = format!(
            "{what}: the file takes {} and releases {}; {after}, when it was approved {}",
            seats.takes,
            seats.releases,
            shown(seats.total, seats.used)
        );
        found.changes.push(change(Some(after), message));
    }
}

fn settings(found: &mut Compared, plan: &Plan, m: &Matrix) {
    for (key, before) in plan.settings.iter().flatten() {
        let change = |after: Option<&String>, message: String| Difference {
            kind: String::from("setting"),
            id: None,
            name: key.clone(),
            part: String::from("value"),
            before: Some(before.clone()),
            after: after.cloned(),
            message,
        };
        match m.org.settings.as_ref().map(|all| all.get(key)) {
            Some(Some(after)) if after == before => {}
            Some(after) => {
                let shown = after.map_or("not told", String::as_str);
                let message = format!("the setting {key} was {before} and is {shown}");
                found.changes.push(change(after, message));
            }
            // The file is optional: a pull leaves it out where it may not read metadata.
            None => found
                .notes
                .push(format!("Settings.csv is not there: {key} was not compared")),
        }
    }
}

fn waivers(found: &mut Compared, plan: &Plan, today: Date) {
    for waiver in &plan.waivers {
        let end = waiver
            .expires
            .as_deref()
            .and_then(|end| end.parse::<Date>().ok());
        let Some(end) = end.filter(|end| *end < today) else {
            continue;
        };
        found.changes.push(Difference {
            kind: String::from("waiver"),
            id: None,
            name: waiver.waiver.clone(),
            part: String::from("expires"),
            before: Some(end.to_string()),
            after: None,
            message: format!("the waiver {} ended on {end}", waiver.waiver),
        });
    }
}
