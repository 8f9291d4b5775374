//! Users as the rows of the population show them.

use super::Population;
use crate::evidence::Error;
use crate::model::{SfId, UserId, key_of_folded};
use crate::report::csv_cell;
use crate::snapshot::raw::{Place, RawRecord, RawSheet};
use rustc_hash::FxHashMap;
use std::path::Path;

/// Columns before those of the entitlement, and behind them.
pub(super) const PREFIX: usize = 22;
pub(super) const SUFFIX: usize = 8;

/// A time as Salesforce writes it, in UTC and without fractions that say nothing. What is no time stays as it is.
pub(super) fn utc(text: &str) -> String {
    if text.len() == 10 {
        return text.to_owned();
    }
    // Salesforce writes +0000 without a colon.
    let spelled = match text
        .len()
        .checked_sub(5)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((time, zone)) if zone.starts_with(['+', '-']) && !zone.contains(':') => {
            let (hours, minutes) = zone.split_at_checked(3).unwrap_or((zone, ""));
            format!("{time}{hours}:{minutes}")
        }
        _ => text.to_owned(),
    };
    spelled
        .parse::<jiff::Timestamp>()
        .map_or_else(|_| text.to_owned(), |time| time.to_string())
}

/// Usernames of those who are somebody's manager.
#[derive(Debug, Default)]
pub(super) struct Managers(FxHashMap<SfId, Box<str>>);

impl Managers {
    /// Two readings of User.csv: who is a manager, and how those are called.
    pub(super) fn of(snapshot: &Path) -> Result<Self, Error> {
        let mut managers = Self::default();
        let Some(sheet) = RawSheet::open(snapshot, "User")? else {
            return Ok(managers);
        };
        let manager = sheet.column("ManagerId");
        if !manager.is_there() {
            return Ok(managers);
        }
        sheet.each::<Error>(|record| {
            if let Some(id) = record.id(manager) {
                managers.0.entry(id).or_default();
            }
            Ok(())
        })?;
        if let Some(sheet) = RawSheet::open(snapshot, "User")? {
            let (id, username) = (sheet.column("Id"), sheet.column("Username"));
            sheet.each::<Error>(|record| {
                let found = record.id(id).and_then(|id| managers.0.get_mut(&id));
                if let Some(name) = found {
                    *name = record.text(username).into();
                }
                Ok(())
            })?;
        }
        Ok(managers)
    }
}

/// The groups of Okta that a person is in, joined, and their priorities.
type Membership = (String, String);

/// One user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'s> {
    pub(super) user: UserId,
    pub(super) active: bool,
    pub(super) frozen: bool,
    /// Active, and not known to be frozen.
    pub(super) usable: bool,
    /// 18 characters, or empty.
    pub(super) role_id: &'s str,
    /// Written cells.
    pub(super) prefix: &'s [u8],
    pub(super) suffix: &'s [u8],
}

#[derive(Debug)]
struct Stored {
    user: UserId,
    active: bool,
    frozen: bool,
    role_id: Box<str>,
    /// Where the written cells begin, where those behind the entitlement begin, and where they end.
    at: [usize; 3],
}

/// A stretch of users.
pub(super) struct Persons<'a> {
    of: &'a Population<'a>,
    columns: Columns,
    managers: Managers,
    memberships: FxHashMap<u64, Membership>,
    knows_frozen: bool,
    stored: Vec<Stored>,
    written: Vec<u8>,
    by_id: FxHashMap<SfId, u32>,
    by_username: FxHashMap<u64, u32>,
}

struct Columns {
    id: Place,
    username: Place,
    federation: Place,
    number: Place,
    name: Place,
    first: Place,
    last: Place,
    email: Place,
    kind: Place,
    active: Place,
    login: Place,
    created: Place,
    manager: Place,
    department: Place,
    role: Place,
}

impl<'a> Persons<'a> {
    pub(super) fn new(of: &'a Population<'a>, sheet: &RawSheet, managers: Managers) -> Self {
        let column = |name: &str| sheet.column(name);
        let columns = Columns {
            id: column("Id"),
            username: column("Username"),
            federation: column("FederationIdentifier"),
            number: column("EmployeeNumber"),
            name: column("Name"),
            first: column("FirstName"),
            last: column("LastName"),
            email: column("Email"),
            kind: column("UserType"),
            active: column("IsActive"),
            login: column("LastLoginDate"),
            created: column("CreatedDate"),
            manager: column("ManagerId"),
            department: column("Department"),
            role: column("UserRoleId"),
        };
        Self {
            of,
            columns,
            managers,
            memberships: memberships(of),
            knows_frozen: of.m.org.coverage.has_column("UserLogin", "IsFrozen"),
            stored: Vec::new(),
            written: Vec::new(),
            by_id: FxHashMap::default(),
            by_username: FxHashMap::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.stored.len()
    }

    pub(super) fn clear(&mut self) {
        self.stored.clear();
        self.written.clear();
        self.by_id.clear();
        self.by_username.clear();
    }

    pub(super) fn place(&self, id: SfId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn place_of_username(&self, username: &str) -> Option<u32> {
        self.by_username.get(&key_of_folded(username)).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Person<'_>> {
        self.stored.iter().map(|stored| {
            let [start, middle, end] = stored.at;
            Person {
                user: stored.user,
                active: stored.active,
                frozen: stored.frozen,
                usable: stored.active && !stored.frozen,
                role_id: &stored.role_id,
                prefix: self.written.get(start..middle).unwrap_or_default(),
                suffix: self.written.get(middle..end).unwrap_or_default(),
            }
        })
    }

    /// Adds the next record of User.csv, which is the user with this number.
    pub(super) fn add(&mut self, user: UserId, record: RawRecord<'_>) {
        let (columns, of) = (&self.columns, self.of);
        let users = &of.m.org.users;
        let id = record.id(columns.id);
        let place = u32::try_from(self.stored.len()).unwrap_or(u32::MAX);
        self.by_id.extend(id.map(|id| (id, place)));
        let username = record.text(columns.username);
        self.by_username.insert(key_of_folded(username), place);
        // A column that is missing is unknown; whose activity is unknown counts as active, as everywhere.
        let active = users.active(user).unwrap_or(true);
        let frozen = users.frozen(user);
        let start = self.written.len();
        let prefix = self.prefix(user, record, id);
        for text in &prefix {
            let first = self.written.len() == start;
            cell(&mut self.written, first, text);
        }
        let middle = self.written.len();
        let (groups, priorities) = self
            .memberships
            .get(&key_of_folded(username))
            .cloned()
            .unwrap_or_default();
        let source = if groups.is_empty() { "" } else { "okta" };
        for text in [source, &groups, &priorities, "", "", "", "", ""] {
            let first = self.written.len() == middle;
            cell(&mut self.written, first, text);
        }
        let role = record.id(columns.role).map(SfId::text);
        let role = role.or_else(|| {
            let role = users.role(user).and_then(|role| of.m.role(role));
            role.map(|role| role.id.text())
        });
        self.stored.push(Stored {
            user,
            active,
            frozen,
            role_id: role.unwrap_or_default().into(),
            at: [start, middle, self.written.len()],
        });
    }

    /// The cells before those of the entitlement.
    fn prefix(&self, user: UserId, record: RawRecord<'_>, id: Option<SfId>) -> [String; PREFIX] {
        let (columns, of) = (&self.columns, self.of);
        let (m, users) = (of.m, &of.m.org.users);
        let username = record.text(columns.username);
        let pseudonym = of.redactor.map(|redactor| match id {
            Some(id) if username.is_empty() => redactor.of_id(id),
            _ => redactor.person(username),
        });
        // Whatever names the person becomes the pseudonym; an empty cell stays empty.
        let own = |text: &str| match &pseudonym {
            Some(pseudonym) if !text.is_empty() => pseudonym.clone(),
            _ => text.to_owned(),
        };
        let name = match record.text(columns.name) {
            "" => [record.text(columns.first), record.text(columns.last)].join(" "),
            name => name.to_owned(),
        };
        let manager = record.id(columns.manager);
        let manager = manager.and_then(|id| self.managers.0.get(&id));
        let manager = match (manager, of.redactor) {
            (Some(name), Some(redactor)) if !name.is_empty() => redactor.person(name),
            (name, _) => name.map(ToString::to_string).unwrap_or_default(),
        };
        let profile = users.profile(user);
        let license = profile.and_then(|profile| m.license_of(profile));
        let license = license.and_then(|license| m.license(license));
        let profile = profile.and_then(|profile| m.profile(profile));
        let role = users.role(user).and_then(|role| m.role(role));
        let flag = |known: Option<bool>| known.map_or(String::new(), |flag| flag.to_string());
        [
            of.snapshot_id.to_owned(),
            of.as_of.to_owned(),
            of.org_id.to_owned(),
            own(&id.map(SfId::text).unwrap_or_default()),
            own(username),
            own(record.text(columns.federation)),
            own(record.text(columns.number)),
            own(name.trim()),
            own(record.text(columns.email)),
            record.text(columns.kind).to_owned(),
            flag(record.flag(columns.active)),
            flag(self.knows_frozen.then(|| users.frozen(user))),
            utc(record.text(columns.login)),
            utc(record.text(columns.created)),
            manager,
            of.shown(record.text(columns.department)),
            license.map(|row| row.id.text()).unwrap_or_default(),
            license.map(|row| row.name.to_string()).unwrap_or_default(),
            profile.map(|row| row.id.text()).unwrap_or_default(),
            profile.map_or(String::new(), |row| of.shown(&row.name)),
            role.map(|row| row.id.text()).unwrap_or_default(),
            role.map_or(String::new(), |row| of.shown(&row.name)),
        ]
    }
}

fn cell(out: &mut Vec<u8>, first: bool, text: &str) {
    if !first {
        out.push(b',');
    }
    // Writing to memory cannot fail.
    let _ = csv_cell::text(out, text);
}

/// The groups of each person by the file of members, those that count first in front.
fn memberships(of: &Population<'_>) -> FxHashMap<u64, Membership> {
    let mut found = FxHashMap::default();
    let Some((groups, members)) = of
        .groups
        .and_then(|groups| Some((groups, groups.members.as_ref()?)))
    else {
        return found;
    };
    for (username, places) in members.each() {
        let own = || {
            places
                .iter()
                .filter_map(|place| groups.all.get(*place as usize))
        };
        let names: Vec<&str> = own().map(|group| &*group.name).collect();
        let priorities: Vec<String> = own()
            .map(|group| {
                group
                    .priority
                    .map_or(String::new(), |rank| rank.to_string())
            })
            .collect();
        found.insert(
            key_of_folded(username),
            (names.join("; "), priorities.join("; ")),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn times_are_in_utc() {
        for (text, wanted) in [
            ("2026-11-20T18:24:00.000+0000", "2026-11-20T18:24:00Z"),
            ("2026-11-20T18:24:00.000+0130", "2026-11-20T16:54:00Z"),
            ("2026-11-20T18:24:00.000Z", "2026-11-20T18:24:00Z"),
            ("2026-11-20", "2026-11-20"),
            ("yesterday", "yesterday"),
            ("", ""),
            ("é-000", "é-000"),
        ] {
            assert_eq!(utc(text), wanted, "{text}");
        }
    }
}
