#![doc = include_str!("profile_standard_external.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::Attribute;
use crate::model::{Known, UserType};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

const SETTING: &str = "Communities.enableOotbProfExtUserOpsEnable";

pub(crate) const RULE: Rule = Rule {
    name: "profile-standard-external",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::column("Profile", "UserType", About::Profile),
        // Which rows are undecided without IsCustom is told row by row below: external ones only.
        Need::optional("PermissionSet", "IsCustom"),
        Need::optional("Settings", SETTING),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, _, _| !m.org.setting(SETTING).is(&true),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.kind.is_some_and(UserType::is_external) {
        return;
    }
    let Some(id) = person.profile else {
        return;
    };
    let Some(profile) = cx.m.profile(id) else {
        return;
    };
    let setting = cx.m.org.setting(SETTING);
    let standard = match (profile.custom, setting) {
        (Known::Yes(custom), _) => !custom,
        (Known::Unknown, Known::Yes(false)) => {
            sink.undecided(
                "whether the external profile is a standard one (PermissionSet.IsCustom)",
            );
            return;
        }
        (Known::Unknown, _) => return,
    };
    if !standard || setting.is(&true) {
        return;
    }
    let witness = Witness::StandardExternalProfile;
    if setting.is(&false) {
        let cause = Cause::error(Confidence::Documented)
            .subject("profile", &profile.name)
            .unless(witness);
        let cause = match cx.row.profile_cell.sent() {
            Some(name) => cause.column(Attribute::Profile).value(name),
            None => cause,
        };
        sink.report(cause, || refused(&profile.name));
    } else {
        let cause = Cause::warning(Confidence::Inferred)
            .column(Attribute::Profile)
            .subject("profile", &profile.name)
            .key(u64::from(id.0))
            .unless(witness);
        sink.once(cause, || doubtful(&profile.name));
    }
}

fn refused(name: &str) -> Explanation {
    Explanation::new(format!(
        "'{name}' is a standard external profile, and this org does not let users have one"
    ))
    .because(format!("{SETTING} is false"))
    .predicts(
        "FIELD_INTEGRITY_EXCEPTION",
        "To create or update users for this profile, go to Setup > Digital Experiences > Settings and select \
         Allow using standard external profiles for self-registration, user creation, and login.",
    )
    .fix("clone the profile and use the clone, or select the setting")
}

fn doubtful(name: &str) -> Explanation {
    Explanation::new(format!(
        "cannot tell whether this org lets users have the standard external profile '{name}'"
    ))
    .because(format!(
        "{SETTING} is not in the snapshot, and no active user is on a standard external profile"
    ))
    .fix(format!(
        "put {SETTING} into Settings.csv, or clone the profile and use the clone"
    ))
}
