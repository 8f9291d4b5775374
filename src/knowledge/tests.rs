//! What must hold for the shipped facts, whatever line is corrected next.

mod lookups;

use std::collections::BTreeSet;

use super::*;

/// Every family that a license names.
fn families() -> BTreeSet<Family> {
    shipped()
        .known_licenses()
        .iter()
        .map(|license| license.family)
        .collect()
}

#[test]
fn every_shipped_line_can_be_read() {
    assert_eq!(load().map(|_| ()), Ok(()));
    assert_eq!(shipped().version(), "2026-11");
}

#[test]
fn every_line_has_a_source() {
    for table in shipped().tables() {
        assert_eq!(table.header.last(), Some(&"source"), "{}", table.name);
        assert!(!table.rows.is_empty(), "{}", table.name);
        for row in &table.rows {
            assert!(
                row.last().is_some_and(|source| !source.trim().is_empty()),
                "{row:?}"
            );
        }
    }
}

#[test]
fn the_borrowed_cells_are_those_of_a_general_csv_reader() {
    let texts = [
        license::SHEET.text,
        transition::SHEET.text,
        feature::SHEET.text,
        profile::SHEET.text,
        permission::LABELS.text,
        permission::OBSERVED.text,
        exclusion::SHEET.text,
        user_field::SHEET.text,
        psl_key::SHEET.text,
        okta_attribute::SHEET.text,
        error_pattern::SHEET.text,
    ];
    let tables = shipped().tables();
    assert_eq!(tables.len(), texts.len());
    for (table, text) in tables.iter().zip(texts) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let records: Result<Vec<_>, _> = reader.records().collect();
        let records = records.unwrap_or_default();
        assert_eq!(records.len(), table.rows.len(), "{}", table.name);
        for (record, row) in records.iter().zip(&table.rows) {
            assert!(
                record.iter().eq(row.iter().copied()),
                "{}: {row:?}",
                table.name
            );
        }
    }
}

#[test]
fn every_pair_of_families_has_a_transition_and_no_other_has() {
    let families = families();
    let transitions = transition::parse(transition::SHEET).unwrap_or_default();
    let found: BTreeSet<_> = transitions.pairs().collect();
    let wanted: BTreeSet<_> = families
        .iter()
        .flat_map(|from| families.iter().map(move |to| (*from, *to)))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_message_is_predicted_only_for_a_rejected_move() {
    let families = families();
    for (from, to) in families
        .iter()
        .flat_map(|from| families.iter().map(move |to| (*from, *to)))
    {
        let transition = shipped().transition(from, to);
        let rejected = transition.map(|known| known.verdict == TransitionVerdict::Rejected);
        assert_eq!(
            rejected,
            transition.map(|known| !known.message.is_empty()),
            "{from:?} {to:?}"
        );
    }
}

#[test]
fn other_tables_name_known_licenses_and_families() {
    let keys: BTreeSet<_> = shipped()
        .known_licenses()
        .iter()
        .map(|license| license.key)
        .collect();
    let names: BTreeSet<_> = shipped()
        .known_licenses()
        .iter()
        .map(|license| license.name)
        .collect();
    for feature in shipped().features() {
        for key in feature.allowed_keys.iter().chain(&feature.rejected_keys) {
            assert!(keys.contains(key), "{}: {key}", feature.field);
        }
        assert!(
            feature
                .allowed_keys
                .iter()
                .all(|key| !feature.rejected_keys.contains(key))
        );
        assert_eq!(feature.seat_bearing, !feature.feature_type.is_empty());
        if feature.seat_bearing {
            assert_eq!(
                feature.field,
                format!("UserPermissions{}", feature.feature_type)
            );
        }
    }
    let profiles = profile::parse(profile::SHEET).unwrap_or_default();
    for profile in profiles.all() {
        assert!(
            profile.license.is_empty() || names.contains(profile.license),
            "{profile:?}"
        );
    }
    let observations = permission::parse_observations(permission::OBSERVED).unwrap_or_default();
    for license in observations.licenses() {
        assert!(names.contains(license), "{license}");
    }
    let families = families();
    for exclusion in exclusion::parse(exclusion::SHEET).unwrap_or_default() {
        assert!(families.contains(&exclusion.family), "{exclusion:?}");
    }
}

#[test]
fn an_excluded_system_permission_is_labeled_and_never_seen_under_its_family() {
    for license in shipped().known_licenses() {
        for exclusion in shipped().exclusions(license.family) {
            if exclusion.kind == PermissionKind::System {
                assert_eq!(
                    shipped().permission_label(exclusion.permission),
                    Some(exclusion.label)
                );
                assert_eq!(shipped().observed(license.name, exclusion.permission), None);
            }
        }
    }
}
