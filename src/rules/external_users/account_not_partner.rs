#![doc = include_str!("account_not_partner.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::portal_account::{Behind, account, marked, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "account-not-partner",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "create",
    columns: &[Attribute::Contact, Attribute::Profile],
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Account", "IsPartner"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, columns, run| {
        (columns.has(Attribute::Contact) || run.account_id.is_some())
            && m.org.accounts.iter().any(|(_, account)| account.is_partner.is(&false))
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create() || person.kind != Some(UserType::PowerPartner) {
        return;
    }
    let Behind::Here(account) = account(cx) else {
        return;
    };
    if !account.is_partner.is(&false) {
        return;
    }
    let cause = marked(Cause::warning(Confidence::Inferred), cx, account);
    sink.report(cause, || {
        Explanation::new(format!(
            "account {} is not enabled as a partner account",
            shown(account)
        ))
        .because("Account.IsPartner is false, and the profile is that of a partner user")
        .because("whether Salesforce refuses the user or enables the account is not published")
        .fix("enable the account as a partner account first")
    });
}
