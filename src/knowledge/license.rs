//! User licenses: key, name, family, and what their users may have.

use rustc_hash::FxHashMap;

use super::sheet::{Place, Sheet, filled};
use super::{Confidence, Error};

pub(super) const SHEET: Sheet<11> = Sheet {
    name: "licenses",
    header: [
        "key",
        "name",
        "user_type",
        "user_type_confidence",
        "family",
        "role",
        "role_confidence",
        "contact",
        "contact_confidence",
        "notes",
        "source",
    ],
    text: include_str!("licenses.csv"),
};

/// A group of licenses that behave alike in a license move, such as `internal-full`. The word is
/// ours, not Salesforce's; it joins licenses with transitions and exclusions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Family(pub &'static str);

impl Family {
    /// The word, as the shipped tables write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Kind of role (`UserRole.PortalType`) that users of a license can have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RoleKind {
    /// Roles of the company itself, `PortalType` None.
    Internal,
    /// Roles of a partner account.
    Partner,
    /// Roles of a customer portal account.
    CustomerPortal,
    /// No role at all.
    None,
}

/// Whether users of a license belong to a contact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ContactNeed {
    /// A contact is required.
    Yes,
    /// Users have no contact.
    No,
    /// Users may have a contact.
    Optional,
}

/// What is known of one user license. Source of each line in `source`; every fact that the org
/// itself gives (such as `Profile.UserType`) beats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseFacts {
    /// `LicenseDefinitionKey`; empty where it was never found.
    pub key: &'static str,
    /// `Name`; **not unique**.
    pub name: &'static str,
    /// `UserType` of the profiles of the license.
    pub user_type: Option<&'static str>,
    /// How well `user_type` is founded.
    pub user_type_confidence: Confidence,
    /// The group that the license moves with.
    pub family: Family,
    /// Kind of role of its users; `None` when not known ([`RoleKind::None`] means no role).
    pub role: Option<RoleKind>,
    /// How well `role` is founded.
    pub role_confidence: Confidence,
    /// Whether its users need a contact; `None` when not known.
    pub contact: Option<ContactNeed>,
    /// How well `contact` is founded.
    pub contact_confidence: Confidence,
    /// What else is worth knowing; may be empty.
    pub notes: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
}

/// How a name leads to a license.
#[derive(Clone, Copy, Debug)]
enum Named {
    One(usize),
    Several,
}

/// All licenses, found by key or by name.
#[derive(Debug, Default)]
pub(super) struct Licenses {
    rows: Vec<LicenseFacts>,
    by_key: FxHashMap<&'static str, usize>,
    by_name: FxHashMap<&'static str, Named>,
}

impl Licenses {
    pub(super) fn all(&self) -> &[LicenseFacts] {
        &self.rows
    }

    pub(super) fn find(&self, key: Option<&str>, name: &str) -> Option<&LicenseFacts> {
        let Some(key) = key.filter(|key| !key.is_empty()) else {
            return self.only_one_named(name);
        };
        match self.by_key.get(key) {
            Some(&index) => self.rows.get(index),
            // The key of that license was never found, so this may well be it. A license whose
            // known key differs is another one that happens to share the name.
            None => self
                .only_one_named(name)
                .filter(|license| license.key.is_empty()),
        }
    }

    fn only_one_named(&self, name: &str) -> Option<&LicenseFacts> {
        match self.by_name.get(name)? {
            Named::One(index) => self.rows.get(*index),
            Named::Several => None,
        }
    }
}

pub(super) fn parse(sheet: Sheet<11>) -> Result<Licenses, Error> {
    let mut licenses = Licenses::default();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let license = license(place, cells)?;
        let index = licenses.rows.len();
        if license.name.is_empty() {
            return Err(place.malformed("a license without name"));
        }
        if license.key.is_empty() {
            if licenses.by_name.contains_key(license.name) {
                return Err(place.duplicate(license.name));
            }
        } else if licenses.by_key.insert(license.key, index).is_some() {
            return Err(place.duplicate(license.key));
        }
        licenses
            .by_name
            .entry(license.name)
            .and_modify(|named| *named = Named::Several)
            .or_insert(Named::One(index));
        licenses.rows.push(license);
    }
    Ok(licenses)
}

fn license(place: Place, cells: [&'static str; 11]) -> Result<LicenseFacts, Error> {
    let [
        key,
        name,
        user_type,
        user_type_confidence,
        family,
        role,
        role_confidence,
        contact,
        contact_confidence,
        notes,
        source,
    ] = cells;
    Ok(LicenseFacts {
        key,
        name,
        user_type: filled(user_type),
        user_type_confidence: place.confidence("user_type_confidence", user_type_confidence)?,
        family: filled(family)
            .map(Family)
            .ok_or_else(|| place.word("family", family))?,
        role: match role {
            "" => None,
            "internal" => Some(RoleKind::Internal),
            "Partner" => Some(RoleKind::Partner),
            "CustomerPortal" => Some(RoleKind::CustomerPortal),
            "none" => Some(RoleKind::None),
            _ => return Err(place.word("role", role)),
        },
        role_confidence: place.confidence("role_confidence", role_confidence)?,
        contact: match contact {
            "" => None,
            "yes" => Some(ContactNeed::Yes),
            "no" => Some(ContactNeed::No),
            "optional" => Some(ContactNeed::Optional),
            _ => return Err(place.word("contact", contact)),
        },
        contact_confidence: place.confidence("contact_confidence", contact_confidence)?,
        notes,
        source,
    })
}
