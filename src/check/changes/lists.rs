//! The lists of a row, one change for each element that comes or goes.

use super::Noted;
use crate::finding::Effect;
use crate::input::{Attribute, FeatureRef, Resolution, SetRef, Values};
use crate::model::{FeatureId, PublicGroupId};
use crate::rules::RowCx;

pub(super) fn write(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    sets(cx, out);
    psls(cx, out);
    features(cx, out);
    public_groups(cx, out);
    packages(cx, out);
}

/// How the column of a set or group is called.
fn column(to: SetRef) -> Attribute {
    match to {
        SetRef::Set(_) => Attribute::PermissionSets,
        SetRef::Group(_) => Attribute::PermissionSetGroups,
    }
}

/// Notes the elements that a row names and that the user does not hold. `held`: what the user holds; `None`: not pulled.
fn named<T: Copy + PartialEq>(
    out: &mut Noted<'_>,
    values: &Values<'_, T>,
    held: Option<&[T]>,
    shown: impl Fn(T) -> (Attribute, String),
) {
    for item in &values.items {
        let one = item.to.one();
        // One of several is held, and which one is meant cannot be told.
        let ambiguous = match item.to {
            Resolution::Ambiguous(several) => {
                held.is_some_and(|held| several.iter().any(|one| held.contains(one)))
            }
            _ => false,
        };
        if ambiguous || one.is_some_and(|one| held.is_some_and(|held| held.contains(&one))) {
            continue;
        }
        let (column, name) = one.map_or_else(|| (item.column, item.text.to_string()), &shown);
        let effect = if held.is_some() {
            Effect::Grant
        } else {
            Effect::Unknown
        };
        out.put(effect, column.name(), (None, Some(&name)), Some(&item.text));
    }
}

fn lost(out: &mut Noted<'_>, column: Attribute, name: &str) {
    out.put(Effect::Revoke, column.name(), (Some(name), None), None);
}

/// Whether what the user holds is known: a new user holds nothing.
fn knows(cx: &RowCx<'_>, object: &str) -> bool {
    cx.row.person.is_create() || cx.m.org.coverage.has(object)
}

fn sets(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    if !cx.row.sets.present {
        return;
    }
    let held = cx.assigned_before();
    let held = knows(cx, "PermissionSetAssignment").then_some(&*held);
    named(out, &cx.row.sets, held, |to| (column(to), cx.m.shown(to)));
    for to in cx.lost_sets() {
        lost(out, column(to), &cx.m.shown(to));
    }
}

fn psls(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    if !cx.row.psls.present {
        return;
    }
    let column = Attribute::PermissionSetLicenses;
    let key = |psl| {
        let psl = cx.m.psl(psl);
        psl.map_or_else(String::new, |psl| psl.key.to_string())
    };
    let held = knows(cx, "PermissionSetLicenseAssign").then_some(cx.psls_before());
    named(out, &cx.row.psls, held, |psl| (column, key(psl)));
    for psl in cx.lost_psls() {
        lost(out, column, &key(psl));
    }
}

fn features(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    let person = &cx.row.person;
    let column = Attribute::FeatureLicenses;
    for item in cx.row.features.iter().filter(|item| item.on) {
        match item.to {
            // Known features are compared as a whole below; a flag without a seat is a field like others.
            FeatureRef::Feature(_) | FeatureRef::NotALicense => {}
            FeatureRef::Unseen(facts) => out.put(
                Effect::Unknown,
                column.name(),
                (None, Some(facts.label)),
                Some(&item.text),
            ),
            FeatureRef::Absent(_) | FeatureRef::Unknown => {
                out.put(Effect::Grant, column.name(), (None, Some(&item.text)), None);
            }
        }
    }
    let all = |flags: u32| {
        (0..u32::BITS)
            .filter(move |n| flags >> n & 1 != 0)
            .map(FeatureId)
    };
    for feature in all(person.features & !person.features_before) {
        let text = cx.row.features.iter().find_map(|item| match item.to {
            FeatureRef::Feature(id) if id == feature => Some(&*item.text),
            _ => None,
        });
        let label = cx.m.feature_label(feature);
        out.put(Effect::Grant, column.name(), (None, Some(label)), text);
    }
    for feature in all(cx.lost_features()) {
        lost(out, column, cx.m.feature_label(feature));
    }
}

fn public_groups(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    if !cx.row.public_groups.present {
        return;
    }
    let column = Attribute::PublicGroups;
    let users = &cx.m.org.users;
    let name = |id: PublicGroupId| {
        let group = cx.m.org.public_groups.get(id);
        group.map_or_else(String::new, |group| group.name.to_string())
    };
    let held = cx.row.person.user;
    let held = held.map_or(&[][..], |user| users.public_groups(user));
    let held = knows(cx, "GroupMember").then_some(held);
    named(out, &cx.row.public_groups, held, |id| (column, name(id)));
    for id in cx.lost_public_groups() {
        lost(out, column, &name(id));
    }
}

/// Packages are added only: no source says that a list of them replaces what is there.
fn packages(cx: &RowCx<'_>, out: &mut Noted<'_>) {
    if !cx.row.packages.present {
        return;
    }
    let held = cx.row.person.user;
    let held = held.map_or(&[][..], |user| cx.m.org.users.packages(user));
    let held = knows(cx, "UserPackageLicense").then_some(held);
    named(out, &cx.row.packages, held, |id| {
        let package = cx.m.org.packages.get(id);
        let name = package.map_or_else(String::new, |package| package.namespace.to_string());
        (Attribute::Packages, name)
    });
}
