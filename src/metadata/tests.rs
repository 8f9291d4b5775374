//! Projects that were made for a test, and the tables that they become.

use super::Project;
use std::path::Path;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }

    fn fault(&self) -> String {
        Project::read(self.path()).expect_err("refused").to_string()
    }

    /// The table of an object.
    fn table(&self, object: &str) -> String {
        let project = Project::read(self.path()).expect("a project");
        let target = tempfile::tempdir().expect("a folder");
        project.write(target.path()).expect("tables");
        std::fs::read_to_string(target.path().join(format!("{object}.csv"))).unwrap_or_default()
    }
}

const PROJECT: (&str, &str) = (
    "sfdx-project.json",
    r#"{"packageDirectories":[{"path":"force-app","default":true},{"path":"./more"}],"sourceApiVersion":"65.0"}"#,
);

fn profile(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\">{inner}</Profile>\n"
    )
}

#[test]
fn a_profile_in_two_package_directories_is_one() {
    let folder = Folder::new(&[
        PROJECT,
        (
            "force-app/main/default/profiles/Sales%2EOps.profile-meta.xml",
            &profile(
                "<custom>true</custom><userLicense>Salesforce</userLicense><userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>",
            ),
        ),
        (
            "more/profiles/Sales.Ops.profile-meta.xml",
            &profile(
                "<userPermissions><enabled>false</enabled><name>ViewSetup</name></userPermissions>",
            ),
        ),
        ("elsewhere/profiles/Admin.profile", &profile("")),
    ]);
    assert_eq!(
        folder.table("Profile"),
        "Id,Name,UserLicenseId,PermissionsApiEnabled,PermissionsViewSetup\n00ezzz000000001,Sales.Ops,100zzz000000001,true,false\n"
    );
    assert_eq!(
        folder.table("UserLicense"),
        "Id,Name,LicenseDefinitionKey\n100zzz000000001,Salesforce,SFDC\n"
    );
    let other = &profile("<userLicense>Salesforce Platform</userLicense>");
    folder.write("more/profiles/Sales.Ops.profile-meta.xml", other.as_bytes());
    assert_eq!(
        folder.fault(),
        "more/profiles/Sales.Ops.profile-meta.xml, line 2, column 58: the user license is 'Salesforce Platform', and 'Salesforce' in force-app/main/default/profiles/Sales%2EOps.profile-meta.xml"
    );
}

#[test]
fn standard_profiles_have_names_and_licenses_of_their_own() {
    let folder = Folder::new(&[
        ("profiles/Admin.profile", &profile("")),
        (
            "profiles/Force%2Ecom - Free User.profile",
            &profile("<custom>false</custom>"),
        ),
        (
            "profiles/Standard.profile",
            &profile("<custom>true</custom>"),
        ),
    ]);
    let table = folder.table("Profile");
    let names: Vec<&str> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(
        names,
        ["System Administrator", "Force.com - Free User", "Standard"]
    );
    // A profile of the customer with that file name has no published license.
    assert!(table.ends_with("Standard,\n"), "{table}");
}

#[test]
fn the_license_of_a_set_is_a_user_license_or_a_permission_set_license_or_unknown() {
    let set = |license: &str| {
        format!(
            "<PermissionSet xmlns=\"u\"><label>L</label><license>{license}</license></PermissionSet>"
        )
    };
    let folder = Folder::new(&[
        ("permissionsets/a.permissionset", &set("Partner Community")),
        (
            "permissionsets/b.permissionset",
            &set("SalesforceAPIIntegrationPsl"),
        ),
        ("permissionsets/c.permissionset", &set("Something New")),
        ("permissionsets/ns__d.permissionset", &set("")),
    ]);
    let table = folder.table("PermissionSet");
    let licenses: Vec<&str> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(4))
        .collect();
    assert_eq!(
        licenses,
        ["100zzz000000001", "0PLzzz000000001", "zzzzzz000000000", ""]
    );
    assert!(table.contains(",d,L,ns,"), "{table}");
    assert!(
        folder
            .table("PermissionSetLicense")
            .ends_with("0PLzzz000000001,SalesforceAPIIntegrationPsl,SalesforceAPIIntegrationPsl\n")
    );
}

#[test]
fn groups_roles_and_settings() {
    let folder = Folder::new(&[
        (
            "permissionsetgroups/G.permissionsetgroup-meta.xml",
            "<PermissionSetGroup><label>G</label><mutingPermissionSets>M</mutingPermissionSets><permissionSets>Here</permissionSets><permissionSets>ns__Gone</permissionSets><status>Updated</status></PermissionSetGroup>",
        ),
        (
            "permissionsets/Here.permissionset-meta.xml",
            "<PermissionSet><label>Here</label><objectPermissions><allowRead>true</allowRead><object>Account</object><viewAllFields>true</viewAllFields></objectPermissions><applicationVisibilities><application>standard__Sales</application><visible>true</visible></applicationVisibilities></PermissionSet>",
        ),
        (
            "mutingpermissionsets/M.mutingpermissionset-meta.xml",
            "<MutingPermissionSet><label>M</label><userPermissions><enabled>true</enabled><name>ViewSetup</name></userPermissions></MutingPermissionSet>",
        ),
        ("roles/Boss.role", "<Role><name>The Boss</name></Role>"),
        (
            "roles/Rep.role",
            "<Role><name>Rep</name><parentRole>Boss</parentRole></Role>",
        ),
        (
            "groups/All_Sales.group",
            "<Group><name>All Sales</name></Group>",
        ),
        (
            "settings/Communities.settings",
            "<CommunitiesSettings><enableNetworksEnabled>true</enableNetworksEnabled><x><y>1</y></x></CommunitiesSettings>",
        ),
        (
            "objects/User.object",
            "<CustomObject><validationRules><fullName>Boss</fullName><active>true</active></validationRules></CustomObject>",
        ),
    ]);
    assert_eq!(
        folder.table("PermissionSetGroupComponent"),
        "PermissionSetGroupId,PermissionSetId\n0PGzzz000000001,0PSzzz000000001\n0PGzzz000000001,0PSzzz000000002\n0PGzzz000000001,0QMzzz000000001\n"
    );
    assert!(
        folder
            .table("PermissionSetGroup")
            .starts_with("Id,DeveloperName,MasterLabel,NamespacePrefix\n")
    );
    assert_eq!(
        folder.table("ObjectPermissions").lines().nth(1),
        Some("0PSzzz000000001,Account,true,false,false,false,false,false")
    );
    assert_eq!(
        folder.table("SetupEntityAccess").lines().nth(1),
        Some("0PSzzz000000001,,TabSet")
    );
    assert_eq!(
        folder.table("MutingPermissionSet"),
        "Id,DeveloperName,MasterLabel,PermissionsViewSetup\n0QMzzz000000001,M,M,true\n"
    );
    assert_eq!(
        folder.table("UserRole"),
        "Id,Name,DeveloperName,ParentRoleId\n00Ezzz000000001,The Boss,Boss,\n00Ezzz000000002,Rep,Rep,00Ezzz000000001\n"
    );
    assert_eq!(
        folder.table("Group"),
        "Id,Name,DeveloperName,Type\n00Gzzz000000001,All Sales,All_Sales,Regular\n"
    );
    assert_eq!(
        folder.table("Settings"),
        "key,value\nCommunities.enableNetworksEnabled,true\n"
    );
    assert_eq!(
        folder.table("ValidationRule"),
        "ValidationName,Active,EntityDefinitionId\nBoss,true,User\n"
    );
    // What metadata does not tell has no table: that the org has none is never said.
    for object in ["User", "Organization", "Network", "PermissionSetLicense"] {
        assert_eq!(folder.table(object), "");
    }
}

#[test]
fn every_fault_is_one_error_that_says_where() {
    let one = |name: &str, text: &str| Folder::new(&[(name, text)]).fault();
    assert!(one("a.txt", "x").contains("holds no metadata"));
    assert_eq!(
        one("sfdx-project.json", "{\n\"packageDirectories\": 3}"),
        "sfdx-project.json, line 2, column 23: invalid type: integer `3`, expected a sequence"
    );
    for (path, reason) in [
        ("../x", "leads out of the project"),
        ("/etc", "leads out of the project"),
        ("gone", "is not there"),
        ("sfdx-project.json", "is no folder"),
    ] {
        let text = format!("{{\"packageDirectories\":[{{\"path\":\"{path}\"}}]}}");
        assert_eq!(
            one("sfdx-project.json", &text),
            format!("sfdx-project.json: the package directory '{path}' {reason}")
        );
    }
    assert_eq!(
        one("roles/A.role", "<Role>\n<name>&x;</name></Role>"),
        "roles/A.role, line 2, column 7: &x; stands for nothing in XML"
    );
    assert_eq!(
        one(
            "profiles/A.profile",
            "<Profile><userPermissions>\n<enabled>yes</enabled><name>A</name></userPermissions></Profile>"
        ),
        "profiles/A.profile, line 1, column 10: <enabled> says 'yes', not true or false"
    );
    assert_eq!(
        one(
            "profiles/A.profile",
            "<Profile><userPermissions><enabled>true</enabled><name>A,B\u{7}</name></userPermissions></Profile>"
        ),
        "profiles/A.profile, line 1, column 10: <name> says 'A,B\\u{7}', which is no API name"
    );
    let twice = Folder::new(&[
        ("a/Rep.role", "<Role><name>Rep</name></Role>"),
        ("b/Rep.role-meta.xml", "<Role><name>Rep</name></Role>"),
    ]);
    assert_eq!(
        twice.fault(),
        "b/Rep.role-meta.xml and a/Rep.role are both of the role 'Rep': one of them is left over"
    );
    let binary = Folder::new(&[]);
    binary.write("roles/A.role", b"<Role>\xff");
    assert!(
        binary
            .fault()
            .starts_with("roles/A.role: not UTF-8 text: the byte at offset 6")
    );
    assert!(Project::read(&binary.path().join("gone")).is_err());
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    let outside = Folder::new(&[("Spy.role", "<Role><name>Spy</name></Role>")]);
    let folder = Folder::new(&[("roles/Rep.role", "<Role><name>Rep</name></Role>")]);
    let link = |to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, folder.path().join(name)).expect("a link");
    };
    link(outside.path(), "linked");
    link(&outside.path().join("Spy.role"), "roles/Spy.role");
    link(folder.path(), "roles/loop");
    let project = Project::read(folder.path()).expect("a project");
    assert_eq!(project.counts().roles, 1);
    assert_eq!(project.links(), ["linked", "roles/Spy.role", "roles/loop"]);
    // Nor is a package directory that is a link out of the project.
    folder.write(
        "sfdx-project.json",
        br#"{"packageDirectories":[{"path":"linked"}]}"#,
    );
    assert_eq!(
        folder.fault(),
        "sfdx-project.json: the package directory 'linked' leads out of the project"
    );
}

#[test]
fn the_same_project_gives_the_same_bytes() {
    let folder = Folder::new(&[
        (
            "b/Rep.role",
            "<Role><name>Rep</name><parentRole>Gone</parentRole></Role>",
        ),
        ("a/Boss.role", "<Role><name>Boss</name></Role>"),
    ]);
    assert_eq!(folder.table("UserRole"), folder.table("UserRole"));
    assert_eq!(
        folder.table("UserRole"),
        "Id,Name,DeveloperName,ParentRoleId\n00Ezzz000000001,Boss,Boss,\n00Ezzz000000003,Rep,Rep,00Ezzz000000002\n"
    );
}
