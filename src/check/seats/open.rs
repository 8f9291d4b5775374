//! The accounts before the push.

use crate::check::{Ledger, SeatAccount, SeatKind, Takers};
use crate::matrix::Matrix;
use crate::model::{
    Dense, FeatureId, License, LicenseId, Package, PackageId, PermissionSetLicense, PslId,
};
use crate::rules::Run;

/// The accounts of an org before anything is pushed: licenses, PSLs, feature licenses, packages, each in file order.
///
/// Seats of a user license are counted: active users by the license of their profile. `UsedLicenses`, which can be a
/// day old, stands in where users or profiles were not pulled. For PSLs and packages the org's own figure counts,
/// because inactive users can hold them. A disabled license keeps the total that the org gives: that it takes nobody
/// is said by `license-disabled` and `psl-expired`.
#[must_use]
pub fn open(m: &Matrix, run: &Run) -> Ledger {
    let mut accounts = licenses(m, run);
    accounts.extend(psls(m, run));
    accounts.extend(features(m, run));
    accounts.extend(packages(m, run));
    Ledger { accounts }
}

/// A total that the configuration gives where the org does not.
fn told(run: &Run, names: &[&str]) -> Option<i64> {
    let found = run
        .totals
        .iter()
        .find(|(name, _)| names.contains(&name.as_str()));
    found.map(|(_, total)| *total)
}

fn licenses(m: &Matrix, run: &Run) -> Vec<SeatAccount> {
    let active = active_users(m);
    let open = |(id, license): (LicenseId, &License)| {
        let key = match license.key.as_ref() {
            Some(key) if !key.is_empty() => key.to_string(),
            _ => license.name.to_string(),
        };
        let total = license
            .total
            .get()
            .or_else(|| told(run, &[&key, &license.name]));
        let counted = active
            .as_ref()
            .and_then(|active| active.get(id.index()).copied());
        let used = counted.or(license.used.get());
        let name = license.name.to_string();
        account(SeatKind::License(id), key, name, total, used)
    };
    m.org.licenses.iter().map(open).collect()
}

fn psls(m: &Matrix, run: &Run) -> Vec<SeatAccount> {
    let open = |(id, psl): (PslId, &PermissionSetLicense)| {
        let total = psl
            .total
            .get()
            .or_else(|| told(run, &[&psl.key, &psl.name]));
        let (key, label) = (psl.key.to_string(), psl.label.to_string());
        account(SeatKind::Psl(id), key, label, total, psl.used.get())
    };
    m.org.psls.iter().map(open).collect()
}

fn features(m: &Matrix, run: &Run) -> Vec<SeatAccount> {
    let org = &m.org;
    let open = |id: FeatureId, field: &str| {
        let kind = feature_type(m, id);
        let metric = org
            .feature_totals
            .iter()
            .find(|metric| metric.feature == id);
        let total = metric
            .and_then(|metric| metric.total.get())
            .or_else(|| told(run, &[&kind, field]));
        let used = metric
            .and_then(|metric| metric.assigned.get())
            .or_else(|| active_holders(m, id, field));
        let label = m.feature_label(id).to_owned();
        account(SeatKind::Feature(id), kind, label, total, used)
    };
    let all = org.features.iter();
    all.map(|(id, field)| open(id, field)).collect()
}

fn packages(m: &Matrix, run: &Run) -> Vec<SeatAccount> {
    let open = |(id, package): (PackageId, &Package)| {
        let name = package.namespace.to_string();
        let total = package.allowed.get().or_else(|| told(run, &[&name]));
        let kind = SeatKind::Package(id);
        account(kind, name.clone(), name, total, package.used.get())
    };
    m.org.packages.iter().map(open).collect()
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
        late_takers: Takers::default(),
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
