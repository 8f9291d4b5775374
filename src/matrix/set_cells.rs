//! Cells about permission sets, groups and single permissions.

use super::ceiling::is_custom;
use super::cells::Opinion;
use super::{CellVerdict, Enabled, Ground, Matrix, MatrixCell, Permission, Side, Standing};
use crate::finding::{Confidence, Witness};
use crate::input::SetRef;
use crate::model::{
    LicenseId, ObjectRights, PermissionId, PermissionSetGroupId, PermissionSetId, SetLicense,
    UserType,
};

/// Permissions that a reason names one by one; a set can have hundreds.
const NAMED: usize = 6;

impl Matrix {
    pub(super) fn set_cell(&self, side: Side, set: PermissionSetId) -> MatrixCell {
        let to = SetRef::Set(set);
        let license = side.license;
        let bound = self.set(set).and_then(|row| row.license.get());
        let opinion = match bound {
            None => Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                "the snapshot does not tell PermissionSet.LicenseId",
            ),
            Some(SetLicense::None) => return self.free_cell(side, to),
            Some(SetLicense::User(own)) if own == license => Opinion::new(
                CellVerdict::Allowed,
                Confidence::Documented,
                "bound to this license (PermissionSet.LicenseId)",
            ),
            Some(SetLicense::User(own)) => Opinion::new(
                CellVerdict::Denied,
                Confidence::Documented,
                format!(
                    "bound to the license {} (PermissionSet.LicenseId)",
                    self.shown_license(own)
                ),
            ),
            Some(SetLicense::UnseenLicense(id)) => Opinion::new(
                CellVerdict::Denied,
                Confidence::Documented,
                format!("bound to a license that the snapshot does not hold ({id})"),
            ),
            Some(SetLicense::Psl(psl)) => Opinion::new(
                CellVerdict::NeedsPsl,
                Confidence::Documented,
                format!(
                    "takes a seat of the permission set license {}",
                    self.psl_shown(psl)
                ),
            ),
            Some(SetLicense::UnseenPsl(id)) => Opinion::new(
                CellVerdict::NeedsPsl,
                Confidence::Documented,
                format!("needs a permission set license that the snapshot does not hold ({id})"),
            ),
        };
        let refused = (side.kind == Some(UserType::Guest))
            .then(|| self.guest_writes(to))
            .filter(|refused| !refused.is_empty());
        let opinion = match refused {
            Some(refused) => self.guest_opinion(&refused),
            None => opinion,
        };
        opinion.weighed(self.witnesses(Witness::PermissionSet(license, set)))
    }

    fn guest_opinion(&self, refused: &[Permission]) -> Opinion {
        let views = |one: &Permission| matches!(one, Permission::Object(_, right) if *right == ObjectRights::VIEW_ALL);
        if refused.iter().all(views) {
            return Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                format!(
                    "guest users may read and create only, by a published refusal, yet a public org export holds a guest profile with View All: {}",
                    self.listed(refused)
                ),
            );
        }
        Opinion::new(
            CellVerdict::Denied,
            Confidence::Documented,
            format!("guest users may not have {}", self.listed(refused)),
        )
    }

    /// A set without a license of its own, or what a group enables: as good as the license allows what is in it.
    fn free_cell(&self, side: Side, to: SetRef) -> MatrixCell {
        let license = side.license;
        let count = self.witnesses(Self::holders(license, to));
        let refused = self.guest_writes(to);
        if side.kind == Some(UserType::Guest) && !refused.is_empty() {
            return self.guest_opinion(&refused).weighed(count);
        }
        let Some(faults) = self.faults(license, to) else {
            return self.sound_opinion(license, to).weighed(count);
        };
        if !faults.excluded.is_empty() {
            let refused: Vec<Permission> = faults.excluded.iter().map(|(one, _)| *one).collect();
            let opinion = Opinion::new(
                CellVerdict::Denied,
                Confidence::Documented,
                format!(
                    "refusals for this kind of license were published: {}",
                    self.listed(&refused)
                ),
            );
            // Users who have the permission in another way contradict the refusal as well.
            let contradicted = self
                .contradiction(license, to, refused.into_iter())
                .map_or(0, |witness| self.witnesses(witness));
            let mut cell = opinion.weighed(count.max(contradicted));
            cell.witnesses = Some(count);
            return cell;
        }
        if let Some(gate) = faults.gated.first() {
            let opens: Vec<&str> = self
                .openers(license, gate.permission)
                .filter_map(|psl| self.psl(psl))
                .map(crate::model::PermissionSetLicense::shown)
                .collect();
            let by = match (opens.is_empty(), gate.ground) {
                (true, Ground::Published(key)) => key.to_owned(),
                _ => opens.join(" or "),
            };
            let all: Vec<Permission> = faults.gated.iter().map(|gate| gate.permission).collect();
            return Opinion::new(
                CellVerdict::NeedsPsl,
                Confidence::Documented,
                format!(
                    "needs permission set license {by} assigned first, for {}",
                    self.listed(&all)
                ),
            )
            .weighed(count);
        }
        Opinion::new(
            CellVerdict::Unknown,
            Confidence::Inferred,
            format!(
                "never seen under this license, which proves nothing: {}",
                self.listed(&faults.unproven)
            ),
        )
        .weighed(count)
    }

    /// Nothing is wrong with it as far as the snapshot tells; how far does it tell?
    fn sound_opinion(&self, license: LicenseId, to: SetRef) -> Opinion {
        let unknown =
            |reason: &str| Opinion::new(CellVerdict::Unknown, Confidence::Documented, reason);
        let bound_to_none =
            "bound to no license: assignable when the license allows every permission in it";
        let Some(enabled) = self.enabled(to) else {
            return unknown("the snapshot does not tell what the group enables after muting");
        };
        if self.org.set_permissions.is_clear() || !self.org.coverage.has("ObjectPermissions") {
            return unknown(bound_to_none);
        }
        match self.worst_standing(license, &enabled) {
            Some(Standing::Seen) => Opinion::new(
                CellVerdict::Allowed,
                Confidence::Documented,
                "bound to no license, and all that it enables is enabled under this license already",
            ),
            Some(Standing::Elsewhere(_)) => Opinion::new(
                CellVerdict::Allowed,
                Confidence::Inferred,
                "bound to no license, and all that it enables was seen under this license, here or in public org exports",
            ),
            _ => unknown(bound_to_none),
        }
    }

    /// The standing of the permission of which the least is known; `None` where nothing is known of one.
    fn worst_standing(&self, license: LicenseId, enabled: &Enabled) -> Option<Standing> {
        let ceiling = self.ceiling(license)?;
        let mut worst = Standing::Seen;
        for id in enabled.system.ones() {
            match self.standing(license, Permission::System(crate::model::Dense::new(id)))? {
                Standing::Seen => {}
                Standing::Elsewhere(observed) => worst = Standing::Elsewhere(observed),
                Standing::Never => return None,
            }
        }
        for grant in &enabled.objects {
            let left = grant.rights().without(ceiling.rights(grant.object()));
            if left == ObjectRights::NONE {
                continue;
            }
            if !is_custom(self.object_name(grant.object())) {
                return None;
            }
            // Licenses whose users may hold custom objects may hold any of them; which those are is not published.
            worst = Standing::Elsewhere(crate::knowledge::Observed {
                profiles: 0,
                exports: 0,
            });
        }
        Some(worst)
    }

    /// A group is as good as its gravest member with a license, and as what it enables after muting.
    pub(super) fn group_cell(&self, side: Side, group: PermissionSetGroupId) -> MatrixCell {
        let to = SetRef::Group(group);
        let Some(members) = self.group(group).and_then(|row| row.members.as_ref()) else {
            return MatrixCell {
                verdict: CellVerdict::Unknown,
                confidence: Confidence::Inferred,
                witnesses: None,
                reason: String::from("the snapshot does not tell the members of the group"),
            };
        };
        let own = self.free_cell(side, to);
        if members.is_empty() {
            return MatrixCell {
                verdict: CellVerdict::Allowed,
                confidence: Confidence::Documented,
                reason: String::from("a group without members"),
                ..own
            };
        }
        let gravest = members
            .iter()
            .filter(|&&set| {
                !self
                    .set(set)
                    .is_some_and(|row| row.license.is(&SetLicense::None))
            })
            .map(|&set| (set, self.set_cell(side, set)))
            .max_by_key(|(_, cell)| cell.verdict);
        match gravest {
            Some((set, cell)) if cell.verdict >= own.verdict => MatrixCell {
                reason: format!("member {}: {}", self.shown(SetRef::Set(set)), cell.reason),
                witnesses: own.witnesses,
                ..cell
            },
            _ => MatrixCell {
                reason: format!("the group after muting: {}", own.reason),
                ..own
            },
        }
    }

    /// What a license permits by itself, permission by permission: seen here, seen elsewhere, never seen, refused.
    pub(super) fn permission_cell(&self, license: LicenseId, permission: Permission) -> MatrixCell {
        let exclusion = self.exclusion(license, permission);
        // Counted where the count decides, or is cheap: there are very many rights on objects.
        let counts = exclusion.is_some() || matches!(permission, Permission::System(_));
        let holders = if counts {
            self.permission_holders(license, permission)
        } else {
            0
        };
        let (verdict, confidence, reason) = if let Some(exclusion) = exclusion {
            match exclusion.psl {
                Some(key) => (
                    CellVerdict::NeedsPsl,
                    exclusion.confidence,
                    format!(
                        "refused to users of this kind of license without permission set license {key} ({})",
                        exclusion.source
                    ),
                ),
                None => (
                    CellVerdict::Denied,
                    exclusion.confidence,
                    format!(
                        "a refusal for {} was published ({})",
                        exclusion.license, exclusion.source
                    ),
                ),
            }
        } else {
            self.standing_reason(license, permission)
        };
        let mut cell = Opinion::new(verdict, confidence, reason).weighed(holders);
        cell.witnesses = counts.then_some(holders);
        cell
    }

    fn standing_reason(
        &self,
        license: LicenseId,
        permission: Permission,
    ) -> (CellVerdict, Confidence, String) {
        match self.standing(license, permission) {
            Some(Standing::Seen) => (
                CellVerdict::Allowed,
                Confidence::Certain,
                String::from(
                    "enabled in this org by a profile of the license or a set of its users",
                ),
            ),
            Some(Standing::Elsewhere(observed)) => (
                CellVerdict::Allowed,
                Confidence::Inferred,
                format!(
                    "not enabled here; enabled in public org exports (profiles: {}, exports: {})",
                    observed.profiles, observed.exports
                ),
            ),
            standing => {
                let opens: Vec<&str> = self
                    .openers(license, permission)
                    .filter_map(|psl| self.psl(psl))
                    .map(crate::model::PermissionSetLicense::shown)
                    .collect();
                match (standing, opens.is_empty()) {
                    (_, false) => (
                        CellVerdict::NeedsPsl,
                        Confidence::Documented,
                        format!(
                            "comes with permission set license {} (MaximumPermissions)",
                            opens.join(" or ")
                        ),
                    ),
                    (Some(_), true) => (
                        CellVerdict::Unknown,
                        Confidence::Inferred,
                        String::from(
                            "never seen under the license, here or elsewhere; that proves nothing",
                        ),
                    ),
                    (None, true) => (
                        CellVerdict::Unknown,
                        Confidence::Inferred,
                        String::from("the snapshot holds nothing that could show it"),
                    ),
                }
            }
        }
    }

    /// Permissions for people; of many the first ones and how many more.
    pub(super) fn listed(&self, permissions: &[Permission]) -> String {
        let named: Vec<String> = permissions
            .iter()
            .take(NAMED)
            .map(|permission| self.permission_shown(*permission))
            .collect();
        match permissions.len().saturating_sub(NAMED) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }

    /// Permissions that the ceilings are shown for: every flag that the snapshot has a column for, the rights on objects
    /// that some assignable set or group enables, and assigned apps.
    #[must_use]
    pub fn permissions_shown(&self) -> Vec<Permission> {
        let told = |id: &PermissionId| {
            let n = id.0 as usize;
            self.org.set_permissions.contains(n) || self.org.profile_permissions.contains(n)
        };
        let mut shown: Vec<Permission> = self
            .org
            .permissions
            .iter()
            .map(|(id, _)| id)
            .filter(told)
            .map(Permission::System)
            .collect();
        shown.sort_by_cached_key(|permission| self.permission_name(*permission));
        let mut objects: Vec<Permission> = self
            .org
            .permission_sets
            .iter()
            .filter(|(_, set)| set.is_assignable())
            .flat_map(|(set, _)| self.org.access.grants(set))
            .flat_map(|grant| {
                grant
                    .rights()
                    .each()
                    .map(|right| Permission::Object(grant.object(), right))
            })
            .collect();
        objects.sort_unstable();
        objects.dedup();
        objects.sort_by_cached_key(|permission| match permission {
            Permission::Object(object, right) => (self.object_name(*object).to_owned(), *right),
            _ => (String::new(), ObjectRights::NONE),
        });
        shown.extend(objects);
        if self.org.coverage.has("SetupEntityAccess") {
            shown.push(Permission::Apps);
        }
        shown
    }
}
