//! `manifest.json`: what an auditor asks of evidence, answered for one run. `manifest.csv` says the same as a table.

use crate::report::csv_cell;
use crate::report::summary::{CoverageLine, InputInfo, Summary};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The `schema` of the manifest.
pub const SCHEMA: &str = "sfcompat-evidence/1";
/// Name of the file.
pub const FILE: &str = "manifest.json";
/// The same as a table.
pub const TABLE: &str = "manifest.csv";

/// Everything that is known of one run and its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`]
    pub schema: String,
    /// SHA-256 over the snapshot: the `snapshot_id` of the tables.
    pub snapshot_id: String,
    /// Whether people are replaced by pseudonyms, and under which key; absent: they are not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub redacted: Option<Redacted>,
    /// Where the facts come from.
    pub source: Source,
    /// Who read the org, and who ran the check.
    pub who: Who,
    /// When.
    pub when: When,
    /// By what logic.
    pub logic: Logic,
    /// Whether everything is there.
    pub completeness: Completeness,
    /// Whether the numbers agree.
    pub accuracy: Accuracy,
    /// The files, with their hashes.
    pub integrity: Vec<FileRecord>,
    /// How to perform it again.
    pub performing_again: Performing,
    /// What was done to the files on the way.
    pub handling: Vec<String>,
}

/// A folder without people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Redacted {
    /// Tells keys apart without telling the key.
    pub key: String,
}

/// Where the facts come from. `null`: the snapshot does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Organization id, 18 characters.
    pub org_id: Option<String>,
    /// Its name.
    pub org_name: Option<String>,
    /// Whether it is a sandbox.
    pub is_sandbox: Option<bool>,
    /// Its edition (`OrganizationType`).
    pub edition: Option<String>,
    /// Its instance (`InstanceName`).
    pub instance: Option<String>,
    /// Where it answered (My Domain).
    pub url: Option<String>,
    /// Version of the API.
    pub api_version: Option<String>,
    /// The metadata project, as it was named, where the facts come from one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub project: Option<String>,
    /// The commit that was checked out there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<String>,
    /// How objects were asked for: `rest`, `tooling`, `bulk`, `metadata`; `file` where nothing says.
    pub endpoints: BTreeMap<String, Vec<String>>,
    /// Whether a pull of this program made the snapshot.
    pub has_manifest: bool,
}

/// Who read the org, and who ran the check. `null`: nothing says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Salesforce user whose rights the pull had.
    pub reader_id: Option<String>,
    /// Its username.
    pub reader: Option<String>,
    /// Its profile, where the snapshot holds the user.
    pub reader_profile: Option<String>,
    /// The user that Okta logs in with, where it is named.
    pub integration_user: Option<String>,
    /// User of the operating system.
    pub os_user: Option<String>,
    /// Machine.
    pub host: Option<String>,
    /// Page of the pipeline run.
    pub pipeline: Option<String>,
    /// Commit that the pipeline ran for.
    pub commit: Option<String>,
    /// Who started the pipeline.
    pub actor: Option<String>,
    /// The ticket (`--ticket`).
    pub ticket: Option<String>,
}

/// When, in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct When {
    /// When the first request of the pull was sent.
    pub pulled_at: Option<String>,
    /// The same by the clock of the org.
    pub org_time: Option<String>,
    /// By how many seconds the clock of the org was ahead.
    pub clock_skew_seconds: Option<i64>,
    /// Start of the check.
    pub started: String,
    /// The newest `SystemModstamp` of each object.
    pub newest: BTreeMap<String, String>,
}

/// By what logic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Logic {
    /// Version of the program.
    pub version: String,
    /// SHA-256 of the program's file.
    pub binary_sha256: Option<String>,
    /// How many rules there are.
    pub rules: usize,
    /// SHA-256 over names, severities and pages of all rules.
    pub rules_sha256: String,
    /// Version of the shipped facts.
    pub knowledge: String,
    /// The statements of the pull, with their hashes.
    pub queries: Vec<Query>,
    /// Permissions that count as sensitive.
    pub sensitive_permissions: Vec<String>,
}

/// One statement of the pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The object.
    pub object: String,
    /// The statement.
    pub soql: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// Whether everything is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Completeness {
    /// Each object of the snapshot; fields are in `coverage.csv`.
    pub objects: BTreeMap<String, Counts>,
    /// Rules, or parts of them, that could not be evaluated.
    pub rules_not_evaluated: Vec<CoverageLine>,
    /// What this folder does not hold, and why.
    pub left_out: Vec<String>,
}

/// Records of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// In the file.
    pub rows: Option<u64>,
    /// `COUNT()` with the condition of the query.
    pub count_filtered: Option<u64>,
    /// `COUNT()` without condition.
    pub count_unfiltered: Option<u64>,
    /// Pages of the answer; a chain of pages that does not close fails the pull.
    pub pages: Option<u64>,
}

/// Whether the numbers agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Accuracy {
    /// Counts of the run.
    pub summary: Summary,
    /// Control totals, which `sfcompat verify` counts again in the tables.
    pub totals: BTreeMap<String, u64>,
    /// Numbers that must be, or are expected to be, the same.
    pub reconciled: Vec<Reconciled>,
}

/// Two numbers that are held against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reconciled {
    /// What they count.
    pub what: String,
    /// The one.
    pub left: i64,
    /// The other.
    pub right: i64,
    /// Whether they are the same. Where they are not, `note` says what that means.
    pub same: bool,
    /// May be empty.
    pub note: String,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Derived by this program.
    Report,
    /// A file of the snapshot, as it was.
    Snapshot,
    /// An input, as it was.
    Input,
    /// Another file that the run depended on, as it was.
    Setting,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Path inside the folder. In a redacted folder, files of the snapshot and inputs are not there.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// As it was given on the command line or in the configuration.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shown: Option<String>,
    /// Length.
    pub bytes: u64,
    /// Data records, where it has such.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// How to perform it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Performing {
    /// The arguments as they were given; they hold no secrets.
    pub command: Vec<String>,
    /// Options that the environment gave.
    pub environment: BTreeMap<String, String>,
    /// The configuration file, as it was found.
    pub config: Option<String>,
    /// What was detected of the inputs.
    pub inputs: Vec<InputInfo>,
    /// The command that does it.
    pub how: String,
}

impl Manifest {
    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        // Texts, numbers and flags: there is nothing in it that JSON cannot say.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The same as a table of two columns: where in the manifest, and what stands there.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = Vec::new();
        // Writing to memory cannot fail.
        let _ = csv_cell::header(&mut out, &["key", "value"]);
        let json = serde_json::to_value(self).unwrap_or_default();
        flatten(&mut out, "", &json);
        String::from_utf8(out).unwrap_or_default()
    }
}

fn flatten(out: &mut Vec<u8>, at: &str, value: &Value) {
    let below = |key: &str| {
        if at.is_empty() {
            key.to_owned()
        } else {
            format!("{at}.{key}")
        }
    };
    let text = match value {
        Value::Object(members) => {
            for (key, value) in members {
                flatten(out, &below(key), value);
            }
            return;
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                flatten(out, &below(&(n + 1).to_string()), value);
            }
            return;
        }
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    // Writing to memory cannot fail.
    let _ = csv_cell::text(out, at);
    out.push(b',');
    let _ = match value {
        Value::Number(number) => csv_cell::number(out, Some(number)),
        _ => csv_cell::text(out, &text),
    };
    out.push(b'\n');
}
