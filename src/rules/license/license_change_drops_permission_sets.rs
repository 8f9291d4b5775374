#![doc = include_str!("license_change_drops_permission_sets.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::SetLicense;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-change-drops-permission-sets",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("UserLicense", ""),
        Need::optional("PermissionSet", "LicenseId"),
        Need::optional("PermissionSetAssignment", ""),
        Need::optional("PermissionSetGroupComponent", ""),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(user), Some(license), true) = (person.user, person.license, person.changes_license())
    else {
        return;
    };
    if cx.m.org.users.assignments(user).is_empty() {
        return;
    }
    let before = cx.sets_before();
    if before.is_empty() {
        return;
    }
    let column = [Attribute::PermissionSets, Attribute::PermissionSetGroups]
        .into_iter()
        .find(|&column| cx.columns.has(column))
        .unwrap_or(Attribute::Profile);
    for set in cx.sets_after() {
        let bound = match cx.m.set(set).and_then(|found| found.license.get()) {
            Some(SetLicense::User(bound)) if bound != license => bound,
            _ => continue,
        };
        let Some(found) =
            cx.m.set(set)
                .filter(|found| before.contains(&set) && found.is_assignable())
        else {
            continue;
        };
        let cause = Cause::warning(Confidence::Inferred)
            .column(column)
            .subject("permission-set", &found.name)
            .key(u64::from(set.0) << 32 | u64::from(license.0));
        sink.report(cause, || {
            let name = found.full_name();
            Explanation::new(format!(
                "the user keeps permission set '{name}' while the license changes, and the new license does not fit it"
            ))
            .because(format!(
                "'{name}' is bound to {}, the row moves the user to {}",
                cx.m.shown_license(bound),
                cx.m.shown_license(license)
            ))
            .because("whether Salesforce refuses the move or takes the set away is not known")
            .fix(format!("take '{name}' (or the group that holds it) away before the move"))
        });
    }
}
