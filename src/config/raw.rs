//! The file as it is written: every key is optional, and nothing is decided.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `sfcompat.toml`. Keys are those of `super::KEYS`; a test holds both against each other.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    /// Which versions of the program may read the file, as Cargo writes it: `">=0.1, <2"`.
    #[serde(rename = "required-version")]
    pub required_version: Option<String>,
    /// Where the facts about the org come from.
    pub source: Source,
    /// How inputs are read.
    pub columns: Columns,
    /// Limits and meanings of a run.
    pub check: Check,
    /// Rule name to `error`, `warning`, `notice` or `off`.
    pub severity: BTreeMap<String, String>,
    /// The user that Okta logs in with.
    pub integration_user: IntegrationUser,
    /// Limits for changes of many users at once.
    pub mass_change: MassChange,
    /// What no query of the org answers.
    pub org: Org,
    /// Seats that are kept, and totals that the org does not give.
    pub seats: Seats,
    /// Evidence for auditors.
    pub audit: Audit,
    /// The file of waivers and its rules.
    pub waivers: Waivers,
    /// Exports of Okta, and the map of an import.
    pub okta: Okta,
}

/// `[source]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// Snapshot folder.
    pub snapshot: Option<String>,
    /// Folder of a metadata project.
    pub metadata: Option<String>,
    /// Alias of an org to pull from.
    pub org: Option<String>,
}

/// `[columns]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Columns {
    /// The only text that separates the elements of a list in a cell.
    pub list_separator: Option<String>,
    /// The character between cells.
    pub delimiter: Option<String>,
    /// The encoding of files without a byte order mark.
    pub encoding: Option<String>,
    /// Our column, or a field of User, and its header in the file.
    #[serde(flatten)]
    pub headers: BTreeMap<String, String>,
}

/// `[check]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Check {
    /// The least severity that fails, or `never`.
    pub fail_on: Option<String>,
    /// Oldest allowed snapshot, such as `24h`.
    pub max_age: Option<String>,
    /// How far ahead an end of licenses is spoken of, such as `30d`.
    pub expiring_within: Option<String>,
    /// `replace` or `add`.
    pub permission_sets: Option<String>,
    /// Worker threads; 0: one for each core.
    pub threads: Option<usize>,
    /// The file of findings that were there before.
    pub baseline: Option<String>,
    /// `pushed` or `ignored`.
    pub null_values: Option<String>,
}

/// `[integration_user]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IntegrationUser {
    /// Its username.
    pub username: Option<String>,
}

/// `[mass_change]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MassChange {
    /// Share of the users of a file, such as `20%`.
    pub share: Option<String>,
    /// Fewest users that count as many.
    pub min_users: Option<u64>,
}

/// `[org]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Org {
    /// Domains that email addresses may have.
    pub email_domains: Option<Vec<String>>,
    /// Username of the default creator of Web-to-Lead.
    pub default_lead_creator: Option<String>,
    /// Username of the default owner of cases.
    pub default_case_owner: Option<String>,
    /// Username of the default workflow user.
    pub default_workflow_user: Option<String>,
    /// Usernames of the portal administrators.
    pub portal_administrators: Option<Vec<String>>,
    /// Organization id in Okta's portal settings.
    pub organization_id: Option<String>,
    /// Portal id in Okta's portal settings.
    pub portal_id: Option<String>,
    /// Account id in Okta's portal settings: Okta creates contacts under it.
    pub account_id: Option<String>,
    /// Whether the org takes external users without a contact.
    pub contactless_users: Option<bool>,
}

/// `[seats]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Seats {
    /// License key, and seats to keep.
    pub reserve: Option<BTreeMap<String, i64>>,
    /// License key or feature type, and its seats.
    pub totals: Option<BTreeMap<String, i64>>,
}

/// `[audit]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// API names of permissions that reviewers ask for.
    pub sensitive_permissions: Option<Vec<String>>,
    /// How cells that would be formulas are written: `quote`, with an apostrophe before them.
    pub csv_escape: Option<String>,
    /// File of the key with which people are replaced by pseudonyms.
    pub redact_key: Option<String>,
}

/// `[waivers]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Waivers {
    /// The file.
    pub file: Option<String>,
    /// Longest life of a waiver, in days.
    pub max_days: Option<u64>,
    /// Keys that every waiver must have.
    pub require: Option<Vec<String>>,
}

/// `[okta]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Okta {
    /// The Salesforce app, as Okta's API gives it.
    pub app: Option<String>,
    /// Its groups.
    pub groups: Option<String>,
    /// The schema of its users.
    pub schema: Option<String>,
    /// Field of Salesforce, and the attribute of Okta that fills it.
    pub import_map: Option<BTreeMap<String, String>>,
}
