//! User.csv: millions of rows, column by column, without an allocation for each.

mod further;

use super::folder::Folder;
use super::objects;
use super::reference::Reference;
use super::row::Row;
use super::seen::Seen;
use super::sheet::{Column, Sheet};
use super::{Error, Holding, Wants};
use crate::knowledge::shipped;
use crate::model::{
    FeatureId, FieldType, Org, ProfileId, RoleId, Table, UserRecord, UserType, UsersBuilder,
    UsersPart,
};
use further::{Further, FurtherPart};

/// Users keep this many feature flags.
const MOST_FEATURES: usize = 28;
const MOST_USERS: usize = u32::MAX as usize - 1;

const FLAG_PREFIX: &str = "UserPermissions";

pub(super) fn users(folder: &mut Folder<'_>, org: &mut Org, wants: &Wants) -> Result<(), Error> {
    let opened = folder.open(&objects::USER)?;
    org.features = features(opened.as_ref(), org);
    let Some(mut sheet) = opened else {
        return Ok(());
    };
    let expected = sheet.expected_rows();
    let room = usize::try_from(expected).unwrap_or(0);
    let columns = UserColumns::of(&sheet, org);
    let mut builder = UsersBuilder::of_org(org, room);
    let mut further = Further::of(&sheet, wants, room);
    let blank = Desk {
        columns,
        users: builder.part(),
        further: further.part(),
        lines: Vec::new(),
    };
    further.reserve(room);
    let mut seen = Seen::new(expected);
    let too_many = sheet.too_many(MOST_USERS);
    sheet.each_on(
        wants.threads,
        || blank.clone(),
        |desk, row| desk.read(row, org),
        |desk| {
            if builder.len() + desk.users.ids().len() > MOST_USERS {
                return Err(too_many());
            }
            for (id, line) in desk.users.ids().iter().zip(desk.lines.drain(..)) {
                seen.note(*id, line);
            }
            further.append(&mut desk.further, builder.len());
            builder.append(&mut desk.users);
            Ok(())
        },
    )?;
    if let Some((id, line)) = seen.repeated(|| builder.ids()) {
        return Err(sheet.duplicate(line, id));
    }
    further.hand_over(&mut builder);
    let followed = [
        &objects::PERMISSION_SET_ASSIGNMENT,
        &objects::PERMISSION_SET_LICENSE_ASSIGN,
        &objects::USER_LOGIN,
    ]
    .into_iter()
    .chain(wants.holdings.iter().map(|holding| match holding {
        Holding::Packages => &objects::USER_PACKAGE_LICENSE,
        Holding::PublicGroups => &objects::GROUP_MEMBER,
    }))
    .any(|object| folder.has_records(object));
    org.users = builder.finish_on(wants.threads, wants.by_id || followed);
    folder.close(sheet);
    Ok(())
}

/// The feature license flags of the org, known ones first, each part by name.
fn features(sheet: Option<&Sheet>, org: &Org) -> Table<FeatureId, Box<str>> {
    let described = org.user_describe.iter().flat_map(|describe| {
        describe
            .fields
            .iter()
            .filter(|field| field.kind == FieldType::Boolean)
            .map(|field| field.name.as_str())
    });
    let pulled = sheet
        .into_iter()
        .flat_map(|sheet| sheet.columns().map(|(_, name)| name));
    let mut flags: Vec<(bool, &str)> = Vec::new();
    for name in described.chain(pulled).filter(|name| is_flag(name)) {
        let facts = shipped()
            .features()
            .iter()
            .find(|facts| facts.field.eq_ignore_ascii_case(name));
        if facts.is_some_and(|facts| !facts.seat_bearing) {
            continue;
        }
        let flag = (facts.is_none(), facts.map_or(name, |facts| facts.field));
        if !flags
            .iter()
            .any(|(_, held)| held.eq_ignore_ascii_case(name))
        {
            flags.push(flag);
        }
    }
    flags.sort_unstable();
    flags
        .into_iter()
        .take(MOST_FEATURES)
        .map(|(_, name)| name.into())
        .collect()
}

fn is_flag(name: &str) -> bool {
    name.len() > FLAG_PREFIX.len()
        && name
            .get(..FLAG_PREFIX.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(FLAG_PREFIX))
}

/// What a worker reads of one block.
#[derive(Clone)]
struct Desk {
    columns: UserColumns,
    further: FurtherPart,
    users: UsersPart,
    /// Where the users stand.
    lines: Vec<u64>,
}

impl Desk {
    fn read(&mut self, row: &Row<'_>, org: &Org) -> Result<(), Error> {
        let record = self.columns.read(row, org)?;
        self.lines.push(row.line);
        let user = self.users.push(&record);
        self.further.read(row, user)
    }
}

/// The columns that every run reads.
#[derive(Clone)]
struct UserColumns {
    id: Column,
    username: Column,
    active: Column,
    kind: Column,
    profile: Reference<ProfileId>,
    role: Reference<RoleId>,
    flags: Vec<(Column, u32)>,
}

impl UserColumns {
    fn of(sheet: &Sheet, org: &Org) -> Self {
        let flags = org
            .features
            .iter()
            .map(|(id, name)| (sheet.column(name), 1 << id.0))
            .filter(|(column, _)| column.is_there())
            .collect();
        Self {
            id: sheet.column("Id"),
            username: sheet.column("Username"),
            active: sheet.column("IsActive"),
            kind: sheet.column("UserType"),
            profile: Reference::of(sheet, "ProfileId", org),
            role: Reference::of(sheet, "UserRoleId", org),
            flags,
        }
    }

    fn read<'a>(&mut self, row: &Row<'a>, org: &Org) -> Result<UserRecord<'a>, Error> {
        let mut features = 0;
        for &(column, bit) in &self.flags {
            if row.flag(column)? == Some(true) {
                features |= bit;
            }
        }
        let role = self.role.get_again(row, &org.by_id)?;
        Ok(UserRecord {
            id: Some(row.own_id(self.id)?),
            username: row.text(self.username).unwrap_or_default(),
            active: row.flag(self.active)?,
            profile: self.profile.get_again(row, &org.by_id)?.here(),
            role: role.here(),
            role_unseen: role.is_filled(),
            features,
            user_type: row.filled(self.kind).map(UserType::parse),
        })
    }
}
