//! `sfcompat.toml`: found, read, checked as a whole, and turned into the options of a run.
//!
//! One table ([`KEYS`]) says what may stand in the file. The text is walked against it, so that every
//! fault is reported at once with its place; what is accepted becomes [`Raw`], and that becomes [`Config`].

mod amount;
mod fault;
mod find;
mod keys;
mod kind;
mod raw;
mod show;
mod validate;
mod version;
mod walk;

#[cfg(test)]
mod tests;

pub use amount::{age, share};
pub use fault::{Error, Problem};
pub use find::{Choice, find};
pub use keys::{KEYS, Key, SECTIONS};
pub use kind::Kind;
pub use raw::Raw;
pub use show::{Override, show};
pub use walk::Given;

use crate::check::Options;
use crate::finding::Severity;
use crate::rules::{ListMeaning, NullMeaning, RULES};
use crate::waivers::Policy;
use jiff::SignedDuration;
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// The values of a configuration file. `None` and empty: not given, whatever else decides then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file; `None`: there is none.
    pub file: Option<PathBuf>,
    /// `[source] snapshot`: the snapshot folder.
    pub snapshot: Option<PathBuf>,
    /// `[source] metadata`: the metadata project.
    pub metadata: Option<PathBuf>,
    /// `[columns] list_separator`
    pub list_separator: Option<String>,
    /// `[columns] delimiter`
    pub delimiter: Option<u8>,
    /// `[columns] encoding`: a label of the WHATWG encoding standard.
    pub encoding: Option<String>,
    /// `[columns]`: our column, header in the file.
    pub columns: Vec<(String, String)>,
    /// `[check] fail_on`
    pub fail_on: Option<FailOn>,
    /// `[check] max_age`
    pub max_age: Option<SignedDuration>,
    /// `[check] expiring_within`, in days.
    pub expiring_within: Option<i64>,
    /// `[check] permission_sets`
    pub permission_sets: Option<ListMeaning>,
    /// `[check] null_values`
    pub null_values: Option<NullMeaning>,
    /// `[mass_change] share`, in percent.
    pub mass_share: Option<f64>,
    /// `[mass_change] min_users`
    pub mass_users: Option<u64>,
    /// `[check] threads`; 0: one for each core.
    pub threads: Option<usize>,
    /// `[severity]`: numbers of rules, and what is made of them.
    pub severity: Vec<(usize, Level)>,
    /// `[integration_user] username`
    pub integration_user: Option<String>,
    /// `[org] email_domains`
    pub email_domains: Vec<String>,
    /// `[org] default_lead_creator`
    pub default_lead_creator: Option<String>,
    /// `[org] default_case_owner`
    pub default_case_owner: Option<String>,
    /// `[org] default_workflow_user`
    pub default_workflow_user: Option<String>,
    /// `[org] portal_administrators`
    pub portal_administrators: Vec<String>,
    /// `[org] organization_id`
    pub organization_id: Option<String>,
    /// `[org] portal_id`
    pub portal_id: Option<String>,
    /// `[org] account_id`
    pub account_id: Option<String>,
    /// `[org] contactless_users`
    pub contactless_users: Option<bool>,
    /// `[okta] app`: the file of the Salesforce app.
    pub okta_app: Option<PathBuf>,
    /// `[okta] groups`: the groups of that app, for `check --members`.
    pub okta_groups: Option<PathBuf>,
    /// `[okta] schema`: the schema of the app's users, or that of Okta's users for an import check.
    pub okta_schema: Option<PathBuf>,
    /// `[check] baseline`: findings that were there before.
    pub baseline: Option<PathBuf>,
    /// `[waivers] file`
    pub waivers: Option<PathBuf>,
    /// `[waivers]`: what is asked of each.
    pub waiver_policy: Policy,
    /// `[seats] reserve`, by license key.
    pub reserve: Vec<(String, i64)>,
    /// `[seats] totals`, by license key or feature type.
    pub totals: Vec<(String, i64)>,
    /// `[audit] sensitive_permissions`; empty: the usual ones.
    pub sensitive_permissions: Vec<String>,
    /// `[audit] redact_key`: the key file.
    pub redact_key: Option<PathBuf>,
    /// `[okta.import_map]`: field of User, attribute of Okta.
    pub import_map: Vec<(String, String)>,
    /// Everything as it is written.
    pub raw: Raw,
    /// Every value with its place.
    pub given: Vec<Given>,
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of this severity or above.
    From(Severity),
    /// No finding.
    Never,
}

/// What the configuration makes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// Its findings have this severity.
    Is(Severity),
}

impl Config {
    /// The configuration of a run that is started in `folder`.
    ///
    /// # Errors
    /// The file cannot be read, or anything in it is wrong.
    pub fn load(choice: &Choice, folder: &Path) -> Result<Self, Error> {
        match choice {
            Choice::Nothing => Ok(Self::default()),
            Choice::File(path) => Self::read(path, folder),
            Choice::Search => {
                find(folder).map_or_else(|| Ok(Self::default()), |path| Self::read(&path, folder))
            }
        }
    }

    /// Reads a file; a relative path is one from `folder`.
    fn read(path: &Path, folder: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(folder.join(path)).map_err(|source| {
            let path = path.to_owned();
            if source.kind() == io::ErrorKind::NotFound {
                Error::Missing { path }
            } else {
                Error::Unreadable { path, source }
            }
        })?;
        let text = String::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
            path: path.to_owned(),
            offset: error.utf8_error().valid_up_to(),
        })?;
        Self::parse(&text, path)
    }

    /// Understands the text of the file `path`; its folder is where relative paths in it begin.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every problem of the text.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let invalid = |problems| Error::Invalid {
            path: path.to_owned(),
            problems,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        // The mark that some editors put before UTF-8 is no character of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let given = walk::walk(text, folder).map_err(invalid)?;
        let raw = Raw::deserialize(toml::Value::Table(tables(&given))).map_err(|error| {
            invalid(vec![Problem {
                line: 1,
                column: 1,
                what: error.message().trim().to_owned(),
                nearest: Vec::new(),
            }])
        })?;
        Ok(Self {
            file: Some(path.to_owned()),
            given,
            ..Self {
                raw: raw.clone(),
                ..validate::values(&raw)
            }
        })
    }

    /// Puts the values into the options of a run. What the command line says is put over them afterwards.
    pub fn apply(&self, options: &mut Options) {
        let run = &mut options.run;
        run.lists = self.permission_sets.unwrap_or(run.lists);
        run.nulls = self.null_values.unwrap_or(run.nulls);
        run.nulls_said |= self.null_values.is_some();
        let limit = &mut run.mass_change;
        limit.share = self.mass_share.unwrap_or(limit.share);
        limit.min_users = self.mass_users.unwrap_or(limit.min_users);
        run.expiring_within = self.expiring_within.unwrap_or(run.expiring_within);
        run.email_domains.clone_from(&self.email_domains);
        run.default_lead_creator
            .clone_from(&self.default_lead_creator);
        run.default_case_owner.clone_from(&self.default_case_owner);
        run.default_workflow_user
            .clone_from(&self.default_workflow_user);
        run.portal_administrators
            .clone_from(&self.portal_administrators);
        run.organization_id.clone_from(&self.organization_id);
        run.portal_id.clone_from(&self.portal_id);
        run.account_id.clone_from(&self.account_id);
        run.contactless_users = self.contactless_users.unwrap_or(run.contactless_users);
        run.reserve.clone_from(&self.reserve);
        run.totals.clone_from(&self.totals);
        options.columns.clone_from(&self.columns);
        options.list_separator.clone_from(&self.list_separator);
        options.delimiter = self.delimiter;
        options.encoding.clone_from(&self.encoding);
        options.integration_user.clone_from(&self.integration_user);
        options.okta_app.clone_from(&self.okta_app);
        options.okta_groups.clone_from(&self.okta_groups);
        options.okta_schema.clone_from(&self.okta_schema);
        options.threads = self.threads.unwrap_or(options.threads);
        for (number, level) in &self.severity {
            match level {
                Level::Is(severity) => options.policy.set(*number, *severity),
                Level::Off => {
                    let name = RULES.get(*number).map(|rule| rule.name.to_owned());
                    options.selection.off.extend(name);
                }
            }
        }
    }
}

/// The accepted values in their sections.
fn tables(given: &[Given]) -> toml::Table {
    let mut all = toml::Table::new();
    for value in given {
        if value.section.is_empty() {
            all.insert(value.key.clone(), value.value.clone());
            continue;
        }
        let section = all
            .entry(value.section.clone())
            .or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let toml::Value::Table(section) = section {
            section.insert(value.key.clone(), value.value.clone());
        }
    }
    all
}
