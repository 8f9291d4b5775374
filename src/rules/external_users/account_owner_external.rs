#![doc = include_str!("account_owner_external.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{UserId, UserType};
use crate::rules::portal_account::{Behind, are_told, marked, of_new_partner, owner, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "account-owner-external",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "create",
    columns: &[Attribute::Contact, Attribute::Profile],
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Contact", "OwnerId"),
        Need::optional("Account", "OwnerId"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |_, columns, run| are_told(columns, run),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(account) = of_new_partner(cx) else {
        return;
    };
    let org = &cx.m.org;
    let of_account = match owner(cx, account) {
        Behind::Here(user) => Some(user),
        Behind::Nobody | Behind::Untold(_) => None,
    };
    let of_contact = cx
        .row
        .contact
        .and_then(|contact| org.users.by_id(org.contacts.owner(contact)?));
    let is_external = |user: &UserId| {
        let kind = org.users.profile(*user).and_then(|id| cx.m.kind_of(id));
        kind.or_else(|| org.users.user_type(*user))
            .is_some_and(UserType::is_external)
    };
    let owners = [("account", of_account), ("contact", of_contact)];
    let found = owners
        .into_iter()
        .find_map(|(what, user)| user.filter(is_external).map(|user| (what, user)));
    let Some((what, user)) = found else {
        return;
    };
    let cause = marked(Cause::warning(Confidence::Inferred), cx, account);
    sink.report(cause, || {
        Explanation::new(format!(
            "the {what} of the new partner user belongs to an external user"
        ))
        .because(format!(
            "the owner of the {what} ({}) is {}, an external user",
            shown(account),
            org.users.shown(user)
        ))
        .predicts("UNKNOWN_EXCEPTION", "portal users cannot own partner accounts")
        .fix(format!("give the {what} to an internal user who has a role"))
    });
}
