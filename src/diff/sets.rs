//! Permission sets, groups of them, and what mutes them.

use super::What;
use super::access::Rights;
use super::facts::Tally;
use super::objects::Differ;
use super::person::moved;
use crate::model::{MutingSetId, Org, Record, SetLicense, SetOwner, SfId};

impl Differ<'_, '_, '_> {
    pub(super) fn sets(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.permission_sets, &new.permission_sets);
        let named = |row: &crate::model::PermissionSet| (row.id, row.full_name());
        let keep = |row: &crate::model::PermissionSet| row.owner == SetOwner::Nobody;
        let both = self.table("PermissionSet", tables, &self.matches.sets, keep, named);
        let rights = Rights::of(&mut self.sheet);
        let tally = Tally::of(&mut self.sheet, "PermissionSetAssignment");
        for (a_id, b_id) in both {
            let rows = (old.permission_sets.get(a_id), new.permission_sets.get(b_id));
            let (Some(a), Some(b)) = rows else {
                continue;
            };
            let notes = &mut *self.sheet.notes;
            let licenses = notes.both("PermissionSet", "License", &a.license, &b.license);
            let licenses = licenses
                .filter(|(before, after)| !self.same_bond(**before, **after))
                .map(|(before, after)| (self.bond(before, true), self.bond(after, false)));
            let mut at = self.sheet.at("PermissionSet", b.id, &b.full_name());
            at.name(&a.full_name(), &b.full_name());
            if let Some((before, after)) = licenses {
                at.push(What::Relicensed, "License", Some(before), Some(after));
            }
            at.told("Label", &a.label, &b.label);
            at.known(
                "HasActivationRequired",
                &a.session,
                &b.session,
                ToString::to_string,
            );
            rights.set(&mut at, a_id, b_id);
            at.count("Assignments", tally.sets(a_id, b_id));
        }
    }

    fn same_bond(&self, old: SetLicense, new: SetLicense) -> bool {
        match (old, new) {
            (SetLicense::User(old), SetLicense::User(new)) => {
                self.matches.licenses.same(Some(old), Some(new))
            }
            (SetLicense::Psl(old), SetLicense::Psl(new)) => {
                self.matches.psls.same(Some(old), Some(new))
            }
            (old, new) => old == new,
        }
    }

    /// The license of a set in words.
    fn bond(&self, bond: &SetLicense, is_old: bool) -> String {
        let m = if is_old {
            self.sheet.old
        } else {
            self.sheet.new
        };
        match bond {
            SetLicense::None => "(none)".to_owned(),
            SetLicense::User(license) => m.shown_license(*license),
            SetLicense::Psl(psl) => m
                .psl(*psl)
                .map_or_else(String::new, |psl| psl.shown().to_owned()),
            SetLicense::UnseenLicense(id) | SetLicense::UnseenPsl(id) => id.text(),
        }
    }

    pub(super) fn groups(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.permission_set_groups, &new.permission_set_groups);
        let object = "PermissionSetGroup";
        let named = |row: &crate::model::PermissionSetGroup| (row.id, row.name.to_string());
        let both = self.table(object, tables, &self.matches.groups, |_| true, named);
        let tally = Tally::of(&mut self.sheet, "PermissionSetAssignment");
        for (a_id, b_id) in both {
            let (Some(a), Some(b)) = (tables.0.get(a_id), tables.1.get(b_id)) else {
                continue;
            };
            let notes = &mut *self.sheet.notes;
            let members = notes.both(object, "Members", &a.members, &b.members);
            let members = members.map(|(before, after)| moved(&self.matches.sets, before, after));
            let of_id = |org: &Org, id: &SfId| match org.by_id.get(id) {
                Some(Record::MutingSet(muting)) => Some(*muting),
                _ => None,
            };
            let muting = |org: &Org, ids: &[SfId]| -> Vec<MutingSetId> {
                ids.iter().filter_map(|id| of_id(org, id)).collect()
            };
            let muted = moved(
                &self.matches.muting,
                &muting(old, &a.muting),
                &muting(new, &b.muting),
            );
            let mut at = self.sheet.at(object, b.id, &b.name);
            at.name(&a.name, &b.name);
            at.told("MasterLabel", &a.label, &b.label);
            at.known("Status", &a.status, &b.status, ToString::to_string);
            if let Some((lost, gained)) = members {
                let name = |org: &Org, id| Some(org.permission_sets.get(id)?.full_name());
                let lost = lost.into_iter().filter_map(|id| name(old, id));
                let gained = gained.into_iter().filter_map(|id| name(new, id));
                at.items("Members", lost, gained);
            }
            let name = |org: &Org, id| Some(org.muting_sets.get(id)?.name.to_string());
            let lost = muted.0.into_iter().filter_map(|id| name(old, id));
            let gained = muted.1.into_iter().filter_map(|id| name(new, id));
            at.items("MutingSets", lost, gained);
            at.count("Assignments", tally.groups(a_id, b_id));
        }
    }

    pub(super) fn muting_sets(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.muting_sets, &new.muting_sets);
        let object = "MutingPermissionSet";
        let named = |row: &crate::model::MutingSet| (row.id, row.name.to_string());
        let both = self.table(object, tables, &self.matches.muting, |_| true, named);
        let rights = Rights::of(&mut self.sheet);
        for (a_id, b_id) in both {
            let (Some(a), Some(b)) = (old.muting_sets.get(a_id), new.muting_sets.get(b_id)) else {
                continue;
            };
            let mut at = self.sheet.at(object, b.id, &b.name);
            at.name(&a.name, &b.name);
            rights.muting(&mut at, a_id, b_id);
        }
    }
}
