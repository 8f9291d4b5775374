//! The account behind an external user, and who owns it.

use super::role_kind::account_of;
use super::{RowCx, Run};
use crate::finding::Cause;
use crate::input::{Attribute, Cell, Columns};
use crate::model::{Account, SfId, UserId, UserType};

/// A fact about the account of an external user.
pub(super) enum Behind<T> {
    /// It is known.
    Here(T),
    /// There is no account, or the record is not in the snapshot, which holds a part of these tables only.
    Nobody,
    /// A file or column is missing.
    Untold(&'static str),
}

/// The account of the contact; without a contact, that under which Okta creates one.
pub(super) fn account<'a>(cx: &RowCx<'a>) -> Behind<&'a Account> {
    let coverage = &cx.m.org.coverage;
    let id = match account_of(cx) {
        Some(id) => id,
        None if sends_contact(cx) => return untold_contact(cx),
        None => {
            let configured = cx.run.account_id.as_deref();
            match configured.and_then(|text| SfId::parse(text.trim()).ok()) {
                Some(id) => id,
                None => return Behind::Nobody,
            }
        }
    };
    match cx.m.account(id) {
        Some(account) => Behind::Here(account),
        None if !coverage.has("Account") => Behind::Untold("Account.csv"),
        None => Behind::Nobody,
    }
}

/// The row sends a contact, well-formed or not, or the user has one.
fn sends_contact(cx: &RowCx<'_>) -> bool {
    let stored = || {
        let users = &cx.m.org.users;
        users.reference("ContactId", cx.row.person.user?)
    };
    matches!(cx.cell(Attribute::Contact), Cell::Sent(_)) || stored().is_some()
}

fn untold_contact<T>(cx: &RowCx<'_>) -> Behind<T> {
    let coverage = &cx.m.org.coverage;
    if cx.row.contact.is_none() {
        Behind::Nobody
    } else if !coverage.has("Contact") {
        Behind::Untold("Contact.csv")
    } else if !coverage.has_column("Contact", "AccountId") {
        Behind::Untold("Contact.AccountId")
    } else {
        Behind::Nobody
    }
}

/// The owner of an account.
pub(super) fn owner(cx: &RowCx<'_>, account: &Account) -> Behind<UserId> {
    let org = &cx.m.org;
    let Some(id) = account.owner.as_ref() else {
        return Behind::Untold("Account.OwnerId");
    };
    match id.and_then(|id| org.users.by_id(id)) {
        Some(user) => Behind::Here(user),
        None if !org.coverage.has("User") => Behind::Untold("User.csv"),
        None => Behind::Nobody,
    }
}

/// Whether the columns or the configuration lead to accounts at all.
pub(super) fn are_told(columns: &Columns, run: &Run) -> bool {
    columns.has(Attribute::Contact) || run.account_id.is_some()
}

/// The account of a row that creates a partner user, as far as it is in the snapshot.
pub(super) fn of_new_partner<'a>(cx: &RowCx<'a>) -> Option<&'a Account> {
    let person = &cx.row.person;
    if !person.is_create() || person.kind != Some(UserType::PowerPartner) {
        return None;
    }
    match account(cx) {
        Behind::Here(account) => Some(account),
        Behind::Nobody | Behind::Untold(_) => None,
    }
}

/// The account and its owner, as far as both are in the snapshot.
pub(super) fn owned<'a>(cx: &RowCx<'a>) -> Option<(&'a Account, UserId)> {
    let Behind::Here(account) = account(cx) else {
        return None;
    };
    match owner(cx, account) {
        Behind::Here(user) => Some((account, user)),
        Behind::Nobody | Behind::Untold(_) => None,
    }
}

/// Where a finding about the account stands: at the contact, which leads to the account. Without one, at the profile.
pub(super) fn marked<'a>(cause: Cause<'a>, cx: &RowCx<'a>, account: &'a Account) -> Cause<'a> {
    let cause = cause
        .subject("account", &account.name)
        .key(crate::model::key_of(&account.id.text()));
    for column in [Attribute::Contact, Attribute::Profile] {
        if let Some(text) = cx.cell(column).sent() {
            return cause.column(column).value(text);
        }
    }
    cause
}

/// `Acme (001...)`
pub(super) fn shown(account: &Account) -> String {
    if account.name.is_empty() {
        account.id.to_string()
    } else {
        format!("{} ({})", account.name, account.id)
    }
}
