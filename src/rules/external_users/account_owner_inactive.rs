#![doc = include_str!("account_owner_inactive.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{SfId, UserType};
use crate::rules::portal_account::{are_told, marked, owned, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "account-owner-inactive",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "create",
    columns: &[Attribute::Contact, Attribute::Profile],
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Account", "OwnerId"),
        Need::optional("User", "IsActive"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, columns, run| {
        let inactive = |owner: SfId| {
            let users = &m.org.users;
            users.by_id(owner).and_then(|user| users.active(user)) == Some(false)
        };
        let owners = || m.org.accounts.iter().filter_map(|(_, account)| account.owner.get().flatten());
        are_told(columns, run) && owners().any(inactive)
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create() || !person.kind.is_some_and(UserType::is_external) {
        return;
    }
    let Some((account, owner)) = owned(cx) else {
        return;
    };
    let users = &cx.m.org.users;
    if users.active(owner) != Some(false) {
        return;
    }
    let cause = marked(Cause::warning(Confidence::Inferred), cx, account);
    sink.report(cause, || {
        Explanation::new(format!("the owner of account {} is inactive", shown(account)))
            .because(format!(
                "Account.OwnerId is {}, whose IsActive is false",
                users.shown(owner)
            ))
            .because("whether Salesforce refuses the external user for that is not published")
            .fix("give the account to an active owner who has a role")
    });
}
