#![doc = include_str!("profile_portal_administrator.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Occasion, RowCx, Rule, Setting, Sink};

/// The permission is published by its label only.
const LABEL: &str = "Edit Self-Service Users";

pub(crate) const RULE: Rule = Rule {
    name: "profile-portal-administrator",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[Need::optional("describe/Profile", LABEL)],
    requires: &[Setting::PortalAdministrators],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |_, _, run| !run.portal_administrators.is_empty(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(user), Some(profile)) = (person.user, person.profile) else {
        return;
    };
    let administrators = &cx.run.portal_administrators;
    if !administrators
        .iter()
        .any(|named| cx.m.org.users.is_called(user, named))
    {
        return;
    }
    let (Some(name), Some(permission)) =
        (cx.row.profile_cell.sent(), cx.m.permission_labelled(LABEL))
    else {
        return;
    };
    if !cx.m.profile_allows(profile, permission).is(&false) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        Explanation::new(format!(
            "a portal administrator needs {LABEL}, which profile '{name}' lacks"
        ))
        .because("the user is named in [org] portal_administrators")
        .predicts(
            "FIELD_INTEGRITY_EXCEPTION",
            format!("This user is a portal administrator and must have a profile with the \"{LABEL}\" permission."),
        )
        .fix("use another profile, or name another portal administrator")
    });
}
