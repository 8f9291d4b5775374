#![doc = include_str!("permission_set_session.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-session",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[Need::optional("PermissionSet", "HasActivationRequired")],
    row: Some(check),
    when: Occasion::SPECIAL_SETS,
    speaks: |m, _, _| m.org.permission_sets.iter().any(|(_, set)| set.session.is(&true)),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (item, to) in cx.row.sets.found() {
        let SetRef::Set(id) = to else { continue };
        let Some(set) = cx.m.set(id).filter(|set| set.session.is(&true)) else {
            continue;
        };
        let cause = Cause::notice(Confidence::Documented)
            .column(item.column)
            .value(&item.text);
        sink.report(cause, || {
            let name = set.full_name();
            Explanation::new(format!(
                "permission set {name} grants nothing until a session activates it"
            ))
            .because(format!("HasActivationRequired of {name} is true"))
            .fix("make sure that something activates it, or use it as a member of a group")
        });
    }
}
