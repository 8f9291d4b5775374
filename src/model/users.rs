//! The users of an org, column by column: millions of them fit into memory.

use super::{
    Dense, FeatureId, PermissionSetGroupId, PermissionSetId, ProfileId, PslId, RoleId, SfId,
    UserId, UserType,
};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// The 64-bit key under which a text is found again. Zero is kept for "no text".
///
/// With ten million keys the chance that any two of them collide is below one in 100,000.
#[must_use]
pub fn key_of(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        xxh3_64(text.as_bytes()).max(1)
    }
}

/// The key of a text that is compared without regard to case: usernames, nicknames, email addresses.
#[must_use]
pub fn key_of_folded(text: &str) -> u64 {
    // Without an early end the compiler looks at many bytes at a time.
    let odd = text.bytes().fold(false, |odd, byte| odd | !byte.is_ascii() | byte.is_ascii_uppercase());
    if odd { key_of(&text.to_lowercase()) } else { key_of(text) }
}

/// The name under which [`Users::keyed`] finds `FederationIdentifier` case aside. No field of Salesforce has a space in its name.
pub const FEDERATION_ID_FOLDED: &str = "FederationIdentifier case aside";

/// Finds users by the key of one of their columns.
///
/// An open-addressing table of four-byte user numbers; the keys themselves lie in user order, so
/// that a user's own key can be compared without a look-up.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    keys: Vec<u64>,
    slots: Vec<u32>,
}

impl KeyIndex {
    /// Builds the index over one key per user; the first user of a key is found.
    #[must_use]
    pub fn new(keys: Vec<u64>) -> Self {
        let held = keys.iter().filter(|&&key| key != 0).count();
        let size = (held + held / 2 + 8).next_power_of_two();
        let mut index = Self {
            keys,
            slots: vec![u32::MAX; size],
        };
        for user in 0..index.keys.len() {
            index.place(user);
        }
        index
    }

    fn place(&mut self, user: usize) {
        let key = self.keys.get(user).copied().unwrap_or(0);
        if key == 0 {
            return;
        }
        let mask = self.slots.len() - 1;
        let mut at = home(key, mask);
        loop {
            let Some(&held) = self.slots.get(at) else {
                return;
            };
            if held == u32::MAX {
                if let (Some(slot), Ok(number)) = (self.slots.get_mut(at), u32::try_from(user)) {
                    *slot = number;
                }
                return;
            }
            if self.keys.get(held as usize) == Some(&key) {
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// The first user with this key.
    #[must_use]
    pub fn find(&self, key: u64) -> Option<UserId> {
        if key == 0 || self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = home(key, mask);
        loop {
            let held = *self.slots.get(at)?;
            if held == u32::MAX {
                return None;
            }
            if self.keys.get(held as usize) == Some(&key) {
                return Some(UserId(held));
            }
            at = (at + 1) & mask;
        }
    }

    /// Touches what looking up these keys will read, and says the likely users.
    ///
    /// A single look-up waits for memory twice. Done for a block of rows at a time, first all slots and then all
    /// keys, the waits overlap; the look-ups that follow find everything in the cache.
    fn warm(&self, keys: &[u64], likely: &mut Vec<u32>) {
        likely.clear();
        if self.slots.is_empty() {
            return;
        }
        let mask = self.slots.len() - 1;
        likely.extend(keys.iter().map(|&key| self.slots.get(home(key, mask)).copied().unwrap_or(u32::MAX)));
        let touched = likely.iter().fold(0, |sum, &user| sum ^ self.keys.get(user as usize).copied().unwrap_or(0));
        std::hint::black_box(touched);
    }

    /// The key of one user; zero where the user has no such value.
    #[must_use]
    pub fn key(&self, user: UserId) -> u64 {
        self.keys.get(user.index()).copied().unwrap_or(0)
    }
}

/// Where the search for a key starts: its upper bits, because they are independent of partitions made by the lower ones.
fn home(key: u64, mask: usize) -> usize {
    usize::try_from(key >> 20).unwrap_or(0) & mask
}

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

/// Rows grouped by user: the rows of user n are `rows[starts[n]..starts[n + 1]]`.
#[derive(Clone, Debug)]
struct ByUser<T> {
    starts: Vec<u32>,
    rows: Vec<T>,
}

impl<T> Default for ByUser<T> {
    fn default() -> Self {
        Self {
            starts: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl<T: Copy> ByUser<T> {
    fn new(users: usize, mut rows: Vec<(UserId, T)>) -> Self {
        if rows.is_empty() {
            return Self::default();
        }
        rows.sort_by_key(|(user, _)| *user);
        let mut starts = vec![0u32; users + 1];
        for (user, _) in &rows {
            if let Some(count) = starts.get_mut(user.index() + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self {
            starts,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }

    fn of(&self, user: UserId) -> &[T] {
        let (Some(&from), Some(&to)) = (
            self.starts.get(user.index()),
            self.starts.get(user.index() + 1),
        ) else {
            return &[];
        };
        self.rows.get(from as usize..to as usize).unwrap_or(&[])
    }
}

const NO_PROFILE: u16 = u16::MAX;
const NO_ROLE: u32 = u32::MAX;
const ACTIVE: u32 = 1 << 31;
const FROZEN: u32 = 1 << 30;
const UNKNOWN_ACTIVITY: u32 = 1 << 29;
const LOCKED: u32 = 1 << 28;
const FEATURES: u32 = (1 << 28) - 1;

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
    /// Feature flags that are true: bit n is [`FeatureId`] n (at most 28 are kept).
    pub features: u32,
    /// `UserType`.
    pub user_type: Option<UserType>,
}

#[derive(Clone, Copy, Debug)]
struct Core {
    flags: u32,
    role: u32,
    profile: u16,
    kind: u8,
}

/// All users of the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Users {
    ids: Vec<SfId>,
    logins: KeyIndex,
    /// What every row about a user reads, side by side.
    cores: Vec<Core>,
    /// Usernames as text, kept only for orgs where that is cheap; messages then say the name beside the id.
    names: Option<Vec<Box<str>>>,
    /// Further columns that this run compares, by API name: `FederationIdentifier`, `CommunityNickname`, unique custom fields.
    keyed: FxHashMap<Box<str>, KeyIndex>,
    /// Reference columns that this run follows, by API name (`ContactId`, `AccountId`, `ManagerId`, hierarchy fields).
    references: FxHashMap<Box<str>, Vec<Option<SfId>>>,
    /// Text columns that this run reads, by API name (`Country`, `State`).
    texts: FxHashMap<Box<str>, Vec<Box<str>>>,
    assignments: ByUser<Assignment>,
    psls: ByUser<PslId>,
    by_id: FxHashMap<SfId, UserId>,
}

/// Collects users one by one, then builds the indexes.
#[derive(Debug, Default)]
pub struct UsersBuilder {
    users: Users,
    login_keys: Vec<u64>,
}

/// Usernames are kept as text up to this many users (about 20 MB); beyond it findings name ids only.
const NAMED_USERS: usize = 500_000;

impl UsersBuilder {
    /// Starts an empty table.
    #[must_use]
    pub fn new() -> Self {
        Self {
            users: Users {
                names: Some(Vec::new()),
                ..Users::default()
            },
            login_keys: Vec::new(),
        }
    }

    /// Starts an empty table with room for about so many users.
    #[must_use]
    pub fn with_capacity(room: usize) -> Self {
        let mut builder = Self::new();
        builder.login_keys.reserve(room);
        builder.users.ids.reserve(room);
        builder.users.cores.reserve(room);
        builder
    }

    /// Record ids so far, in the order in which they came.
    #[must_use]
    pub fn ids(&self) -> &[SfId] {
        &self.users.ids
    }

    /// Adds a user and says the number under which it is known; at most `u32::MAX - 1` users.
    pub fn push(&mut self, record: &UserRecord<'_>) -> UserId {
        let users = &mut self.users;
        let user = UserId::new(users.ids.len());
        users.ids.push(record.id.unwrap_or_else(|| null_id()));
        self.login_keys.push(key_of_folded(record.username.trim()));
        let activity = match record.active {
            Some(true) => ACTIVE,
            Some(false) => 0,
            None => UNKNOWN_ACTIVITY,
        };
        users.cores.push(Core {
            flags: activity | (record.features & FEATURES),
            role: record.role.map_or(NO_ROLE, |id| id.0),
            profile: record.profile.and_then(|id| u16::try_from(id.0).ok()).unwrap_or(NO_PROFILE),
            kind: record.user_type.map_or(u8::MAX, |kind| kind as u8),
        });
        if users.ids.len() > NAMED_USERS {
            users.names = None;
        }
        if let Some(names) = &mut users.names {
            names.push(record.username.into());
        }
        user
    }

    /// How many users there are so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.ids.len()
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.ids.is_empty()
    }

    /// Adds a column of keys, one for each user in order (see [`key_of`]).
    pub fn keyed(&mut self, field: &str, keys: Vec<u64>) {
        self.users.keyed.insert(field.into(), KeyIndex::new(keys));
    }

    /// Adds a reference column, one id for each user in order.
    pub fn references(&mut self, field: &str, ids: Vec<Option<SfId>>) {
        self.users.references.insert(field.into(), ids);
    }

    /// Adds a text column, one text for each user in order.
    pub fn texts(&mut self, field: &str, texts: Vec<Box<str>>) {
        self.users.texts.insert(field.into(), texts);
    }

    /// Builds the indexes. `by_id` is false only where nothing of this run looks users up by id.
    #[must_use]
    pub fn finish(mut self, by_id: bool) -> Users {
        self.users.logins = KeyIndex::new(self.login_keys);
        if by_id {
            self.users.by_id = self
                .users
                .ids
                .iter()
                .enumerate()
                .rev()
                .map(|(n, id)| (*id, UserId::new(n)))
                .collect();
        }
        self.users
    }
}

fn null_id() -> SfId {
    SfId::parse("000000000000000").unwrap_or_else(|_| unreachable!("fifteen digits are an id"))
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

    /// Touches what rows with these usernames will read; `scratch` is used again.
    pub(crate) fn warm_logins(&self, keys: &[u64], scratch: &mut Vec<u32>) {
        self.logins.warm(keys, scratch);
        let touched = scratch.iter().fold(0, |sum, &user| sum ^ self.cores.get(user as usize).map_or(0, |core| core.flags));
        std::hint::black_box(touched);
    }

    /// Touches what look-ups of these keys in a compared column will read.
    pub(crate) fn warm_keyed(&self, field: &str, keys: &[u64], scratch: &mut Vec<u32>) {
        if let Some(index) = self.keyed.get(field) {
            index.warm(keys, scratch);
        }
    }

    /// The user with this record id.
    #[must_use]
    pub fn by_id(&self, id: SfId) -> Option<UserId> {
        self.by_id.get(&id).copied()
    }

    /// Whether a configured text means this user: the username in any case of letters, or the record id.
    #[must_use]
    pub fn is_called(&self, user: UserId, text: &str) -> bool {
        let text = text.trim();
        key_of_folded(text) == self.login_key(user)
            || SfId::parse(text).is_ok_and(|id| id == self.id(user))
    }

    /// The key of a user's username, to compare with [`key_of_folded`].
    #[must_use]
    pub fn login_key(&self, user: UserId) -> u64 {
        self.logins.key(user)
    }

    /// Record id.
    #[must_use]
    pub fn id(&self, user: UserId) -> SfId {
        self.ids.get(user.index()).copied().unwrap_or_else(null_id)
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
        self.names.as_ref()?.get(user.index()).map(AsRef::as_ref)
    }

    /// Present profile; system users have none.
    #[must_use]
    pub fn profile(&self, user: UserId) -> Option<ProfileId> {
        let number = self.cores.get(user.index())?.profile;
        (number != NO_PROFILE).then_some(ProfileId(u32::from(number)))
    }

    /// Present role.
    #[must_use]
    pub fn role(&self, user: UserId) -> Option<RoleId> {
        let number = self.cores.get(user.index())?.role;
        (number != NO_ROLE).then_some(RoleId(number))
    }

    fn flags(&self, user: UserId) -> u32 {
        self.cores.get(user.index()).map_or(UNKNOWN_ACTIVITY, |core| core.flags)
    }

    /// Whether the user is active; `None` where `IsActive` was not pulled.
    #[must_use]
    pub fn active(&self, user: UserId) -> Option<bool> {
        let flags = self.flags(user);
        (flags & UNKNOWN_ACTIVITY == 0).then_some(flags & ACTIVE != 0)
    }

    /// Whether UserLogin says that the user is frozen.
    #[must_use]
    pub fn frozen(&self, user: UserId) -> bool {
        self.flags(user) & FROZEN != 0
    }

    /// Whether UserLogin says that the password is locked.
    #[must_use]
    pub fn locked(&self, user: UserId) -> bool {
        self.flags(user) & LOCKED != 0
    }

    /// Feature flags that are true: bit n is [`FeatureId`] n.
    #[must_use]
    pub fn features(&self, user: UserId) -> u32 {
        self.flags(user) & FEATURES
    }

    /// Whether the user holds a feature license.
    #[must_use]
    pub fn has_feature(&self, user: UserId, feature: FeatureId) -> bool {
        feature.0 < 28 && self.features(user) & (1 << feature.0) != 0
    }

    /// `UserType` of the user itself.
    #[must_use]
    pub fn user_type(&self, user: UserId) -> Option<UserType> {
        const ALL: [UserType; 11] = [
            UserType::Standard,
            UserType::CsnOnly,
            UserType::CspLitePortal,
            UserType::PowerPartner,
            UserType::PowerCustomerSuccess,
            UserType::CustomerSuccess,
            UserType::Guest,
            UserType::SelfService,
            UserType::AutomatedProcess,
            UserType::CloudIntegrationUser,
            UserType::Other,
        ];
        ALL.get(usize::from(self.cores.get(user.index())?.kind))
            .copied()
    }

    /// The index of a compared column; `None` where the snapshot lacks the column or the run does not need it.
    #[must_use]
    pub fn keyed(&self, field: &str) -> Option<&KeyIndex> {
        self.keyed.get(field)
    }

    /// Whether a reference column was read.
    #[must_use]
    pub fn has_reference(&self, field: &str) -> bool {
        self.references.contains_key(field)
    }

    /// The record that a reference column of a user names.
    #[must_use]
    pub fn reference(&self, field: &str, user: UserId) -> Option<SfId> {
        self.references
            .get(field)?
            .get(user.index())
            .copied()
            .flatten()
    }

    /// A reference column as a whole, in user order.
    #[must_use]
    pub fn reference_column(&self, field: &str) -> Option<&[Option<SfId>]> {
        self.references.get(field).map(Vec::as_slice)
    }

    /// A text column of a user; `None` where the column was not read.
    #[must_use]
    pub fn text(&self, field: &str, user: UserId) -> Option<&str> {
        self.texts.get(field)?.get(user.index()).map(AsRef::as_ref)
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

    /// Sets who holds which permission sets and groups.
    pub fn set_assignments(&mut self, rows: Vec<(UserId, Assignment)>) {
        self.assignments = ByUser::new(self.ids.len(), rows);
    }

    /// Sets who holds which permission set licenses.
    pub fn set_psls(&mut self, rows: Vec<(UserId, PslId)>) {
        self.psls = ByUser::new(self.ids.len(), rows);
    }

    /// Marks a user as frozen or locked.
    pub fn set_login_state(&mut self, user: UserId, frozen: bool, locked: bool) {
        if let Some(Core { flags, .. }) = self.cores.get_mut(user.index()) {
            *flags |= if frozen { FROZEN } else { 0 } | if locked { LOCKED } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyIndex, UserRecord, UsersBuilder, key_of, key_of_folded};
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
    fn the_first_bearer_of_a_key_is_found() {
        let index = KeyIndex::new(vec![key_of("a"), key_of("b"), key_of("a"), 0]);
        assert_eq!(index.find(key_of("a")), Some(UserId(0)));
        assert_eq!(index.find(0), None);
        assert_eq!(index.key(UserId(2)), key_of("a"));
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
