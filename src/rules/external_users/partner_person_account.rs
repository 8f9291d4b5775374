#![doc = include_str!("partner_person_account.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::portal_account::{are_told, marked, of_new_partner, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "partner-person-account",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Contact, Attribute::Profile],
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Account", "IsPersonAccount"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, columns, run| {
        are_told(columns, run)
            && m.org.accounts.iter().any(|(_, account)| account.is_person_account.is(&true))
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(account) = of_new_partner(cx) else {
        return;
    };
    if !account.is_person_account.is(&true) {
        return;
    }
    let cause = marked(Cause::warning(Confidence::Documented), cx, account);
    sink.report(cause, || {
        Explanation::new(format!(
            "account {} is a person account, which cannot be used as a partner account",
            shown(account)
        ))
        .because("Account.IsPersonAccount is true, and the profile is that of a partner user")
        .fix("use a contact of a business account")
    });
}
