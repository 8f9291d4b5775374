#![doc = include_str!("permission_set_permission_unproven.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::matrix::Permission;
use crate::rules::set_ceilings::{each_faulty, refusal, shown};
use crate::rules::set_facts::{kind, phrase};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-permission-unproven",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSet", "LicenseId"),
        Need::optional("PermissionSet", "Permissions*"),
        Need::optional("ObjectPermissions", ""),
        Need::optional("Profile", "UserLicenseId"),
    ],
    row: Some(check),
    when: Occasion::DOUBTFUL_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each_faulty(cx, |faulty| {
        let left = faulty.unproven(cx.m);
        if left.is_empty() {
            return;
        }
        let name = cx.m.shown(faulty.to);
        let cause = Cause::warning(Confidence::Inferred)
            .column(faulty.item.column)
            .subject(kind(faulty.to), &name)
            .key(faulty.key(left.iter().copied()))
            .unless(faulty.holders());
        sink.once(cause, || {
            let license = cx.m.shown_license(faulty.license);
            let what = phrase(cx.m, faulty.to);
            let mut words = Explanation::new(format!(
                "whether {license} allows all of {what} is not known; never seen under it: {}",
                shown(cx.m, &left)
            ))
            .because(format!("no profile of {license}, and no set that its active users hold, has that in this org"));
            if left.iter().any(|one| matches!(one, Permission::System(_))) {
                words = words.because(if cx.m.is_known(faulty.license) {
                    "nor does any of the public org exports that the program knows"
                } else {
                    "the program ships no facts about this license"
                });
            }
            words
                .because("absence proves nothing: Salesforce does not publish what a license allows")
                .predicts("FIELD_INTEGRITY_EXCEPTION", refusal(cx.m, &name, &left))
                .fix("test one user of this license before the whole file")
        });
    });
}
