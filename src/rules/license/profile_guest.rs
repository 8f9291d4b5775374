#![doc = include_str!("profile_guest.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-guest",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::Profile],
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::column("Profile", "UserType", About::Profile),
    ],
    row: Some(check),
    when: Occasion::ACTIVITY.or(Occasion::PROFILE_CHANGES),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if person.kind != Some(UserType::Guest)
        || !(person.is_create() || person.profile != person.profile_before)
    {
        return;
    }
    let Some(name) = cx.row.profile_cell.sent() else {
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        Explanation::new(format!(
            "profile '{name}' is of a site guest: nobody can be given it"
        ))
        .because("the profile has UserType Guest; each site brings its own guest user")
        .predicts(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "Cannot insert a user of type guest.",
        )
        .fix("use a profile of a license for people")
    });
}
