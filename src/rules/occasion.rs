//! What a row is about, as bits: most rules have nothing to say about most rows, and are not asked.

use super::RowCx;
use crate::input::{
    Attribute, Cell, FeatureItem, FeatureRef, Resolution, RoleCell, RowKind, SetRef,
};
use crate::matrix::Bond;
use crate::model::{RoleId, UserType};
use crate::rules::address::glance;

/// A set of things that a row does. A rule whose set meets that of the row is asked about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occasion(u32);

impl Occasion {
    /// Every row.
    pub const ALWAYS: Self = Self(1);
    /// Creates a user.
    pub const CREATE: Self = Self(1 << 1);
    /// Updates a user.
    pub const UPDATE: Self = Self(1 << 2);
    /// Creates a user, or makes one active or inactive.
    pub const ACTIVITY: Self = Self(1 << 3);
    /// Moves a user to another profile, or may do so (one of the two is not known).
    pub const PROFILE_CHANGES: Self = Self(1 << 4);
    /// Sends a role.
    pub const ROLE_SENT: Self = Self(1 << 5);
    /// Takes the role away.
    pub const ROLE_REMOVED: Self = Self(1 << 6);
    /// Sends permission sets or groups.
    pub const SETS: Self = Self(1 << 7);
    /// Sends, or leaves in place, a permission set group.
    pub const GROUPS: Self = Self(1 << 8);
    /// Sends a permission set license, or a set or group that is bound to one.
    pub const PSLS: Self = Self(1 << 9);
    /// The user holds assignments of sets, groups or permission set licenses.
    pub const HOLDS: Self = Self(1 << 10);
    /// Names feature licenses, or the user has some before or after.
    pub const FEATURES: Self = Self(1 << 11);
    /// The user is external after the push.
    pub const EXTERNAL: Self = Self(1 << 12);
    /// Sends a contact.
    pub const CONTACT: Self = Self(1 << 13);
    /// A name or id leads to no record, to several, or to one that is written differently.
    pub const UNCLEAR: Self = Self(1 << 14);
    /// The user is found by the id column.
    pub const BY_ID: Self = Self(1 << 15);

    /// Sends a value in a column that takes ids only and that may be none: account, manager, other references, and
    /// a contact that has not the form of an id.
    pub const REFERENCES: Self = Self(1 << 16);
    /// Sends a permission set that is bound to a user license, and not to that of the user.
    pub const FOREIGN_SETS: Self = Self(1 << 17);
    /// Sends a group, or a permission set that is not assignable or waits for a session.
    pub const SPECIAL_SETS: Self = Self(1 << 18);
    /// Leaves the user inactive.
    pub const INACTIVE: Self = Self(1 << 19);
    /// The username is not a plain address in lower case.
    pub const ODD_USERNAME: Self = Self(1 << 20);
    /// The email address is neither plain nor the username.
    pub const ODD_EMAIL: Self = Self(1 << 21);
    /// Sends a role, unless it is surely one that the user may have: an internal role for an internal user.
    pub const ROLE_IN_DOUBT: Self = Self(1 << 26);
    /// Names something that is no feature license of the org, or the user loses one, or has one after the push that
    /// is not surely allowed.
    pub const FEATURES_IN_DOUBT: Self = Self(1 << 27);
    /// A cell may be longer than its field takes.
    pub const LONG_CELL: Self = Self(1 << 22);
    /// A cell is not among the values of its picklist.
    pub const UNLISTED_CELL: Self = Self(1 << 23);
    /// A cell may not be of the type of its field.
    pub const UNTYPED_CELL: Self = Self(1 << 24);
    /// Creates a user, and may leave empty what every new user needs, the profile, or the federation id.
    pub const LACKS_CELL: Self = Self(1 << 25);

    /// Updates a user, and a cell of it may be empty.
    pub const BLANK_CELL: Self = Self(1 << 28);

    /// Sends a set or group that the user's license is not known to permit in full, or anything to a guest user.
    pub const DOUBTFUL_SETS: Self = Self(1 << 30);
    /// The profile after the push is not known to be one of people, of a license that is not disabled.
    pub const ODD_PROFILE: Self = Self(1 << 29);

    /// Is a group of a mapping.
    pub const GROUP: Self = Self(1 << 31);

    /// Both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets have something in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a row does.
    pub(crate) fn of(cx: &RowCx<'_>) -> Self {
        let mut all = Self::ALWAYS;
        all.note(cx.columns.rows == RowKind::Group, Self::GROUP);
        all.note_person(cx);
        all.note_addresses(cx);
        all.note_lists(cx);
        all.note_cells(cx);
        all
    }

    fn note(&mut self, so: bool, what: Self) {
        self.0 |= if so { what.0 } else { 0 };
    }

    fn note_person(&mut self, cx: &RowCx<'_>) {
        let row = cx.row;
        let person = &row.person;
        let creates = person.is_create();
        self.note(creates, Self::CREATE);
        self.note(!creates, Self::UPDATE);
        self.note(
            creates || person.active != person.active_before,
            Self::ACTIVITY,
        );
        self.note(
            !creates && person.profile != person.profile_before,
            Self::PROFILE_CHANGES,
        );
        if let RoleCell::Sent(_, to) = row.role {
            self.note(true, Self::ROLE_SENT);
            self.note(!role_fits(cx, to), Self::ROLE_IN_DOUBT);
        }
        self.note(row.role == RoleCell::Remove, Self::ROLE_REMOVED);
        let ordinary = |profile| cx.m.is_ordinary(profile, person.kind);
        self.note(!person.profile.is_none_or(ordinary), Self::ODD_PROFILE);
        self.note(!person.active, Self::INACTIVE);
        self.note(person.matched_by_id, Self::BY_ID);
        self.note(
            person.kind.is_some_and(UserType::is_external),
            Self::EXTERNAL,
        );
        let features = !row.features.is_empty() || person.features | person.features_before != 0;
        self.note(features, Self::FEATURES);
        self.note(features && !features_fit(cx), Self::FEATURES_IN_DOUBT);
        if let Some(user) = person.user {
            let users = &cx.m.org.users;
            let held = users.assignments(user);
            self.note(
                !held.is_empty() || !users.psls(user).is_empty(),
                Self::HOLDS,
            );
            self.note(held.iter().any(|one| one.group.is_some()), Self::GROUPS);
        }
    }

    fn note_cells(&mut self, cx: &RowCx<'_>) {
        let creates = cx.row.person.is_create();
        let look = cx.columns.look(cx.cells, creates);
        self.note(look.long, Self::LONG_CELL);
        self.note(look.unlisted, Self::UNLISTED_CELL);
        self.note(look.untyped, Self::UNTYPED_CELL);
        let blank =
            creates && (cx.row.profile_cell == Cell::Blank || cx.row.keys.federation_id.0 == 0);
        self.note(look.lacks || blank, Self::LACKS_CELL);
        self.note(!creates && cx.columns.may_blank(cx.cells), Self::BLANK_CELL);
    }

    fn note_addresses(&mut self, cx: &RowCx<'_>) {
        let row = cx.row;
        let sent = |column| cx.cell(column).sent().is_some();
        let contact = sent(Attribute::Contact);
        self.note(contact, Self::CONTACT);
        let others = sent(Attribute::Manager)
            || sent(Attribute::Account)
            || cx.columns.checks().references().next().is_some();
        self.note(
            others || (contact && row.contact.is_none()),
            Self::REFERENCES,
        );
        let username = row.username.sent().map(|_| row.keys.address);
        self.note(
            username.is_some_and(|look| !look.is_lower()),
            Self::ODD_USERNAME,
        );
        let email = cx.cell(Attribute::Email);
        // Most people log in with their address: one look tells of both.
        let email = if email == row.username {
            username
        } else {
            email.sent().map(glance)
        };
        self.note(email.is_some_and(|look| !look.plain), Self::ODD_EMAIL);
    }

    fn note_lists(&mut self, cx: &RowCx<'_>) {
        let row = cx.row;
        self.note(!row.sets.items.is_empty(), Self::SETS);
        self.note(!row.psls.items.is_empty(), Self::PSLS);
        let mut unclear = is_unclear(&row.profile) || is_unclear(&row.user_id);
        unclear |= matches!(&row.role, RoleCell::Sent(_, to) if is_unclear(to));
        for item in &row.sets.items {
            unclear |= is_unclear(&item.to);
            if let Some(to) = item.to.one() {
                self.note(matches!(to, SetRef::Group(_)), Self::GROUPS);
                let traits = cx.m.traits(to);
                self.note(traits.psl, Self::PSLS);
                self.note(traits.special, Self::SPECIAL_SETS);
                let open = match traits.bond {
                    Bond::Open => true,
                    Bond::To(license) => row.person.license == Some(license),
                    Bond::Unseen => false,
                };
                self.note(!open, Self::FOREIGN_SETS);
                let doubtful = row.person.kind_before == Some(UserType::Guest)
                    || (traits.enables
                        && row
                            .person
                            .license
                            .is_some_and(|license| cx.m.faults(license, to).is_some()));
                self.note(doubtful, Self::DOUBTFUL_SETS);
            }
        }
        unclear |= row.psls.items.iter().any(|item| is_unclear(&item.to));
        unclear |= row
            .public_groups
            .items
            .iter()
            .any(|item| is_unclear(&item.to));
        unclear |= row.packages.items.iter().any(|item| is_unclear(&item.to));
        self.note(unclear, Self::UNCLEAR);
    }
}

/// What the rows of a chunk are about: for each occasion a word with one bit a row. So a rule finds its rows among
/// 64 of them in a few steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Occasions {
    rows: [u64; u32::BITS as usize],
}

impl Occasions {
    /// Most rows of a chunk.
    pub(crate) const ROWS: usize = u64::BITS as usize;

    /// Forgets all rows.
    pub(crate) fn clear(&mut self) {
        self.rows = Default::default();
    }

    /// Notes what the n-th row is about.
    pub(crate) fn note(&mut self, n: usize, what: Occasion) {
        let row = 1u64.checked_shl(u32::try_from(n).unwrap_or(u32::MAX));
        for occasion in bits(what.0.into()) {
            if let Some(rows) = self.rows.get_mut(occasion) {
                *rows |= row.unwrap_or(0);
            }
        }
    }

    /// The rows that meet the occasions of a rule, in order.
    pub(crate) fn rows(&self, when: Occasion) -> impl Iterator<Item = usize> + use<> {
        let held = |occasion: usize| self.rows.get(occasion).copied().unwrap_or(0);
        bits(bits(when.0.into()).fold(0, |rows, occasion| rows | held(occasion)))
    }
}

/// Places of the bits that are set, lowest first.
fn bits(mut left: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (left != 0).then(|| left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        lowest
    })
}

/// Whether a role is surely one that the user may have.
fn role_fits(cx: &RowCx<'_>, to: Resolution<'_, RoleId>) -> bool {
    let person = &cx.row.person;
    let Resolution::Found(role) = to else {
        return false;
    };
    let proven = |license| {
        cx.m.facts(license)
            .is_some_and(|facts| facts.role.is_some())
    };
    person.kind == Some(UserType::Standard)
        && person.license.is_none_or(proven)
        && cx.m.is_internal_role(role)
}

/// Whether all feature licenses are surely allowed, and none is lost.
fn features_fit(cx: &RowCx<'_>) -> bool {
    let person = &cx.row.person;
    let known = |item: &FeatureItem<'_>| matches!(item.to, FeatureRef::Feature(_));
    let allowed = person.features == 0
        || (!person.kind.is_some_and(UserType::is_external)
            && person
                .license
                .is_some_and(|license| cx.m.raises_no_doubt(license, person.features)));
    allowed && person.features_before & !person.features == 0 && cx.row.features.iter().all(known)
}

fn is_unclear<I>(to: &Resolution<'_, I>) -> bool {
    !matches!(to, Resolution::Nothing | Resolution::Found(_))
}
