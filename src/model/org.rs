//! One org as the snapshot tells it: tables, names, describe, and what is missing.

use super::{
    Account, AccountId, Contact, ContactId, FeatureId, FeatureTotal, License, LicenseId, Network,
    Organization, Package, PackageId, PermissionId, PermissionSet, PermissionSetGroup,
    PermissionSetGroupId, PermissionSetId, PermissionSetLicense, Permissions, Profile, ProfileId,
    PslId, PublicGroup, PublicGroupId, Role, RoleId, SfId, Table, Users,
};
use super::{Choices, Dense, Known, Places};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the snapshot says about one org. Built by the snapshot reader, read by the matrix.
#[derive(Clone, Debug, Default)]
pub struct Org {
    /// Organization; `None` where it was not pulled.
    pub organization: Option<Organization>,
    /// UserLicense.
    pub licenses: Table<LicenseId, License>,
    /// Profile.
    pub profiles: Table<ProfileId, Profile>,
    /// UserRole.
    pub roles: Table<RoleId, Role>,
    /// PermissionSet, all owners.
    pub permission_sets: Table<PermissionSetId, PermissionSet>,
    /// PermissionSetGroup.
    pub permission_set_groups: Table<PermissionSetGroupId, PermissionSetGroup>,
    /// PermissionSetLicense.
    pub psls: Table<PslId, PermissionSetLicense>,
    /// Group of Type Regular.
    pub public_groups: Table<PublicGroupId, PublicGroup>,
    /// PackageLicense.
    pub packages: Table<PackageId, Package>,
    /// Contact.
    pub contacts: Table<ContactId, Contact>,
    /// Account.
    pub accounts: Table<AccountId, Account>,
    /// Network with its members.
    pub networks: Vec<Network>,
    /// Feature license flags that the org has: fields of describe or columns of User that start with `UserPermissions`
    /// and bear a seat; the API name of each.
    pub features: Table<FeatureId, Box<str>>,
    /// Latest feature license totals.
    pub feature_totals: Vec<FeatureTotal>,
    /// Permission columns of Profile, PermissionSet and PermissionSetLicense by API name without `Permissions`.
    pub permissions: Table<PermissionId, Box<str>>,
    /// Which permission columns Profile.csv has.
    pub profile_permissions: Permissions,
    /// Which permission columns PermissionSet.csv has.
    pub set_permissions: Permissions,
    /// Which `MaximumPermissions...` columns PermissionSetLicense.csv has.
    pub psl_permissions: Permissions,
    /// User.
    pub users: Users,
    /// Settings.csv; `None` where it was not pulled.
    pub settings: Option<BTreeMap<String, String>>,
    /// describe/User.json; `None` where it was not pulled.
    pub user_describe: Option<Describe>,
    /// Label to permission without `Permissions`, from the `Permissions...` fields of `describe/Profile.json` and
    /// `describe/PermissionSet.json`; empty where neither was pulled.
    pub permission_labels: FxHashMap<Box<str>, Box<str>>,
    /// Active automation on User, each with its kind: `validation rule Name`, `trigger Name`, `flow Name`.
    pub automation: Vec<String>,
    /// Day of the pull, by the manifest; `None` for a hand-made snapshot.
    pub pulled_on: Option<jiff::civil::Date>,
    /// What was pulled.
    pub coverage: Coverage,
    /// Record ids of all tables above except users, contacts and accounts.
    pub by_id: FxHashMap<SfId, Record>,
    /// Contacts by id.
    pub contact_ids: FxHashMap<SfId, ContactId>,
    /// Accounts by id.
    pub account_ids: FxHashMap<SfId, AccountId>,
}

/// A record of one of the small tables, found by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// `100...`
    License(LicenseId),
    /// `00e...`
    Profile(ProfileId),
    /// `00E...`
    Role(RoleId),
    /// `0PS...`
    PermissionSet(PermissionSetId),
    /// `0PG...`
    PermissionSetGroup(PermissionSetGroupId),
    /// `0PL...`
    Psl(PslId),
    /// `00G...`
    PublicGroup(PublicGroupId),
    /// A package license.
    Package(PackageId),
}

impl Org {
    /// The number of a permission column; `None` where no object of the snapshot has it.
    #[must_use]
    pub fn permission(&self, name: &str) -> Option<PermissionId> {
        self.permissions
            .iter()
            .find(|(_, known)| ***known == *name)
            .map(|(id, _)| id)
    }

    /// The number of a feature license flag (`UserPermissions...`).
    #[must_use]
    pub fn feature(&self, field: &str) -> Option<FeatureId> {
        self.features
            .iter()
            .find(|(_, known)| ***known == *field)
            .map(|(id, _)| id)
    }

    /// Whether a profile has a permission; unknown where Profile.csv lacks the column.
    #[must_use]
    pub fn profile_has(&self, profile: ProfileId, permission: &str) -> Known<bool> {
        let Some(id) = self
            .permission(permission)
            .filter(|id| self.profile_permissions.contains(id.index()))
        else {
            return Known::Unknown;
        };
        self.profiles
            .get(profile)
            .map(|p| p.permissions.contains(id.index()))
            .into()
    }

    /// Whether a permission set has a permission; unknown where PermissionSet.csv lacks the column.
    #[must_use]
    pub fn set_has(&self, set: PermissionSetId, permission: &str) -> Known<bool> {
        let Some(id) = self
            .permission(permission)
            .filter(|id| self.set_permissions.contains(id.index()))
        else {
            return Known::Unknown;
        };
        self.permission_sets
            .get(set)
            .map(|s| s.permissions.contains(id.index()))
            .into()
    }

    /// A value of Settings.csv that is `true` or `false`.
    #[must_use]
    pub fn setting(&self, key: &str) -> Known<bool> {
        let value = self
            .settings
            .as_ref()
            .and_then(|settings| settings.get(key));
        match value
            .map(|text| text.trim().to_ascii_lowercase())
            .as_deref()
        {
            Some("true") => Known::Yes(true),
            Some("false") => Known::Yes(false),
            _ => Known::Unknown,
        }
    }
}

/// What of an object is in the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCoverage {
    /// Header of the file.
    pub columns: BTreeSet<String>,
    /// Data records.
    pub rows: u64,
    /// The pull asks for a part of the object only (Contact, Account, Group, GroupMember): a missing id proves nothing.
    pub filtered: bool,
}

/// What is in the snapshot, object by object. An object that is not in here was not pulled.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// By API name of the object.
    pub objects: BTreeMap<String, ObjectCoverage>,
}

impl Coverage {
    /// Whether the file of an object is there.
    #[must_use]
    pub fn has(&self, object: &str) -> bool {
        self.objects.contains_key(object)
    }

    /// Whether a column of an object is there; of a family (`UserPermissions*`), whether any of it is.
    #[must_use]
    pub fn has_column(&self, object: &str, column: &str) -> bool {
        let Some(known) = self.objects.get(object) else {
            return false;
        };
        match column.strip_suffix('*') {
            None => known.columns.contains(column),
            Some(family) => known.columns.iter().any(|one| one.starts_with(family)),
        }
    }

    /// Whether every record of the object is there: the file exists and its query has no filter.
    #[must_use]
    pub fn is_full(&self, object: &str) -> bool {
        self.objects
            .get(object)
            .is_some_and(|known| !known.filtered)
    }
}

/// `describe/User.json`, as Salesforce answers `/sobjects/User/describe`.
#[derive(Clone, Debug, Default)]
pub struct Describe {
    /// Fields in the order of the file.
    pub fields: Vec<Field>,
    by_name: FxHashMap<String, usize>,
    places: Option<Box<Places>>,
    required_custom: Vec<usize>,
}

impl Describe {
    /// Indexes the fields by API name.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let by_name = fields
            .iter()
            .enumerate()
            .map(|(n, field)| (field.name.to_ascii_lowercase(), n))
            .collect();
        let mut describe = Self {
            fields,
            by_name,
            ..Self::default()
        };
        describe.places = describe.read_places().map(Box::new);
        describe.required_custom = (0..describe.fields.len())
            .filter(|&n| {
                describe
                    .fields
                    .get(n)
                    .is_some_and(Field::is_required_custom)
            })
            .collect();
        describe
    }

    fn read_places(&self) -> Option<Places> {
        let choices = |name| {
            self.field(name)
                .map(Choices::of)
                .filter(|choices| !choices.is_empty())
        };
        let label = |name: &str, default: &str| {
            self.field(name)
                .map(|field| field.label.clone())
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| default.to_owned())
        };
        let (countries, states) = (choices("CountryCode"), choices("StateCode"));
        (countries.is_some() || states.is_some()).then(|| Places {
            countries,
            states,
            country_label: label("Country", "Country"),
            state_label: label("State", "State/Province"),
        })
    }

    /// What the answer says of any field, by the JSON names of the properties that an old or reduced answer can lack.
    pub fn properties(&self) -> impl Iterator<Item = &'static str> {
        type Given = fn(&Field) -> bool;
        const PROPERTIES: [(&str, Given); 5] = [
            ("length", |field| field.length.as_ref().is_some()),
            ("createable", |field| field.createable.as_ref().is_some()),
            ("updateable", |field| field.updateable.as_ref().is_some()),
            ("defaultedOnCreate", |field| {
                field.defaulted_on_create.as_ref().is_some()
            }),
            // Every org has restricted picklists on User (time zone, locale): an answer that shows none is silent about them.
            ("restrictedPicklist", |field| field.restricted_picklist),
        ];
        let given = |(_, given): &(&str, Given)| self.fields.iter().any(given);
        PROPERTIES.into_iter().filter(given).map(|(name, _)| name)
    }

    /// The lists of countries and states; `None` where the org has no such picklists, or describe does not say.
    #[must_use]
    pub fn places(&self) -> Option<&Places> {
        self.places.as_deref()
    }

    /// Custom fields that a create must send: createable, not nillable, not defaulted, no checkbox.
    pub fn required_custom(&self) -> impl Iterator<Item = &Field> {
        self.required_custom
            .iter()
            .filter_map(|&n| self.fields.get(n))
    }

    /// A field by API name, in any case of letters.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.by_name
            .get(&name.to_ascii_lowercase())
            .and_then(|&n| self.fields.get(n))
    }
}

/// The type of a field, as far as the rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text of any kind: string, textarea, phone, url, email, encryptedstring, combobox.
    Text,
    /// boolean
    Boolean,
    /// date
    Date,
    /// datetime
    DateTime,
    /// int
    Integer,
    /// double, currency, percent
    Number,
    /// reference
    Reference,
    /// picklist
    Picklist,
    /// multipicklist
    MultiPicklist,
    /// Anything else.
    Other,
}

/// One field of a describe. What an older or reduced describe does not say is unknown.
#[derive(Clone, Debug)]
pub struct Field {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type.
    pub kind: FieldType,
    /// The type as Salesforce writes it.
    pub type_name: String,
    /// Characters; 0 for types without a length.
    pub length: Known<u32>,
    /// May be empty.
    pub nillable: Known<bool>,
    /// Can be set on a create.
    pub createable: Known<bool>,
    /// Can be set on an update.
    pub updateable: Known<bool>,
    /// Salesforce fills it on a create.
    pub defaulted_on_create: Known<bool>,
    /// Custom field.
    pub custom: bool,
    /// Two records cannot have one value.
    pub unique: bool,
    /// External id.
    pub external_id: bool,
    /// Formula or roll-up.
    pub calculated: bool,
    /// Auto number.
    pub auto_number: bool,
    /// Values outside the list are refused.
    pub restricted_picklist: bool,
    /// Values of a picklist.
    pub picklist: Vec<PicklistValue>,
    /// Field that decides which values are valid.
    pub controller: Option<String>,
    /// Objects that a reference may name.
    pub reference_to: Vec<String>,
}

impl Field {
    /// A custom field that a create must send. What describe does not say counts as "no".
    #[must_use]
    pub fn is_required_custom(&self) -> bool {
        self.custom
            && self.kind != FieldType::Boolean
            && self.createable == Known::Yes(true)
            && self.nillable == Known::Yes(false)
            && self.defaulted_on_create == Known::Yes(false)
    }
}

/// One value of a picklist.
#[derive(Clone, Debug)]
pub struct PicklistValue {
    /// API value.
    pub value: String,
    /// Label.
    pub label: String,
    /// Shown to users.
    pub active: bool,
    /// Bit n is set where the n-th value of the controlling field makes this one valid; `None` where describe does not say.
    pub valid_for: Option<Vec<u8>>,
}

impl PicklistValue {
    /// Whether the value is valid for the n-th value of the controlling field.
    #[must_use]
    pub fn is_valid_for(&self, controlling: usize) -> Known<bool> {
        self.valid_for
            .as_ref()
            .map(|bits| {
                bits.get(controlling / 8)
                    .is_some_and(|byte| byte & (0x80 >> (controlling % 8)) != 0)
            })
            .into()
    }
}
