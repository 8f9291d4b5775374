#![doc = include_str!("portal_role_growth.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::portal_account::{Behind, account, are_told, marked, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "portal-role-growth",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Contact, Attribute::Profile],
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Account", ""),
        Need::optional("UserRole", "PortalAccountId"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, columns, run| {
        are_told(columns, run)
            && m.org.coverage.has_column("UserRole", "PortalAccountId")
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create()
        || !person.kind.is_some_and(UserType::is_power)
        || !cx.m.org.coverage.has_column("UserRole", "PortalAccountId")
    {
        return;
    }
    let Behind::Here(account) = account(cx) else {
        return;
    };
    if cx.m.has_portal_roles(account.id) {
        return;
    }
    // Once per account: the contact of the row is not part of the cause.
    let cause = Cause {
        value: None,
        ..marked(Cause::notice(Confidence::Documented), cx, account)
    };
    sink.once(cause, || {
        let now = cx.m.portal_role_count();
        Explanation::new(format!(
            "the first such user of account {} creates its portal roles",
            shown(account)
        ))
        .because(format!(
            "no role has PortalAccountId {}; the org has {now} portal roles now, and one to three come with an account, by its setting",
            account.id
        ))
        .fix("plan for the limit of portal roles; reduce the number of roles per account where one is enough")
    });
}
