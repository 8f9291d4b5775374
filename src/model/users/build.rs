//! Fills the table of users, one record after the other.

use super::{
    ACTIVE, Assignment, Core, FEATURES, FROZEN, Grouped, IdColumn, KeyIndex, LOCKED, NO_PROFILE,
    NO_ROLE, OddIndex, OddKeys, UNKNOWN_ACTIVITY, UNSEEN_ROLE, UserRecord, Users, key_of_folded,
};
use crate::model::{Dense, PackageId, PslId, PublicGroupId, SfId, UserId};

/// Collects users one by one, then builds the indexes.
#[derive(Debug, Default)]
pub struct UsersBuilder {
    users: Users,
    login_keys: Vec<u64>,
    keyed: Vec<(Box<str>, Vec<u64>)>,
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
            ..Self::default()
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
        users.ids.push(record.id.unwrap_or_else(null_id));
        self.login_keys.push(key_of_folded(record.username.trim()));
        let activity = match record.active {
            Some(true) => ACTIVE,
            Some(false) => 0,
            None => UNKNOWN_ACTIVITY,
        };
        users.cores.push(Core {
            flags: activity | (record.features & FEATURES),
            role: match record.role {
                Some(id) => id.0,
                None if record.role_unseen => UNSEEN_ROLE,
                None => NO_ROLE,
            },
            profile: record
                .profile
                .and_then(|id| u16::try_from(id.0).ok())
                .unwrap_or(NO_PROFILE),
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

    /// Adds the users of another table, which is empty afterwards; its further columns are left to the caller.
    pub fn append(&mut self, other: &mut Self) {
        let (users, more) = (&mut self.users, &mut other.users);
        users.ids.append(&mut more.ids);
        users.cores.append(&mut more.cores);
        self.login_keys.append(&mut other.login_keys);
        match (&mut users.names, &mut more.names) {
            (Some(names), Some(more)) if users.ids.len() <= NAMED_USERS => names.append(more),
            _ => users.names = None,
        }
        // A table that is to hold no names need not collect them.
        more.names = users.names.is_some().then(Vec::new);
    }

    /// Adds a column of keys, one for each user in order (see [`super::key_of`]).
    pub fn keyed(&mut self, field: &str, keys: Vec<u64>) {
        self.keyed.push((field.into(), keys));
    }

    /// Lets a column of keys be found case aside too.
    pub fn folded(&mut self, field: &str, odd: OddKeys) {
        self.users.folded.insert(field.into(), OddIndex::new(odd));
    }

    /// Adds a reference column, one id for each user in order.
    pub fn references(&mut self, field: &str, ids: IdColumn) {
        self.users.references.insert(field.into(), ids);
    }

    /// Adds a text column, one text for each user in order.
    pub fn texts(&mut self, field: &str, texts: Vec<Box<str>>) {
        self.users.texts.insert(field.into(), texts);
    }

    /// Builds the indexes. `by_id` is false only where nothing of this run looks users up by id.
    #[must_use]
    pub fn finish(self, by_id: bool) -> Users {
        self.finish_on(1, by_id)
    }

    /// The same on several threads.
    #[must_use]
    pub fn finish_on(mut self, threads: usize, by_id: bool) -> Users {
        let (login_keys, keyed) = (self.login_keys, self.keyed);
        let index = || {
            keyed
                .into_iter()
                .map(|(field, keys)| (field, KeyIndex::new(keys)))
                .collect()
        };
        (self.users.keyed, self.users.logins) = match threads {
            1 => (index(), KeyIndex::new(login_keys)),
            _ => std::thread::scope(|scope| {
                let logins = scope.spawn(|| KeyIndex::new(login_keys));
                let keyed = index();
                (
                    keyed,
                    logins
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                )
            }),
        };
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

/// What is read after the users: it refers to them.
impl Users {
    /// Sets who holds seats of which packages.
    pub fn set_packages(&mut self, rows: Vec<(UserId, PackageId)>) {
        self.packages = Grouped::new(self.ids.len(), rows);
    }

    /// Sets who is a direct member of which public groups.
    pub fn set_public_groups(&mut self, rows: Vec<(UserId, PublicGroupId)>) {
        self.public_groups = Grouped::new(self.ids.len(), rows);
    }

    /// Sets who holds which permission sets and groups.
    pub fn set_assignments(&mut self, rows: Vec<(UserId, Assignment)>) {
        self.assignments = Grouped::new(self.ids.len(), rows);
    }

    /// Sets who holds which permission set licenses.
    pub fn set_psls(&mut self, rows: Vec<(UserId, PslId)>) {
        self.psls = Grouped::new(self.ids.len(), rows);
    }

    /// Marks a user as frozen or locked.
    pub fn set_login_state(&mut self, user: UserId, frozen: bool, locked: bool) {
        if let Some(Core { flags, .. }) = self.cores.get_mut(user.index()) {
            *flags |= if frozen { FROZEN } else { 0 } | if locked { LOCKED } else { 0 };
        }
    }
}

pub(super) fn null_id() -> SfId {
    SfId::parse("000000000000000").unwrap_or_else(|_| unreachable!("fifteen digits are an id"))
}
