//! What a sound folder says of permission sets, groups and licenses, and who has them.

use super::{Folder, id};
use crate::model::{
    Assignment, Known, PermissionSetGroupId, PermissionSetId, ProfileId, PslId, SetLicense,
    SetOwner, UserId,
};

const SETS: &str = "Id,Name,Label,LicenseId,IsOwnedByProfile,ProfileId,PermissionSetGroupId,IsCustom,PermissionsApiEnabled,PermissionsRunReports
0PSPq0000000001,X00ePq0000000001_1,x,100Pq0000000001,true,00ePq0000000001,,false,true,false
0PSPq0000000002,Console,Console,,false,,,true,false,true
0PSPq0000000003,Sales_Group,Sales,,false,,0PGPq0000000001,true,false,false
0PSPq0000000004,Bound,Bound,0PLPq0000000001,false,,,true,,false
0PSPq0000000005,Far,Far,0PLPq0000000009,false,,,true,false,false
0PSPq0000000006,Gone,Gone,100Pq0000000009,false,,,true,false,false
";
const GROUPS: &str = "Id,DeveloperName,MasterLabel,Status\n0PGPq0000000001,Sales,Sales,Updated\n";
const PSLS: &str = "Id,DeveloperName,PermissionSetLicenseKey,MasterLabel,Status,TotalLicenses,ExpirationDate,MaximumPermissionsApiEnabled
0PLPq0000000001,Agent,Agent,Agent,Active,5,2027-01-31,true
";

fn access() -> Folder {
    Folder::new()
        .with("PermissionSet.csv", SETS)
        .with("PermissionSetGroup.csv", GROUPS)
        .with("PermissionSetLicense.csv", PSLS)
        .with(
            "PermissionSetGroupComponent.csv",
            "PermissionSetGroupId,PermissionSetId\n0PGPq0000000001,0PSPq0000000002\n",
        )
}

#[test]
fn permission_sets_know_owner_and_license() {
    let org = access().load().org;
    let owners: Vec<SetOwner> = org
        .permission_sets
        .iter()
        .map(|(_, set)| set.owner)
        .collect();
    assert_eq!(owners[0], SetOwner::Profile(Some(ProfileId(0))));
    assert_eq!(owners[1], SetOwner::Nobody);
    assert_eq!(owners[2], SetOwner::Group(Some(PermissionSetGroupId(0))));
    let licenses: Vec<SetLicense> = org
        .permission_sets
        .iter()
        .filter_map(|(_, set)| set.license.get())
        .collect();
    assert!(matches!(licenses[0], SetLicense::User(_)));
    assert_eq!(
        licenses[1..],
        [
            SetLicense::None,
            SetLicense::None,
            SetLicense::Psl(PslId(0)),
            SetLicense::UnseenPsl(id("0PLPq0000000009")),
            SetLicense::UnseenLicense(id("100Pq0000000009")),
        ]
    );
    let (_, group) = org.permission_set_groups.iter().next().expect("a group");
    assert_eq!(group.members, Known::Yes(vec![PermissionSetId(1)]));
    assert_eq!(group.aggregate, Some(PermissionSetId(2)));
    let profile = org.profiles.get(ProfileId(0)).expect("a profile");
    assert_eq!(profile.custom, Known::Yes(false));
    let profile = org.profiles.get(ProfileId(1)).expect("a profile");
    assert_eq!(profile.custom, Known::Unknown);
    assert_eq!(
        org.set_has(PermissionSetId(1), "RunReports"),
        Known::Yes(true)
    );
    assert_eq!(
        org.set_has(PermissionSetId(0), "ApiEnabled"),
        Known::Unknown,
        "a cell of the column is empty"
    );
    let psl = org.psls.get(PslId(0)).expect("a license");
    assert_eq!(
        psl.expires,
        Known::Yes(Some(jiff::civil::date(2027, 1, 31)))
    );
    let api = org.permission("ApiEnabled").expect("a permission");
    assert!(psl.maximum.contains(api.0 as usize));
    assert!(org.psl_permissions.contains(api.0 as usize));
    assert_eq!(org.permission("etGroupId"), None);
}

#[test]
fn the_generated_name_tells_a_profiles_set_where_no_column_does() {
    let sets = "Id,Name,License.Name\n0PSPq0000000001,X00ePq0000000001_1,Salesforce\n\
                0PSPq0000000002,X00e_marks,\n0PSPq0000000003,Agents,Agent\n";
    let org = access().with("PermissionSet.csv", sets).load().org;
    let owners: Vec<SetOwner> = org
        .permission_sets
        .iter()
        .map(|(_, set)| set.owner)
        .collect();
    assert_eq!(
        owners,
        [SetOwner::Profile(None), SetOwner::Nobody, SetOwner::Nobody]
    );
    let set = org.permission_sets.get(PermissionSetId(2)).expect("a set");
    assert_eq!(set.license, Known::Yes(SetLicense::Psl(PslId(0))));
}

#[test]
fn assignments_live_and_lapsed() {
    let rows = "AssigneeId,PermissionSetId,PermissionSetGroupId,ExpirationDate,IsActive,IsRevoked\n\
        005Pq0000000001,0PSPq0000000001,,,true,false\n\
        005Pq0000000001,0PSPq0000000002,,,true,false\n\
        005Pq0000000001,0PSPq0000000002,,2026-11-20T02:10:00.000+0000,true,false\n\
        005Pq0000000001,0PSPq0000000002,,2026-11-22T02:10:00.000Z,true,true\n\
        005Pq0000000001,0PSPq0000000003,0PGPq0000000001,,true,false\n\
        005Pq0000000002,0PSPq0000000004,,,false,false\n\
        005Pq0000000009,0PSPq0000000004,,,true,false\n";
    let org = access()
        .with("PermissionSetAssignment.csv", rows)
        .with(
            "PermissionSetLicenseAssign.csv",
            "AssigneeId,PermissionSetLicenseId\n005Pq0000000002,0PLPq0000000001\n",
        )
        .with(
            "UserLogin.csv",
            "UserId,IsFrozen,IsPasswordLocked\n005Pq0000000002,true,false\n",
        )
        .load()
        .org;
    let held = |set: Option<u32>, group: Option<u32>, live, lapsed| Assignment {
        set: set.map(PermissionSetId),
        group: group.map(PermissionSetGroupId),
        live,
        lapsed,
    };
    assert_eq!(
        org.users.assignments(UserId(0)),
        [
            held(Some(1), None, true, false),
            held(Some(1), None, false, true),
            held(Some(1), None, false, true),
            held(None, Some(0), true, false),
        ]
    );
    assert_eq!(
        org.users.assignments(UserId(1)),
        [held(Some(3), None, false, false)]
    );
    assert_eq!(org.users.psls(UserId(1)), [PslId(0)]);
    assert!(org.users.frozen(UserId(1)) && !org.users.locked(UserId(1)));
    assert!(!org.users.frozen(UserId(0)));
}

#[test]
fn assignments_may_name_what_they_assign() {
    let rows = "Assignee.Username,PermissionSet.Name\nANN@acme.example,Console\n";
    let org = access()
        .with("PermissionSetAssignment.csv", rows)
        .load()
        .org;
    let set = org
        .users
        .assignments(UserId(0))
        .first()
        .and_then(|held| held.set);
    assert_eq!(set, Some(PermissionSetId(1)));
}
