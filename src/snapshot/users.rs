//! User.csv: millions of rows, column by column, without an allocation for each.

use super::folder::Folder;
use super::objects;
use super::reference::Reference;
use super::row::Row;
use super::seen::Seen;
use super::sheet::{Column, Sheet};
use super::{Error, Wants};
use crate::knowledge::shipped;
use crate::model::{
    FEDERATION_ID_FOLDED, FeatureId, FieldType, Org, ProfileId, RoleId, SfId, Table, UserRecord, UserType, UsersBuilder,
    key_of, key_of_folded,
};
use std::borrow::Cow;

/// A row of User.csv with the usual columns is about this long; only used to reserve memory.
const USUAL_ROW: u64 = 160;
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
    let expected = sheet.size() / USUAL_ROW;
    let room = usize::try_from(expected).unwrap_or(0);
    let mut columns = UserColumns::of(&sheet, org);
    let mut further = Further::of(&sheet, wants, room);
    let mut builder = UsersBuilder::with_capacity(room);
    let mut seen = Seen::new(expected);
    sheet.each(|row| {
        let record = columns.read(row, org)?;
        if let Some(id) = record.id {
            seen.note(id, row.line);
        }
        if builder.len() >= MOST_USERS {
            return Err(row.too_many(MOST_USERS));
        }
        builder.push(&record);
        further.read(row)
    })?;
    if let Some((id, line)) = seen.repeated(builder.ids()) {
        return Err(sheet.duplicate(line, id));
    }
    further.hand_over(&mut builder);
    let followed = [
        &objects::PERMISSION_SET_ASSIGNMENT,
        &objects::PERMISSION_SET_LICENSE_ASSIGN,
        &objects::USER_LOGIN,
    ]
    .into_iter()
    .any(|object| folder.has_records(object));
    org.users = builder.finish(wants.by_id || followed);
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

/// The columns that every run reads.
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
        Ok(UserRecord {
            id: Some(row.own_id(self.id)?),
            username: row.text(self.username).unwrap_or_default(),
            active: row.flag(self.active)?,
            profile: self.profile.get_again(row, &org.by_id)?.here(),
            role: self.role.get_again(row, &org.by_id)?.here(),
            features,
            user_type: row.filled(self.kind).map(UserType::parse),
        })
    }
}

/// What Salesforce puts together to `Name`, for a file that has the parts only.
fn name_parts(there: impl Fn(&str) -> Option<Column>) -> Option<Vec<Column>> {
    let (first, last) = (there("FirstName")?, there("LastName")?);
    let parts = [Some(first), there("MiddleName"), Some(last), there("Suffix")];
    Some(parts.into_iter().flatten().collect())
}

/// The text of a column, or of several with spaces between them.
fn text_of<'a>(row: &Row<'a>, columns: &[Column]) -> Cow<'a, str> {
    let text = |column: &Column| row.text(*column).unwrap_or_default().trim();
    match columns {
        [one] => Cow::Borrowed(text(one)),
        several => {
            let parts: Vec<&str> = several.iter().map(text).filter(|part| !part.is_empty()).collect();
            Cow::Owned(parts.join(" "))
        }
    }
}

/// The columns that this run asks for.
struct Further {
    keyed: Vec<(String, bool, Vec<Column>, Vec<u64>)>,
    references: Vec<(String, Column, Vec<Option<SfId>>)>,
    texts: Vec<(String, Column, Vec<Box<str>>)>,
}

impl Further {
    fn of(sheet: &Sheet, wants: &Wants, room: usize) -> Self {
        let there = |field: &str| Some(sheet.column(field)).filter(|column| column.is_there());
        let keyed_by = |field: &str| match there(field) {
            None if field == "Name" => name_parts(there),
            // The same column, looked up case aside, goes under a name of its own.
            None if field == FEDERATION_ID_FOLDED => Some(vec![there("FederationIdentifier")?]),
            found => Some(vec![found?]),
        };
        Self {
            keyed: wants
                .keyed
                .iter()
                .filter_map(|(field, fold)| {
                    Some((
                        field.clone(),
                        *fold,
                        keyed_by(field)?,
                        Vec::with_capacity(room),
                    ))
                })
                .collect(),
            references: wants
                .references
                .iter()
                .filter_map(|field| Some((field.clone(), there(field)?, Vec::with_capacity(room))))
                .collect(),
            texts: wants
                .texts
                .iter()
                .filter_map(|field| Some((field.clone(), there(field)?, Vec::with_capacity(room))))
                .collect(),
        }
    }

    fn read(&mut self, row: &Row<'_>) -> Result<(), Error> {
        for (_, fold, columns, keys) in &mut self.keyed {
            let text = text_of(row, columns);
            keys.push(if *fold {
                key_of_folded(&text)
            } else {
                key_of(&text)
            });
        }
        for (_, column, ids) in &mut self.references {
            ids.push(row.id(*column)?);
        }
        for (_, column, texts) in &mut self.texts {
            texts.push(row.name(*column));
        }
        Ok(())
    }

    fn hand_over(self, builder: &mut UsersBuilder) {
        for (field, _, _, keys) in self.keyed {
            builder.keyed(&field, keys);
        }
        for (field, _, ids) in self.references {
            builder.references(&field, ids);
        }
        for (field, _, texts) in self.texts {
            builder.texts(&field, texts);
        }
    }
}
