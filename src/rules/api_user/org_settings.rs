//! Settings of the org that decide what can be pushed, as far as the snapshot tells them.

use super::{Answer, Told};
use crate::matrix::Matrix;
use crate::model::UserType;

/// A line for each setting: what it is, and what it means.
pub(crate) fn org_settings(m: &Matrix) -> Vec<Told> {
    vec![
        organization(m),
        setting(
            m,
            "Experience Cloud sites",
            "Communities.enableNetworksEnabled",
            ["on", "off: external users have no site to log in to"],
        ),
        setting(
            m,
            "Standard external profiles",
            "Communities.enableOotbProfExtUserOpsEnable",
            [
                "users may have them",
                &format!(
                    "users cannot have them: {}",
                    standard_external(m).unwrap_or_else(|| String::from("the org has none"))
                ),
            ],
        ),
        setting(
            m,
            "Usernames of external users",
            "Communities.enableUsernameUniqForOrgPref",
            [
                "unique in this org only",
                "unique over all orgs of Salesforce, as those of internal users are",
            ],
        ),
        places(m),
    ]
}

fn organization(m: &Matrix) -> Told {
    let check = "The org";
    let Some(org) = m.org.organization.as_ref() else {
        return Told::new(
            check,
            Answer::CannotTell,
            "Organization.csv is not in the snapshot",
        );
    };
    let kind = match org.is_sandbox.get() {
        Some(true) => "a sandbox",
        Some(false) => "production or a developer org",
        None => "of a kind that is not known",
    };
    Told::new(
        check,
        Answer::Pass,
        format!("{} ({}), {kind}", org.name, org.id),
    )
}

/// A setting of Settings.csv, and what it means where it is on and off.
fn setting(m: &Matrix, check: &str, key: &str, meanings: [&str; 2]) -> Told {
    match (m.org.setting(key).get(), meanings) {
        (Some(true), [on, _]) => Told::new(check, Answer::Pass, format!("{on} ({key})")),
        (Some(false), [_, off]) => Told::new(check, Answer::Pass, format!("{off} ({key})")),
        (None, _) => Told::new(
            check,
            Answer::CannotTell,
            format!(
                "{key} is not in Settings.csv: pull --with-metadata, or write the line by hand"
            ),
        ),
    }
}

/// The standard external profiles of the org.
fn standard_external(m: &Matrix) -> Option<String> {
    let names: Vec<String> = m
        .org
        .profiles
        .iter()
        .filter(|(id, profile)| {
            m.kind_of(*id).is_some_and(UserType::is_external) && profile.custom.is(&false)
        })
        .map(|(_, profile)| format!("'{}'", profile.name))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn places(m: &Matrix) -> Told {
    let check = "State and country picklists";
    match m.org.user_describe.as_ref() {
        None => Told::new(
            check,
            Answer::CannotTell,
            "describe/User.json is not in the snapshot",
        ),
        Some(describe) if describe.places().is_some() => Told::new(
            check,
            Answer::Pass,
            "on: countries and states must be sent as the picklists have them",
        ),
        Some(_) => Told::new(check, Answer::Pass, "off: any text is taken"),
    }
}
