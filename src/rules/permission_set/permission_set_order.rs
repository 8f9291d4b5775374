#![doc = include_str!("permission_set_order.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::model::PslId;
use crate::rules::set_facts::{holds, holds_psl, kind, phrase, psls_of, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-order",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSetLicenses],
    needs: &[
        Need::optional("PermissionSetLicense", ""),
        Need::optional("PermissionSet", "LicenseId"),
        Need::optional("PermissionSetLicense", "MaximumPermissions*"),
    ],
    row: Some(check),
    when: Occasion::PSLS,
    ..Rule::TEMPLATE
};

/// Whether a set or group needs a permission set license: it is bound to it, or enables what only that license opens.
fn needs(cx: &RowCx<'_>, to: SetRef, psl: PslId) -> bool {
    if psls_of(cx.m, to).contains(&psl) {
        return true;
    }
    let Some(license) = cx.row.person.license else {
        return false;
    };
    cx.m.faults(license, to).is_some_and(|faults| {
        faults
            .gated
            .iter()
            .any(|gate| cx.m.opens(psl, license, gate.permission))
    })
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() {
        return;
    }
    for (item, psl) in cx.row.psls.found() {
        for (_, to) in cx.row.sets.found() {
            if !needs(cx, to, psl) || holds(cx, to) || holds_psl(cx, psl) {
                continue;
            }
            let name = cx.m.shown(to);
            let cause = Cause::notice(Confidence::Documented)
                .column(item.column)
                .value(&item.text)
                .subject(kind(to), &name);
            sink.report(cause, || {
                let (what, license) = (phrase(cx.m, to), shown_psl(cx.m, psl));
                Explanation::new(format!(
                    "permission set license {license} must come before {what}"
                ))
                .because(format!(
                    "{what} needs {license}, and the user holds neither"
                ))
                .predicts_text("The user license doesn't allow the permission: ...")
                .fix("push in this order: user, permission set license, permission set, group")
            });
        }
    }
}
