//! Which kind of role fits which kind of user, and which role a fix suggests.

use super::RowCx;
use crate::finding::{Confidence, Explanation};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::{PortalType, SfId, UserType};

/// Salesforce's text for a role of another kind than the user.
pub(super) const MISMATCH: &str = "role type must match user type";

/// What removes a role, whatever the meaning of an empty cell.
pub(super) const NO_ROLE: &str = "NO_ROLE";

/// The kind of role that users of a type have; `None` where they have none, or where that is not known.
pub(super) fn fitting(kind: UserType) -> Option<(PortalType, Confidence)> {
    match kind {
        UserType::Standard => Some((PortalType::None, Confidence::Documented)),
        UserType::PowerPartner => Some((PortalType::Partner, Confidence::Documented)),
        UserType::PowerCustomerSuccess => {
            Some((PortalType::CustomerPortal, Confidence::Documented))
        }
        // The legacy customer portal: no page says which roles its users have.
        UserType::CustomerSuccess => Some((PortalType::CustomerPortal, Confidence::Inferred)),
        _ => None,
    }
}

/// Whether a role cell gives a role by name although every role of that name is a portal role: for an
/// internal user that is `role-is-portal-role`, which speaks instead of `role-type-mismatch`.
pub(super) fn names_portal_roles_only(m: &Matrix, text: &str) -> bool {
    if SfId::parse(text).is_ok_and(|id| m.org.by_id.contains_key(&id)) {
        return false;
    }
    let wanted = crate::model::fold(text);
    let mut named = m
        .role_names
        .folded(text)
        .iter()
        .filter_map(|&id| m.role(id))
        .filter(|role| crate::model::fold(&role.name) == wanted)
        .peekable();
    named.peek().is_some()
        && named.all(|role| {
            role.portal_type
                .get()
                .is_some_and(|kind| kind != PortalType::None)
        })
}

/// How messages call a kind of role.
pub(super) fn shown(kind: PortalType) -> &'static str {
    match kind {
        PortalType::None => "an internal role",
        PortalType::CustomerPortal => "a customer portal role",
        PortalType::Partner => "a partner role",
    }
}

/// Adds the smallest fix: the internal role whose name is nearest, or no role.
pub(super) fn suggest(
    m: &Matrix,
    words: Explanation,
    wanted: PortalType,
    name: &str,
) -> Explanation {
    if wanted != PortalType::None {
        return words
            .fix("leave the role out: with a contact and no role, Salesforce assigns the User role of the account")
            .replace(Attribute::Role, NO_ROLE);
    }
    let internal = m.role_names.nearest(name, 10).into_iter().find(|near| {
        let [id] = m.role_names.exact(near) else {
            return false;
        };
        m.role(*id)
            .is_some_and(|role| role.portal_type.is(&PortalType::None))
    });
    match internal {
        Some(near) => words
            .fix(format!(
                "use an internal role, the nearest is '{near}', or none"
            ))
            .replace(Attribute::Role, near),
        None => words
            .fix("use an internal role, or none")
            .replace(Attribute::Role, NO_ROLE),
    }
}

/// The account of the contact that the row sends or that the user has; `None` where there is no
/// contact, or where its account is not known. Many rules ask, so the row keeps the answer.
pub(super) fn account_of(cx: &RowCx<'_>) -> Option<SfId> {
    *cx.row.account.get_or_init(|| find_account(cx))
}

fn find_account(cx: &RowCx<'_>) -> Option<SfId> {
    let users = &cx.m.org.users;
    let user = cx.row.person.user;
    let stored = user.and_then(|user| users.reference("ContactId", user));
    let contact = cx.row.contact.or(stored)?;
    if let Some(found) = cx.m.contact(contact) {
        return found.account.get().flatten();
    }
    if stored == Some(contact) {
        return users.reference("AccountId", user?);
    }
    None
}
