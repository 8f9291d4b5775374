//! What rows do to seats: the accounts before the push, the moves of one row, and their sum in file order.

use super::ledger::{Ledger, SeatAccount, SeatKind, Taker};
use super::outbox::{RowAt, SeatMove, SeatStep};
use crate::input::{FeatureRef, SetRef};
use crate::matrix::Matrix;
use crate::model::{
    Dense, FeatureId, LicenseId, PackageId, PermissionSetGroupId, PermissionSetId, PslId, UserId,
};
use crate::rules::{RowCx, Run};
use fixedbitset::FixedBitSet;
use smallvec::SmallVec;

/// The flag that Salesforce may give to new internal users by itself.
const CONTENT: &str = "UserPermissionsSFContentUser";
/// License families whose new users may receive it.
const CONTENT_FAMILIES: [&str; 2] = ["internal-full", "internal-platform"];

/// A few permission set licenses.
type Psls = SmallVec<[PslId; 8]>;

/// The accounts of an org before anything is pushed: licenses, PSLs, feature licenses, packages, each in file order.
///
/// Seats of a user license are counted: active users by the license of their profile. `UsedLicenses`, which can be a
/// day old, stands in where users or profiles were not pulled. For PSLs and packages the org's own figure counts,
/// because inactive users can hold them.
#[must_use]
pub fn open(m: &Matrix, run: &Run) -> Ledger {
    let org = &m.org;
    let total_of = |names: &[&str]| {
        let told = run
            .totals
            .iter()
            .find(|(name, _)| names.contains(&name.as_str()));
        told.map(|(_, total)| *total)
    };
    let mut accounts = Vec::with_capacity(
        org.licenses.len() + org.psls.len() + org.features.len() + org.packages.len(),
    );
    let active = active_users(m);
    for (id, license) in org.licenses.iter() {
        let key = match license.key.as_ref() {
            Some(key) if !key.is_empty() => key.to_string(),
            _ => license.name.to_string(),
        };
        let total = if license.disabled.is(&true) {
            Some(0)
        } else {
            license
                .total
                .get()
                .or_else(|| total_of(&[&key, &license.name]))
        };
        let used = active
            .as_ref()
            .and_then(|active| active.get(id.index()).copied())
            .or(license.used.get());
        accounts.push(account(
            SeatKind::License(id),
            key,
            license.name.to_string(),
            total,
            used,
        ));
    }
    for (id, psl) in org.psls.iter() {
        let total = if psl.disabled.is(&true) {
            Some(0)
        } else {
            psl.total.get().or_else(|| total_of(&[&psl.key, &psl.name]))
        };
        accounts.push(account(
            SeatKind::Psl(id),
            psl.key.to_string(),
            psl.label.to_string(),
            total,
            psl.used.get(),
        ));
    }
    for (id, field) in org.features.iter() {
        let kind = feature_type(m, id);
        let told = org.feature_totals.iter().find(|told| told.feature == id);
        let total = told
            .and_then(|told| told.total.get())
            .or_else(|| total_of(&[&kind, field]));
        let used = told
            .and_then(|told| told.assigned.get())
            .or_else(|| active_holders(m, id, field));
        let label = m.feature_label(id).to_owned();
        accounts.push(account(SeatKind::Feature(id), kind, label, total, used));
    }
    for (id, package) in org.packages.iter() {
        let namespace = package.namespace.to_string();
        let total = package
            .allowed
            .get()
            .or_else(|| total_of(&[&package.namespace]));
        accounts.push(account(
            SeatKind::Package(id),
            namespace.clone(),
            namespace,
            total,
            package.used.get(),
        ));
    }
    Ledger { accounts }
}

fn account(
    kind: SeatKind,
    key: String,
    label: String,
    total: Option<i64>,
    used: Option<i64>,
) -> SeatAccount {
    SeatAccount {
        kind,
        key,
        label,
        total,
        used,
        takes: 0,
        releases: 0,
        likely_releases: 0,
        late_takers: Vec::new(),
        first_taker: None,
        carried: 0,
        first_carrier: None,
        implicit: 0,
    }
}

/// Active users per license; `None` where the snapshot does not tell them.
fn active_users(m: &Matrix) -> Option<Vec<i64>> {
    let org = &m.org;
    let seen = ["ProfileId", "IsActive"]
        .iter()
        .all(|column| org.coverage.has_column("User", column))
        && org.coverage.has_column("Profile", "UserLicenseId");
    if !seen {
        return None;
    }
    let mut counts = vec![0; org.licenses.len()];
    for user in org.users.iter() {
        if org.users.active(user) != Some(true) {
            continue;
        }
        let license = org.users.profile(user).and_then(|p| m.license_of(p));
        if let Some(count) = license.and_then(|l| counts.get_mut(l.index())) {
            *count += 1;
        }
    }
    Some(counts)
}

/// Active users with a flag; `None` where the snapshot does not tell them.
fn active_holders(m: &Matrix, feature: FeatureId, field: &str) -> Option<i64> {
    let org = &m.org;
    if !org.coverage.has_column("User", field) {
        return None;
    }
    let held = org
        .users
        .iter()
        .filter(|&user| {
            org.users.active(user) == Some(true) && org.users.has_feature(user, feature)
        })
        .count();
    i64::try_from(held).ok()
}

/// `FeatureType` of a flag: as shipped, else the field name without its prefix.
fn feature_type(m: &Matrix, feature: FeatureId) -> String {
    let field = m.org.features.get(feature).map_or("", AsRef::as_ref);
    m.knowledge.feature(field).map_or_else(
        || {
            field
                .strip_prefix("UserPermissions")
                .unwrap_or(field)
                .to_owned()
        },
        |facts| facts.feature_type.to_owned(),
    )
}

/// Which account a license, set or flag moves.
#[derive(Debug)]
pub(crate) struct SeatIndex {
    psls: u32,
    features: u32,
    packages: u32,
    /// PSLs that each set, and each group, takes by itself.
    of_sets: Vec<Psls>,
    of_groups: Vec<Psls>,
    /// The CRM Content flag, and the licenses whose new users may receive it.
    content: Option<FeatureId>,
    content_licenses: FixedBitSet,
}

impl SeatIndex {
    /// The index that belongs to [`open`] of the same matrix.
    pub(crate) fn new(m: &Matrix) -> Self {
        let org = &m.org;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let psls = number(org.licenses.len());
        let features = psls + number(org.psls.len());
        let taken = |to| m.psls_taken_by(to).into_iter().collect();
        let content_licenses = org
            .licenses
            .iter()
            .filter(|(id, _)| {
                m.family(*id)
                    .is_some_and(|family| CONTENT_FAMILIES.contains(&family.as_str()))
            })
            .map(|(id, _)| id.index())
            .collect();
        Self {
            psls,
            features,
            packages: features + number(org.features.len()),
            of_sets: org
                .permission_sets
                .iter()
                .map(|(id, _)| taken(SetRef::Set(id)))
                .collect(),
            of_groups: org
                .permission_set_groups
                .iter()
                .map(|(id, _)| taken(SetRef::Group(id)))
                .collect(),
            content: org.feature(CONTENT),
            content_licenses,
        }
    }

    fn license(license: LicenseId) -> u32 {
        license.0
    }

    fn psl(&self, psl: PslId) -> u32 {
        self.psls + psl.0
    }

    fn feature(&self, feature: u32) -> u32 {
        self.features + feature
    }

    fn package(&self, package: PackageId) -> u32 {
        self.packages + package.0
    }

    fn taken_by(&self, to: SetRef) -> &[PslId] {
        let taken = match to {
            SetRef::Set(PermissionSetId(set)) => self.of_sets.get(set as usize),
            SetRef::Group(PermissionSetGroupId(group)) => self.of_groups.get(group as usize),
        };
        taken.map_or(&[], SmallVec::as_slice)
    }
}

/// The moves of one row, being collected.
struct Moves<'o> {
    out: &'o mut Vec<SeatMove>,
    at: RowAt,
    user: Option<UserId>,
}

impl Moves<'_> {
    fn step(&mut self, account: u32, step: SeatStep) {
        self.out.push(SeatMove {
            at: self.at,
            account,
            user: self.user,
            step,
        });
    }
}

/// What one row takes and releases. A row that changes nothing moves nothing; a row whose profile leads to no
/// license moves no license seat.
pub(crate) fn moves(cx: &RowCx<'_>, index: &SeatIndex, out: &mut Vec<SeatMove>, at: RowAt) {
    let person = &cx.row.person;
    let mut moves = Moves {
        out,
        at,
        user: person.user,
    };
    let before = person.user.is_some() && person.active_before;
    let returns = person.user.is_some() && !before && person.active;
    let take = if returns {
        SeatStep::Reactivate
    } else {
        SeatStep::Take
    };
    match (before, person.active) {
        (false, true) => {
            if let Some(license) = person.license {
                moves.step(SeatIndex::license(license), take);
            }
        }
        (true, false) => {
            if let Some(license) = person.license_before {
                moves.step(SeatIndex::license(license), SeatStep::Release);
            }
        }
        (true, true) if person.changes_license() => {
            if let (Some(from), Some(to)) = (person.license_before, person.license) {
                moves.step(SeatIndex::license(from), SeatStep::Release);
                moves.step(SeatIndex::license(to), SeatStep::Take);
            }
        }
        _ => {}
    }
    feature_moves(cx, index, &mut moves);
    let lists = !cx.row.sets.items.is_empty()
        || !cx.row.psls.items.is_empty()
        || cx.replaces_sets()
        || cx.replaces_psls();
    if lists || returns {
        psl_moves(cx, index, returns, &mut moves);
    }
    // Who holds which package is not in the snapshot's tables, so only new users are known to take one.
    if person.user.is_none() && person.active {
        for (_, package) in cx.row.packages.found() {
            moves.step(index.package(package), SeatStep::Take);
        }
    }
}

fn feature_moves(cx: &RowCx<'_>, index: &SeatIndex, moves: &mut Moves<'_>) {
    let person = &cx.row.person;
    let held = if person.user.is_some() && person.active_before {
        person.features_before
    } else {
        0
    };
    let holds = if person.active { person.features } else { 0 };
    for (bits, taken) in [(holds & !held, true), (held & !holds, false)] {
        let mut left = bits;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let step = match taken {
                false => SeatStep::Release,
                true if person.features_before & (1 << bit) != 0 => SeatStep::Reactivate,
                true => SeatStep::Take,
            };
            moves.step(index.feature(bit), step);
        }
    }
    if person.user.is_none()
        && person.active
        && let (Some(content), Some(license)) = (index.content, person.license)
        && index.content_licenses.contains(license.index())
        && !cx
            .row
            .features
            .iter()
            .any(|item| matches!(item.to, FeatureRef::Feature(id) if id == content))
    {
        moves.step(index.feature(content.0), SeatStep::Implicit);
    }
}

fn add(psls: &mut Psls, more: &[PslId]) {
    for psl in more {
        if !psls.contains(psl) {
            psls.push(*psl);
        }
    }
}

fn psl_moves(cx: &RowCx<'_>, index: &SeatIndex, returns: bool, moves: &mut Moves<'_>) {
    let users = &cx.m.org.users;
    let (replaces_sets, replaces_psls) = (cx.replaces_sets(), cx.replaces_psls());
    // Before: by sets and groups, and in all.
    let (mut by_sets, mut held) = (Psls::new(), Psls::new());
    if let Some(user) = cx.row.person.user {
        for assignment in users.assignments(user).iter().filter(|a| a.live) {
            let to = match (assignment.group, assignment.set) {
                (Some(group), _) => SetRef::Group(group),
                (None, Some(set)) => SetRef::Set(set),
                (None, None) => continue,
            };
            add(&mut by_sets, index.taken_by(to));
        }
        add(&mut held, users.psls(user));
        add(&mut held, &by_sets);
    }
    // What the row asks for, and what stays without being asked for.
    let mut asked = Psls::new();
    for (_, psl) in cx.row.psls.found() {
        add(&mut asked, &[psl]);
    }
    for (_, to) in cx.row.sets.found() {
        add(&mut asked, index.taken_by(to));
    }
    for &psl in asked.iter().filter(|psl| !held.contains(psl)) {
        moves.step(index.psl(psl), SeatStep::Take);
    }
    for &psl in &held {
        let by_set = by_sets.contains(&psl);
        let stays =
            asked.contains(&psl) || (by_set && !replaces_sets) || (!by_set && !replaces_psls);
        match (stays, replaces_psls) {
            (true, _) if returns => moves.step(index.psl(psl), SeatStep::Reactivate),
            (true, _) => {}
            (false, true) => moves.step(index.psl(psl), SeatStep::Release),
            (false, false) => moves.step(index.psl(psl), SeatStep::LikelyRelease),
        }
    }
}

/// The existing users whose rows were counted: a second row of the same user takes no second seat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted(FixedBitSet);

impl Counted {
    /// Room for the users of the matrix.
    pub(crate) fn new(m: &Matrix) -> Self {
        Self(FixedBitSet::with_capacity(m.org.users.len()))
    }
}

/// Sums the moves of one block. Blocks come in file order; `base_row` records and `base_line` lines stand before the block.
pub(crate) fn apply(
    ledger: &mut Ledger,
    counted: &mut Counted,
    (base_row, base_line): (u64, u64),
    moves: &[SeatMove],
) {
    for row in moves.chunk_by(|a, b| a.at.row == b.at.row) {
        let repeated = row
            .first()
            .and_then(|first| first.user)
            .is_some_and(|user| user.index() < counted.0.len() && counted.0.put(user.index()));
        if repeated {
            continue;
        }
        for one in row {
            let taker = Taker {
                row: base_row + u64::from(one.at.row) + 1,
                line: base_line + u64::from(one.at.line) + 1,
                reactivates: one.step == SeatStep::Reactivate,
            };
            if let Some(account) = ledger.accounts.get_mut(one.account as usize) {
                account.sum(one.step, taker);
            }
        }
    }
}

impl SeatAccount {
    fn sum(&mut self, step: SeatStep, taker: Taker) {
        match step {
            SeatStep::Reactivate if matches!(self.kind, SeatKind::Psl(_)) => {
                self.carried += 1;
                self.first_carrier.get_or_insert(taker);
            }
            SeatStep::Take | SeatStep::Reactivate => {
                self.takes += 1;
                self.first_taker.get_or_insert(taker);
                let late = self
                    .free()
                    .is_some_and(|free| i64::try_from(self.takes).is_ok_and(|takes| takes > free));
                if late {
                    self.late_takers.push(taker);
                }
            }
            SeatStep::Release => self.releases += 1,
            SeatStep::LikelyRelease => self.likely_releases += 1,
            SeatStep::Implicit => self.implicit += 1,
        }
    }
}
