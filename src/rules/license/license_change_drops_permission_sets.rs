#![doc = include_str!("license_change_drops_permission_sets.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::{LicenseId, SetLicense};
use crate::rules::set_ceilings::{psls_after, shown, unopened};
use crate::rules::set_facts::{kind, phrase};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};
use std::hash::{Hash, Hasher};

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
        Need::optional("PermissionSet", "Permissions*"),
        Need::optional("ObjectPermissions", ""),
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
    report_unfit(cx, sink, license, column);
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

/// Sets and groups without license that stay, and whose permissions the new license does not allow or was never seen to.
fn report_unfit(cx: &RowCx<'_>, sink: &mut Sink<'_>, license: LicenseId, column: Attribute) {
    let before = cx.assigned_before();
    let mut psls = None;
    for to in cx.assigned_after() {
        let Some(faults) = cx.m.faults(license, to).filter(|_| before.contains(&to)) else {
            continue;
        };
        let psls = psls.get_or_insert_with(|| psls_after(cx));
        let refused = faults.excluded.iter().map(|(permission, _)| *permission);
        let gated = faults.gated.iter().map(|gate| gate.permission);
        let mut left = unopened(cx.m, license, psls, refused.chain(gated));
        let certain = !left.is_empty();
        // What users of the new license hold already is possible.
        if !certain && cx.m.witnesses(Matrix::holders(license, to)) == 0 {
            left = unopened(cx.m, license, psls, faults.unproven.iter().copied());
        }
        if left.is_empty() {
            continue;
        }
        let name = cx.m.shown(to);
        let mut key = rustc_hash::FxHasher::default();
        (to, license, &left).hash(&mut key);
        let cause = Cause::warning(Confidence::Inferred)
            .column(column)
            .subject(kind(to), &name)
            .key(key.finish());
        sink.report(cause, || {
            let what = phrase(cx.m, to);
            let license = cx.m.shown_license(license);
            Explanation::new(format!(
                "the user keeps {what} while the license changes, and the new license {} what it enables: {}",
                if certain { "does not allow" } else { "was never seen to allow" },
                shown(cx.m, &left)
            ))
            .because(format!("the row moves the user to {license}"))
            .because("whether Salesforce refuses the move or takes the set away is not known")
            .fix(format!("take {what} away before the move"))
        });
    }
}
