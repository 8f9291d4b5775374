#![doc = include_str!("permission_sets_removed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::model::PslId;
use crate::rules::set_facts::{kind, phrase, shown_psl};
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
    for lost in cx.lost_sets() {
        report_set(cx, sink, lost);
    }
    for lost in cx.lost_psls() {
        report_psl(cx, sink, lost);
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
