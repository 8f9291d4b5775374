#![doc = include_str!("psl_license_mismatch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::Attribute;
use crate::knowledge::PslKind;
use crate::model::{LicenseId, PslId, UserType};
use crate::rules::set_facts::{needed_psls, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-license-mismatch",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping, org",
    columns: &[
        Attribute::PermissionSets,
        Attribute::PermissionSetGroups,
        Attribute::PermissionSetLicenses,
    ],
    needs: &[
        Need::optional("PermissionSetLicense", ""),
        Need::optional("Profile", "UserLicenseId"),
    ],
    row: Some(check),
    when: Occasion::PSLS,
    speaks: |m, _, _| {
        let mut kinds = m.org.psls.iter().map(|(_, psl)| m.knowledge.psl_kind(&psl.key));
        kinds.any(|kind| matches!(kind, Some(PslKind::Community | PslKind::Integration)))
    },
    ..Rule::TEMPLATE
};

/// The license family that integration licenses are made for.
const INTEGRATION: &str = "integration";

/// For whom the license is made, where the user is somebody else.
fn made_for(cx: &RowCx<'_>, psl: PslId, license: LicenseId) -> Option<&'static str> {
    let psl = cx.m.psl(psl)?;
    match cx.m.knowledge.psl_kind(&psl.key)? {
        PslKind::Community => cx
            .row
            .person
            .kind
            .is_some_and(UserType::is_internal)
            .then_some("external users of a site"),
        PslKind::Integration => (cx.m.family(license)?.as_str() != INTEGRATION)
            .then_some("users of the Salesforce Integration license"),
        PslKind::Core => None,
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(license) = cx.row.person.license else {
        return;
    };
    if cx.row.sets.items.is_empty() && cx.row.psls.items.is_empty() {
        return;
    }
    needed_psls(cx, |needed| {
        let Some(whom) = made_for(cx, needed.psl, license) else {
            return;
        };
        let cause = Cause::warning(Confidence::Inferred)
            .column(needed.column)
            .value(needed.text)
            .key(u64::from(license.0) << 32 | u64::from(needed.psl.0))
            .unless(Witness::Psl(license, needed.psl));
        sink.report(cause, || {
            let name = shown_psl(cx.m, needed.psl);
            Explanation::new(format!(
                "permission set license {name} looks made for another kind of user"
            ))
            .because(format!("by its key, {name} is made for {whom}"))
            .because(format!(
                "the user is on {}, of which no active user holds it",
                cx.m.shown_license(license)
            ))
            .fix("test one user before the whole file")
        });
    });
}
