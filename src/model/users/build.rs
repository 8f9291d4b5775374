//! Fills the table of users, one record after the other.

use super::cores::Cores;
use super::digests::DigestColumn;
use super::texts::{Names, WordColumn};
use super::{Assignment, Grouped, IdColumn, KeyIndex, OddKeys, UserRecord, Users, key_of_folded};
use crate::model::{Dense, Org, PackageId, PslId, PublicGroupId, SfId, UserId, trimmed};

/// Collects users, then builds the indexes.
#[derive(Debug, Default)]
pub struct UsersBuilder {
    users: Users,
    logins: Vec<u64>,
    keyed: Vec<(Box<str>, Vec<u64>)>,
}

/// Users of one stretch of a file, which come into a [`UsersBuilder`] together.
#[derive(Clone, Debug)]
pub struct UsersPart {
    ids: Vec<SfId>,
    logins: Vec<u64>,
    cores: Cores,
    names: Option<Names>,
}

/// Usernames are kept as text up to this many users (about 20 MB); beyond it findings name ids only.
const NAMED_USERS: usize = 500_000;

impl UsersBuilder {
    /// Starts an empty table, with room for any org.
    #[must_use]
    pub fn new() -> Self {
        Self {
            users: Users {
                names: Some(Names::default()),
                ..Users::default()
            },
            ..Self::default()
        }
    }

    /// Starts an empty table for users of an org whose profiles, roles and features are known; there will be about
    /// `expected` of them.
    #[must_use]
    pub fn of_org(org: &Org, expected: usize) -> Self {
        let mut builder = Self::new();
        builder.users.cores = Cores::of(org);
        builder.users.cores.reserve(expected);
        builder.logins.reserve(expected);
        // Where clearly too many users come, their names need not even be collected.
        if expected / 2 > NAMED_USERS {
            builder.users.names = None;
        }
        builder
    }

    /// An empty part of this table.
    #[must_use]
    pub fn part(&self) -> UsersPart {
        UsersPart {
            ids: Vec::new(),
            logins: Vec::new(),
            cores: self.users.cores.blank(),
            names: self.users.names.is_some().then(Names::default),
        }
    }

    /// Record ids so far, in the order in which they came.
    pub fn ids(&self) -> impl Iterator<Item = SfId> + '_ {
        self.users.ids.iter()
    }

    /// Adds a single user and says the number under which it is known.
    pub fn push(&mut self, record: &UserRecord<'_>) -> UserId {
        let user = UserId::new(self.len());
        let mut part = self.part();
        part.push(record);
        self.append(&mut part);
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

    /// Adds the users of a part, which is empty afterwards: at most `u32::MAX - 1` users in all. Their further columns
    /// are left to the caller.
    pub fn append(&mut self, part: &mut UsersPart) {
        let users = &mut self.users;
        users.ids.extend(part.ids.drain(..));
        users.cores.append(&mut part.cores);
        self.logins.append(&mut part.logins);
        match (&mut users.names, &mut part.names) {
            (Some(names), Some(more)) if users.ids.len() <= NAMED_USERS => names.append(more),
            _ => (users.names, part.names) = (None, None),
        }
    }

    /// Adds a column of keys, one for each user in order (see [`super::key_of`]).
    pub fn keyed(&mut self, field: &str, keys: Vec<u64>) {
        self.keyed.push((field.into(), keys));
    }

    /// Lets a column of keys be found case aside too.
    pub fn folded(&mut self, field: &str, odd: &OddKeys) {
        self.users.folded.insert(field.into(), odd.index());
    }

    /// Adds a reference column, one id for each user in order.
    pub fn references(&mut self, field: &str, ids: IdColumn) {
        self.users.references.insert(field.into(), ids);
    }

    /// Adds a text column, one text for each user in order.
    pub fn texts(&mut self, field: &str, texts: WordColumn) {
        self.users.texts.insert(field.into(), texts);
    }

    /// Adds a column of digests, one for each user in order.
    pub fn digests(&mut self, field: &str, digests: DigestColumn) {
        self.users.digests.insert(field.into(), digests);
    }

    /// Builds the indexes. `by_id` is false only where nothing of this run looks users up by id.
    #[must_use]
    pub fn finish(self, by_id: bool) -> Users {
        self.finish_on(1, by_id)
    }

    /// The same on several threads.
    #[must_use]
    pub fn finish_on(mut self, threads: usize, by_id: bool) -> Users {
        // One after the other: the keys of one column are let go before the next index takes memory.
        self.users.logins = KeyIndex::on(threads, &std::mem::take(&mut self.logins));
        for (field, keys) in self.keyed {
            let index = KeyIndex::on(threads, &keys);
            drop(keys);
            self.users.keyed.insert(field, index);
        }
        if by_id {
            self.users.by_id = self.users.ids.index(threads);
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
        self.cores.mark(user, frozen, locked);
    }
}

impl UsersPart {
    /// Adds a user and says its number within the part.
    pub fn push(&mut self, record: &UserRecord<'_>) -> UserId {
        let user = UserId::new(self.ids.len());
        let login = key_of_folded(trimmed(record.username));
        self.ids.push(record.id.unwrap_or_else(null_id));
        self.logins.push(login);
        self.cores.push(record, login != 0);
        if let Some(names) = &mut self.names {
            names.push(record.username);
        }
        user
    }

    /// Record ids, in the order in which they came.
    #[must_use]
    pub fn ids(&self) -> &[SfId] {
        &self.ids
    }
}

pub(super) fn null_id() -> SfId {
    SfId::parse("000000000000000").unwrap_or_else(|_| unreachable!("fifteen digits are an id"))
}
