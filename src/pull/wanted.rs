//! What a pull asks for: objects, columns in the order of the files, conditions, and what a user needs to see them.

/// A column of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// A field that every org has; where it is not shown to this user, that is a gap.
    Field(&'static str),
    /// A field that only orgs with some feature have.
    Maybe(&'static str),
    /// All fields whose names begin so, in the order of describe.
    Family(&'static str),
    /// A field of a parent record, where the reference to it is there: (`Profile.Name`, `ProfileId`).
    Parent(&'static str, &'static str),
    /// The custom fields of User that rules ask for.
    Custom,
}

use Column::{Custom, Family, Field, Maybe, Parent};

/// Which API knows the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// The REST API.
    Rest,
    /// The Tooling API; there is no describe to ask.
    Tooling,
}

/// Which records are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of them.
    All,
    /// Those that fit a condition.
    Where(&'static str),
    /// Those whose ids other files name.
    Named,
    /// Those whose column, after they came, holds a value.
    Kept {
        /// The condition that the org applies.
        filter: &'static str,
        /// The column that is looked at here.
        column: &'static str,
        /// The value.
        value: &'static str,
    },
}

/// One object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) name: &'static str,
    pub(super) api: Api,
    pub(super) columns: &'static [Column],
    pub(super) part: Part,
    /// Whether records have an `Id` that can be sorted and compared by.
    pub(super) by_id: bool,
    /// Whether a missing record of the file proves nothing, as the reader of snapshots says too.
    pub(super) filtered: bool,
    /// Whether the answer of describe is kept.
    pub(super) described: bool,
    /// What a user needs who sees it, for messages.
    pub(super) needs: &'static str,
}

const TEMPLATE: Wanted = Wanted {
    name: "",
    api: Api::Rest,
    columns: &[],
    part: Part::All,
    by_id: true,
    filtered: false,
    described: false,
    needs: "View Setup and Configuration",
};

macro_rules! columns {
    ($($name:literal)* $(; $extra:expr)*) => { &[$(Field($name),)* $($extra,)*] };
}

/// Section 3.1.1 of the notes on the API.
const USER: &[Column] = columns!["Id" "Username" "IsActive" "UserType" "ProfileId" "UserRoleId" "FirstName"; Maybe("MiddleName");
    Field("LastName"); Maybe("Suffix"); Field("Email"); Field("Alias"); Field("CommunityNickname"); Field("FederationIdentifier");
    Field("EmployeeNumber"); Field("ManagerId"); Field("TimeZoneSidKey"); Field("LocaleSidKey"); Field("LanguageLocaleKey");
    Field("EmailEncodingKey"); Maybe("DefaultCurrencyIsoCode"); Field("DigestFrequency"); Field("DefaultGroupNotificationFrequency");
    Field("Title"); Field("CompanyName"); Field("Department"); Field("Division"); Field("Street"); Field("City"); Field("State");
    Field("PostalCode"); Field("Country"); Maybe("StateCode"); Maybe("CountryCode"); Field("Phone"); Field("MobilePhone"); Field("Fax");
    Field("Extension"); Field("ForecastEnabled"); Family("UserPermissions"); Maybe("ContactId"); Maybe("AccountId");
    Maybe("IsPortalEnabled"); Field("LastLoginDate"); Field("CreatedDate"); Field("LastPasswordChangeDate");
    Maybe("PasswordExpirationDate"); Field("SystemModstamp"); Custom];

const SETUP: Wanted = Wanted {
    by_id: false,
    api: Api::Tooling,
    ..TEMPLATE
};

/// Every object of a snapshot folder that is asked for by query. Objects come after those that their filter needs.
pub(super) static WANTED: &[Wanted] = &[
    Wanted {
        name: "Organization",
        columns: columns!["Id" "Name" "OrganizationType" "IsSandbox" "InstanceName" "TrialExpirationDate" "NamespacePrefix" "LanguageLocaleKey"],
        needs: "nothing but API Enabled",
        ..TEMPLATE
    },
    Wanted {
        name: "UserLicense",
        columns: columns!["Id" "Name" "MasterLabel" "LicenseDefinitionKey" "Status" "TotalLicenses" "UsedLicenses" "UsedLicensesLastUpdated";
            Maybe("MonthlyLoginsEntitlement"); Maybe("MonthlyLoginsUsed")],
        ..TEMPLATE
    },
    Wanted {
        name: "Profile",
        columns: columns!["Id" "Name" "UserType" "UserLicenseId" "Description" "SystemModstamp"; Maybe("IsSsoEnabled"); Family("Permissions")],
        described: true,
        needs: "View All Profiles, or View Setup and Configuration",
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSet",
        columns: columns!["Id" "Name" "Label" "LicenseId" "ProfileId"; Parent("Profile.Name", "ProfileId"); Field("IsOwnedByProfile");
            Field("IsCustom"); Field("Type"); Field("NamespacePrefix"); Field("HasActivationRequired"); Field("PermissionSetGroupId");
            Maybe("PsgCount"); Family("Permissions")],
        described: true,
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSetGroup",
        columns: columns!["Id" "DeveloperName" "MasterLabel" "Status" "NamespacePrefix" "HasActivationRequired"],
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSetGroupComponent",
        columns: columns!["Id" "PermissionSetGroupId" "PermissionSetId"],
        ..TEMPLATE
    },
    Wanted {
        name: "MutingPermissionSet",
        columns: columns!["Id" "DeveloperName" "MasterLabel"],
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSetLicense",
        columns: columns!["Id" "DeveloperName" "MasterLabel" "PermissionSetLicenseKey" "Status" "TotalLicenses" "UsedLicenses" "ExpirationDate"
            "LicenseExpirationPolicy" "IsSupplementLicense" "IsAvailableForIntegrations"; Family("MaximumPermissions")],
        needs: "View Setup and Configuration (its DeveloperName: View Developer Name)",
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSetLicenseAssign",
        columns: columns!["Id" "AssigneeId" "PermissionSetLicenseId"],
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionSetAssignment",
        columns: columns!["Id" "AssigneeId" "PermissionSetId" "PermissionSetGroupId" "ExpirationDate" "IsActive"; Maybe("IsRevoked")],
        part: Part::Where("PermissionSet.IsOwnedByProfile = false"),
        ..TEMPLATE
    },
    Wanted {
        name: "ObjectPermissions",
        columns: columns!["Id" "ParentId" "SobjectType" "PermissionsCreate" "PermissionsRead" "PermissionsEdit" "PermissionsDelete"
            "PermissionsViewAllRecords" "PermissionsModifyAllRecords"],
        ..TEMPLATE
    },
    Wanted {
        name: "UserRole",
        columns: columns!["Id" "Name" "DeveloperName" "ParentRoleId" "RollupDescription"; Maybe("PortalType"); Maybe("PortalRole");
            Maybe("PortalAccountId"); Maybe("PortalAccountOwnerId")],
        needs: "View Roles and Role Hierarchy",
        ..TEMPLATE
    },
    Wanted {
        name: "Group",
        columns: columns!["Id" "Name" "DeveloperName" "Type" "RelatedId" "OwnerId" "DoesIncludeBosses"],
        part: Part::Where("Type = 'Regular'"),
        filtered: true,
        ..TEMPLATE
    },
    Wanted {
        name: "GroupMember",
        columns: columns!["Id" "GroupId" "UserOrGroupId"],
        part: Part::Where("Group.Type = 'Regular'"),
        filtered: true,
        ..TEMPLATE
    },
    Wanted {
        name: "User",
        columns: USER,
        described: true,
        needs: "View All Users",
        ..TEMPLATE
    },
    Wanted {
        name: "UserLogin",
        columns: columns!["Id" "UserId" "IsFrozen" "IsPasswordLocked"],
        part: Part::Where("IsFrozen = true OR IsPasswordLocked = true"),
        needs: "Manage Users; a user who only reads had better go without",
        ..TEMPLATE
    },
    Wanted {
        name: "ActiveFeatureLicenseMetric",
        columns: columns!["Id" "FeatureType" "TotalLicenseCount" "AssignedUserCount" "ActiveUserCount" "MetricsDate"],
        ..TEMPLATE
    },
    Wanted {
        name: "PackageLicense",
        columns: columns!["Id" "NamespacePrefix" "Status" "AllowedLicenses" "UsedLicenses" "ExpirationDate"],
        ..TEMPLATE
    },
    Wanted {
        name: "UserPackageLicense",
        columns: columns!["Id" "PackageLicenseId" "UserId"],
        ..TEMPLATE
    },
    Wanted {
        name: "Network",
        columns: columns!["Id" "Name" "Status" "UrlPathPrefix"],
        needs: "Experience Cloud, and View Setup and Configuration",
        ..TEMPLATE
    },
    Wanted {
        name: "NetworkMemberGroup",
        columns: columns!["Id" "NetworkId" "ParentId"],
        needs: "Experience Cloud, and View Setup and Configuration",
        ..TEMPLATE
    },
    Wanted {
        name: "SetupEntityAccess",
        columns: columns!["Id" "ParentId" "SetupEntityId" "SetupEntityType"],
        part: Part::Where("SetupEntityType IN ('TabSet', 'ConnectedApplication')"),
        ..TEMPLATE
    },
    Wanted {
        name: "FlowDefinitionView",
        columns: columns!["Id" "DurableId" "ApiName" "Label" "ProcessType" "TriggerType" "TriggerObjectOrEventLabel" "IsActive"],
        part: Part::Kept {
            filter: "IsActive = true",
            column: "TriggerObjectOrEventLabel",
            value: "User",
        },
        by_id: false,
        ..TEMPLATE
    },
    Wanted {
        name: "PermissionDependency",
        columns: columns!["Permission" "PermissionType" "RequiredPermission" "RequiredPermissionType"],
        ..SETUP
    },
    Wanted {
        name: "ValidationRule",
        columns: columns!["Id" "ValidationName" "EntityDefinitionId" "Active" "ErrorMessage"],
        part: Part::Where("EntityDefinition.QualifiedApiName = 'User'"),
        ..SETUP
    },
    Wanted {
        name: "ApexTrigger",
        columns: columns!["Id" "Name" "NamespacePrefix" "TableEnumOrId" "Status"],
        part: Part::Where("TableEnumOrId = 'User'"),
        ..SETUP
    },
    Wanted {
        name: "Contact",
        columns: columns!["Id" "FirstName" "LastName" "Email" "AccountId" "OwnerId"],
        part: Part::Named,
        filtered: true,
        needs: "Read on Contact, and sharing",
        ..TEMPLATE
    },
    Wanted {
        name: "Account",
        columns: columns!["Id" "Name" "OwnerId"; Maybe("IsPartner"); Maybe("IsCustomerPortal"); Maybe("IsPersonAccount")],
        part: Part::Named,
        filtered: true,
        needs: "Read on Account, and sharing",
        ..TEMPLATE
    },
];

/// The one file that no query gives.
pub(super) const SETTINGS: &str = "Settings";

/// The names that `--objects` takes.
pub fn names() -> impl Iterator<Item = &'static str> {
    WANTED.iter().map(|wanted| wanted.name).chain([SETTINGS])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::objects;

    #[test]
    fn what_is_asked_for_is_what_a_folder_may_hold() {
        let mut asked: Vec<&str> = names().collect();
        asked.sort_unstable();
        let mut known: Vec<&str> = objects::all().map(|object| object.name).collect();
        known.sort_unstable();
        assert_eq!(asked, known);
    }

    #[test]
    fn whatever_the_reader_uses_is_asked_for() {
        for object in objects::all().filter(|object| object.name != SETTINGS) {
            let wanted = WANTED
                .iter()
                .find(|wanted| wanted.name == object.name)
                .expect("asked for");
            assert_eq!(wanted.filtered, object.filtered, "{}", object.name);
            for column in object.columns {
                // Read where somebody has it; the notes on the API do not know the column.
                if *column != "TriggerObjectOrEventId" {
                    let asked = wanted.columns.contains(&Field(column))
                        || wanted.columns.contains(&Maybe(column));
                    assert!(asked, "{}.{column}", object.name);
                }
            }
        }
    }
}
