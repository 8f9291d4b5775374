//! Any bytes as one file of a snapshot: an org or one error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfcompat::matrix::Matrix;
use sfcompat::snapshot::{Wants, load};

const FILES: [&str; 8] = [
    "User.csv", "Profile.csv", "PermissionSet.csv", "UserRole.csv", "UserLicense.csv", "PermissionSetLicense.csv", "describe/User.json", "PermissionSetAssignment.csv",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("describe")).expect("a folder");
    std::fs::write(folder.path().join(FILES[usize::from(*first) % FILES.len()]), rest).expect("written");
    if let Ok(snapshot) = load(folder.path(), &Wants::everything(jiff::civil::date(2026, 11, 21))) {
        let _ = Matrix::build(snapshot.org);
    }
});
