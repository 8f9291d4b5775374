#![doc = include_str!("psl_removal_blocked.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{kind, phrase, psls_of, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-removal-blocked",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::PermissionSetLicenses],
    needs: &[
        Need::optional("PermissionSetLicenseAssign", ""),
        Need::optional("PermissionSetAssignment", ""),
        Need::optional("PermissionSet", "LicenseId"),
    ],
    row: Some(check),
    when: Occasion::HOLDS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.replaces_psls() || cx.psls_before().is_empty() {
        return;
    }
    let kept = cx.assigned_after();
    for &psl in cx.psls_before() {
        if cx.row.psls.found().any(|(_, sent)| sent == psl) {
            continue;
        }
        let Some(&holder) = kept.iter().find(|&&to| psls_of(cx.m, to).contains(&psl)) else {
            continue;
        };
        let Some(known) = cx.m.psl(psl) else { continue };
        let name = cx.m.shown(holder);
        let cause = Cause::warning(Confidence::Documented)
            .column(Attribute::PermissionSetLicenses)
            .value(&known.key)
            .subject(kind(holder), &name);
        sink.report(cause, || {
            let (what, license) = (phrase(cx.m, holder), shown_psl(cx.m, psl));
            Explanation::new(format!(
                "permission set license {license} cannot be taken away while the user keeps {what}"
            ))
            .because(format!("the row drops {license}, and {what} needs it"))
            .fix(format!("remove {what} first, or keep {license} in the row"))
        });
    }
}
