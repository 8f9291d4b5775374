#![doc = include_str!("deactivate_portal_account_owner.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "deactivate-portal-account-owner",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "update",
    columns: &[Attribute::Active],
    needs: &[
        Need::optional("Account", "OwnerId"),
        Need::optional("User", "AccountId"),
    ],
    row: Some(check),
    leavers: true,
    when: Occasion::INACTIVE,
    speaks: |m, columns, _| columns.has(Attribute::Active) && !m.org.accounts.is_empty(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let leaver = person.user.filter(|_| person.active_before && !person.active);
    let org = &cx.m.org;
    let Some(account) = leaver
        .and_then(|user| cx.m.portal_account_of(user))
        .and_then(|account| org.accounts.get(account))
    else {
        return;
    };
    let id = account.id.text();
    let cause = Cause::warning(Confidence::Inferred)
        .column(Attribute::Active)
        .subject("account", &id);
    sink.report(cause, || {
        let shown = format!("{} ({id})", account.name);
        Explanation::new("the leaver owns an account with active external users")
            .because(format!("Account.OwnerId of {shown} is this user, and User.AccountId of active external users is that account"))
            .predicts_code("USER_OWNS_PORTAL_ACCOUNT_EXCEPTION")
            .fix(format!("give {shown} and the other accounts of the leaver to another owner first"))
    });
}
