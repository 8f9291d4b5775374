#![doc = include_str!("permission_set_takes_psl.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{holds_psl, needed_psls, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-takes-psl",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    applies: "both, mapping",
    needs: &[
        Need::optional("PermissionSet", "LicenseId"),
        Need::optional("PermissionSetLicense", ""),
    ],
    row: Some(check),
    when: Occasion::PSLS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() {
        return;
    }
    // Several sets of a row can need one license: the row counts once.
    let mut counted = smallvec::SmallVec::<[_; 4]>::new();
    needed_psls(cx, |needed| {
        if needed.through.is_none()
            || counted.contains(&needed.psl)
            || cx.row.psls.found().any(|(_, psl)| psl == needed.psl)
            || holds_psl(cx, needed.psl)
        {
            return;
        }
        counted.push(needed.psl);
        let Some(psl) = cx.m.psl(needed.psl) else {
            return;
        };
        let cause = Cause::notice(Confidence::Documented)
            .subject("permission-set-license", &psl.key)
            .key(u64::from(needed.psl.0));
        sink.once(cause, || {
            let name = shown_psl(cx.m, needed.psl);
            Explanation::new(format!(
                "permission sets of this file take seats of permission set license {name} by themselves"
            ))
            .because(format!("a set that is bound to {name} assigns it together with the set"))
            .fix(format!("count these rows in the seats of {name}"))
        });
    });
}
