#![doc = include_str!("permission_set_permission_not_allowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::matrix::Permission;
use crate::rules::set_ceilings::{contradiction, count, each_faulty, refusal, shown};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-permission-not-allowed",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::file("PermissionSet", About::Sets),
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::optional("PermissionSet", "Permissions*"),
        Need::file("ObjectPermissions", About::ObjectRights),
        Need::optional("SetupEntityAccess", ""),
        Need::column("Profile", "UserLicenseId", About::Sets),
        Need::optional("UserLicense", "LicenseDefinitionKey"),
    ],
    row: Some(check),
    when: Occasion::DOUBTFUL_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each_faulty(cx, |faulty| {
        // Groups are permission-set-group-member's.
        if matches!(faulty.to, SetRef::Group(_)) {
            return;
        }
        let left = faulty.excluded(cx.m);
        if left.is_empty() {
            return;
        }
        let name = cx.m.shown(faulty.to);
        let mut cause = faulty
            .marked(Cause::error(Confidence::Documented), &name)
            .key(faulty.key(left.iter().copied()));
        if let Some(witness) = contradiction(cx.m, faulty, &left) {
            cause = cause.unless(witness);
        }
        sink.report(cause, || {
            let license = cx.m.shown_license(faulty.license);
            let mut words = Explanation::new(format!(
                "permission set {name} has {} that {license} does not allow: {}",
                count(&left),
                shown(cx.m, &left)
            ))
            .because(format!("the user is on {license}, and {name} has no license of its own"));
            for (permission, exclusion) in &faulty.faults.excluded {
                if left.contains(permission) {
                    words = words.because(told(
                        &cx.m.permission_label(*permission),
                        exclusion.license,
                        exclusion.remark,
                    ));
                }
            }
            let text = refusal(cx.m, &name, &left);
            let short = left.first() == Some(&Permission::Apps);
            let words = if short {
                words.predicts_text(text)
            } else {
                words.predicts("FIELD_INTEGRITY_EXCEPTION", text)
            };
            words.fix(format!(
                "split {name} so that users of {license} get a set without it, or change the license"
            ))
        });
    });
}

/// The published refusal as a fact.
fn told(permission: &str, license: &str, remark: &str) -> String {
    let told = format!("a refusal of {permission} for {license} was published");
    if remark.is_empty() {
        told
    } else {
        format!("{told} ({remark})")
    }
}
