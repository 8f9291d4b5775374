//! Which columns say something of a person. Whatever is not known to be about the org is.

use super::people::Kind;

/// Columns and fields that are about access or about the org, never about one person.
const OF_THE_ORG: [&str; 58] = [
    "account",
    "accountid",
    "active",
    "callcenterid",
    "companyname",
    "costcenter",
    "country",
    "countrycode",
    "currencyisocode",
    "defaultcurrencyisocode",
    "defaultgroupnotificationfrequency",
    "department",
    "digestfrequency",
    "division",
    "emailencoding",
    "emailencodingkey",
    "expression",
    "featureflag",
    "featurelicenses",
    "forecastenabled",
    "group",
    "isactive",
    "isportalenabled",
    "language",
    "license",
    "languagelocalekey",
    "locale",
    "localesidkey",
    "managedpackages",
    "organization",
    "packages",
    "permissionsetgroups",
    "permissionsetlicenses",
    "permissionsets",
    "preferredlanguage",
    "priority",
    "profile",
    "profileid",
    "profilename",
    "property",
    "publicgroups",
    "receivesadmininfoemails",
    "receivesinfoemails",
    "role",
    "roleid",
    "roletype",
    "salesforcegroups",
    "signonmode",
    "state",
    "statecode",
    "status",
    "timezone",
    "timezonesidkey",
    "user",
    "usertype",
    "userrole",
    "userroleid",
    "zoneinfo",
];

/// Whether what stands in a column is about one person.
pub(super) fn is_personal(column: &str) -> bool {
    let name = column.to_ascii_lowercase();
    !OF_THE_ORG.contains(&name.as_str()) && !name.starts_with("userpermissions")
}

/// Subjects of findings that are persons.
pub(super) fn is_personal_subject(kind: &str) -> bool {
    matches!(
        kind,
        "user"
            | "username"
            | "email"
            | "nickname"
            | "federation-id"
            | "manager"
            | "name"
            | "contact"
    )
}

/// What the value of a personal column is to the person of the row; `None`: it names another person.
pub(super) fn kind_of(column: &str) -> Option<Kind> {
    Some(match column.to_ascii_lowercase().as_str() {
        "manager" | "managerid" | "contact" | "contactid" | "delegatedapproverid" => return None,
        "userid" => Kind::Id,
        "federationid" | "federationidentifier" => Kind::FederationId,
        "employeenumber" => Kind::EmployeeNumber,
        "alias" => Kind::Alias,
        "nickname" | "communitynickname" => Kind::Nickname,
        "name" | "displayname" => Kind::Name,
        _ => Kind::Address,
    })
}
