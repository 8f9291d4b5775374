#![doc = include_str!("role_removed_from_account_owner.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RoleCell};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-removed-from-account-owner",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Role],
    needs: &[
        // Rows that are undecided without Account.csv are told one by one below: those that remove a role.
        Need::optional("Account", "OwnerId"),
        Need::optional("User", "AccountId"),
        Need::optional("User", "UserRoleId"),
    ],
    row: Some(check),
    when: Occasion::ROLE_REMOVED,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(user), RoleCell::Remove, true) = (person.user, cx.row.role, person.active) else {
        return;
    };
    let roles_seen = cx.m.org.coverage.has("UserRole");
    if person.role_before.is_none() && roles_seen {
        return;
    }
    let org = &cx.m.org;
    // Without either column the org has no portal users, or the reader saw none: coverage.
    if !org.users.has_reference("AccountId") && !org.users.has_reference("ContactId") {
        return;
    }
    if !org.coverage.has("Account") {
        sink.undecided("Account.csv");
        return;
    }
    let Some(account) = cx.m.portal_account_of(user) else {
        return;
    };
    let Some(role) = person.role_before else {
        // Whether there is a role to lose cannot be told.
        sink.undecided("UserRole.csv");
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Role)
        .key(u64::from(account.0) << 32 | u64::from(role.0));
    let cause = match cx.cell(Attribute::Role).sent() {
        Some(text) => cause.value(text),
        None => cause,
    };
    sink.report(cause, || {
        let name = cx.m.role(role).map_or("", |found| &found.name);
        let owned = org.accounts.get(account).map_or_else(String::new, |found| {
            format!("{} ({})", found.name, found.id)
        });
        Explanation::new("the user owns an account with external users and cannot lose the role")
            .because(format!(
                "the user owns {owned}, which has active external users"
            ))
            .because(format!("the present role is '{name}', the row removes it"))
            .predicts_text("portal account owner must have a role")
            .fix(format!(
                "keep the role '{name}', or give {owned} to another owner first"
            ))
            .replace(Attribute::Role, name)
    });
}
