//! Public groups, sites, settings, and automation on User.

use super::objects::Differ;
use super::{By, What};
use crate::model::Org;

impl Differ<'_, '_, '_> {
    pub(super) fn public_groups(&mut self) {
        let (old, new) = (self.old, self.new);
        let tables = (&old.public_groups, &new.public_groups);
        let named = |row: &crate::model::PublicGroup| (row.id, row.name.to_string());
        let both = self.table(
            "Group",
            tables,
            &self.matches.public_groups,
            |_| true,
            named,
        );
        for (a, b) in both {
            let (Some(a), Some(b)) = (old.public_groups.get(a), new.public_groups.get(b)) else {
                continue;
            };
            let mut at = self.sheet.at("Group", b.id, &b.name);
            at.name(&a.name, &b.name);
            at.told("DeveloperName", &a.developer_name, &b.developer_name);
        }
    }

    pub(super) fn sites(&mut self) {
        if !self.sheet.notes.both_have("Network") {
            return;
        }
        let (old, new) = (self.old, self.new);
        let same = |a: &crate::model::Network, b: &crate::model::Network| match self.matches.by {
            By::Id => a.id == b.id,
            By::NameOfMetadata | By::NameOfTwoOrgs => a.name == b.name,
        };
        for b in &new.networks {
            let Some(a) = old.networks.iter().find(|a| same(a, b)) else {
                self.sheet.record("Network", What::Added, b.id, &b.name);
                continue;
            };
            let mut at = self.sheet.at("Network", b.id, &b.name);
            at.name(&a.name, &b.name);
            at.known("Status", &a.status, &b.status, ToString::to_string);
            let members = |site: &crate::model::Network| site.members.len() as u64;
            at.count("Members", Some((members(a), members(b))));
        }
        let gone = old
            .networks
            .iter()
            .filter(|a| !new.networks.iter().any(|b| same(a, b)));
        for a in gone {
            self.sheet.record("Network", What::Removed, a.id, &a.name);
        }
    }

    /// Settings, and automation on User.
    pub(super) fn setup(&mut self) {
        if self.sheet.notes.both_have("Settings")
            && let (Some(old), Some(new)) = (&self.old.settings, &self.new.settings)
        {
            let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let (before, after) = (old.get(key).cloned(), new.get(key).cloned());
                if before != after {
                    let mut at = self.sheet.without_id("Settings", key);
                    at.push(What::Changed, "Value", before, after);
                }
            }
        }
        for (object, kind) in [
            ("ValidationRule", "validation rule "),
            ("ApexTrigger", "trigger "),
            ("FlowDefinitionView", "flow "),
        ] {
            if !self.sheet.notes.both_have(object) {
                continue;
            }
            let of_kind = |org: &Org| -> std::collections::BTreeSet<String> {
                let names = org.automation.iter();
                names
                    .filter_map(|one| Some(one.strip_prefix(kind)?.to_owned()))
                    .collect()
            };
            let (before, after) = (of_kind(self.old), of_kind(self.new));
            for name in after.difference(&before) {
                self.sheet.plain(object, What::Added, name);
            }
            for name in before.difference(&after) {
                self.sheet.plain(object, What::Removed, name);
            }
        }
    }
}
