#![doc = include_str!("role_kept_on_move.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RoleCell};
use crate::model::UserType;
use crate::rules::role_kind::{MISMATCH, NO_ROLE};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-kept-on-move",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("Profile", "UserType"),
        Need::optional("User", "UserRoleId"),
        Need::optional("UserRole", ""),
    ],
    row: Some(check),
    when: Occasion::PROFILE_CHANGES,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(_), RoleCell::Keep, Some(role)) = (person.user, cx.row.role, person.role_before)
    else {
        return;
    };
    let (Some(before), Some(after)) = (person.kind_before, person.kind) else {
        return;
    };
    if before == after || !matches!(after, UserType::CsnOnly | UserType::CspLitePortal) {
        return;
    }
    let has_column = cx.columns.has(Attribute::Role);
    let cause = Cause::warning(Confidence::Inferred)
        .column(if has_column {
            Attribute::Role
        } else {
            Attribute::Profile
        })
        .key(u64::from(role.0) << 8 | after as u64);
    sink.report(cause, || {
        let name = cx.m.role(role).map_or("", |found| &found.name);
        let words = Explanation::new(format!(
            "the user keeps the role '{name}' while becoming {}, a type without roles",
            after.name()
        ))
        .because("the row neither removes the role nor sends one")
        .because("the predicted text is inferred from users of other types")
        .predicts_text(MISMATCH)
        .fix("remove the role in the same push");
        if has_column {
            words.replace(Attribute::Role, NO_ROLE)
        } else {
            words
        }
    });
}
