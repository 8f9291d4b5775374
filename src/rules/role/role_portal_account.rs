#![doc = include_str!("role_portal_account.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RoleCell};
use crate::model::SfId;
use crate::rules::role_kind::{MISMATCH, NO_ROLE, account_of, fitting};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-portal-account",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Role],
    needs: &[
        Need::file("UserRole", About::Role),
        Need::optional("UserRole", "PortalAccountId"),
        // Rows that are undecided without it are told one by one below: those with a portal role and a contact.
        Need::optional("Contact", "AccountId"),
        Need::optional("User", "ContactId"),
    ],
    row: Some(check),
    when: Occasion::ROLE_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(text, resolution) = cx.row.role else {
        return;
    };
    let (Some(id), Some(kind)) = (resolution.one(), cx.row.person.kind) else {
        return;
    };
    let (true, Some((wanted, _)), Some(role)) = (kind.is_power(), fitting(kind), cx.m.role(id))
    else {
        return;
    };
    let Some(Some(role_account)) = role.portal_account.get() else {
        return;
    };
    if !role.portal_type.is(&wanted) {
        return;
    }
    let Some(account) = account_of(cx) else {
        if cx.row.contact.is_some() && !cx.m.org.coverage.has("Contact") {
            sink.undecided("Contact.csv");
        }
        return;
    };
    if account == role_account {
        return;
    }
    let cause = Cause::error(Confidence::Documented)
        .column(Attribute::Role)
        .value(text)
        .subject("role", &role.name)
        .key(crate::model::key_of(&account.text()));
    sink.report(cause, || {
        let named = |id: SfId| match cx.m.account(id) {
            Some(found) => format!("{} ({id})", found.name),
            None => id.to_string(),
        };
        Explanation::new(format!(
            "role '{}' belongs to another account than the contact",
            role.name
        ))
        .because(format!(
            "the role is of {}, the contact of {}",
            named(role_account),
            named(account)
        ))
        .because("the predicted text is inferred; a cross-reference error is possible as well")
        .predicts_text(MISMATCH)
        .fix("leave the role out: with a contact and no role, Salesforce assigns the User role of the account")
        .replace(Attribute::Role, NO_ROLE)
    });
}
