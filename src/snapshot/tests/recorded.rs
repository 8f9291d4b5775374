//! Data that others recorded, where it lies beside the project; skipped where it does not.

use super::Folder;
use crate::model::{FieldType, Known};
use crate::snapshot::{describe, load};
use std::path::{Path, PathBuf};

/// A folder beside the project.
fn beside(path: &str) -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if dir.exists() {
        return Some(dir);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says why")]
    {
        eprintln!("skipped: there is no {}", dir.display());
    }
    None
}

#[test]
fn whole_orgs_load() {
    let Some(cases) = beside("cases") else { return };
    let mut orgs = 0;
    for entry in std::fs::read_dir(cases).expect("a folder") {
        let dir = entry.expect("an entry").path().join("org");
        if !dir.is_dir() {
            continue;
        }
        let snapshot = load(&dir, &Folder::wants())
            .unwrap_or_else(|fault| panic!("{}: {fault}", dir.display()));
        let org = snapshot.org;
        assert!(
            !org.users.is_empty() && !org.features.is_empty(),
            "{}",
            dir.display()
        );
        assert!(org.user_describe.is_some() && org.organization.is_some());
        for object in org
            .coverage
            .objects
            .keys()
            .filter(|name| !name.contains('/'))
        {
            assert!(dir.join(format!("{object}.csv")).is_file(), "{object}");
        }
        let files = std::fs::read_dir(&dir).expect("a folder");
        let csv = files
            .filter(|file| {
                file.as_ref()
                    .is_ok_and(|file| file.path().extension().is_some_and(|end| end == "csv"))
            })
            .count();
        assert_eq!(
            org.coverage.objects.len(),
            csv + 1,
            "every file is known, and describe"
        );
        orgs += 1;
    }
    assert!(orgs > 0, "no org in the folder");
}

#[test]
fn describes_of_real_orgs() {
    let Some(rest) = beside("fixtures/rest") else {
        return;
    };
    let old = rest.join(
        "developerforce__Force.com-Toolkit-for-NET/tests/ForceToolkitForNET.Tests/KnownGoodContent",
    );
    let folder = Folder::new().with(
        "describe/User.json",
        std::fs::read(old.join("UserObjectDescribeMetadata.json")).expect("a describe"),
    );
    let described = folder.load().org.user_describe.expect("a describe");
    let username = described.field("Username").expect("a field");
    assert_eq!(
        (username.length, username.createable),
        (Known::Yes(80), Known::Yes(true))
    );
    assert_eq!(username.nillable, Known::Yes(false));
    let profile = described.field("ProfileId").expect("a field");
    assert_eq!(profile.kind, FieldType::Reference);
    assert_eq!(profile.reference_to, ["Profile"]);
    assert!(
        described
            .field("TimeZoneSidKey")
            .is_some_and(|field| field.picklist.len() > 10)
    );

    let reduced = rest.join("salesforce-experiencecloud__lwrfileupload/describe");
    let mut read = 0;
    for entry in std::fs::read_dir(reduced).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let described = describe::parse("describe", &text).expect("a describe");
        assert!(!described.fields.is_empty(), "{}", path.display());
        assert!(
            described
                .fields
                .iter()
                .all(|field| field.length == Known::Unknown && field.createable == Known::Unknown)
        );
        read += 1;
    }
    assert!(read > 0, "no describe in the folder");
}
