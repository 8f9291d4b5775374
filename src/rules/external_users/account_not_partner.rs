#![doc = include_str!("account_not_partner.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::portal_account::{are_told, marked, of_new_partner, shown};
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
        are_told(columns, run)
            && m.org.accounts.iter().any(|(_, account)| account.is_partner.is(&false))
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(account) = of_new_partner(cx) else {
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
