#![doc = include_str!("permission_set_order.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
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
    ],
    row: Some(check),
    when: Occasion::PSLS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() {
        return;
    }
    for (item, psl) in cx.row.psls.found() {
        for (_, to) in cx.row.sets.found() {
            if !psls_of(cx.m, to).contains(&psl) || holds(cx, to) || holds_psl(cx, psl) {
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
