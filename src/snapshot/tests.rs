//! A tiny org in a folder, changed a little for each test.

mod access;
mod faults;
mod meaning;
mod recorded;
mod sets;

use super::{Error, Snapshot, Wants, load};
use crate::model::SfId;
use std::path::Path;

const PROFILES: &str = "Id,Name,UserLicenseId,UserType,PermissionsApiEnabled,PermissionsViewSetup
00ePq0000000001,Standard User,100Pq0000000001,Standard,true,false
00ePq0000000002,Portal User,100Pq0000000002,CspLitePortal,false,false
";
const LICENSES: &str = "Id,Name,LicenseDefinitionKey,Status,TotalLicenses,UsedLicenses
100Pq0000000001,Salesforce,SFDC,Active,10,4
100Pq0000000002,Authenticated Website,Platform_Portal_User,Disabled,-1,
";
const USERS: &str = "Id,Username,IsActive,ProfileId
005Pq0000000001,ann@acme.example,true,00ePq0000000001
005Pq0000000002,Bob@acme.example,false,00ePq0000000002
005Pq0000000003,auto@acme.example,true,
";

fn id(text: &str) -> SfId {
    SfId::parse(text).expect("an id")
}

/// A folder that lives as long as the test.
struct Folder(tempfile::TempDir);

impl Folder {
    /// The tiny org.
    fn new() -> Self {
        Self::empty()
            .with("Profile.csv", PROFILES)
            .with("UserLicense.csv", LICENSES)
            .with("User.csv", USERS)
    }

    fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// The folder with a file put into it, or replaced.
    fn with(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(file);
        let parent = path.parent().expect("inside the folder");
        std::fs::create_dir_all(parent).expect("a folder");
        std::fs::write(path, text).expect("a file");
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn wants() -> Wants {
        Wants::new(jiff::civil::date(2026, 11, 21))
    }

    fn load(&self) -> Snapshot {
        self.load_with(&Self::wants())
    }

    fn load_with(&self, wants: &Wants) -> Snapshot {
        load(self.path(), wants).expect("a sound folder")
    }

    fn fault(&self) -> Error {
        load(self.path(), &Self::wants()).expect_err("a broken folder")
    }
}
