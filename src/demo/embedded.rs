//! The fictional org that the program carries: `sample-data/org`, file by file.

macro_rules! files {
    ($($name:literal)*) => {
        /// Name within the folder, and content.
        pub(super) static FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../sample-data/org/", $name)))),*
        ];
    };
}

files! {
    "Account.csv"
    "ActiveFeatureLicenseMetric.csv"
    "ApexTrigger.csv"
    "Contact.csv"
    "FlowDefinitionView.csv"
    "Group.csv"
    "GroupMember.csv"
    "MutingPermissionSet.csv"
    "Network.csv"
    "NetworkMemberGroup.csv"
    "ObjectPermissions.csv"
    "Organization.csv"
    "PackageLicense.csv"
    "PermissionDependency.csv"
    "PermissionSet.csv"
    "PermissionSetAssignment.csv"
    "PermissionSetGroup.csv"
    "PermissionSetGroupComponent.csv"
    "PermissionSetLicense.csv"
    "PermissionSetLicenseAssign.csv"
    "Profile.csv"
    "Settings.csv"
    "SetupEntityAccess.csv"
    "User.csv"
    "UserLicense.csv"
    "UserLogin.csv"
    "UserPackageLicense.csv"
    "UserRole.csv"
    "ValidationRule.csv"
    "describe/User.json"
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_folder_is_carried() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/org");
        let names = |dir: &str| {
            std::fs::read_dir(root.join(dir))
                .expect("a folder")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .filter(|name| name.contains('.'))
                .map(|name| format!("{dir}{name}"))
                .collect::<BTreeSet<_>>()
        };
        let mut there = names("");
        there.extend(names("describe/"));
        let carried: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(there, carried);
    }
}
