//! The cells of a row that stand for records, whatever their column: three rules ask the same of all of them.

use super::RowCx;
use crate::input::{Attribute, Item, Resolution, RoleCell, Values};
use crate::model::{IdFault, SfId};

/// What a cell or list element leads to, whatever the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Found loosely.
    Folded,
    /// Like an id, and none.
    Malformed(IdFault),
    /// An id of another object than the column means.
    OtherObject(SfId),
    /// An id of the right object that the snapshot does not hold.
    Unknown(SfId),
    /// Anything else: other rules speak of it.
    Other,
}

/// One cell or list element that stands for a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    /// The column.
    pub(crate) column: Attribute,
    /// As it was read.
    pub(crate) text: &'a str,
    /// API name of the object that the column means.
    pub(crate) object: &'static str,
    /// What it leads to.
    pub(crate) to: Lead,
}

/// The elements of a list that lead to no record. `None`: one that may lead to a record all the same, because the
/// snapshot does not hold the names; an id may be that of a record which the pull did not ask for, and says nothing.
pub(crate) fn nowhere<'r, 'a, I>(
    cx: &RowCx<'_>,
    values: &'r Values<'a, I>,
) -> impl Iterator<Item = Option<&'r Item<'a, I>>> {
    let from_metadata = cx.m.org.coverage.from_metadata;
    values.items.iter().filter_map(move |item| match item.to {
        Resolution::NotFound => Some(Some(item)),
        Resolution::Unseen if from_metadata || !looks_like_id(&item.text) => Some(None),
        _ => None,
    })
}

/// Prefixes of the ids that rules know; anything else in a cell is a name.
const PREFIXES: [&str; 10] = [
    "00e", "00E", "0PS", "0PG", "0PL", "100", "005", "003", "001", "00G",
];

/// Whether a text is meant as an id: it starts with one of the prefixes and has 12 to 20 letters and digits only.
pub(crate) fn looks_like_id(text: &str) -> bool {
    (12..=20).contains(&text.len())
        && PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn lead<I: Copy>(to: Resolution<'_, I>) -> Lead {
    match to {
        Resolution::Folded(_) => Lead::Folded,
        Resolution::MalformedId(fault) => Lead::Malformed(fault),
        Resolution::OtherObject(id) => Lead::OtherObject(id),
        Resolution::UnknownId(id) => Lead::Unknown(id),
        _ => Lead::Other,
    }
}

/// The id in a cell that only takes ids of one object.
fn plain_id(text: &str, prefix: &str) -> Lead {
    if !looks_like_id(text) {
        return Lead::Other;
    }
    match SfId::parse(text) {
        Err(fault) => Lead::Malformed(fault),
        Ok(id) if !text.starts_with(prefix) => Lead::OtherObject(id),
        Ok(_) => Lead::Other,
    }
}

/// Calls `f` for each cell and list element that does not simply lead to its record.
pub(crate) fn each<'a>(cx: &RowCx<'a>, mut f: impl FnMut(Named<'a>)) {
    let row = cx.row;
    let mut tell = |column, text, object, to| {
        if to != Lead::Other {
            f(Named {
                column,
                text,
                object,
                to,
            });
        }
    };
    if let Some(text) = row.profile_cell.sent() {
        tell(Attribute::Profile, text, "Profile", lead(row.profile));
    }
    if let RoleCell::Sent(text, to) = row.role {
        tell(Attribute::Role, text, "UserRole", lead(to));
    }
    items(&row.sets, "PermissionSet", &mut tell);
    items(&row.psls, "PermissionSetLicense", &mut tell);
    items(&row.public_groups, "Group", &mut tell);
    items(&row.packages, "PackageLicense", &mut tell);
    if let Some(text) = cx.cell(Attribute::UserId).sent() {
        tell(Attribute::UserId, text, "User", lead(row.user_id));
    }
    for (column, object, prefix) in [
        (Attribute::Manager, "User", "005"),
        (Attribute::Contact, "Contact", "003"),
        (Attribute::Account, "Account", "001"),
    ] {
        // The contact has been read already: a well-formed one is no more than that.
        if (column != Attribute::Contact || row.contact.is_none())
            && let Some(text) = cx.cell(column).sent()
        {
            tell(column, text, object, plain_id(text, prefix));
        }
    }
    for check in cx.columns.checks().references() {
        let [object] = check.reference_to.as_slice() else {
            continue;
        };
        let Some(text) = cx.sent_at(check.place) else {
            continue;
        };
        let (object, prefix) = match object.as_str() {
            "User" => ("User", "005"),
            "Contact" => ("Contact", "003"),
            "Account" => ("Account", "001"),
            _ => continue,
        };
        tell(check.attribute, text, object, plain_id(text, prefix));
    }
}

fn items<'a, I: Copy>(
    values: &'a Values<'a, I>,
    object: &'static str,
    tell: &mut impl FnMut(Attribute, &'a str, &'static str, Lead),
) {
    for Item { text, column, to } in &values.items {
        tell(*column, text, object, lead(*to));
    }
}

#[cfg(test)]
mod tests {
    use super::{Lead, looks_like_id, plain_id};
    use crate::model::IdFault;

    #[test]
    fn what_is_no_id_is_a_name() {
        assert!(looks_like_id("00e7R000000SDu3"));
        assert!(looks_like_id("00e7R000000SDu"));
        assert!(!looks_like_id("00e7R000000-SDu"));
        assert!(!looks_like_id("1000 Islands Sales"));
        assert!(!looks_like_id("0051"));
    }

    #[test]
    fn faults_of_ids_are_told_apart() {
        assert_eq!(
            plain_id("0037R00000000", "003"),
            Lead::Malformed(IdFault::Length(13))
        );
        assert!(matches!(
            plain_id("0037R0000000001", "005"),
            Lead::OtherObject(_)
        ));
        assert_eq!(plain_id("jane@acme.example", "005"), Lead::Other);
    }
}
