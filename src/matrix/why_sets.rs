//! The chain of facts about what a set or group enables, and about single permissions.

use super::{Enabled, Ground, Matrix, Permission, Standing};
use crate::input::SetRef;
use crate::model::{Dense, LicenseId, PermissionId, PermissionSetGroup};

impl Matrix {
    /// What a group mutes, what a set or group enables, and how that stands under the license.
    pub(super) fn enabled_facts(&self, license: LicenseId, to: SetRef, facts: &mut Vec<String>) {
        if let SetRef::Group(group) = to
            && let Some(row) = self.group(group)
        {
            facts.extend(self.muting_fact(row));
        }
        let Some(enabled) = self.enabled(to) else {
            return;
        };
        let whose = match to {
            SetRef::Set(_) => "it enables",
            SetRef::Group(_) => "after muting, and apart from members with a license, it enables",
        };
        facts.push(format!("{whose} {}", quantity(&enabled)));
        let shown = self.shown_license(license);
        let (mut seen, mut elsewhere) = (Vec::new(), Vec::new());
        for permission in each(&enabled) {
            match self.standing(license, permission) {
                Some(Standing::Seen) => seen.push(permission),
                Some(Standing::Elsewhere(_)) => elsewhere.push(permission),
                Some(Standing::Never) | None => {}
            }
        }
        if !seen.is_empty() {
            facts.push(format!(
                "enabled under {shown} in this org: {}",
                self.listed(&seen)
            ));
        }
        if !elsewhere.is_empty() {
            facts.push(format!(
                "enabled under {shown} in public org exports only: {}",
                self.listed(&elsewhere)
            ));
        }
        if let Some(faults) = self.faults(license, to) {
            for (permission, exclusion) in &faults.excluded {
                facts.push(format!(
                    "{}: a refusal for {} was published ({})",
                    self.permission_shown(*permission),
                    exclusion.license,
                    exclusion.source
                ));
            }
            for gate in &faults.gated {
                facts.push(self.gate_fact(license, gate.permission, gate.ground));
            }
            if !faults.unproven.is_empty() {
                facts.push(format!(
                    "never seen under {shown}, here or elsewhere: {}",
                    self.listed(&faults.unproven)
                ));
            }
        }
        for hazard in self.hazards(to) {
            facts.push(format!(
                "{} active users of {} hold it although it does not fit that license: its next change will be refused",
                hazard.users,
                self.shown_license(hazard.license)
            ));
        }
    }

    fn muting_fact(&self, group: &PermissionSetGroup) -> Option<String> {
        let names: Vec<String> = group
            .muting
            .iter()
            .map(|id| {
                let set = self.org.muting_sets.iter().find(|(_, set)| set.id == *id);
                set.map_or_else(|| id.text(), |(_, set)| set.name.to_string())
            })
            .collect();
        (!names.is_empty())
            .then(|| format!("what {} holds is muted in the group", names.join(" and ")))
    }

    fn gate_fact(&self, license: LicenseId, permission: Permission, ground: Ground) -> String {
        let opens: Vec<&str> = self
            .openers(license, permission)
            .filter_map(|psl| self.psl(psl))
            .map(crate::model::PermissionSetLicense::shown)
            .collect();
        let shown = self.permission_shown(permission);
        match ground {
            Ground::Maximum { .. } => format!(
                "{shown} comes with permission set license {} (MaximumPermissions) and is seen nowhere under the user license",
                opens.join(" or ")
            ),
            Ground::Published(key) => format!(
                "{shown} was refused to users of this kind of license without permission set license {key}{}",
                if opens.is_empty() {
                    ", which the org does not have"
                } else {
                    ""
                }
            ),
        }
    }

    /// How one permission stands under the license.
    pub(super) fn permission_facts(
        &self,
        license: LicenseId,
        permission: Permission,
        facts: &mut Vec<String>,
    ) {
        let shown = self.shown_license(license);
        facts.push(match self.standing(license, permission) {
            Some(Standing::Seen) => format!("enabled under {shown} in this org"),
            Some(Standing::Elsewhere(observed)) => format!(
                "not enabled under {shown} in this org; enabled in public org exports (profiles: {}, exports: {})",
                observed.profiles, observed.exports
            ),
            Some(Standing::Never) => format!(
                "never seen under {shown}, in this org or in public org exports: that proves nothing"
            ),
            None => format!("nothing in the snapshot could show it under {shown}"),
        });
        if let Some(exclusion) = self.exclusion(license, permission) {
            facts.push(format!(
                "a refusal for {} was published ({})",
                exclusion.license, exclusion.source
            ));
        }
        for psl in self.openers(license, permission) {
            facts.push(format!(
                "permission set license {} opens it",
                self.psl_shown(psl)
            ));
        }
    }
}

/// All permissions one by one.
fn each(enabled: &Enabled) -> impl Iterator<Item = Permission> + '_ {
    let flags = enabled
        .system
        .ones()
        .map(|n| Permission::System(PermissionId::new(n)));
    let rights = enabled.objects.iter().flat_map(|grant| {
        grant
            .rights()
            .each()
            .map(|right| Permission::Object(grant.object(), right))
    });
    flags.chain(rights)
}

fn quantity(enabled: &Enabled) -> String {
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    format!(
        "{}, rights on {} and {}",
        count(enabled.system.count_ones(..), "permission"),
        count(enabled.objects.len(), "object"),
        count(enabled.apps as usize, "app")
    )
}
