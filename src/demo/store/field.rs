//! Fields of an object: what Salesforce says about them in a describe, and where their value lies.

use serde_json::{Map, Value, json};

/// How a value is compared and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Kind {
    Id,
    Reference,
    Text,
    Boolean,
    Number,
    Date,
    DateTime,
}

impl Kind {
    /// The kind of a field type as a describe spells it.
    fn of(type_name: &str) -> Self {
        match type_name {
            "id" => Self::Id,
            "reference" => Self::Reference,
            "boolean" => Self::Boolean,
            "int" | "double" | "currency" | "percent" => Self::Number,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            _ => Self::Text,
        }
    }
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Source {
    /// The cell of a record.
    Cell(usize),
    /// First and last name, from their cells.
    FullName(usize, usize),
    /// When the record was last changed, where the seed does not say it.
    Stamp,
    /// Whether the record was deleted.
    Deleted,
    /// The seed does not know it.
    Null,
}

/// One field.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Field {
    pub(in crate::demo) name: String,
    pub(in crate::demo) label: String,
    pub(in crate::demo) kind: Kind,
    pub(in crate::demo) type_name: String,
    pub(in crate::demo) source: Source,
    /// Objects that a reference may point to.
    pub(in crate::demo) refers: Vec<String>,
    /// The name of the relationship in a path.
    pub(in crate::demo) relation: Option<String>,
    /// What a recorded describe says; it wins over what is made up here.
    recorded: Map<String, Value>,
}

impl Field {
    /// A field known by its name and where it lies only.
    pub(super) fn inferred(object: &str, name: &str, type_name: &str, source: Source) -> Self {
        let (refers, relation) = references(object, name);
        let type_name = if type_name == "string" && relation.is_some() {
            "reference"
        } else {
            type_name
        };
        Self {
            name: name.to_owned(),
            label: label(object, name),
            kind: Kind::of(type_name),
            type_name: type_name.to_owned(),
            source,
            refers,
            relation,
            recorded: Map::new(),
        }
    }

    /// A field as a describe tells it. `None` where it has no name.
    pub(super) fn recorded(
        object: &str,
        told: &Map<String, Value>,
        source: Source,
    ) -> Option<Self> {
        let text = |key: &str| told.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = text("name")?;
        let type_name = text("type").unwrap_or_else(|| "string".to_owned());
        let mut field = Self::inferred(object, &name, &type_name, source);
        field.kind = Kind::of(&type_name);
        field.type_name = type_name;
        field.label = text("label").unwrap_or(field.label);
        let refers: Vec<String> = told
            .get("referenceTo")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if !refers.is_empty() {
            field.refers = refers;
            field.relation = relation(&name).or(field.relation);
        }
        // A recorded null is an answer, too: there is no path over this field.
        match told.get("relationshipName") {
            Some(Value::String(relation)) => field.relation = Some(relation.clone()),
            Some(_) => field.relation = None,
            None => {}
        }
        field.recorded.clone_from(told);
        Some(field)
    }

    /// Whether the field was made by a customer.
    pub(in crate::demo) fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    /// The element of `fields` of a describe.
    pub(in crate::demo) fn describe(&self) -> Value {
        let mut told = self.made_up();
        for (key, value) in &self.recorded {
            told.insert(key.clone(), value.clone());
        }
        Value::Object(told)
    }

    /// All that Salesforce tells of a field, as far as it follows from name and type.
    fn made_up(&self) -> Map<String, Value> {
        let (length, soap) = match self.type_name.as_str() {
            "id" | "reference" => (18, "tns:ID"),
            "boolean" => (0, "xsd:boolean"),
            "int" => (0, "xsd:int"),
            "double" | "currency" | "percent" => (0, "xsd:double"),
            "date" => (0, "xsd:date"),
            "datetime" => (0, "xsd:dateTime"),
            "textarea" => (32_000, "xsd:string"),
            "email" | "string" => (80, "xsd:string"),
            _ => (255, "xsd:string"),
        };
        let system = self.kind == Kind::Id
            || matches!(
                self.name.as_str(),
                "SystemModstamp" | "CreatedDate" | "LastModifiedDate" | "IsDeleted"
            );
        let long = self.type_name == "textarea";
        let values = [
            ("aggregatable", json!(!long)),
            ("byteLength", json!(length * 3)),
            ("createable", json!(!system)),
            ("custom", json!(self.is_custom())),
            (
                "defaultValue",
                if self.kind == Kind::Boolean {
                    json!(false)
                } else {
                    Value::Null
                },
            ),
            (
                "defaultedOnCreate",
                json!(system || self.kind == Kind::Boolean),
            ),
            ("digits", json!(if self.type_name == "int" { 9 } else { 0 })),
            ("filterable", json!(!long)),
            ("groupable", json!(!long && self.kind != Kind::DateTime)),
            ("idLookup", json!(self.kind == Kind::Id)),
            ("label", json!(self.label)),
            ("length", json!(length)),
            ("name", json!(self.name)),
            ("nameField", json!(self.name == "Name")),
            ("namePointing", json!(self.refers.len() > 1)),
            ("nillable", json!(!system && self.kind != Kind::Boolean)),
            ("picklistValues", json!([])),
            ("polymorphicForeignKey", json!(self.refers.len() > 1)),
            ("precision", json!(0)),
            ("referenceTo", json!(self.refers)),
            ("relationshipName", json!(self.relation)),
            ("scale", json!(0)),
            ("soapType", json!(soap)),
            ("sortable", json!(!long)),
            ("type", json!(self.type_name)),
            ("updateable", json!(!system)),
        ];
        let no = NO.iter().map(|name| (*name, Value::Bool(false)));
        let nothing = NOTHING.iter().map(|name| (*name, Value::Null));
        let all = values.into_iter().chain(no).chain(nothing);
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What is the same of all fields here.
const NO: &[&str] = &[
    "aiPredictionField",
    "autoNumber",
    "calculated",
    "cascadeDelete",
    "caseSensitive",
    "dependentPicklist",
    "deprecatedAndHidden",
    "displayLocationInDecimal",
    "encrypted",
    "externalId",
    "formulaTreatNullNumberAsZero",
    "highScaleNumber",
    "htmlFormatted",
    "permissionable",
    "queryByDistance",
    "restrictedDelete",
    "restrictedPicklist",
    "searchPrefilterable",
    "unique",
    "writeRequiresMasterRead",
];

/// What no field here has.
const NOTHING: &[&str] = &[
    "calculatedFormula",
    "compoundFieldName",
    "controllerName",
    "defaultValueFormula",
    "extraTypeInfo",
    "filteredLookupInfo",
    "inlineHelpText",
    "mask",
    "maskType",
    "referenceTargetField",
    "relationshipOrder",
];

/// The label that Salesforce makes of an API name: `UserLicenseId` is "User License ID".
fn label(object: &str, name: &str) -> String {
    if name == "Id" {
        return format!("{} ID", spaced(object));
    }
    let name = name.strip_suffix("__c").unwrap_or(name);
    match name.strip_suffix("Id") {
        Some(start) if !start.is_empty() => format!("{} ID", spaced(start)),
        _ => spaced(name.strip_prefix("Permissions").unwrap_or(name)),
    }
}

/// `PermissionSet` -> `Permission Set`
pub(in crate::demo) fn spaced(name: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c == '_' {
            text.push(' ');
        } else {
            if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
                text.push(' ');
            }
            text.push(c);
        }
        before = c;
    }
    text
}

/// `ProfileId` -> `Profile`, `Manager__c` -> `Manager__r`
fn relation(name: &str) -> Option<String> {
    if let Some(start) = name.strip_suffix("__c") {
        return Some(format!("{start}__r"));
    }
    name.strip_suffix("Id")
        .filter(|start| !start.is_empty())
        .map(str::to_owned)
}

/// References of standard objects: field, objects it may point to, and whether it can be followed in a path.
/// Source: describe results of a real org, and the Object Reference for those that were not recorded.
const REFERENCES: &[(&str, &[&str], bool)] = &[
    ("AccountId", &["Account"], true),
    ("AssigneeId", &["User"], true),
    ("ContactId", &["Contact"], true),
    ("CreatedById", &["User"], true),
    ("EntityDefinitionId", &["EntityDefinition"], true),
    ("GroupId", &["Group"], true),
    ("LastModifiedById", &["User"], true),
    ("LicenseId", &["PermissionSetLicense", "UserLicense"], true),
    ("ManagerId", &["User"], true),
    ("NetworkId", &["Network"], true),
    ("PackageLicenseId", &["PackageLicense"], true),
    ("ParentRoleId", &["UserRole"], false),
    ("PermissionSetGroupId", &["PermissionSetGroup"], true),
    ("PermissionSetId", &["PermissionSet"], true),
    ("PermissionSetLicenseId", &["PermissionSetLicense"], true),
    ("PortalAccountId", &["Account"], false),
    ("PortalAccountOwnerId", &["User"], false),
    ("ProfileId", &["Profile"], true),
    ("UserId", &["User"], true),
    ("UserLicenseId", &["UserLicense"], true),
    ("UserOrGroupId", &["Group", "User"], true),
    ("UserRoleId", &["UserRole"], true),
];

fn references(object: &str, name: &str) -> (Vec<String>, Option<String>) {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let (targets, followed): (&[&str], bool) = match (object, name) {
        ("ObjectPermissions" | "SetupEntityAccess", "ParentId") => (&["PermissionSet"], true),
        ("NetworkMemberGroup", "ParentId") => (&["PermissionSet", "Profile"], true),
        ("SetupEntityAccess", "SetupEntityId") => {
            (&["ApexClass", "ConnectedApplication", "TabSet"], true)
        }
        ("Group", "OwnerId") => (&["Organization", "User"], true),
        ("Group", "RelatedId") => (&["User", "UserRole"], true),
        (_, "OwnerId") => (&["User"], true),
        _ => match REFERENCES.iter().find(|(field, ..)| *field == name) {
            Some((_, targets, followed)) => (targets, *followed),
            None => return (Vec::new(), None),
        },
    };
    (owned(targets), followed.then(|| relation(name)).flatten())
}

/// Fields that hold whole numbers.
const NUMBERS: &[&str] = &[
    "ActiveUserCount",
    "AllowedLicenses",
    "AssignedUserCount",
    "MonthlyLoginsEntitlement",
    "MonthlyLoginsUsed",
    "NumberOfFailedLogins",
    "TotalLicenseCount",
    "TotalLicenses",
    "UsedLicenses",
];

/// The type of a field of which nothing is recorded, from its object, its name and some of its values.
pub(super) fn type_of<'v>(
    object: &str,
    name: &str,
    values: impl Iterator<Item = &'v str> + Clone,
) -> &'static str {
    let mut given = values.filter(|value| !value.is_empty()).peekable();
    let some = given.peek().is_some();
    let all = |fits: fn(&str) -> bool| some && given.clone().all(fits);
    if name == "Id" {
        "id"
    } else if NUMBERS.contains(&name) {
        "int"
    } else if is_flag(name)
        || all(|value| value == "true" || value == "false")
        || (!some && is_called_a_flag(name))
    {
        "boolean"
    } else if !references(object, name).0.is_empty() {
        "reference"
    } else if all(is_moment) {
        "datetime"
    } else if all(|value| value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()) {
        "date"
    } else {
        match name {
            "ExpirationDate" if object == "PermissionSetLicense" => "date",
            "MetricsDate" => "date",
            _ if name.ends_with("Date") || name.ends_with("Stamp") || name == "SystemModstamp" => {
                "datetime"
            }
            "Description" | "ErrorMessage" => "textarea",
            "Email" => "email",
            "Status" | "Type" | "UserType" | "PortalType" | "PortalRole" => "picklist",
            _ => "string",
        }
    }
}

fn is_flag(name: &str) -> bool {
    ["Permissions", "MaximumPermissions", "UserPermissions"]
        .iter()
        .any(|start| name.starts_with(start) && name.len() > start.len())
}

/// Flags by their name, for files without records.
fn is_called_a_flag(name: &str) -> bool {
    let is = name
        .strip_prefix("Is")
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    is || ["Active", "HasActivationRequired", "DoesIncludeBosses"].contains(&name)
}

/// `2026-10-12T08:00:00.000+0000`
fn is_moment(value: &str) -> bool {
    moment(value).is_some()
}

/// A moment as REST writes it, or with a colon in the offset.
pub(in crate::demo) fn moment(value: &str) -> Option<jiff::Timestamp> {
    if let Some(start) = value.strip_suffix("+0000") {
        return format!("{start}Z").parse().ok();
    }
    value.parse().ok()
}
