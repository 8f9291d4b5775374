//! The assignments of some users, gathered from their files.

use super::person::{Persons, utc};
use super::{Counted, Population};
use crate::evidence::Error;
use crate::model::{
    Org, PackageId, PermissionSetGroupId, PermissionSetId, PslId, PublicGroupId, Record, SetOwner,
    SfId,
};
use crate::snapshot::raw::{Place, RawRecord, RawSheet};
use rustc_hash::FxHashMap;

/// What is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Set(PermissionSetId),
    Group(PermissionSetGroupId),
    Psl(PslId),
    Package(PackageId),
    PublicGroup(PublicGroupId),
    /// A record that the snapshot does not hold, with the kind of entitlement.
    Unseen(&'static str, SfId),
}

/// Whether an assignment works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Live,
    Inactive,
    Revoked,
    Expired,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Live => "direct",
            Self::Inactive => "direct, not active",
            Self::Revoked => "direct, revoked",
            Self::Expired => "direct, expired",
        }
    }
}

/// One assignment.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// Place of the user in the stretch.
    place: u32,
    pub(super) target: Target,
    pub(super) id: Option<SfId>,
    pub(super) assigned: Option<Box<str>>,
    pub(super) expires: Option<Box<str>>,
    pub(super) state: State,
}

/// The assignments of a stretch of users, in the order of the users, then by kind, then as in the files.
#[derive(Debug, Default)]
pub(super) struct Grants(Vec<Grant>);

impl Grants {
    pub(super) fn of(
        of: &Population<'_>,
        persons: &Persons<'_>,
        counted: &mut Counted,
    ) -> Result<Self, Error> {
        let mut all = Vec::new();
        if persons.len() == 0 {
            return Ok(Self::default());
        }
        sets(of, persons, counted, &mut all)?;
        let psl = |record| match record {
            Record::Psl(id) => Some(Target::Psl(id)),
            _ => None,
        };
        let psls = File {
            object: "PermissionSetLicenseAssign",
            user: "AssigneeId",
            username: "Assignee.Username",
            target: "PermissionSetLicenseId",
            name: "PermissionSetLicense.DeveloperName",
            kind: "psl",
        };
        plain(of, persons, &psls, psl, &mut all)?;
        let packages = File {
            object: "UserPackageLicense",
            user: "UserId",
            username: "User.Username",
            target: "PackageLicenseId",
            name: "PackageLicense.NamespacePrefix",
            kind: "package_license",
        };
        let package = |record| match record {
            Record::Package(id) => Some(Target::Package(id)),
            _ => None,
        };
        plain(of, persons, &packages, package, &mut all)?;
        let groups = File {
            object: "GroupMember",
            user: "UserOrGroupId",
            username: "",
            target: "GroupId",
            name: "Group.DeveloperName",
            kind: "",
        };
        let group = |record| match record {
            Record::PublicGroup(id) => Some(Target::PublicGroup(id)),
            _ => None,
        };
        plain(of, persons, &groups, group, &mut all)?;
        // Stable: kinds and records keep their order within a user.
        all.sort_by_key(|grant| grant.place);
        Ok(Self(all))
    }

    /// The assignments of the user at a place of the stretch.
    pub(super) fn of_person(&self, place: usize) -> &[Grant] {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let start = self.0.partition_point(|grant| grant.place < place);
        let rest = self.0.get(start..).unwrap_or_default();
        let count = rest.partition_point(|grant| grant.place == place);
        rest.get(..count).unwrap_or_default()
    }
}

/// A file of assignments, and what its columns are called.
struct File {
    object: &'static str,
    user: &'static str,
    username: &'static str,
    target: &'static str,
    name: &'static str,
    /// What a target that the snapshot does not hold counts as; empty: it is no entitlement.
    kind: &'static str,
}

/// The columns that every file of assignments may have.
struct Columns {
    id: Place,
    user: Place,
    username: Place,
    target: Place,
    name: Place,
    expires: Place,
    created: Place,
}

impl Columns {
    fn of(sheet: &RawSheet, file: &File) -> Self {
        let column = |name: &str| sheet.column(name);
        Self {
            id: column("Id"),
            user: column(file.user),
            username: column(file.username),
            target: column(file.target),
            name: column(file.name),
            expires: column("ExpirationDate"),
            created: column("CreatedDate"),
        }
    }

    /// Place of the user in the stretch.
    fn place(&self, persons: &Persons<'_>, record: RawRecord<'_>) -> Option<u32> {
        if self.user.is_there() {
            return persons.place(record.id(self.user)?);
        }
        persons.place_of_username(record.text(self.username))
    }

    fn grant(&self, record: RawRecord<'_>, place: u32, target: Target) -> Grant {
        let time = |place| {
            let text = record.text(place);
            (!text.is_empty()).then(|| utc(text).into_boxed_str())
        };
        Grant {
            place,
            target,
            id: record.id(self.id),
            assigned: time(self.created),
            expires: time(self.expires),
            state: State::Live,
        }
    }
}

/// Records by the names that relationship columns show; a name that several bear leads to none.
fn by_name<I: Copy + PartialEq>(
    names: impl Iterator<Item = (String, I)>,
) -> FxHashMap<String, Option<I>> {
    let mut unique: FxHashMap<String, Option<I>> = FxHashMap::default();
    for (name, id) in names {
        unique
            .entry(name)
            .and_modify(|held| *held = None)
            .or_insert(Some(id));
    }
    unique
}

/// Assignments that lead to one record each.
fn plain(
    of: &Population<'_>,
    persons: &Persons<'_>,
    file: &File,
    target: impl Fn(Record) -> Option<Target>,
    all: &mut Vec<Grant>,
) -> Result<(), Error> {
    let Some(sheet) = RawSheet::open(of.snapshot, file.object)? else {
        return Ok(());
    };
    let org = &of.m.org;
    let columns = Columns::of(&sheet, file);
    let named = match file.kind {
        _ if columns.target.is_there() => FxHashMap::default(),
        "psl" => by_name(
            org.psls
                .iter()
                .map(|(id, row)| (row.name.to_string(), Target::Psl(id))),
        ),
        "package_license" => by_name(
            org.packages
                .iter()
                .map(|(id, row)| (row.namespace.to_string(), Target::Package(id))),
        ),
        _ => by_name(
            org.public_groups
                .iter()
                .map(|(id, row)| (row.developer_name.to_string(), Target::PublicGroup(id))),
        ),
    };
    sheet.each::<Error>(|record| {
        let Some(place) = columns.place(persons, record) else {
            return Ok(());
        };
        let found = match record.id(columns.target) {
            Some(id) => match org.by_id.get(&id).copied().and_then(&target) {
                Some(found) => Some(found),
                None => (!file.kind.is_empty()).then_some(Target::Unseen(file.kind, id)),
            },
            None => named.get(record.text(columns.name)).copied().flatten(),
        };
        if let Some(found) = found {
            all.push(columns.grant(record, place, found));
        }
        Ok(())
    })
}

/// The columns of assignments of permission sets and groups.
struct SetColumns {
    plain: Columns,
    group: Place,
    group_name: Place,
    active: Place,
    revoked: Place,
    set_names: FxHashMap<String, Option<PermissionSetId>>,
    group_names: FxHashMap<String, Option<PermissionSetGroupId>>,
}

impl SetColumns {
    fn of(sheet: &RawSheet, org: &Org) -> Self {
        let file = File {
            object: "PermissionSetAssignment",
            user: "AssigneeId",
            username: "Assignee.Username",
            target: "PermissionSetId",
            name: "PermissionSet.Name",
            kind: "permission_set",
        };
        let sets = org.permission_sets.iter();
        let groups = org.permission_set_groups.iter();
        Self {
            plain: Columns::of(sheet, &file),
            group: sheet.column("PermissionSetGroupId"),
            group_name: sheet.column("PermissionSetGroup.DeveloperName"),
            active: sheet.column("IsActive"),
            revoked: sheet.column("IsRevoked"),
            set_names: by_name(sets.map(|(id, row)| (row.name.to_string(), id))),
            group_names: by_name(groups.map(|(id, row)| (row.name.to_string(), id))),
        }
    }

    /// The group through which it is assigned, else the set.
    fn target(&self, record: RawRecord<'_>, org: &Org) -> Option<Target> {
        if let Some(id) = record.id(self.group) {
            return Some(match org.by_id.get(&id) {
                Some(Record::PermissionSetGroup(group)) => Target::Group(*group),
                _ => Target::Unseen("permission_set_group", id),
            });
        }
        let name = record.text(self.group_name);
        if let Some(group) = self.group_names.get(name).copied().flatten() {
            return Some(Target::Group(group));
        }
        if let Some(id) = record.id(self.plain.target) {
            return Some(match org.by_id.get(&id) {
                Some(Record::PermissionSet(set)) => Target::Set(*set),
                _ => Target::Unseen("permission_set", id),
            });
        }
        let name = record.text(self.plain.name);
        self.set_names.get(name).copied().flatten().map(Target::Set)
    }

    fn state(&self, record: RawRecord<'_>, grant: &Grant, as_of: &str) -> State {
        let over = |end: &str| !as_of.is_empty() && end <= as_of;
        if record.flag(self.revoked) == Some(true) {
            State::Revoked
        } else if grant.expires.as_deref().is_some_and(over) {
            State::Expired
        } else if record.flag(self.active) == Some(false) {
            State::Inactive
        } else {
            State::Live
        }
    }
}

/// Assignments of permission sets and groups.
fn sets(
    of: &Population<'_>,
    persons: &Persons<'_>,
    counted: &mut Counted,
    all: &mut Vec<Grant>,
) -> Result<(), Error> {
    let Some(sheet) = RawSheet::open(of.snapshot, "PermissionSetAssignment")? else {
        return Ok(());
    };
    let org = &of.m.org;
    let columns = SetColumns::of(&sheet, org);
    sheet.each::<Error>(|record| {
        let target = columns.target(record, org);
        let place = columns.plain.place(persons, record);
        let (Some(place), Some(target)) = (place, target) else {
            return Ok(());
        };
        if let Target::Set(set) = target
            && let Some(SetOwner::Profile(_)) = of.m.set(set).map(|set| set.owner)
        {
            // The row of the profile says it already.
            let reason = "assignments of the sets that profiles own";
            *counted.left_out.entry(reason).or_default() += 1;
            return Ok(());
        }
        let mut grant = columns.plain.grant(record, place, target);
        grant.state = columns.state(record, &grant, of.as_of);
        all.push(grant);
        Ok(())
    })
}
