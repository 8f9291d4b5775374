//! The users of an org, column by column: millions of them fit into memory.

mod build;
mod by_field;
mod cores;
mod digests;
mod key_index;
mod sparse;
mod texts;

use super::grouped::Grouped;
use super::{
    Dense, FeatureId, Ids, PackageId, PermissionSetGroupId, PermissionSetId, ProfileId, PslId,
    PublicGroupId, RoleId, SfId, UserId, UserType,
};
use build::null_id;
use by_field::ByField;
use cores::{Core, Cores, Stored};
use texts::Names;

pub use build::{UsersBuilder, UsersPart};
pub use digests::{DigestColumn, digest_of};
pub use key_index::{Bearer, KeyIndex, key_of, key_of_folded, keys_of};
pub use sparse::{IdColumn, OddKeys};
pub use texts::WordColumn;

/// The name under which a run asks for `FederationIdentifier` case aside (see [`Users::find_folded`]). No field of Salesforce has a space in its name.
pub const FEDERATION_ID_FOLDED: &str = "FederationIdentifier case aside";

/// A present assignment of a permission set or group to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The set; `None` where only the group is known.
    pub set: Option<PermissionSetId>,
    /// The group through which it is assigned.
    pub group: Option<PermissionSetGroupId>,
    /// Active, not revoked, not expired.
    pub live: bool,
    /// `IsRevoked` is true or `ExpirationDate` is in the past.
    pub lapsed: bool,
}

/// What is known of one user while the table is being filled.
#[derive(Clone, Debug, Default)]
pub struct UserRecord<'a> {
    /// Record id.
    pub id: Option<SfId>,
    /// `Username`.
    pub username: &'a str,
    /// `IsActive`; `None` where the column is missing.
    pub active: Option<bool>,
    /// `ProfileId`, resolved.
    pub profile: Option<ProfileId>,
    /// `UserRoleId`, resolved.
    pub role: Option<RoleId>,
    /// `UserRoleId` names a role that the snapshot does not hold.
    pub role_unseen: bool,
    /// Feature flags that are true: bit n is [`FeatureId`] n (at most 28 are kept).
    pub features: u32,
    /// `UserType`.
    pub user_type: Option<UserType>,
}

/// All users of the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Users {
    ids: Ids,
    logins: KeyIndex,
    /// What every row about a user reads, side by side.
    cores: Cores,
    /// Usernames as text, kept only for orgs where that is cheap; messages then say the name beside the id.
    names: Option<Names>,
    /// Further columns that this run compares, by API name: `FederationIdentifier`, `CommunityNickname`, unique custom fields.
    keyed: ByField<KeyIndex>,
    /// What is compared case aside besides exactly, by API name: only keys that differ from those in `keyed`.
    folded: ByField<KeyIndex>,
    /// Reference columns that this run follows, by API name (`ContactId`, `AccountId`, `ManagerId`, hierarchy fields).
    references: ByField<IdColumn>,
    /// Text columns that this run reads, by API name (`Country`, `State`).
    texts: ByField<WordColumn>,
    /// Columns of which this run asks whether a value is the same, by API name; empty in very large orgs.
    digests: ByField<DigestColumn>,
    assignments: Grouped<UserId, Assignment>,
    psls: Grouped<UserId, PslId>,
    packages: Grouped<UserId, PackageId>,
    public_groups: Grouped<UserId, PublicGroupId>,
    /// By the keys of their record ids.
    by_id: KeyIndex,
}

impl Users {
    /// How many users there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no user.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All users, in file order.
    pub fn iter(&self) -> impl Iterator<Item = UserId> + use<> {
        (0..self.ids.len()).map(UserId::new)
    }

    /// The user with this username, in any case of letters.
    #[must_use]
    pub fn by_login(&self, key: u64) -> Option<UserId> {
        self.logins.find(key)
    }

    /// The index of usernames.
    pub(crate) fn logins(&self) -> &KeyIndex {
        &self.logins
    }

    /// Touches what rows about these users will read.
    pub(crate) fn touch(&self, users: impl Iterator<Item = UserId>) {
        let touched = users.fold(0, |sum, user| {
            sum ^ self.cores.get(user).map_or(0, Core::features)
        });
        std::hint::black_box(touched);
    }

    /// The user with this record id.
    #[must_use]
    pub fn by_id(&self, id: SfId) -> Option<UserId> {
        self.by_id.find(id.key())
    }

    /// Whether a configured text means this user: the username in any case of letters, or the record id.
    #[must_use]
    pub fn is_called(&self, user: UserId, text: &str) -> bool {
        let text = text.trim();
        self.is_login(user, key_of_folded(text))
            || SfId::parse(text).is_ok_and(|id| id == self.id(user))
    }

    /// Whether the snapshot tells the user's username.
    #[must_use]
    pub fn has_login(&self, user: UserId) -> bool {
        self.cores.get(user).is_some_and(Core::has_login)
    }

    /// Whether a user's username has this key (see [`key_of_folded`]).
    #[must_use]
    pub fn is_login(&self, user: UserId, key: u64) -> bool {
        self.logins.bears(user, key)
    }

    /// Record id.
    #[must_use]
    pub fn id(&self, user: UserId) -> SfId {
        self.ids.get(user.index()).unwrap_or_else(null_id)
    }

    /// How a message names a user: `ann@acme.example (005...)`, or the id alone in very large orgs.
    #[must_use]
    pub fn shown(&self, user: UserId) -> String {
        let id = self.id(user);
        match self.username(user) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_string(),
        }
    }

    /// The username, where it is kept as text.
    #[must_use]
    pub fn username(&self, user: UserId) -> Option<&str> {
        self.names.as_ref()?.get(user)
    }

    /// What rows about a user read, in one go.
    #[inline]
    pub(crate) fn stored(&self, user: UserId) -> Option<Stored> {
        self.cores.get(user).map(Core::stored)
    }

    /// Present profile; system users have none.
    #[must_use]
    pub fn profile(&self, user: UserId) -> Option<ProfileId> {
        self.cores.get(user)?.profile()
    }

    /// Present role.
    #[must_use]
    pub fn role(&self, user: UserId) -> Option<RoleId> {
        self.cores.get(user)?.role()
    }

    /// Whether the user has a role, in the snapshot or not. Without a column for it nobody has one: ask the coverage.
    #[must_use]
    pub fn has_role(&self, user: UserId) -> bool {
        self.cores.get(user).is_some_and(Core::has_role)
    }

    /// Whether the user is active; `None` where `IsActive` was not pulled.
    #[must_use]
    pub fn active(&self, user: UserId) -> Option<bool> {
        self.cores.get(user)?.active()
    }

    /// Whether UserLogin says that the user is frozen.
    #[must_use]
    pub fn frozen(&self, user: UserId) -> bool {
        self.cores.get(user).is_some_and(Core::frozen)
    }

    /// Whether UserLogin says that the password is locked.
    #[must_use]
    pub fn locked(&self, user: UserId) -> bool {
        self.cores.get(user).is_some_and(Core::locked)
    }

    /// Feature flags that are true: bit n is [`FeatureId`] n.
    #[must_use]
    pub fn features(&self, user: UserId) -> u32 {
        self.cores.get(user).map_or(0, Core::features)
    }

    /// Whether the user holds a feature license.
    #[must_use]
    pub fn has_feature(&self, user: UserId, feature: FeatureId) -> bool {
        self.cores
            .get(user)
            .is_some_and(|core| core.has_feature(feature))
    }

    /// `UserType` of the user itself.
    #[must_use]
    pub fn user_type(&self, user: UserId) -> Option<UserType> {
        self.cores.get(user)?.user_type()
    }

    /// The index of a compared column; `None` where the snapshot lacks the column or the run does not need it.
    #[must_use]
    pub fn keyed(&self, field: &str) -> Option<&KeyIndex> {
        self.keyed.get(field)
    }

    /// Who has this value of a compared column: `own`, if that is one of them, else the first; nobody, where the
    /// snapshot lacks the column or the run does not need it.
    #[must_use]
    pub fn bearer(&self, field: &str, key: u64, own: Option<UserId>) -> Bearer {
        self.keyed(field)
            .map_or(Bearer::Nobody, |index| index.bearer(key, own))
    }

    /// Whether a value of a column that is compared case aside too is not its own lower-case form.
    #[must_use]
    pub fn has_odd(&self, field: &str) -> bool {
        self.folded.get(field).is_some_and(|odd| !odd.is_empty())
    }

    /// The first user with this value of a compared column, case aside.
    #[must_use]
    pub fn find_folded(&self, field: &str, folded: u64) -> Option<UserId> {
        // A text that is its own lower-case form has one key for both.
        let plain = self.keyed(field)?.find(folded);
        let odd = self.folded.get(field)?.find(folded);
        plain.into_iter().chain(odd).min()
    }

    /// Whether this is the user's own value of that column, case aside.
    #[must_use]
    pub fn bears_folded(&self, field: &str, user: UserId, folded: u64) -> bool {
        [self.keyed(field), self.folded.get(field)]
            .into_iter()
            .flatten()
            .any(|index| index.bears(user, folded))
    }

    /// Whether a reference column was read.
    #[must_use]
    pub fn has_reference(&self, field: &str) -> bool {
        self.references.get(field).is_some()
    }

    /// The record that a reference column of a user names.
    #[must_use]
    pub fn reference(&self, field: &str, user: UserId) -> Option<SfId> {
        self.references.get(field)?.get(user)
    }

    /// A reference column as a whole.
    #[must_use]
    pub fn reference_column(&self, field: &str) -> Option<&IdColumn> {
        self.references.get(field)
    }

    /// A text column of a user; `None` where the column was not read.
    #[must_use]
    pub fn text(&self, field: &str, user: UserId) -> Option<&str> {
        self.texts.get(field)?.get(user)
    }

    /// The digest ([`digest_of`]) of what a user has in a column; `None` where the column was not read.
    #[must_use]
    pub fn digest(&self, field: &str, user: UserId) -> Option<u32> {
        self.digests.get(field)?.get(user)
    }

    /// Whether digests of a column were read.
    #[must_use]
    pub fn has_digests(&self, field: &str) -> bool {
        self.digests.get(field).is_some()
    }

    /// Present assignments of permission sets and groups, live or not.
    #[must_use]
    pub fn assignments(&self, user: UserId) -> &[Assignment] {
        self.assignments.of(user)
    }

    /// Permission set licenses that the user holds.
    #[must_use]
    pub fn psls(&self, user: UserId) -> &[PslId] {
        self.psls.of(user)
    }

    /// Managed packages of which the user holds a seat; kept only where the run asks for them.
    #[must_use]
    pub fn packages(&self, user: UserId) -> &[PackageId] {
        self.packages.of(user)
    }

    /// Whether any user is known to be a direct member of a public group.
    #[must_use]
    pub fn has_public_groups(&self) -> bool {
        !self.public_groups.is_empty()
    }

    /// Public groups of which the user is a direct member; kept only where the run asks for them.
    #[must_use]
    pub fn public_groups(&self, user: UserId) -> &[PublicGroupId] {
        self.public_groups.of(user)
    }
}

#[cfg(test)]
mod tests {
    use super::{UserRecord, UsersBuilder, key_of_folded};
    use crate::model::{Assignment, PermissionSetId, UserId};

    #[test]
    fn usernames_are_found_in_any_case() {
        let mut builder = UsersBuilder::new();
        for username in ["Ann@acme.example", "bob@acme.example"] {
            builder.push(&UserRecord {
                username,
                active: Some(true),
                ..UserRecord::default()
            });
        }
        let users = builder.finish(true);
        assert_eq!(
            users.by_login(key_of_folded("ANN@acme.example")),
            Some(UserId(0))
        );
        assert_eq!(users.by_login(key_of_folded("eve@acme.example")), None);
        assert_eq!(users.active(UserId(1)), Some(true));
    }

    #[test]
    fn assignments_are_grouped_by_user() {
        let mut builder = UsersBuilder::new();
        for username in ["a@x.example", "b@x.example", "c@x.example"] {
            builder.push(&UserRecord {
                username,
                ..UserRecord::default()
            });
        }
        let mut users = builder.finish(false);
        let held = |n| Assignment {
            set: Some(PermissionSetId(n)),
            group: None,
            live: true,
            lapsed: false,
        };
        users.set_assignments(vec![
            (UserId(2), held(7)),
            (UserId(0), held(1)),
            (UserId(2), held(8)),
        ]);
        assert_eq!(users.assignments(UserId(2)), [held(7), held(8)]);
        assert!(users.assignments(UserId(1)).is_empty());
    }
}
