//! Every key of `sfcompat.toml`, once: section, name, what its value must be, and what counts without it.

use super::kind::Kind;

/// A key of the configuration file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The section that it stands in.
    pub section: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// What counts where nothing is given, as TOML; `None`: the value is then not set.
    pub default: Option<&'static str>,
}

impl Key {
    const fn new(section: &'static str, name: &'static str, kind: Kind) -> Self {
        Self {
            section,
            name,
            kind,
            default: None,
        }
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }
}

/// `fail_on`
pub(super) const FAIL_ON: &[&str] = &["error", "warning", "notice", "never"];
/// Values of `[severity]`.
pub(super) const LEVELS: &[&str] = &["error", "warning", "notice", "off"];
/// `permission_sets`
pub(super) const LISTS: &[&str] = &["replace", "add"];
/// `null_values`
pub(super) const NULLS: &[&str] = &["ignored", "pushed"];

/// `csv_escape`
pub(super) const ESCAPES: &[&str] = &["quote"];

/// All keys, in the order in which `sfcompat config show` prints them. `[columns]` and `[severity]` have
/// further keys, which are names of columns and of rules.
pub const KEYS: &[Key] = &[
    Key::new("source", "snapshot", Kind::Path),
    Key::new("source", "metadata", Kind::Path),
    Key::new("source", "org", Kind::Text),
    Key::new("columns", "list_separator", Kind::Separator),
    Key::new("columns", "delimiter", Kind::Delimiter),
    Key::new("columns", "encoding", Kind::Encoding),
    Key::new("check", "fail_on", Kind::OneOf(FAIL_ON)).or("\"error\""),
    Key::new("check", "max_age", Kind::Age),
    Key::new("check", "expiring_within", Kind::Days).or("\"30d\""),
    Key::new("check", "permission_sets", Kind::OneOf(LISTS)).or("\"replace\""),
    Key::new("check", "threads", Kind::Whole).or("0"),
    Key::new("check", "baseline", Kind::Path),
    Key::new("check", "null_values", Kind::OneOf(NULLS)).or("\"ignored\""),
    Key::new("integration_user", "username", Kind::Text),
    Key::new("mass_change", "share", Kind::Share).or("\"20%\""),
    Key::new("mass_change", "min_users", Kind::Whole).or("5"),
    Key::new("org", "email_domains", Kind::Texts),
    Key::new("org", "default_lead_creator", Kind::Text),
    Key::new("org", "default_case_owner", Kind::Text),
    Key::new("org", "default_workflow_user", Kind::Text),
    Key::new("org", "portal_administrators", Kind::Texts),
    Key::new("org", "organization_id", Kind::Text),
    Key::new("org", "portal_id", Kind::Text),
    Key::new("org", "account_id", Kind::Text),
    Key::new("org", "contactless_users", Kind::Flag),
    Key::new("seats", "reserve", Kind::Counts),
    Key::new("seats", "totals", Kind::Counts),
    Key::new("audit", "sensitive_permissions", Kind::Texts),
    Key::new("audit", "csv_escape", Kind::OneOf(ESCAPES)).or("\"quote\""),
    Key::new("audit", "redact_key", Kind::Path),
    Key::new("waivers", "file", Kind::Path),
    Key::new("waivers", "max_days", Kind::Whole),
    Key::new("waivers", "require", Kind::Words(crate::waivers::REQUIRED))
        .or("[\"reason\", \"owner\", \"expires\"]"),
    Key::new("okta", "app", Kind::Path),
    Key::new("okta", "groups", Kind::Path),
    Key::new("okta", "schema", Kind::Path),
    Key::new("okta", "import_map", Kind::TextTable),
];

/// All sections, in the order in which they are printed.
pub const SECTIONS: &[&str] = &[
    "source",
    "columns",
    "check",
    "severity",
    "integration_user",
    "mass_change",
    "org",
    "seats",
    "audit",
    "waivers",
    "okta",
];

/// The key with this name in this section.
pub(super) fn key(section: &str, name: &str) -> Option<&'static Key> {
    of_section(section).find(|key| key.name == name)
}

/// The fixed keys of a section.
pub(super) fn of_section(section: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.section == section)
}
