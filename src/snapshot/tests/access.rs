//! What sets open and mute, who is in which public group, who holds which package.

use super::Folder;
use crate::model::{
    Known, ObjectRights, PackageId, PermissionSetGroupId, PermissionSetId, PublicGroupId, SfId,
    UserId,
};
use crate::snapshot::{Holding, Wants};

const SETS: &str = "Id,Name
0PSPq0000000001,Sales
0PSPq0000000002,Service
";

fn folder() -> Folder {
    Folder::new().with("PermissionSet.csv", SETS)
}

#[test]
fn rights_on_objects_by_set() {
    let org = folder()
        .with(
            "ObjectPermissions.csv",
            "ParentId,SobjectType,PermissionsRead,PermissionsEdit,PermissionsViewAllRecords
0PSPq0000000002,Account,true,false,true
0PSPq0000000002,Trip__c,TRUE,,false
0PSPq0000000001,Trip__c,false,false,false
0PSPq0000000009,Contact,true,true,true
0PSPq0000000001,Account,true,true,false
",
        )
        .load()
        .org;
    let access = &org.access;
    let told = [
        ObjectRights::READ,
        ObjectRights::EDIT,
        ObjectRights::VIEW_ALL,
    ];
    assert_eq!(access.told.each().collect::<Vec<_>>(), told);
    let named = |set| -> Vec<(&str, ObjectRights)> {
        access
            .grants(PermissionSetId(set))
            .iter()
            .map(|grant| {
                let object = access.objects.get(grant.object()).expect("an object");
                (&**object, grant.rights())
            })
            .collect()
    };
    let read = ObjectRights::READ;
    assert_eq!(named(0), [("Account", read.with(ObjectRights::EDIT))]);
    assert_eq!(
        named(1),
        [
            ("Account", read.with(ObjectRights::VIEW_ALL)),
            ("Trip__c", read)
        ]
    );
    assert_eq!(access.objects.len(), 2, "nobody else's objects are kept");
    assert_eq!(org.coverage.objects["ObjectPermissions"].rows, 5);
}

#[test]
fn apps_are_told_from_other_entities() {
    let typed = "ParentId,SetupEntityId,SetupEntityType
0PSPq0000000001,02uPq0000000001,TabSet
0PSPq0000000001,0H4Pq0000000001,ConnectedApplication
0PSPq0000000001,01pPq0000000001,ApexClass
0PSPq0000000009,02uPq0000000001,TabSet
";
    let bare = "ParentId,SetupEntityId
0PSPq0000000001,02uPq0000000001
0PSPq0000000001,0H4Pq0000000001
0PSPq0000000001,01pPq0000000001
";
    for text in [typed, bare] {
        let org = folder().with("SetupEntityAccess.csv", text).load().org;
        assert_eq!(org.access.apps(PermissionSetId(0)), 2);
        assert_eq!(org.access.apps(PermissionSetId(1)), 0);
    }
}

#[test]
fn a_muting_set_is_no_member() {
    let groups = "Id,DeveloperName\n0PGPq0000000001,Core\n0PGPq0000000002,Other\n";
    let components = "PermissionSetGroupId,PermissionSetId
0PGPq0000000001,0PSPq0000000001
0PGPq0000000001,0QMPq0000000001
0PGPq0000000002,0PSPq0000000099
";
    let with = |muting: Option<&str>| {
        let folder = folder()
            .with("PermissionSetGroup.csv", groups)
            .with("PermissionSetGroupComponent.csv", components);
        match muting {
            Some(text) => folder.with("MutingPermissionSet.csv", text),
            None => folder,
        }
    };
    let muted = "Id,DeveloperName,PermissionsRunReports\n0QMPq0000000001,Quiet,true\n";
    for folder in [with(None), with(Some(muted))] {
        let org = folder.load().org;
        let group = |n| {
            org.permission_set_groups
                .get(PermissionSetGroupId(n))
                .expect("a group")
        };
        assert_eq!(group(0).members, Known::Yes(vec![PermissionSetId(0)]));
        let quiet = SfId::parse("0QMPq0000000001").expect("an id");
        assert_eq!(group(0).muting, [quiet]);
        assert_eq!(group(1).members, Known::Unknown);
    }
    let org = with(Some(muted)).load().org;
    let (_, quiet) = org.muting_sets.iter().next().expect("a muting set");
    let reports = org.permission("RunReports").expect("the column");
    assert!(quiet.permissions.contains(reports.0 as usize));
}

#[test]
fn members_and_package_holders_are_kept_when_asked_for() {
    let folder = folder()
        .with(
            "Group.csv",
            "Id,Name,Type\n00GPq0000000001,All,Regular\n00GPq0000000002,Q,Queue\n",
        )
        .with(
            "GroupMember.csv",
            "GroupId,UserOrGroupId
00GPq0000000001,005Pq0000000002
00GPq0000000001,00GPq0000000002
00GPq0000000002,005Pq0000000001
",
        )
        .with("PackageLicense.csv", "Id,NamespacePrefix\n050Pq0000000001,pay\n")
        .with(
            "UserPackageLicense.csv",
            "PackageLicense.NamespacePrefix,User.Username\npay,BOB@acme.example\npay,nobody@acme.example\n",
        )
        .with(
            "PermissionDependency.csv",
            "Permission,PermissionType,RequiredPermission,RequiredPermissionType\nManageUsers,User Permission,ViewSetup,User Permission\n",
        );
    let (ann, bob) = (UserId(0), UserId(1));
    let users = folder
        .load_with(&Wants {
            holdings: vec![Holding::Packages, Holding::PublicGroups],
            ..Folder::wants()
        })
        .org
        .users;
    assert_eq!(users.public_groups(bob), [PublicGroupId(0)]);
    assert!(users.public_groups(ann).is_empty());
    assert_eq!(users.packages(bob), [PackageId(0)]);
    assert!(users.packages(ann).is_empty());
    let org = folder.load().org;
    assert!(org.users.packages(bob).is_empty() && org.users.public_groups(bob).is_empty());
    assert_eq!(&*org.permission_dependencies[0].required, "ViewSetup");
    assert_eq!(org.coverage.objects["UserPackageLicense"].rows, 2);
}
