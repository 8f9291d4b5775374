//! The names of the contract.

use super::{ALIASES, attribute_named, attribute_of, is_people_profile_url, normalize};
use crate::input::Attribute;

#[test]
fn no_name_means_two_columns() {
    let mut names: Vec<&str> = ALIASES
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.iter().all(|name| normalize(name) == *name));
}

/// Every header of the table in the contract.
const DOCUMENTED: &[(Attribute, &[&str])] = &[
    (
        Attribute::Username,
        &[
            "username",
            "userName",
            "credentials.userName",
            "Salesforce Username",
            "Application username",
            "Application login",
            "assigneeAppUsername",
        ],
    ),
    (
        Attribute::UserId,
        &["externalId", "UserId", "Salesforce Id"],
    ),
    (Attribute::Email, &["email", "profile.email", "E-Mail"]),
    (Attribute::FirstName, &["firstName", "given name"]),
    (Attribute::LastName, &["lastName", "surname"]),
    (Attribute::Alias, &["alias"]),
    (Attribute::Nickname, &["CommunityNickname", "nickName"]),
    (
        Attribute::Profile,
        &[
            "profile",
            "Profile Name",
            "ProfileId",
            "Profile URL",
            "profile.profile",
            "Profile.Name",
        ],
    ),
    (
        Attribute::Role,
        &[
            "role",
            "Role Name",
            "UserRole",
            "UserRoleId",
            "UserRole.Name",
        ],
    ),
    (
        Attribute::PermissionSets,
        &[
            "permissionSets",
            "Permission Set(s)",
            "Permission Set",
            "permission_sets",
            "profile.salesforceGroups",
        ],
    ),
    (
        Attribute::PermissionSetGroups,
        &["permissionSetGroups", "Permission Set Groups"],
    ),
    (
        Attribute::PermissionSetLicenses,
        &["permissionSetLicenses", "PSL"],
    ),
    (
        Attribute::FeatureLicenses,
        &["featureLicenses", "Feature License(s)"],
    ),
    (
        Attribute::PublicGroups,
        &["publicGroups", "Public Group(s)"],
    ),
    (Attribute::Packages, &["packages", "managedPackages"]),
    (
        Attribute::FederationId,
        &["federationId", "FederationIdentifier", "SAML Federation ID"],
    ),
    (
        Attribute::TimeZone,
        &["timezone", "TimeZoneSidKey", "Time Zone"],
    ),
    (Attribute::Locale, &["locale", "LocaleSidKey"]),
    (
        Attribute::Language,
        &["language", "LanguageLocaleKey", "preferredLanguage"],
    ),
    (
        Attribute::EmailEncoding,
        &["EmailEncodingKey", "Email Encoding"],
    ),
    (Attribute::Manager, &["manager", "ManagerId", "Manager ID"]),
    (Attribute::Contact, &["ContactId", "Contact"]),
    (Attribute::Account, &["AccountId", "Account"]),
    (Attribute::Active, &["IsActive", "Active"]),
    (
        Attribute::EmployeeNumber,
        &["EmployeeNumber", "Employee Number"],
    ),
];

#[test]
fn every_documented_header_is_known() {
    for (attribute, headers) in DOCUMENTED {
        for header in *headers {
            assert_eq!(
                attribute_of(&normalize(header)),
                Some(*attribute),
                "{header}"
            );
        }
    }
    for header in [
        "roles",
        "samlRoles",
        "login",
        "Okta Username",
        "costCenter",
        "__c",
    ] {
        assert_eq!(attribute_of(&normalize(header)), None, "{header}");
    }
}

#[test]
fn the_profile_url_of_a_person_is_no_profile() {
    assert!(is_people_profile_url("profileUrl"));
    assert!(is_people_profile_url("profile.profileUrl"));
    assert!(!is_people_profile_url("Profile URL"));
    assert!(!is_people_profile_url("profile"));
}

#[test]
fn keys_of_the_configuration_are_our_names() {
    for attribute in Attribute::FIXED {
        assert_eq!(attribute_named(attribute.name()), Some(attribute));
    }
    assert_eq!(
        attribute_named("permission_sets"),
        Some(Attribute::PermissionSets)
    );
    assert_eq!(attribute_named("colour"), None);
}
