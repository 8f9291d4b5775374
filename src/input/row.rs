//! One record of an input file, resolved against the org: typed ids where names were.

use super::{Attribute, Elements, Keys, ListStyles};
use crate::knowledge::FeatureFacts;
use crate::model::{
    FeatureId, IdFault, LicenseId, PackageId, PermissionSetGroupId, PermissionSetId, ProfileId,
    PslId, PublicGroupId, RoleId, SfId, UserId, UserType,
};
use std::borrow::Cow;
use std::cell::OnceCell;

/// The content of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The file has no such column.
    #[default]
    Absent,
    /// The column is there, the cell is empty (or the record ends before it).
    Blank,
    /// The text, without outer white space.
    Sent(&'a str),
}

impl<'a> Cell<'a> {
    /// The text, if any was sent.
    #[must_use]
    pub fn sent(self) -> Option<&'a str> {
        match self {
            Self::Sent(text) => Some(text),
            Self::Absent | Self::Blank => None,
        }
    }

    /// Whether the file has the column.
    #[must_use]
    pub fn is_present(self) -> bool {
        self != Self::Absent
    }
}

/// What a name or id in a cell leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution<'a, I> {
    /// Nothing was sent.
    #[default]
    Nothing,
    /// One record, found exactly: by id, name or API name.
    Found(I),
    /// One record, found only after trimming, case folding or Unicode composition.
    Folded(I),
    /// Several records bear the name.
    Ambiguous(&'a [I]),
    /// It looks like an id (it starts with a prefix of Salesforce ids) and is none.
    MalformedId(IdFault),
    /// A well-formed id of another object than the column means.
    OtherObject(SfId),
    /// A well-formed id with the right prefix that the snapshot does not hold.
    UnknownId(SfId),
    /// No record has that name.
    NotFound,
    /// The table to look in was not pulled.
    Unseen,
}

impl<I: Copy> Resolution<'_, I> {
    /// The one record, exactly or loosely found.
    #[must_use]
    pub fn one(self) -> Option<I> {
        match self {
            Self::Found(id) | Self::Folded(id) => Some(id),
            _ => None,
        }
    }
}

/// What the role cell asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoleCell<'a> {
    /// Column absent, or blank while nulls are not pushed: the present role stays.
    #[default]
    Keep,
    /// `NO_ROLE`, `--None--`, `null`, or blank while nulls are pushed.
    Remove,
    /// A role.
    Sent(&'a str, Resolution<'a, RoleId>),
}

/// A permission set or a permission set group: the columns accept both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SetRef {
    /// A permission set.
    Set(PermissionSetId),
    /// A permission set group.
    Group(PermissionSetGroupId),
}

/// One element of a multi-valued cell.
#[derive(Clone, Debug)]
pub struct Item<'a, T> {
    /// The element as it was read.
    pub text: Cow<'a, str>,
    /// The column it stands in.
    pub column: Attribute,
    /// What it leads to.
    pub to: Resolution<'a, T>,
}

/// The elements of the multi-valued cells of one meaning.
#[derive(Clone, Debug)]
pub struct Values<'a, T> {
    /// Whether any such column is in the file.
    pub present: bool,
    /// The elements, in order, repeated ones left out.
    pub items: Vec<Item<'a, T>>,
}

impl<T> Default for Values<'_, T> {
    fn default() -> Self {
        Self {
            present: false,
            items: Vec::new(),
        }
    }
}

impl<T> Values<'_, T> {
    /// Forgets everything; room for elements is kept.
    pub(super) fn clear(&mut self) {
        self.present = false;
        self.items.clear();
    }

    /// The same room for other texts.
    fn emptied<'b>(self) -> Values<'b, T> {
        Values {
            present: false,
            items: emptied(self.items),
        }
    }
}

/// An empty list in the memory of another one, whose elements may have borrowed from what is gone.
fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
    // Nothing is left to be turned into anything, and `collect` uses the memory of the list again.
    list.into_iter().filter_map(|_| None).collect()
}

impl<'a, T: Copy> Values<'a, T> {
    /// The records that were found, with their elements.
    pub fn found(&self) -> impl Iterator<Item = (&Item<'a, T>, T)> {
        self.items
            .iter()
            .filter_map(|item| item.to.one().map(|id| (item, id)))
    }
}

/// What an element of the feature license column, or the name of a flag column, stands for.
#[derive(Clone, Copy, Debug)]
pub enum FeatureRef {
    /// A seat-bearing flag that this org has.
    Feature(FeatureId),
    /// A known feature license whose field this org's describe (or, without describe, User.csv) lacks.
    Absent(&'static FeatureFacts),
    /// A known flag without a seat (`CallCenterAutoLogin`, `ForecastEnabled`): no license.
    NotALicense,
    /// Nothing that is known.
    Unknown,
    /// A known feature license in a snapshot with neither describe nor such a column of User: nothing can be told.
    Unseen(&'static FeatureFacts),
}

/// One feature license that the row names.
#[derive(Clone, Debug)]
pub struct FeatureItem<'a> {
    /// The element, or the flag's field name.
    pub text: Cow<'a, str>,
    /// The column it stands in.
    pub column: Attribute,
    /// What it stands for.
    pub to: FeatureRef,
    /// True in a list and for a true flag; false for a flag sent as false.
    pub on: bool,
}

/// The person that a row is about, before and after the push.
///
/// `None` in an "after" field means that it cannot be known (profile not found, column absent on a create).
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that are read one by one"
)]
pub struct Person {
    /// The existing user; `None` is a create, or a leaver whom the org does not have.
    pub user: Option<UserId>,
    /// Okta has taken the app away from the person: a push makes the user inactive, and sends nothing else.
    pub leaver: bool,
    /// Whether the user was matched by the id column rather than by username.
    pub matched_by_id: bool,
    /// Profile after the push (P): from the row; for an update without a profile cell the present one.
    pub profile: Option<ProfileId>,
    /// Present profile (P0).
    pub profile_before: Option<ProfileId>,
    /// License of `profile` (L).
    pub license: Option<LicenseId>,
    /// License of `profile_before` (L0).
    pub license_before: Option<LicenseId>,
    /// `UserType` of `profile` (t).
    pub kind: Option<UserType>,
    /// `UserType` of `profile_before` (t0), else of the user itself.
    pub kind_before: Option<UserType>,
    /// Role after the push; `None` where there is none, or where the cell leads to no one role.
    pub role: Option<RoleId>,
    /// Present role.
    pub role_before: Option<RoleId>,
    /// Active after the push. Unknown activity of a stored user counts as active.
    pub active: bool,
    /// Active now.
    pub active_before: bool,
    /// Feature licenses after the push: bit n is [`FeatureId`] n.
    pub features: u32,
    /// Feature licenses now.
    pub features_before: u32,
}

impl Person {
    /// No such user yet.
    #[must_use]
    pub fn is_create(&self) -> bool {
        self.user.is_none() && !self.leaver
    }

    /// The license changes (L != L0); false for a create and where either is unknown.
    #[must_use]
    pub fn changes_license(&self) -> bool {
        matches!((self.license_before, self.license), (Some(before), Some(after)) if before != after)
    }

    /// An existing user comes to a profile that is not known to be the present one.
    #[must_use]
    pub fn enters_profile(&self) -> bool {
        self.user.is_some() && self.profile.is_some() && self.profile != self.profile_before
    }

    /// An existing user comes to another profile, and not within one license as far as the snapshot tells.
    #[must_use]
    pub fn may_change_license(&self) -> bool {
        self.enters_profile() && (self.license.is_none() || self.license != self.license_before)
    }

    /// The profile changes (P != P0); false for a create and where either is unknown.
    #[must_use]
    pub fn changes_profile(&self) -> bool {
        matches!((self.profile_before, self.profile), (Some(before), Some(after)) if before != after)
    }
}

/// One record, resolved. Its default is a row that says nothing, to be filled.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// By what the row is looked up among the users.
    pub keys: Keys,
    /// Username cell.
    pub username: Cell<'a>,
    /// What the user id cell leads to (a value without the form of a user id is `NotFound`).
    pub user_id: Resolution<'a, UserId>,
    /// Profile cell.
    pub profile_cell: Cell<'a>,
    /// What it leads to.
    pub profile: Resolution<'a, ProfileId>,
    /// Role cell.
    pub role: RoleCell<'a>,
    /// Permission sets and groups of all columns that may hold them.
    pub sets: Values<'a, SetRef>,
    /// Permission set licenses.
    pub psls: Values<'a, PslId>,
    /// Feature licenses of the list column and of flag columns.
    pub features: Vec<FeatureItem<'a>>,
    /// Whether the list column is in the file.
    pub has_feature_list: bool,
    /// Public groups.
    pub public_groups: Values<'a, PublicGroupId>,
    /// Managed packages.
    pub packages: Values<'a, PackageId>,
    /// Contact cell: a contact id that is well-formed, in the snapshot or not.
    pub contact: Option<SfId>,
    /// How the elements of its multi-valued cells are separated.
    pub lists: ListStyles,
    /// Before and after.
    pub person: Person,
    /// The account of the contact, once a rule has asked for it.
    pub(crate) account: OnceCell<Option<SfId>>,
    /// Room for the elements of one cell, while it is read.
    pub(crate) elements: Elements<'a>,
}

impl Row<'_> {
    /// A row that says nothing, with the room that this one has for elements.
    pub(crate) fn emptied<'b>(self) -> Row<'b> {
        Row {
            sets: self.sets.emptied(),
            psls: self.psls.emptied(),
            features: emptied(self.features),
            public_groups: self.public_groups.emptied(),
            packages: self.packages.emptied(),
            elements: emptied(self.elements),
            ..Row::default()
        }
    }
}
