//! Everything but users: records that came, went or changed, object by object.

use super::access::Rights;
use super::facts::{Sheet, Tally};
use super::kept::{Notes, Which};
use super::matching::{Match, Matches};
use super::{By, Change, Side, What};
use crate::model::{Dense, Known, LicenseId, Org, SfId, Table};

/// All changes of all objects.
pub(super) fn changes<'a>(
    old: &Side<'a>,
    new: &Side<'a>,
    matches: &Matches,
    notes: &mut Notes<'a>,
) -> Vec<Change> {
    let mut differ = Differ {
        sheet: Sheet {
            old: old.m,
            new: new.m,
            notes,
            changes: Vec::new(),
        },
        matches,
        old: &old.m.org,
        new: &new.m.org,
    };
    differ.licenses();
    differ.psls();
    differ.features_and_packages();
    differ.profiles();
    differ.roles();
    differ.sets();
    differ.groups();
    differ.muting_sets();
    differ.public_groups();
    differ.sites();
    differ.setup();
    differ.sheet.changes
}

pub(super) struct Differ<'a, 'n, 'm> {
    pub(super) sheet: Sheet<'a, 'n>,
    pub(super) matches: &'m Matches,
    pub(super) old: &'a Org,
    pub(super) new: &'a Org,
}

/// The pairs of a table, and what only one has.
struct Pairs<I> {
    both: Vec<(I, I)>,
    added: Vec<I>,
    removed: Vec<I>,
}

fn pairs<I: Dense, T>(
    (old, new): (&Table<I, T>, &Table<I, T>),
    matches: &Match<I>,
    keep: impl Fn(&T) -> bool,
) -> Pairs<I> {
    let mut found = Pairs {
        both: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
    };
    for (id, row) in new.iter() {
        match matches.older(id) {
            Some(older) => found.both.push((older, id)),
            None if keep(row) => found.added.push(id),
            None => {}
        }
    }
    let gone = old
        .iter()
        .filter(|(id, row)| keep(row) && matches.newer(*id).is_none());
    found.removed.extend(gone.map(|(id, _)| id));
    found
}

impl Differ<'_, '_, '_> {
    /// Tells what came and went of a table, and hands out the pairs; nothing where only one tells the object.
    pub(super) fn table<I: Dense, T>(
        &mut self,
        object: &'static str,
        tables: (&Table<I, T>, &Table<I, T>),
        matches: &Match<I>,
        keep: impl Fn(&T) -> bool,
        named: impl Fn(&T) -> (SfId, String),
    ) -> Vec<(I, I)> {
        if !self.sheet.notes.both_have(object) {
            return Vec::new();
        }
        let found = pairs(tables, matches, keep);
        for (which, what, table, ids) in [
            (Which::Old, What::Added, tables.1, found.added),
            (Which::New, What::Removed, tables.0, found.removed),
        ] {
            let proved = self.sheet.notes.proves_absence(which);
            for row in ids.into_iter().filter_map(|id| table.get(id)) {
                if proved {
                    let (id, name) = named(row);
                    self.sheet.record(object, what, id, &name);
                } else {
                    let reason = format!(
                        "not in the metadata project of {}, which need not hold everything",
                        which.word()
                    );
                    self.sheet.notes.note(object, reason);
                }
            }
        }
        found.both
    }

    fn licenses(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.licenses, &new.licenses);
        let named = |row: &crate::model::License| (row.id, row.name.to_string());
        let both = self.table(
            "UserLicense",
            tables,
            &self.matches.licenses,
            |_| true,
            named,
        );
        for (a, b) in both {
            let (Some(a), Some(b)) = (old.licenses.get(a), new.licenses.get(b)) else {
                continue;
            };
            let mut at = self.sheet.at("UserLicense", b.id, &b.name);
            at.name(&a.name, &b.name);
            at.known("LicenseDefinitionKey", &a.key, &b.key, ToString::to_string);
            at.known("Status", &a.disabled, &b.disabled, |disabled| {
                status(*disabled)
            });
            at.known("TotalLicenses", &a.total, &b.total, i64::to_string);
            at.known("UsedLicenses", &a.used, &b.used, i64::to_string);
            let logins = (&a.monthly_logins, &b.monthly_logins);
            at.known("MonthlyLoginsEntitlement", logins.0, logins.1, |value| {
                optional(value.as_ref())
            });
        }
    }

    fn psls(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.psls, &new.psls);
        let named = |row: &crate::model::PermissionSetLicense| (row.id, row.shown().to_owned());
        let object = "PermissionSetLicense";
        let both = self.table(object, tables, &self.matches.psls, |_| true, named);
        let tally = Tally::of(&mut self.sheet, "PermissionSetLicenseAssign");
        for (a_id, b_id) in both {
            let (Some(a), Some(b)) = (old.psls.get(a_id), new.psls.get(b_id)) else {
                continue;
            };
            let mut at = self.sheet.at(object, b.id, b.shown());
            at.name(a.shown(), b.shown());
            at.told("MasterLabel", &a.label, &b.label);
            at.known("Status", &a.disabled, &b.disabled, |disabled| {
                status(*disabled)
            });
            at.known("TotalLicenses", &a.total, &b.total, i64::to_string);
            at.known("UsedLicenses", &a.used, &b.used, i64::to_string);
            at.known("ExpirationDate", &a.expires, &b.expires, |value| {
                optional(value.as_ref())
            });
            at.count("Assignments", tally.psls(a_id, b_id));
        }
    }

    fn features_and_packages(&mut self) {
        let (old, new) = (self.old, self.new);
        if self.sheet.notes.both_have("ActiveFeatureLicenseMetric") {
            for after in &new.feature_totals {
                let older = self.matches.features.older(after.feature);
                let before = old
                    .feature_totals
                    .iter()
                    .find(|total| Some(total.feature) == older);
                let (Some(before), Some(field)) = (before, new.features.get(after.feature)) else {
                    continue;
                };
                let mut at = self.sheet.without_id("ActiveFeatureLicenseMetric", field);
                let totals = (&before.total, &after.total);
                at.known("TotalLicenseCount", totals.0, totals.1, i64::to_string);
                let assigned = (&before.assigned, &after.assigned);
                at.known("AssignedUserCount", assigned.0, assigned.1, i64::to_string);
            }
        }
        let tables = (&old.packages, &new.packages);
        let named = |row: &crate::model::Package| (row.id, row.namespace.to_string());
        let both = self.table(
            "PackageLicense",
            tables,
            &self.matches.packages,
            |_| true,
            named,
        );
        for (a, b) in both {
            let (Some(a), Some(b)) = (old.packages.get(a), new.packages.get(b)) else {
                continue;
            };
            let mut at = self.sheet.at("PackageLicense", b.id, &b.namespace);
            at.known("AllowedLicenses", &a.allowed, &b.allowed, i64::to_string);
            at.known("UsedLicenses", &a.used, &b.used, i64::to_string);
        }
    }

    fn profiles(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.profiles, &new.profiles);
        let named = |row: &crate::model::Profile| (row.id, row.name.to_string());
        let both = self.table("Profile", tables, &self.matches.profiles, |_| true, named);
        let rights = Rights::of(&mut self.sheet);
        for (a_id, b_id) in both {
            let (Some(a), Some(b)) = (old.profiles.get(a_id), new.profiles.get(b_id)) else {
                continue;
            };
            let licenses = (&a.license, &b.license);
            let relicensed = self.other_license("Profile", licenses);
            let mut at = self.sheet.at("Profile", b.id, &b.name);
            at.name(&a.name, &b.name);
            if let Some((before, after)) = relicensed {
                at.push(What::Relicensed, "UserLicense", Some(before), Some(after));
            }
            at.known("UserType", &a.user_type, &b.user_type, |kind| {
                kind.name().to_owned()
            });
            at.known("IsCustom", &a.custom, &b.custom, ToString::to_string);
            rights.profile(&mut at, a_id, b_id);
        }
    }

    /// The licenses in words, where they are two.
    fn other_license(
        &mut self,
        object: &str,
        (old, new): (&Known<LicenseId>, &Known<LicenseId>),
    ) -> Option<(String, String)> {
        let both = self.sheet.notes.both(object, "UserLicense", old, new);
        let (before, after) = both.map(|(old, new)| (*old, *new))?;
        let same = self.matches.licenses.same(Some(before), Some(after));
        let (old, new) = (self.sheet.old, self.sheet.new);
        (!same).then(|| (old.shown_license(before), new.shown_license(after)))
    }

    fn roles(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.roles, &new.roles);
        let named = |row: &crate::model::Role| (row.id, row.name.to_string());
        let both = self.table("UserRole", tables, &self.matches.roles, |_| true, named);
        let notes = &mut *self.sheet.notes;
        let parents = !both.is_empty() && notes.both_have_column("UserRole", "ParentRoleId");
        for (a, b) in both {
            let (Some(a), Some(b)) = (old.roles.get(a), new.roles.get(b)) else {
                continue;
            };
            let name = |org: &Org, id| org.roles.get(id).map(|role| role.name.to_string());
            let mut at = self.sheet.at("UserRole", b.id, &b.name);
            at.name(&a.name, &b.name);
            at.told("DeveloperName", &a.developer_name, &b.developer_name);
            if parents && !self.matches.roles.same(a.parent, b.parent) {
                let before = a.parent.and_then(|id| name(old, id));
                let after = b.parent.and_then(|id| name(new, id));
                at.push(What::Changed, "ParentRole", before, after);
            }
            at.known("PortalType", &a.portal_type, &b.portal_type, |kind| {
                match kind {
                    crate::model::PortalType::None => "None",
                    crate::model::PortalType::CustomerPortal => "CustomerPortal",
                    crate::model::PortalType::Partner => "Partner",
                }
                .to_owned()
            });
            if self.matches.by == By::Id {
                let accounts = (&a.portal_account, &b.portal_account);
                at.known("PortalAccount", accounts.0, accounts.1, |value| {
                    optional(value.as_ref())
                });
            }
        }
    }
}

fn status(disabled: bool) -> String {
    if disabled { "Disabled" } else { "Active" }.to_owned()
}

fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "(none)".to_owned(), T::to_string)
}
