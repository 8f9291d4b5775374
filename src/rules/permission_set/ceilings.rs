//! What a row sends that its license does not permit, as far as permission set licenses do not lift that.

use super::RowCx;
use super::set_facts::{kind, psl_ended, psls_of};
use crate::finding::{Cause, Explanation, Witness};
use crate::input::{Item, SetRef};
use crate::matrix::{Faults, Gate, Ground, Matrix, Permission};
use crate::model::{LicenseId, PslId};
use rustc_hash::FxHasher;
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

/// A few permissions.
pub(crate) type Permissions = SmallVec<[Permission; 4]>;

/// A set or group of the row with which something is wrong under the user's license.
pub(crate) struct Faulty<'r> {
    pub(crate) item: &'r Item<'r, SetRef>,
    pub(crate) to: SetRef,
    pub(crate) license: LicenseId,
    pub(crate) faults: &'r Faults,
    /// Permission set licenses that the user has after the push.
    pub(crate) psls: &'r [PslId],
}

/// Permission set licenses that the user has after the push and that still count.
pub(crate) fn psls_after(cx: &RowCx<'_>) -> SmallVec<[PslId; 8]> {
    let mut all = SmallVec::<[PslId; 8]>::new();
    let mut add = |psl: PslId| {
        let lives =
            cx.m.psl(psl)
                .is_some_and(|row| psl_ended(row, cx.run.today).is_none());
        if lives && !all.contains(&psl) {
            all.push(psl);
        }
    };
    cx.row.psls.found().for_each(|(_, psl)| add(psl));
    for to in cx.assigned_after() {
        psls_of(cx.m, to).into_iter().for_each(&mut add);
    }
    if !cx.replaces_psls() {
        cx.psls_before().iter().copied().for_each(add);
    }
    all
}

/// Calls `each` for every set and group of the row that has faults under the user's license.
pub(crate) fn each_faulty(cx: &RowCx<'_>, mut each: impl FnMut(&Faulty<'_>)) {
    let Some(license) = cx.row.person.license else {
        return;
    };
    let mut psls = None;
    for (item, to) in cx.row.sets.found() {
        let Some(faults) = cx.m.faults(license, to) else {
            continue;
        };
        let psls = psls.get_or_insert_with(|| psls_after(cx));
        each(&Faulty {
            item,
            to,
            license,
            faults,
            psls,
        });
    }
}

/// What is left of some permissions once permission set licenses opened theirs.
pub(crate) fn unopened(
    m: &Matrix,
    license: LicenseId,
    psls: &[PslId],
    permissions: impl Iterator<Item = Permission>,
) -> Permissions {
    permissions
        .filter(|&permission| !psls.iter().any(|&psl| m.opens(psl, license, permission)))
        .collect()
}

impl Faulty<'_> {
    /// Published refusals that nothing lifts.
    pub(crate) fn excluded(&self, m: &Matrix) -> Permissions {
        let all = self
            .faults
            .excluded
            .iter()
            .map(|(permission, _)| *permission);
        unopened(m, self.license, self.psls, all)
    }

    /// Permissions that need a permission set license which the user does not have.
    pub(crate) fn gated(&self, m: &Matrix) -> SmallVec<[Gate; 4]> {
        let closed = |gate: &&Gate| {
            !self
                .psls
                .iter()
                .any(|&psl| m.opens(psl, self.license, gate.permission))
        };
        self.faults.gated.iter().filter(closed).copied().collect()
    }

    /// Permissions that were never seen under the license and that nothing the user has explains.
    pub(crate) fn unproven(&self, m: &Matrix) -> Permissions {
        let all = self.faults.unproven.iter().copied();
        unopened(m, self.license, self.psls, all)
    }

    /// Active users of the license who hold the set or group.
    pub(crate) fn holders(&self) -> Witness {
        Matrix::holders(self.license, self.to)
    }

    /// What tells the finding apart: the set or group, the license, and which permissions are left.
    pub(crate) fn key(&self, left: impl IntoIterator<Item = Permission>) -> u64 {
        let mut hasher = FxHasher::default();
        (self.to, self.license).hash(&mut hasher);
        left.into_iter()
            .for_each(|permission| permission.hash(&mut hasher));
        hasher.finish()
    }

    /// The cause with its place in the row.
    pub(crate) fn marked<'c>(&'c self, cause: Cause<'c>, name: &'c str) -> Cause<'c> {
        cause
            .column(self.item.column)
            .value(&self.item.text)
            .subject(kind(self.to), name)
    }
}

/// The org data that contradicts a refusal of these permissions, if there is any.
pub(crate) fn contradiction(
    m: &Matrix,
    faulty: &Faulty<'_>,
    left: &[Permission],
) -> Option<Witness> {
    m.contradiction(faulty.license, faulty.to, left.iter().copied())
}

/// Permissions for people, all of them: `Author Apex (AuthorApex), Read Account`.
pub(crate) fn shown(m: &Matrix, permissions: &[Permission]) -> String {
    let all: Vec<String> = permissions
        .iter()
        .map(|permission| m.permission_shown(*permission))
        .collect();
    all.join(", ")
}

/// `1 permission`, `2 permissions`.
pub(crate) fn count(permissions: &[Permission]) -> String {
    match permissions.len() {
        1 => String::from("a permission"),
        more => format!("{more} permissions"),
    }
}

/// The refusal that Salesforce is expected to give; it names the first permission only.
pub(crate) fn refusal(m: &Matrix, set: &str, permissions: &[Permission]) -> String {
    match permissions.first() {
        Some(Permission::Apps) => String::from("The user license doesn't allow Assigned Apps"),
        Some(permission) => format!(
            "Can't assign permission set {set} to user ... The user license doesn't allow the permission: {}",
            m.permission_label(*permission)
        ),
        None => String::new(),
    }
}

/// The permission set licenses that open a gate, for people.
pub(crate) fn openers(m: &Matrix, license: LicenseId, gate: &Gate) -> String {
    let of_org: Vec<&str> = m
        .openers(license, gate.permission)
        .filter_map(|psl| m.psl(psl))
        .map(crate::model::PermissionSetLicense::shown)
        .collect();
    match (of_org.is_empty(), gate.ground) {
        (true, Ground::Published(key)) => format!("{key}, which the org does not have"),
        _ => of_org.join(" or "),
    }
}

/// Whether the verdict rests on the org's own data; a right on an object, or a ceiling of which nothing is known, is a
/// doubt.
pub(crate) fn is_proved(m: &Matrix, faulty: &Faulty<'_>, gates: &[Gate]) -> bool {
    m.is_known(faulty.license)
        && gates
            .iter()
            .any(|gate| gate.ground == Ground::Maximum { told: true })
}

/// The facts about the gates, one by one.
pub(crate) fn with_gates(
    mut words: Explanation,
    m: &Matrix,
    faulty: &Faulty<'_>,
    gates: &[Gate],
) -> Explanation {
    for gate in gates {
        let permission = m.permission_shown(gate.permission);
        let who = openers(m, faulty.license, gate);
        words = words.because(match gate.ground {
            Ground::Maximum { told: true } => format!(
                "{permission} comes with permission set license {who} (MaximumPermissions), and nothing shows it for {}",
                m.shown_license(faulty.license)
            ),
            Ground::Maximum { told: false } => format!(
                "{permission} comes with permission set license {who} (MaximumPermissions); whether {} has it too is not in the snapshot",
                m.shown_license(faulty.license)
            ),
            Ground::Published(_) => format!(
                "{permission} was refused to users of this license without permission set license {who}"
            ),
        });
    }
    words
}
