//! What a column of an input file means.

use std::fmt;

/// The meaning of a column: our own name for it, whatever the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// Salesforce username, the key of a row.
    Username,
    /// Salesforce id of the user.
    UserId,
    /// Email.
    Email,
    /// FirstName.
    FirstName,
    /// LastName.
    LastName,
    /// Alias.
    Alias,
    /// CommunityNickname.
    Nickname,
    /// Profile, by name or id.
    Profile,
    /// Role, by name, API name or id.
    Role,
    /// Permission sets (groups are accepted too).
    PermissionSets,
    /// Permission set groups (sets are accepted too).
    PermissionSetGroups,
    /// Permission set licenses.
    PermissionSetLicenses,
    /// Feature licenses as a list.
    FeatureLicenses,
    /// Public groups.
    PublicGroups,
    /// Managed packages.
    Packages,
    /// FederationIdentifier.
    FederationId,
    /// TimeZoneSidKey.
    TimeZone,
    /// LocaleSidKey.
    Locale,
    /// LanguageLocaleKey.
    Language,
    /// EmailEncodingKey.
    EmailEncoding,
    /// Manager, by username, name or id.
    Manager,
    /// ContactId.
    Contact,
    /// AccountId.
    Account,
    /// IsActive.
    Active,
    /// EmployeeNumber.
    EmployeeNumber,
    /// Okta group of a mapping row.
    Group,
    /// Priority of a mapping row.
    Priority,
    /// Attribute that a mapped expression fills.
    Property,
    /// Expression of a mapped attribute.
    Expression,
    /// One `UserPermissions...User` column; the number counts such columns of the file.
    FeatureFlag(u16),
    /// Any other User field; the number counts such columns of the file.
    Field(u16),
}

impl Attribute {
    /// All fixed attributes, in the order in which help and reports list them.
    pub const FIXED: [Self; 29] = [
        Self::Username,
        Self::UserId,
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::Alias,
        Self::Nickname,
        Self::Profile,
        Self::Role,
        Self::PermissionSets,
        Self::PermissionSetGroups,
        Self::PermissionSetLicenses,
        Self::FeatureLicenses,
        Self::PublicGroups,
        Self::Packages,
        Self::FederationId,
        Self::TimeZone,
        Self::Locale,
        Self::Language,
        Self::EmailEncoding,
        Self::Manager,
        Self::Contact,
        Self::Account,
        Self::Active,
        Self::EmployeeNumber,
        Self::Group,
        Self::Priority,
        Self::Property,
        Self::Expression,
    ];

    /// What every new user needs besides the profile, in the order in which Salesforce's documentation lists it.
    pub const NEEDED: [Self; 8] = [
        Self::Username,
        Self::LastName,
        Self::Email,
        Self::Alias,
        Self::TimeZone,
        Self::Locale,
        Self::EmailEncoding,
        Self::Language,
    ];

    /// Place of the attribute in [`Attribute::FIXED`]; `None` for flags and other fields.
    #[must_use]
    #[inline]
    pub(crate) const fn slot(self) -> Option<usize> {
        Some(match self {
            Self::Username => 0,
            Self::UserId => 1,
            Self::Email => 2,
            Self::FirstName => 3,
            Self::LastName => 4,
            Self::Alias => 5,
            Self::Nickname => 6,
            Self::Profile => 7,
            Self::Role => 8,
            Self::PermissionSets => 9,
            Self::PermissionSetGroups => 10,
            Self::PermissionSetLicenses => 11,
            Self::FeatureLicenses => 12,
            Self::PublicGroups => 13,
            Self::Packages => 14,
            Self::FederationId => 15,
            Self::TimeZone => 16,
            Self::Locale => 17,
            Self::Language => 18,
            Self::EmailEncoding => 19,
            Self::Manager => 20,
            Self::Contact => 21,
            Self::Account => 22,
            Self::Active => 23,
            Self::EmployeeNumber => 24,
            Self::Group => 25,
            Self::Priority => 26,
            Self::Property => 27,
            Self::Expression => 28,
            Self::FeatureFlag(_) | Self::Field(_) => return None,
        })
    }

    /// The name in JSON (`column`), options and configuration. For flags and other fields the header's field name is shown instead.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::UserId => "userId",
            Self::Email => "email",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Alias => "alias",
            Self::Nickname => "nickname",
            Self::Profile => "profile",
            Self::Role => "role",
            Self::PermissionSets => "permissionSets",
            Self::PermissionSetGroups => "permissionSetGroups",
            Self::PermissionSetLicenses => "permissionSetLicenses",
            Self::FeatureLicenses => "featureLicenses",
            Self::PublicGroups => "publicGroups",
            Self::Packages => "packages",
            Self::FederationId => "federationId",
            Self::TimeZone => "timezone",
            Self::Locale => "locale",
            Self::Language => "language",
            Self::EmailEncoding => "emailEncoding",
            Self::Manager => "manager",
            Self::Contact => "contact",
            Self::Account => "account",
            Self::Active => "active",
            Self::EmployeeNumber => "employeeNumber",
            Self::Group => "group",
            Self::Priority => "priority",
            Self::Property => "property",
            Self::Expression => "expression",
            Self::FeatureFlag(_) => "featureFlag",
            Self::Field(_) => "field",
        }
    }

    /// Whether a cell holds a list.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::PermissionSets
                | Self::PermissionSetGroups
                | Self::PermissionSetLicenses
                | Self::FeatureLicenses
                | Self::PublicGroups
                | Self::Packages
        )
    }

    /// API name of the User field that the attribute fills, where it fills exactly one.
    #[must_use]
    pub fn user_field(self) -> Option<&'static str> {
        Some(match self {
            Self::Username => "Username",
            Self::UserId => "Id",
            Self::Email => "Email",
            Self::FirstName => "FirstName",
            Self::LastName => "LastName",
            Self::Alias => "Alias",
            Self::Nickname => "CommunityNickname",
            Self::Profile => "ProfileId",
            Self::Role => "UserRoleId",
            Self::FederationId => "FederationIdentifier",
            Self::TimeZone => "TimeZoneSidKey",
            Self::Locale => "LocaleSidKey",
            Self::Language => "LanguageLocaleKey",
            Self::EmailEncoding => "EmailEncodingKey",
            Self::Manager => "ManagerId",
            Self::Contact => "ContactId",
            Self::Account => "AccountId",
            Self::Active => "IsActive",
            Self::EmployeeNumber => "EmployeeNumber",
            _ => return None,
        })
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Attribute;

    #[test]
    fn slots_are_the_places_in_the_list() {
        for (n, attribute) in Attribute::FIXED.into_iter().enumerate() {
            assert_eq!(attribute.slot(), Some(n), "{attribute}");
        }
        assert_eq!(Attribute::Field(0).slot(), None);
    }
}
