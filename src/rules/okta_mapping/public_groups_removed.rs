#![doc = include_str!("public_groups_removed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{ListMeaning, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "public-groups-removed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[Attribute::PublicGroups],
    needs: &[Need::optional("GroupMember", ""), Need::optional("Group", "")],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |m, columns, run| {
        columns.has(Attribute::PublicGroups)
            && run.lists == ListMeaning::Replace
            && m.org.users.has_public_groups()
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for group in cx.lost_public_groups() {
        let Some(group) = cx.m.org.public_groups.get(group) else {
            continue;
        };
        let cause = Cause::warning(Confidence::Certain)
            .column(Attribute::PublicGroups)
            .subject("public-group", &group.name);
        sink.report(cause, || {
            let name = &group.name;
            Explanation::new(format!("the user leaves public group {name}"))
                .because(format!("the user is a member of {name} now, and the row does not name it: the list replaces the present one"))
                .because("what is shared with the group is out of reach afterwards")
                .fix(format!("add {name} to the row, if the loss is not meant (--permission-sets add if the file is meant to add)"))
        });
    }
}
