//! Headers to columns.

use super::{columns, read, read_with, refusal};
use crate::input::{Attribute, ReadOptions};

#[test]
fn two_headers_for_one_column_are_named() {
    for (header, words) in [
        (
            "Username,Profile,Profile Name",
            "columns 2 ('Profile') and 3 ('Profile Name') both mean profile",
        ),
        (
            "Username,USER_NAME",
            "columns 1 ('Username') and 2 ('USER_NAME') both mean username",
        ),
        ("login,Okta Username", "both mean username"),
        (
            "login,permission_sets,salesforceGroups",
            "both mean permissionSets",
        ),
        ("login,externalId,UserId", "both mean userId"),
        ("login,Title,profile.title", "both mean Title"),
        (
            "login,Cost Center,Cost_Center__c",
            "both mean Cost_Center__c",
        ),
        (
            "login,Area",
            "column 2 ('Area') fits two fields of User, Region__c and District__c",
        ),
    ] {
        assert!(
            refusal(&format!("{header}\nx\n")).contains(words),
            "{header}: {}",
            refusal(&format!("{header}\nx\n"))
        );
    }
}

#[test]
fn better_headers_win_where_the_contract_says_so() {
    assert_eq!(
        columns("login,Application login"),
        [(Attribute::Username, "Application login".into())]
    );
    assert_eq!(
        columns("Okta Username,profile"),
        [
            (Attribute::Username, "Okta Username".into()),
            (Attribute::Profile, "profile".into()),
        ]
    );
    assert_eq!(
        columns("login,manager,managerId"),
        [
            (Attribute::Username, "login".into()),
            (Attribute::Manager, "managerId".into()),
        ]
    );
    assert_eq!(
        columns("login,managerId,manager")[1],
        (Attribute::Manager, "managerId".into())
    );
    assert_eq!(
        columns("login,profileUrl,Profile URL")[1],
        (Attribute::Profile, "Profile URL".into())
    );
}

#[test]
fn an_id_column_counts_where_its_cells_are_user_ids() {
    let (input, _) = read("Id,profile\n005000000000001,A\n,B\n").expect("readable");
    assert!(input.columns.has(Attribute::UserId));
    let (input, _) = read("id,userName\n00uFICT0000000000001,a@x.example\n").expect("readable");
    assert!(!input.columns.has(Attribute::UserId));
    assert_eq!(&*input.columns.ignored, [Box::from("id")]);
    assert!(refusal("id,profile\n00uFICT0000000000001,A\n").contains("no column names the user"));
    assert!(refusal("Id,externalId\n005000000000001,\n").contains("both mean userId"));
}

#[test]
fn fields_of_user_are_found_by_name_and_label() {
    let (input, _) = read("login,title,cost center,Other__c,UserPermissionsMarketingUser,UserPermissionsLiveAgentUser,Last login,scope,Role ID\nx\n").expect("readable");
    let shown: Vec<_> = input
        .columns
        .assigned()
        .into_iter()
        .map(|(attribute, _)| input.columns.shown(attribute).to_owned())
        .collect();
    assert_eq!(
        shown,
        [
            "username",
            "Title",
            "Cost_Center__c",
            "Other__c",
            "UserPermissionsMarketingUser",
            "UserPermissionsLiveAgentUser",
            "role"
        ]
    );
    assert_eq!(input.columns.flags().len(), 2);
    assert_eq!(
        &*input.columns.ignored,
        [Box::from("Last login"), Box::from("scope")]
    );
    let described: Vec<bool> = input
        .columns
        .fields()
        .iter()
        .map(|field| field.described.is_some())
        .collect();
    assert_eq!(described, [true, true, true, false, true, false, true]);
}

#[test]
fn the_configuration_names_any_header() {
    let overrides = [
        (String::from("profile"), String::from("SF Profile")),
        (String::from("username"), String::from("mail")),
        (String::from("Region__c"), String::from("Where")),
    ];
    let options = ReadOptions {
        overrides: &overrides,
        ..ReadOptions::default()
    };
    let (input, _) =
        read_with(b"mail,Username,Profile,SF Profile,where\nx\n", &options).expect("readable");
    let headers: Vec<_> = input
        .columns
        .assigned()
        .into_iter()
        .map(|(attribute, header)| (input.columns.shown(attribute), header))
        .collect();
    assert_eq!(
        headers,
        [
            ("username", "mail"),
            ("profile", "SF Profile"),
            ("Region__c", "where")
        ]
    );
    let error = read_with(b"mail,Profile\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(
        error
            .to_string()
            .contains("[columns] says that profile is 'SF Profile'"),
        "{error}"
    );
    let wrong = [(String::from("colour"), String::from("mail"))];
    let options = ReadOptions {
        overrides: &wrong,
        ..ReadOptions::default()
    };
    let error = read_with(b"mail,username\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(error.to_string().contains("'colour'"), "{error}");
}

#[test]
fn many_columns() {
    let wide = (0..10_000)
        .map(|n| format!(",C{n}__c"))
        .collect::<Vec<_>>()
        .concat();
    let (input, _) = read(&format!("username{wide}\nx\n")).expect("readable");
    assert_eq!(input.columns.fields().len(), 10_001);
    let too_wide = ",".repeat(65_001);
    assert!(refusal(&format!("username{too_wide}\nx\n")).contains("the header has 65002 columns"));
}
