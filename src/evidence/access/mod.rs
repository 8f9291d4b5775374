//! `access.csv`: the population, one row for each user and entitlement.
//!
//! User.csv is read in stretches; the assignments of a stretch of users are gathered from their files, so that memory
//! holds one stretch whatever the size of the org.

mod grants;
mod person;
mod sensitive;

pub(super) use sensitive::Sensitive;

use super::Error;
use super::folder::{Csv, Staging};
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{Dense, FeatureId, PackageId, PermissionSetGroupId, PslId, UserId};
use crate::okta::groups::Groups;
use crate::report::redact::Redactor;
use crate::snapshot::raw::RawSheet;
use grants::{Grant, Grants, Target};
use person::{Managers, Persons};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The columns, in order.
const COLUMNS: [&str; 38] = [
    "snapshot_id",
    "as_of_utc",
    "org_id",
    "user_id",
    "username",
    "federation_id",
    "employee_number",
    "full_name",
    "email",
    "user_type",
    "is_active",
    "is_frozen",
    "last_login_utc",
    "created_utc",
    "manager_username",
    "department",
    "user_license_id",
    "user_license",
    "profile_id",
    "profile",
    "role_id",
    "role",
    "entitlement_type",
    "entitlement_id",
    "entitlement_name",
    "granted_via",
    "assignment_id",
    "assigned_utc",
    "expires_utc",
    "sensitive_permissions",
    "idp_source",
    "idp_group",
    "idp_group_priority",
    "reviewer",
    "decision",
    "decision_date",
    "justification",
    "ticket",
];

/// Users whose rows are written together: about 200 MB of assignments at five for each.
const STRETCH: usize = 200_000;

/// What the rows are made of.
#[derive(Debug)]
pub(super) struct Population<'a> {
    pub(super) m: &'a Matrix,
    pub(super) snapshot: &'a Path,
    pub(super) redactor: Option<&'a Redactor>,
    pub(super) sensitive: &'a Sensitive,
    pub(super) snapshot_id: &'a str,
    pub(super) as_of: &'a str,
    pub(super) org_id: &'a str,
    pub(super) groups: Option<&'a Groups>,
}

/// Seats that were counted user by user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Assigned, or for user licenses and feature licenses held by active users.
    pub(super) counted: u64,
    /// Of these, held by users who are frozen, or for all but user licenses inactive.
    pub(super) reclaimable: u64,
}

/// What was counted while the rows were written.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Control totals, by name.
    pub(super) totals: BTreeMap<String, u64>,
    pub(super) licenses: BTreeMap<usize, Held>,
    pub(super) psls: BTreeMap<usize, Held>,
    pub(super) features: BTreeMap<usize, Held>,
    pub(super) packages: BTreeMap<usize, Held>,
    /// Users by profile id; empty: no profile.
    pub(super) profiles: BTreeMap<String, u64>,
    /// Assignments that are no row of their own, by reason.
    pub(super) left_out: BTreeMap<&'static str, u64>,
}

impl Counted {
    fn total(&mut self, name: &str) {
        *self.totals.entry(name.to_owned()).or_default() += 1;
    }
}

impl Population<'_> {
    /// A name, with pseudonyms where people are not to be seen.
    fn shown(&self, text: &str) -> String {
        match self.redactor {
            None => text.to_owned(),
            Some(redactor) => redactor.text(text),
        }
    }

    /// Writes the table.
    pub(super) fn write(&self, staging: &mut Staging) -> Result<Counted, Error> {
        let mut csv = Csv::new(staging.create("access.csv")?, &COLUMNS)?;
        let failed = csv.failed();
        let mut counted = Counted::default();
        for name in [
            "access.records",
            "access.users",
            "access.users.active",
            "access.users.frozen",
        ] {
            counted.totals.insert(name.to_owned(), 0);
        }
        if let Some(sheet) = RawSheet::open(self.snapshot, "User")? {
            let managers = Managers::of(self.snapshot)?;
            let mut persons = Persons::new(self, &sheet, managers);
            let mut next = 0;
            sheet.each::<Error>(|record| {
                persons.add(UserId::new(next), record);
                next += 1;
                if persons.len() >= STRETCH {
                    self.stretch(&mut csv, &persons, &mut counted, &failed)?;
                    persons.clear();
                }
                Ok(())
            })?;
            self.stretch(&mut csv, &persons, &mut counted, &failed)?;
        }
        counted.totals.insert("access.records".into(), csv.rows);
        csv.finish(staging)?;
        Ok(counted)
    }

    /// Writes the rows of some users.
    fn stretch(
        &self,
        csv: &mut Csv,
        persons: &Persons<'_>,
        counted: &mut Counted,
        failed: &dyn Fn(io::Error) -> Error,
    ) -> Result<(), Error> {
        let grants = Grants::of(self, persons, counted)?;
        for (place, person) in persons.iter().enumerate() {
            let mut rows = Rows {
                of: self,
                csv,
                counted,
                prefix: person.prefix,
                suffix: person.suffix,
                usable: person.usable,
            };
            rows.counted.total("access.users");
            if person.active {
                rows.counted.total("access.users.active");
            }
            if person.frozen {
                rows.counted.total("access.users.frozen");
            }
            rows.own(person.user, person.active, person.frozen, person.role_id)
                .and_then(|()| {
                    let own = grants.of_person(place);
                    own.iter().try_for_each(|grant| rows.grant(grant))
                })
                .and_then(|()| rows.features(person.user, person.active))
                .map_err(failed)?;
        }
        Ok(())
    }
}

/// The rows of one user.
struct Rows<'a, 'p> {
    of: &'a Population<'p>,
    csv: &'a mut Csv,
    counted: &'a mut Counted,
    prefix: &'a [u8],
    suffix: &'a [u8],
    /// Active, and not known to be frozen.
    usable: bool,
}

/// One entitlement.
#[derive(Clone, Copy, Default)]
struct Entitlement<'a> {
    kind: &'static str,
    id: &'a str,
    name: &'a str,
    via: &'a str,
    assignment: &'a str,
    assigned: &'a str,
    expires: &'a str,
    sensitive: &'a str,
}

impl Rows<'_, '_> {
    fn row(&mut self, one: Entitlement<'_>) -> io::Result<()> {
        self.counted.total(&format!("access.{}", one.kind));
        self.csv.cells(person::PREFIX, self.prefix)?;
        let (name, via) = (self.of.shown(one.name), self.of.shown(one.via));
        for text in [
            one.kind,
            one.id,
            &name,
            &via,
            one.assignment,
            one.assigned,
            one.expires,
            one.sensitive,
        ] {
            self.csv.text(text)?;
        }
        self.csv.cells(person::SUFFIX, self.suffix)?;
        self.csv.end()
    }

    /// Profile and role. Everybody has a row for the profile, so that nobody is missing.
    fn own(&mut self, user: UserId, active: bool, frozen: bool, role_id: &str) -> io::Result<()> {
        let m = self.of.m;
        let profile = m.org.users.profile(user);
        let named = profile.map(|profile| m.named_profile(profile));
        let id = named.as_ref().and_then(|named| named.id.clone());
        let id = id.unwrap_or_default();
        *self.counted.profiles.entry(id.clone()).or_default() += 1;
        if let Some(license) = profile.and_then(|profile| m.license_of(profile))
            && active
        {
            let held = self.counted.licenses.entry(license.index()).or_default();
            held.counted += 1;
            held.reclaimable += u64::from(frozen);
        }
        self.row(Entitlement {
            kind: "profile",
            id: &id,
            name: named.as_ref().map_or("", |named| &named.name),
            via: "User.ProfileId",
            sensitive: self.of.sensitive.of_profile(profile),
            ..Entitlement::default()
        })?;
        if role_id.is_empty() {
            return Ok(());
        }
        let role = m.org.users.role(user).and_then(|role| m.role(role));
        self.row(Entitlement {
            kind: "role",
            id: role_id,
            name: role.map_or("", |role| &role.name),
            via: "User.UserRoleId",
            ..Entitlement::default()
        })
    }

    fn grant(&mut self, grant: &Grant) -> io::Result<()> {
        let (m, of) = (self.of.m, self.of);
        let assignment = grant.id.map(crate::model::SfId::text).unwrap_or_default();
        let base = Entitlement {
            via: grant.state.as_str(),
            assignment: &assignment,
            assigned: grant.assigned.as_deref().unwrap_or_default(),
            expires: grant.expires.as_deref().unwrap_or_default(),
            ..Entitlement::default()
        };
        match grant.target {
            Target::Set(set) => {
                let row = m.set(set);
                self.row(Entitlement {
                    kind: "permission_set",
                    id: &row.map(|row| row.id.text()).unwrap_or_default(),
                    name: &m.shown(SetRef::Set(set)),
                    sensitive: of.sensitive.of_set(set),
                    ..base
                })
            }
            Target::Group(group) => self.group(group, base),
            Target::Psl(psl) => {
                let row = m.psl(psl);
                self.held(psl);
                self.row(Entitlement {
                    kind: "psl",
                    id: &row.map(|row| row.id.text()).unwrap_or_default(),
                    name: row.map_or("", |row| row.shown()),
                    ..base
                })
            }
            Target::Package(package) => {
                let row = m.org.packages.get(package);
                self.package(package);
                self.row(Entitlement {
                    kind: "package_license",
                    id: &row.map(|row| row.id.text()).unwrap_or_default(),
                    name: row.map_or("", |row| &row.namespace),
                    ..base
                })
            }
            Target::PublicGroup(group) => {
                let row = m.org.public_groups.get(group);
                self.row(Entitlement {
                    kind: "public_group",
                    id: &row.map(|row| row.id.text()).unwrap_or_default(),
                    name: row.map_or("", |row| &row.name),
                    ..base
                })
            }
            Target::Unseen(kind, id) => self.row(Entitlement {
                kind,
                id: &id.text(),
                name: "(not in the snapshot)",
                ..base
            }),
        }
    }

    /// A group, and the sets that come with it.
    fn group(&mut self, group: PermissionSetGroupId, base: Entitlement<'_>) -> io::Result<()> {
        let (m, of) = (self.of.m, self.of);
        let row = m.group(group);
        let name = m.shown(SetRef::Group(group));
        self.row(Entitlement {
            kind: "permission_set_group",
            id: &row.map(|row| row.id.text()).unwrap_or_default(),
            name: &name,
            sensitive: of.sensitive.of_group(group),
            ..base
        })?;
        let members = row.and_then(|row| row.members.as_ref());
        for &set in members.into_iter().flatten() {
            let row = m.set(set);
            self.row(Entitlement {
                kind: "via_group",
                id: &row.map(|row| row.id.text()).unwrap_or_default(),
                name: &m.shown(SetRef::Set(set)),
                via: &name,
                sensitive: of.sensitive.of_member(group, set),
                ..base
            })?;
        }
        Ok(())
    }

    fn held(&mut self, psl: PslId) {
        let held = self.counted.psls.entry(psl.index()).or_default();
        held.counted += 1;
        held.reclaimable += u64::from(!self.usable);
    }

    fn package(&mut self, package: PackageId) {
        let held = self.counted.packages.entry(package.index()).or_default();
        held.counted += 1;
        held.reclaimable += u64::from(!self.usable);
    }

    fn features(&mut self, user: UserId, active: bool) -> io::Result<()> {
        let m = self.of.m;
        let mine: Vec<(FeatureId, &str)> = m
            .org
            .features
            .iter()
            .filter(|(id, _)| m.org.users.has_feature(user, *id))
            .map(|(id, field)| (id, &**field))
            .collect();
        for (feature, field) in mine {
            if active {
                let held = self.counted.features.entry(feature.index()).or_default();
                held.counted += 1;
                held.reclaimable += u64::from(!self.usable);
            }
            let via = format!("User.{field}");
            self.row(Entitlement {
                kind: "feature_license",
                id: field,
                name: m.feature_label(feature),
                via: &via,
                ..Entitlement::default()
            })?;
        }
        Ok(())
    }
}
