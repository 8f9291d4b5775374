#![doc = include_str!("public_groups_removed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::PublicGroupId;
use crate::rules::{ListMeaning, Need, NullMeaning, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "public-groups-removed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[Attribute::PublicGroups],
    needs: &[Need::optional("GroupMember", ""), Need::optional("Group", "")],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |_, columns, run| {
        columns.has(Attribute::PublicGroups) && run.lists == ListMeaning::Replace
    },
    ..Rule::TEMPLATE
};

/// The groups that the user is in now and that the row does not name. A blank cell takes away only where nulls are pushed.
pub(crate) fn lost<'a>(cx: &'a RowCx<'_>) -> impl Iterator<Item = PublicGroupId> + 'a {
    let groups = &cx.row.public_groups;
    let replaces = cx.run.lists == ListMeaning::Replace
        && groups.present
        && (!groups.items.is_empty() || cx.run.nulls == NullMeaning::Pushed);
    let user = cx.row.person.user.filter(|_| replaces);
    user.map_or(&[][..], |user| cx.m.org.users.public_groups(user))
        .iter()
        .copied()
        .filter(|held| !groups.found().any(|(_, named)| named == *held))
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for group in lost(cx) {
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
