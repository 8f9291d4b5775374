#![doc = include_str!("psl_left_behind.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{psls_of, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-left-behind",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSetLicenseAssign", ""),
        Need::optional("PermissionSetAssignment", ""),
        Need::optional("PermissionSet", "LicenseId"),
    ],
    row: Some(check),
    when: Occasion::HOLDS.or(Occasion::PSLS),
    ..Rule::TEMPLATE
};

/// With as many sets unassigned at once, Salesforce releases nothing by itself.
const MANY: usize = 50;

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let held = cx.psls_before();
    if held.is_empty() || !cx.replaces_sets() {
        return;
    }
    let (before, after) = (cx.assigned_before(), cx.assigned_after());
    let lost: Vec<_> = before
        .iter()
        .copied()
        .filter(|to| !after.contains(to))
        .collect();
    for &psl in held {
        let needs = |to: &crate::input::SetRef| psls_of(cx.m, *to).contains(&psl);
        if !lost.iter().any(needs) || after.iter().any(needs) {
            continue;
        }
        let by_hand = cx.row.psls.found().any(|(_, sent)| sent == psl);
        let dropped = cx.replaces_psls() && !by_hand;
        if dropped || (!by_hand && lost.len() < MANY) {
            continue;
        }
        let Some(known) = cx.m.psl(psl) else { continue };
        let cause = Cause::notice(Confidence::Documented)
            .subject("permission-set-license", &known.key)
            .key(u64::from(by_hand));
        sink.once(cause, || {
            let name = shown_psl(cx.m, psl);
            let words = Explanation::new(format!(
                "users who lose the last set of permission set license {name} may go on holding its seat"
            ));
            let words = if by_hand {
                words.because(format!("the row itself gives {name}: what is given by hand is not released by itself"))
            } else {
                words.because(format!("{MANY} or more sets go at once: then nothing is released by itself"))
            };
            words.fix(format!("remove the assignment of {name}, too"))
        });
    }
}
