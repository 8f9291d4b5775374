#![doc = include_str!("okta_null_push.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, SetRef};
use crate::model::UserId;
use crate::rules::{ListMeaning, NullMeaning, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-null-push",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    row: Some(check),
    when: Occasion::BLANK_CELL,
    // Whoever says that blanks are not pushed has answered.
    speaks: |_, _, run| run.nulls == NullMeaning::Pushed || !run.nulls_said,
    ..Rule::TEMPLATE
};

/// What a user cannot be left without: a blank cell erases none of it.
const KEPT: [Attribute; 4] = [
    Attribute::Username,
    Attribute::UserId,
    Attribute::Profile,
    Attribute::Active,
];

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let answered = cx.run.nulls_said && cx.run.nulls == NullMeaning::Ignored;
    let Some(user) = cx.row.person.user.filter(|_| !answered) else {
        return;
    };
    for column in crate::okta::groups::LISTS {
        if cx.run.lists == ListMeaning::Replace && blank(cx, column) && holds(cx, user, column) {
            report(cx, sink, column);
        }
    }
    for column in cx.columns.blank_fields(cx.cells) {
        let attribute = column.attribute;
        if KEPT.contains(&attribute) {
            continue;
        }
        let has = match attribute {
            Attribute::Role => cx.m.org.users.has_role(user),
            Attribute::FeatureFlag(_) => false,
            _ => cx.has_value(user, column),
        };
        if has {
            report(cx, sink, attribute);
        }
    }
}

fn blank(cx: &RowCx<'_>, column: Attribute) -> bool {
    cx.cell(column) == Cell::Blank
}

/// Whether the user has anything that the list of a column replaces.
fn holds(cx: &RowCx<'_>, user: UserId, column: Attribute) -> bool {
    let users = &cx.m.org.users;
    let assigned = |wanted: fn(&SetRef) -> bool| cx.m.assigned(user).iter().any(wanted);
    match column {
        Attribute::PermissionSets => assigned(|to| matches!(to, SetRef::Set(_))),
        Attribute::PermissionSetGroups => assigned(|to| matches!(to, SetRef::Group(_))),
        Attribute::PermissionSetLicenses => !users.psls(user).is_empty(),
        Attribute::FeatureLicenses => users.features(user) != 0,
        Attribute::PublicGroups => !users.public_groups(user).is_empty(),
        _ => false,
    }
}

fn report(cx: &RowCx<'_>, sink: &mut Sink<'_>, column: Attribute) {
    let severity = match column {
        Attribute::Role
        | Attribute::FederationId
        | Attribute::FeatureLicenses
        | Attribute::PermissionSets
        | Attribute::Manager => Severity::Warning,
        _ => Severity::Notice,
    };
    sink.once(Cause::of(severity, Confidence::Documented).column(column), || {
        let name = cx.columns.shown(column);
        let (what, told) = match cx.run.nulls {
            NullMeaning::Pushed => (
                format!("empty {name} cells erase what users have in Salesforce"),
                "this run takes empty cells as pushed (--null-values pushed)",
            ),
            NullMeaning::Ignored => (
                format!("{name} is empty for users who have something there in Salesforce: one setting of Okta decides whether it is erased"),
                "this run takes empty cells as not pushed, because nothing says which is meant",
            ),
        };
        Explanation::new(what)
            .because("with Okta's \"Allow Pushing Null Values\" an empty attribute erases the value, without it the value stays")
            .because(told)
            .fix("say which is meant (--null-values, or null_values in [check] of sfcompat.toml), or fill the cells")
    });
}
