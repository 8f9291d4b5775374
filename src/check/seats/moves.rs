//! What one row takes and releases.

use crate::check::RowAt;
use crate::check::outbox::{SeatMove, SeatStep};
use crate::input::{FeatureRef, SetRef};
use crate::matrix::Matrix;
use crate::model::{
    Dense, FeatureId, Grouped, LicenseId, PackageId, PermissionSetGroupId, PermissionSetId, PslId,
    UserId,
};
use crate::rules::{Occasion, RowCx};
use fixedbitset::FixedBitSet;
use smallvec::SmallVec;

/// The flag that Salesforce may give to new internal users by itself.
const CONTENT: &str = "UserPermissionsSFContentUser";
/// License families whose new users may receive it.
const CONTENT_FAMILIES: [&str; 2] = ["internal-full", "internal-platform"];

/// A few permission set licenses.
type Psls = SmallVec<[PslId; 8]>;

/// Which account a license, set or flag moves.
#[derive(Debug)]
pub(crate) struct SeatIndex {
    psls: u32,
    features: u32,
    packages: u32,
    /// PSLs that each set, and each group, takes by itself.
    of_sets: Grouped<PermissionSetId, PslId>,
    of_groups: Grouped<PermissionSetGroupId, PslId>,
    /// The CRM Content flag, and the licenses whose new users may receive it.
    content: Option<FeatureId>,
    content_licenses: FixedBitSet,
    /// Whether the snapshot holds users at all.
    users_pulled: bool,
    /// Whether the snapshot tells who holds seats of packages.
    package_holders_pulled: bool,
}

impl SeatIndex {
    /// The index that belongs to [`super::open()`] of the same matrix.
    pub(crate) fn new(m: &Matrix) -> Self {
        let org = &m.org;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let psls = number(org.licenses.len());
        let features = psls + number(org.psls.len());
        let sets = org.permission_sets.iter().map(|(id, _)| id);
        let groups = org.permission_set_groups.iter().map(|(id, _)| id);
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
            users_pulled: org.coverage.has("User"),
            package_holders_pulled: org.coverage.has("UserPackageLicense"),
            psls,
            features,
            packages: features + number(org.features.len()),
            of_sets: Grouped::new(
                org.permission_sets.len(),
                each(sets, |set| m.psls_taken_by(SetRef::Set(set))),
            ),
            of_groups: Grouped::new(
                org.permission_set_groups.len(),
                each(groups, |group| m.psls_taken_by(SetRef::Group(group))),
            ),
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
        match to {
            SetRef::Set(set) => self.of_sets.of(set),
            SetRef::Group(group) => self.of_groups.of(group),
        }
    }
}

/// What belongs to each of several things, thing by thing.
fn each<I: Copy, T>(things: impl Iterator<Item = I>, of: impl Fn(I) -> Vec<T>) -> Vec<(I, T)> {
    let of = &of;
    let all = things.flat_map(|thing| of(thing).into_iter().map(move |one| (thing, one)));
    all.collect()
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

/// What one row, which is about `about`, takes and releases. A row that changes nothing moves nothing; a row whose
/// profile leads to no license moves no license seat.
pub(crate) fn moves(
    cx: &RowCx<'_>,
    about: Occasion,
    index: &SeatIndex,
    out: &mut Vec<SeatMove>,
    at: RowAt,
) {
    let person = &cx.row.person;
    // Without User.csv nobody knows who is new: `username-taken` leaves the rows undecided.
    if !index.users_pulled {
        return;
    }
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
    // Who neither asks for a permission set license nor holds one moves none.
    if about.meets(Occasion::PSLS.or(Occasion::HOLDS)) {
        psl_moves(cx, index, returns, &mut moves);
    }
    package_moves(cx, index, &mut moves);
}

/// Packages that the row gives and the user does not hold. Nothing says that a list of packages replaces what the user
/// has, and a deactivation frees no seat, so no row releases one.
fn package_moves(cx: &RowCx<'_>, index: &SeatIndex, moves: &mut Moves<'_>) {
    let person = &cx.row.person;
    // Who holds which package is not known without the file: then only new users are known to take one.
    let told = index.package_holders_pulled || person.user.is_none();
    if !person.active || !told {
        return;
    }
    let held = person
        .user
        .map_or(&[][..], |user| cx.m.org.users.packages(user));
    for (_, package) in cx.row.packages.found() {
        if !held.contains(&package) {
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
    let replaces_psls = cx.replaces_psls();
    // Before: by sets and groups, by those of them that stay, and in all.
    let (mut by_sets, mut kept, mut held) = (Psls::new(), Psls::new(), Psls::new());
    if let Some(user) = cx.row.person.user {
        for assignment in users.assignments(user).iter().filter(|a| a.live) {
            let to = match (assignment.group, assignment.set) {
                (Some(group), _) => SetRef::Group(group),
                (None, Some(set)) => SetRef::Set(set),
                (None, None) => continue,
            };
            let taken = index.taken_by(to);
            add(&mut by_sets, taken);
            if !taken.is_empty() && !cx.replaces(to) {
                add(&mut kept, taken);
            }
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
    // Whether an existing user holds one is not known without the assignments: `psl-seats` leaves the row undecided.
    let told = cx.row.person.is_create() || cx.m.org.coverage.has("PermissionSetLicenseAssign");
    for &psl in asked.iter().filter(|psl| told && !held.contains(psl)) {
        moves.step(index.psl(psl), SeatStep::Take);
    }
    for &psl in &held {
        let stays = asked.contains(&psl)
            || kept.contains(&psl)
            || (!by_sets.contains(&psl) && !replaces_psls);
        match (stays, replaces_psls) {
            (true, _) if returns => moves.step(index.psl(psl), SeatStep::Reactivate),
            (true, _) => {}
            (false, true) => moves.step(index.psl(psl), SeatStep::Release),
            (false, false) => moves.step(index.psl(psl), SeatStep::LikelyRelease),
        }
    }
}
