#![doc = include_str!("permission_sets_removed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::model::PslId;
use crate::rules::set_facts::{kind, phrase, psls_of, shown_psl};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-sets-removed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[
        Attribute::PermissionSets,
        Attribute::PermissionSetGroups,
        Attribute::PermissionSetLicenses,
    ],
    needs: &[
        Need::optional("PermissionSetAssignment", ""),
        Need::optional("PermissionSetLicenseAssign", ""),
    ],
    row: Some(check),
    when: Occasion::HOLDS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.is_create() {
        return;
    }
    if cx.replaces_sets() {
        for lost in cx.assigned_before() {
            if cx.replaces(lost) && !cx.row.sets.found().any(|(_, to)| to == lost) {
                report_set(cx, sink, lost);
            }
        }
    }
    if cx.replaces_psls() && !cx.psls_before().is_empty() {
        let kept = cx.assigned_after();
        for &lost in cx.psls_before() {
            let stays = cx.row.psls.found().any(|(_, psl)| psl == lost)
                || kept.iter().any(|&to| psls_of(cx.m, to).contains(&lost));
            if !stays {
                report_psl(cx, sink, lost);
            }
        }
    }
}

fn report_set(cx: &RowCx<'_>, sink: &mut Sink<'_>, to: SetRef) {
    let name = cx.m.shown(to);
    let column = match to {
        SetRef::Set(_) => Attribute::PermissionSets,
        SetRef::Group(_) => Attribute::PermissionSetGroups,
    };
    let cause = Cause::warning(Confidence::Certain)
        .column(column)
        .subject(kind(to), &name);
    sink.report(cause, || {
        let what = phrase(cx.m, to);
        Explanation::new(format!("the user loses {what}"))
            .because(format!("{what} is assigned now and not in the row"))
            .because("Okta replaces the list, it never merges")
            .fix(format!("add {name} to the row, or take the attribute out of the Okta app profile (--permission-sets add if the file is meant to add)"))
    });
}

fn report_psl(cx: &RowCx<'_>, sink: &mut Sink<'_>, psl: PslId) {
    let Some(known) = cx.m.psl(psl) else { return };
    let cause = Cause::warning(Confidence::Certain)
        .column(Attribute::PermissionSetLicenses)
        .subject("permission-set-license", &known.key);
    sink.report(cause, || {
        let name = shown_psl(cx.m, psl);
        Explanation::new(format!("the user loses permission set license {name}"))
            .because(format!(
                "{name} is assigned now, not in the row, and no set that stays needs it"
            ))
            .because("Okta replaces the list, it never merges")
            .fix(format!(
                "add {name} to the row (--permission-sets add if the file is meant to add)"
            ))
    });
}
