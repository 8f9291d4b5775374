#![doc = include_str!("public_group_user_type.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "public-group-user-type",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PublicGroups],
    needs: &[Need::optional("Profile", "UserType")],
    row: Some(check),
    when: Occasion::EXTERNAL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.kind.is_some_and(UserType::is_lite) {
        return;
    }
    let Some(first) = cx.row.public_groups.items.first() else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::PublicGroups)
        .value(&first.text)
        .subject("public-group", &first.text)
        .key(person.profile.map_or(0, |profile| u64::from(profile.0) + 1));
    sink.report(cause, || {
        let name = person
            .profile
            .and_then(|profile| cx.m.profile(profile))
            .map_or("", |found| &found.name);
        Explanation::new("high-volume external users cannot be members of public groups")
            .because(format!("profile '{name}' has UserType CspLitePortal"))
            .predicts_code("OP_WITH_INVALID_USER_TYPE_EXCEPTION")
            .fix("leave the public groups out, and use sharing sets or share groups")
            .replace(Attribute::PublicGroups, "")
    });
}
