//! What a sound folder says.

use super::{Folder, PROFILES, USERS, id};
use crate::model::{
    FieldType, Known, PortalType, ProfileId, Record, RoleId, UserId, UserType, key_of,
    key_of_folded,
};

#[test]
fn the_tiny_org() {
    let org = Folder::new().load().org;
    let profile = org.profiles.get(ProfileId(0)).expect("a profile");
    assert_eq!(&*profile.name, "Standard User");
    let license = profile.license.get().expect("its license");
    let license = org.licenses.get(license).expect("the license");
    assert_eq!(license.key, Known::Yes("SFDC".into()));
    assert_eq!(license.total, Known::Yes(10));
    assert_eq!(license.monthly_logins, Known::Unknown);
    let (_, other) = org.licenses.iter().last().expect("the second license");
    assert_eq!(other.disabled, Known::Yes(true));
    assert_eq!((other.total, other.used), (Known::Yes(-1), Known::Unknown));
    assert_eq!(
        org.profile_has(ProfileId(0), "ApiEnabled"),
        Known::Yes(true)
    );
    assert_eq!(
        org.profile_has(ProfileId(1), "ApiEnabled"),
        Known::Yes(false)
    );
    assert_eq!(org.profile_has(ProfileId(0), "RunReports"), Known::Unknown);

    assert_eq!(org.users.len(), 3);
    let bob = org.users.by_login(key_of_folded("bob@acme.example"));
    assert_eq!(bob, Some(UserId(1)));
    assert_eq!(org.users.by_id(id("005Pq0000000002IAA")), bob);
    assert_eq!(org.users.profile(UserId(1)), Some(ProfileId(1)));
    assert_eq!(org.users.profile(UserId(2)), None);
    assert_eq!(org.users.active(UserId(1)), Some(false));
    assert_eq!(org.users.user_type(UserId(0)), None);
    assert!(org.features.is_empty());
    assert_eq!(
        org.by_id.get(&id("00ePq0000000002")),
        Some(&Record::Profile(ProfileId(1)))
    );
}

#[test]
fn order_case_marks_quotes_and_line_ends_do_not_matter() {
    let plain = Folder::new().load().org;
    let users = "\u{feff}\"PROFILEID\",\"Extra\",\"ISACTIVE\",\"USERNAME\",\"ID\"\r\n\
        \"00ePq0000000001IAA\",\"x,\"\"y\"\"\",\"TRUE\",\"ann@acme.example\",\"005Pq0000000001IAA\"\r\n\
        \"00ePq0000000002IAA\",,\"False\",\"Bob@acme.example\",\"005Pq0000000002IAA\"\r\n\
        \"000000000000000AAA\",\"\",\"true\",\"auto@acme.example\",\"005Pq0000000003IAA\"\r\n";
    let other = Folder::new().with("User.csv", users).load().org;
    for user in plain.users.iter() {
        assert_eq!(plain.users.id(user), other.users.id(user));
        assert_eq!(plain.users.username(user), other.users.username(user));
        assert_eq!(plain.users.profile(user), other.users.profile(user));
        assert_eq!(plain.users.active(user), other.users.active(user));
    }
    let columns = &other.coverage.objects["User"].columns;
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    assert_eq!(
        columns,
        ["Extra", "Id", "IsActive", "ProfileId", "Username"]
    );
}

#[test]
fn short_rows_are_filled_with_nothing() {
    let users = "Id,Username,IsActive,ProfileId\n005Pq0000000001,ann@acme.example\n\
                 005Pq0000000002,b@acme.example,true,00ePq0000000001,,\n";
    let org = Folder::new().with("User.csv", users).load().org;
    assert_eq!(org.users.active(UserId(0)), None);
    assert_eq!(org.users.profile(UserId(1)), Some(ProfileId(0)));
}

#[test]
fn names_stand_in_for_ids_only_where_the_id_column_is_absent() {
    let users = "Id,Username,Profile.Name\n005Pq0000000001,a@x.example,Standard User\n\
                 005Pq0000000002,b@x.example,Twin\n005Pq0000000003,c@x.example,Nobody\n";
    let profiles = "Id,Name,UserLicense.Name\n00ePq0000000001,Standard User,Salesforce\n\
                    00ePq0000000002,Twin,Salesforce\n00ePq0000000003,Twin,Unheard Of\n";
    let org = Folder::new()
        .with("User.csv", users)
        .with("Profile.csv", profiles)
        .load()
        .org;
    assert_eq!(org.users.profile(UserId(0)), Some(ProfileId(0)));
    assert_eq!(
        org.users.profile(UserId(1)),
        None,
        "two profiles of one name"
    );
    assert_eq!(org.users.profile(UserId(2)), None);
    let licenses: Vec<bool> = org
        .profiles
        .iter()
        .map(|(_, profile)| profile.license != Known::Unknown)
        .collect();
    assert_eq!(licenses, [true, true, false]);
    assert!(org.coverage.has_column("User", "ProfileId"));
    assert!(!org.coverage.has_column("User", "UserRoleId"));

    let users = "Id,Profile.Name,ProfileId\n005Pq0000000001,Portal User,00ePq0000000001\n\
                 005Pq0000000002,Portal User,\n";
    let org = Folder::new().with("User.csv", users).load().org;
    assert_eq!(org.users.profile(UserId(0)), Some(ProfileId(0)));
    assert_eq!(org.users.profile(UserId(1)), None);
}

#[test]
fn a_missing_file_a_missing_column_and_an_empty_file_are_three_things() {
    let org = Folder::new()
        .with("Group.csv", "Id,Name,DeveloperName,Type\n")
        .with("UserRole.csv", "Id,Name\n00EPq0000000001,CEO\n")
        .with(
            "PermissionSetGroup.csv",
            "Id,DeveloperName\n0PGPq0000000001,Sales\n",
        )
        .load()
        .org;
    assert!(!org.coverage.has("PermissionSet"));
    assert_eq!(org.coverage.objects["Group"].rows, 0);
    assert_eq!(org.coverage.objects["User"].rows, 3);
    assert!(
        !org.coverage.is_full("Group"),
        "filtered, as far as one knows"
    );
    assert!(org.coverage.is_full("UserRole"));
    let role = org.roles.get(RoleId(0)).expect("a role");
    assert_eq!(role.portal_type, Known::Unknown);
    assert_eq!(role.portal_account, Known::Unknown);
    let (_, group) = org.permission_set_groups.iter().next().expect("a group");
    assert_eq!(group.members, Known::Unknown, "components were not pulled");
}

#[test]
fn roles_may_form_a_circle() {
    let roles = "Id,Name,ParentRoleId,PortalType,PortalAccountId\n\
                 00EPq0000000001,A,00EPq0000000002,None,\n\
                 00EPq0000000002,B,00EPq0000000001,Partner,001Pq0000000001\n\
                 00EPq0000000003,C,00EPq0000000009,CustomerPortal,\n";
    let org = Folder::new().with("UserRole.csv", roles).load().org;
    let parents: Vec<Option<RoleId>> = org.roles.iter().map(|(_, role)| role.parent).collect();
    assert_eq!(parents, [Some(RoleId(1)), Some(RoleId(0)), None]);
    let role = org.roles.get(RoleId(1)).expect("a role");
    assert_eq!(role.portal_type, Known::Yes(PortalType::Partner));
    assert_eq!(role.portal_account, Known::Yes(Some(id("001Pq0000000001"))));
}

#[test]
fn feature_flags_are_those_that_take_a_seat() {
    let users = "Id,Username,UserPermissionsZebra,UserPermissionsCallCenterAutoLogin,\
                 UserPermissionsKnowledgeUser,UserType\n\
                 005Pq0000000001,a@x.example,true,true,false,Standard\n\
                 005Pq0000000002,b@x.example,false,false,true,CspLitePortal\n";
    let describe =
        "{\"fields\": [{\"name\": \"UserPermissionsMarketingUser\", \"type\": \"boolean\"},
        {\"name\": \"UserPermissionsNote__c\", \"type\": \"string\"}]}";
    let metrics = "FeatureType,TotalLicenseCount,AssignedUserCount,MetricsDate\n\
                   KnowledgeUser,5,1,2026-11-18\nKnowledgeUser,7,2,2026-11-20\n\
                   KnowledgeUser,6,3,2026-11-19\nUnknownUser,1,1,2026-11-20\n";
    let org = Folder::new()
        .with("User.csv", users)
        .with("describe/User.json", describe)
        .with("ActiveFeatureLicenseMetric.csv", metrics)
        .load()
        .org;
    let names: Vec<&str> = org.features.iter().map(|(_, name)| &**name).collect();
    assert_eq!(
        names,
        [
            "UserPermissionsKnowledgeUser",
            "UserPermissionsMarketingUser",
            "UserPermissionsZebra"
        ]
    );
    assert_eq!(org.users.features(UserId(0)), 0b100);
    assert_eq!(org.users.features(UserId(1)), 0b001);
    assert_eq!(
        org.users.user_type(UserId(1)),
        Some(UserType::CspLitePortal)
    );
    let [total] = org.feature_totals.as_slice() else {
        panic!("one feature: {:?}", org.feature_totals);
    };
    assert_eq!(
        (total.total, total.assigned),
        (Known::Yes(7), Known::Yes(2))
    );
}

#[test]
fn at_most_28_flags_are_kept_known_ones_first() {
    let many: Vec<String> = (0..40).map(|n| format!("UserPermissionsA{n:02}")).collect();
    let users = format!("Id,{},UserPermissionsKnowledgeUser\n", many.join(","));
    let org = Folder::new().with("User.csv", users).load().org;
    let names: Vec<&str> = org.features.iter().map(|(_, name)| &**name).collect();
    assert_eq!(names.len(), 28);
    assert_eq!(names[0], "UserPermissionsKnowledgeUser");
    assert_eq!(names[27], "UserPermissionsA26");
}

#[test]
fn further_columns_are_read_only_when_asked_for() {
    let users = "Id,Username,FederationIdentifier,CommunityNickname,ContactId,Country\n\
                 005Pq0000000001,a@x.example,F1,Ann,003Pq0000000001,France\n\
                 005Pq0000000002,b@x.example,,BOB,,\n";
    let folder = Folder::new().with("User.csv", users);
    let mut wants = Folder::wants();
    wants.keyed = vec![
        ("FederationIdentifier".to_owned(), false),
        ("CommunityNickname".to_owned(), true),
        ("EmployeeNumber".to_owned(), false),
    ];
    wants.references = vec!["ContactId".to_owned()];
    wants.texts = vec!["Country".to_owned()];
    let users = folder.load_with(&wants).org.users;
    let everything = folder.load_with(&crate::snapshot::Wants::everything(wants.today));
    assert_eq!(everything.sha256.len(), 64);
    assert_eq!(
        everything.org.users.text("Country", UserId(0)),
        Some("France")
    );
    let federation = users.keyed("FederationIdentifier").expect("asked for");
    assert_eq!(federation.find(key_of("F1")), Some(UserId(0)));
    assert_eq!(federation.find(key_of("f1")), None);
    let nickname = users.keyed("CommunityNickname").expect("asked for");
    assert_eq!(nickname.find(key_of_folded("bob")), Some(UserId(1)));
    assert!(users.keyed("EmployeeNumber").is_none(), "not in the file");
    assert_eq!(
        users.reference("ContactId", UserId(0)),
        Some(id("003Pq0000000001"))
    );
    assert_eq!(users.reference("ContactId", UserId(1)), None);
    assert_eq!(users.text("Country", UserId(0)), Some("France"));
    assert!(folder.load().org.users.text("Country", UserId(0)).is_none());
}

#[test]
fn external_users_sites_and_setup() {
    let org = Folder::new()
        .with("Account.csv", "Id,Name,OwnerId,IsPartner\n001Pq0000000001,Acorn,005Pq0000000001,true\n")
        .with("Contact.csv", "Id,Account.Name\n003Pq0000000001,Acorn\n003Pq0000000002,\n003Pq0000000003,Oak\n")
        .with("Network.csv", "Id,Name,Status\n0DBPq0000000001,Portal,Live\n")
        .with("NetworkMemberGroup.csv", "NetworkId,ParentId\n0DBPq0000000001,00ePq0000000002\n")
        .with("PackageLicense.csv", "Id,NamespacePrefix,AllowedLicenses,UsedLicenses\n050Pq0000000001,pay,-1,3\n")
        .with("Group.csv", "Id,Name,DeveloperName,Type\n00GPq0000000001,All,All,Regular\n00GPq0000000002,Q,Q,Queue\n")
        .with("ValidationRule.csv", "ValidationName,Active\nPhone_Needed,true\nOld,false\n")
        .with("ApexTrigger.csv", "Name,Status,TableEnumOrId\nUserSync,Active,User\nCaseSync,Active,Case\n")
        .with("FlowDefinitionView.csv", "ApiName,IsActive,TriggerObjectOrEventLabel\nOnboard,true,User\n")
        .with("Settings.csv", "key,value\nCommunities.enableNetworksEnabled,true\n")
        .load()
        .org;
    let accounts = ["003Pq0000000001", "003Pq0000000002", "003Pq0000000003"]
        .map(|contact| org.contacts.get(id(contact)).expect("a contact").account);
    assert!(!org.contacts.has(id("003Pq0000000004")));
    let acorn = id("001Pq0000000001");
    assert_eq!(
        accounts,
        [Known::Yes(Some(acorn)), Known::Yes(None), Known::Unknown]
    );
    let (_, account) = org.accounts.iter().next().expect("an account");
    assert_eq!(account.is_partner, Known::Yes(true));
    assert_eq!(account.is_person_account, Known::Unknown);
    assert_eq!(org.networks[0].members, [id("00ePq0000000002")]);
    assert_eq!(org.public_groups.len(), 1);
    let (_, package) = org.packages.iter().next().expect("a package");
    assert_eq!(package.allowed, Known::Yes(-1));
    assert_eq!(
        org.automation,
        [
            "validation rule Phone_Needed",
            "trigger UserSync",
            "flow Onboard"
        ]
    );
    assert_eq!(
        org.setting("Communities.enableNetworksEnabled"),
        Known::Yes(true)
    );
    assert!(
        org.coverage
            .has_column("Settings", "Communities.enableNetworksEnabled")
    );
    assert!(!org.coverage.has_column("Settings", "key"));
}

#[test]
fn the_manifest_tells_when_and_what_was_asked_for() {
    let manifest = "{\"pulled_at\": \"2026-11-20T08:00:00Z\", \"org_id\": \"00DPq0000000001\",
        \"api_version\": \"65.0\", \"later\": [1], \"objects\": {
        \"Group\": {\"rows\": 0, \"count\": 0, \"filtered\": false, \"coverage\": \"complete\"},
        \"UserRole\": {\"filtered\": true}, \"Contact\": {}}}";
    let folder = Folder::new()
        .with("manifest.json", manifest)
        .with("Group.csv", "Id\n")
        .with("UserRole.csv", "Id\n")
        .with("Contact.csv", "Id\n");
    let snapshot = folder.load();
    assert!(snapshot.capture.has_manifest);
    assert_eq!(snapshot.capture.org_id, Some(id("00DPq0000000001")));
    assert_eq!(snapshot.capture.api_version.as_deref(), Some("65.0"));
    let pulled = snapshot.capture.pulled_at.expect("a time");
    assert_eq!(pulled.to_string(), "2026-11-20T08:00:00Z");
    let coverage = &snapshot.org.coverage;
    assert!(coverage.is_full("Group"));
    assert!(!coverage.is_full("UserRole") && !coverage.is_full("Contact"));

    let hand_made = Folder::new().load().capture;
    assert_eq!(hand_made, crate::snapshot::Capture::default());
}

#[test]
fn the_hash_is_that_of_the_listed_files() {
    let folder = Folder::empty()
        .with("Group.csv", "Id,Name\n")
        .with("unread.txt", "x");
    let mut wants = Folder::wants();
    // A small folder is hashed unasked.
    let hash = folder.load_with(&wants).sha256;
    wants.hash = true;
    assert_eq!(folder.load_with(&wants).sha256, hash);
    // printf 'Id,Name\n' > Group.csv; sha256sum Group.csv | sha256sum
    assert_eq!(
        hash,
        "0c5a1116082dca25bc435d51d32a9970cd006cb0ca703cf6215296917a7ee813"
    );
    let changed = folder
        .with("Group.csv", "\u{feff}Id,Name\n")
        .load_with(&wants);
    assert_ne!(changed.sha256, hash);
}

#[test]
fn a_describe_as_it_comes() {
    let describe = "\u{feff}{\"result\": {\"fields\": [
        {\"name\": \"Tier__c\", \"label\": \"Tier\", \"type\": \"picklist\", \"length\": 40, \"createable\": true,
         \"controllerName\": \"Region__c\", \"restrictedPicklist\": true, \"unique\": null, \"picklistValues\": [
            {\"value\": \"Gold\", \"label\": null, \"active\": true, \"validFor\": \"gAAB\"},
            {\"value\": \"Old\", \"label\": \"Old one\", \"active\": false, \"validFor\": null}]},
        {\"name\": \"Number__c\", \"type\": \"string\", \"calculated\": false, \"autoNumber\": true}]}}";
    let org = Folder::new()
        .with("describe/User.json", describe)
        .load()
        .org;
    let described = org.user_describe.expect("a describe");
    let tier = described.field("TIER__C").expect("a field");
    assert_eq!(tier.kind, FieldType::Picklist);
    assert_eq!(
        (tier.length, tier.createable),
        (Known::Yes(40), Known::Yes(true))
    );
    assert_eq!(tier.updateable, Known::Unknown);
    assert_eq!(tier.controller.as_deref(), Some("Region__c"));
    assert!(tier.custom && tier.restricted_picklist && !tier.unique);
    let [gold, old] = tier.picklist.as_slice() else {
        panic!("two values");
    };
    assert_eq!(gold.valid_for, Some(vec![0x80, 0x00, 0x01]));
    assert_eq!(gold.is_valid_for(0), Known::Yes(true));
    assert_eq!(gold.is_valid_for(1), Known::Yes(false));
    assert_eq!(gold.is_valid_for(23), Known::Yes(true));
    assert_eq!(
        (gold.label.as_str(), old.label.as_str()),
        ("Gold", "Old one")
    );
    assert!(!old.active && old.is_valid_for(0) == Known::Unknown);
    assert!(described.field("Number__c").expect("a field").auto_number);
    assert!(org.coverage.has_column("describe/User", "Tier__c"));
    assert_eq!(org.coverage.objects["describe/User"].rows, 2);
}

#[test]
fn every_file_alone_is_a_snapshot() {
    for (file, text) in [("Profile.csv", PROFILES), ("User.csv", USERS)] {
        let org = Folder::empty().with(file, text).load().org;
        assert_eq!(org.coverage.objects.len(), 1);
        for (_, profile) in org.profiles.iter() {
            assert_eq!(profile.license, Known::Unknown);
        }
    }
}
