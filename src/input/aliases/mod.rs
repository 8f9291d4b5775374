//! Header names that mean a column, whatever the org.

use super::Attribute;

/// Normalized header names of each column; the first group of the contract, then what exports of Salesforce add.
const ALIASES: &[(Attribute, &[&str])] = &[
    (
        Attribute::Username,
        &[
            "username",
            "salesforceusername",
            "applicationusername",
            "applicationlogin",
            "assigneeappusername",
        ],
    ),
    (
        Attribute::UserId,
        &["externalid", "userid", "salesforceid", "salesforceuserid"],
    ),
    (Attribute::Email, &["email"]),
    (Attribute::FirstName, &["firstname", "givenname"]),
    (Attribute::LastName, &["lastname", "surname", "familyname"]),
    (Attribute::Alias, &["alias"]),
    (Attribute::Nickname, &["communitynickname", "nickname"]),
    (
        Attribute::Profile,
        &["profile", "profilename", "profileid", "profileurl"],
    ),
    (
        Attribute::Role,
        &[
            "role",
            "rolename",
            "roleid",
            "userrole",
            "userrolename",
            "userroleid",
        ],
    ),
    (
        Attribute::PermissionSets,
        &["permissionset", "permissionsets", "salesforcegroups"],
    ),
    (
        Attribute::PermissionSetGroups,
        &["permissionsetgroup", "permissionsetgroups"],
    ),
    (
        Attribute::PermissionSetLicenses,
        &[
            "permissionsetlicense",
            "permissionsetlicenses",
            "permissionsetlicence",
            "permissionsetlicences",
            "psl",
            "psls",
        ],
    ),
    (
        Attribute::FeatureLicenses,
        &[
            "featurelicense",
            "featurelicenses",
            "featurelicence",
            "featurelicences",
        ],
    ),
    (Attribute::PublicGroups, &["publicgroup", "publicgroups"]),
    (
        Attribute::Packages,
        &["package", "packages", "managedpackage", "managedpackages"],
    ),
    (
        Attribute::FederationId,
        &["federationid", "federationidentifier", "samlfederationid"],
    ),
    (Attribute::TimeZone, &["timezone", "timezonesidkey"]),
    (Attribute::Locale, &["locale", "localesidkey"]),
    (
        Attribute::Language,
        &["language", "languagelocalekey", "preferredlanguage"],
    ),
    (
        Attribute::EmailEncoding,
        &["emailencoding", "emailencodingkey"],
    ),
    (
        Attribute::Manager,
        &["manager", "managerid", "managersalesforceid"],
    ),
    (Attribute::Contact, &["contact", "contactid"]),
    (Attribute::Account, &["account", "accountid"]),
    (Attribute::Active, &["active", "isactive"]),
    (Attribute::EmployeeNumber, &["employeenumber"]),
];

/// Names that mean the username only where no better one is there.
pub(super) const WEAK_USERNAMES: [&str; 2] = ["login", "oktausername"];

/// Columns of Okta's exports and reports that say nothing about the user in Salesforce, although some are spelt like a field label.
const NOT_OURS: [&str; 18] = [
    "scope",
    "status",
    "syncstate",
    "samlroles",
    "roles",
    "licenses",
    "groupname",
    "user",
    "fullname",
    "assignedon",
    "unassignedon",
    "unassigned",
    "lastlogin",
    "lastpasswordchange",
    "applicationname",
    "applicationinstance",
    "assigneeoktausername",
    "assigneeoktaid",
];

/// A header of a list of people as it is compared with the names that such lists use: without case, spaces, `_` and `-`.
pub(crate) fn column_key(header: &str) -> String {
    let header = header.trim_start_matches('\u{feff}').trim();
    header.to_ascii_lowercase().replace([' ', '_', '-'], "")
}

/// A header without case, spaces, `_`, `-`, brackets and without the prefix of an Okta app profile.
pub(super) fn normalize(header: &str) -> String {
    let name: String = header
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-' | '(' | ')'))
        .flat_map(char::to_lowercase)
        .collect();
    match name.as_str() {
        // What a query with relationship fields writes.
        "profile.name" => return String::from("profilename"),
        "userrole.name" | "role.name" => return String::from("rolename"),
        _ => {}
    }
    ["profile.", "credentials."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .map(str::to_owned)
        .unwrap_or(name)
}

/// A header without the prefix of an Okta app profile, otherwise as it was read.
pub(super) fn unprefixed(header: &str) -> &str {
    ["profile.", "credentials."]
        .iter()
        .find_map(|prefix| {
            let head = header.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix)
                .then(|| header.get(prefix.len()..))
                .flatten()
        })
        .unwrap_or(header)
}

/// The column that a normalized header means.
pub(super) fn attribute_of(normalized: &str) -> Option<Attribute> {
    ALIASES
        .iter()
        .find(|(_, names)| names.contains(&normalized))
        .map(|(attribute, _)| *attribute)
}

/// The column that an attribute of Okta's app profile fills, where it decides what somebody may do.
#[must_use]
pub fn access_column(name: &str) -> Option<Attribute> {
    attribute_of(&normalize(name)).filter(|attribute| {
        attribute.is_list() || matches!(attribute, Attribute::Profile | Attribute::Role)
    })
}

/// The column that a key of `[columns]` names: our own name of it, or any alias.
pub(crate) fn attribute_named(key: &str) -> Option<Attribute> {
    let normalized = normalize(key);
    Attribute::FIXED
        .into_iter()
        .find(|attribute| normalize(attribute.name()) == normalized)
        .or_else(|| attribute_of(&normalized))
}

/// Whether a normalized header says nothing about the user in Salesforce.
pub(super) fn is_not_ours(normalized: &str) -> bool {
    NOT_OURS.contains(&normalized)
}

/// `profileUrl` of Okta's people template is the address of a picture page; `Profile URL`, in words, is the profile.
pub(super) fn is_people_profile_url(header: &str) -> bool {
    let plain = unprefixed(header.trim());
    normalize(plain) == "profileurl" && plain.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
