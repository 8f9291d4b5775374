//! The options of a run, as the library takes them.

use crate::rules::{Policy, RULES, Run};
use std::path::PathBuf;

/// Which rules run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names given with `--select`; empty: all.
    pub select: Vec<String>,
    /// Names given with `--ignore`.
    pub ignore: Vec<String>,
    /// Names switched off by configuration.
    pub off: Vec<String>,
}

impl Selection {
    /// Whether the rule with this number runs.
    #[must_use]
    pub fn runs(&self, number: usize) -> bool {
        let Some(rule) = RULES.get(number) else {
            return false;
        };
        let named = |names: &[String]| names.iter().any(|name| matches(name, rule.name));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore) && !named(&self.off)
    }

    /// Why a rule does not run.
    pub(crate) fn reason(&self, number: usize) -> &'static str {
        let Some(rule) = RULES.get(number) else {
            return "";
        };
        let named = |names: &[String]| names.iter().any(|name| matches(name, rule.name));
        if named(&self.ignore) {
            "left out with --ignore"
        } else if named(&self.off) {
            "switched off in the configuration"
        } else {
            "not among the rules of --select"
        }
    }
}

/// Whether a rule is named: by its name, or by a pattern that ends with `*`.
#[must_use]
pub fn matches(pattern: &str, rule: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == rule, |start| rule.starts_with(start))
}

/// Everything that decides the result of a check beside its inputs and its snapshot.
#[derive(Clone, Debug)]
pub struct Options {
    /// What rules see.
    pub run: Run,
    /// Severities from the configuration.
    pub policy: Policy,
    /// Which rules run.
    pub selection: Selection,
    /// Worker threads; 0: one for each core.
    pub threads: usize,
    /// Bytes of a block; the result does not depend on it.
    pub block: usize,
    /// `[columns]`: our column, header in the file.
    pub columns: Vec<(String, String)>,
    /// `--kind`.
    pub kind: Option<String>,
    /// Username of the Okta integration user, where one is named.
    pub integration_user: Option<String>,
    /// Oldest allowed age of the snapshot, in seconds, and the moment of the run.
    pub max_age: Option<(i64, jiff::Timestamp)>,
    /// Whether inputs and snapshot are hashed whatever their size.
    pub hash: bool,
}

impl Options {
    /// The defaults of `sfcompat check`, on this day.
    #[must_use]
    pub fn new(today: jiff::civil::Date) -> Self {
        Self {
            run: Run::new(today),
            policy: Policy::default(),
            selection: Selection::default(),
            threads: 0,
            block: crate::tabular::DEFAULT_BLOCK,
            columns: Vec::new(),
            kind: None,
            integration_user: None,
            max_age: None,
            hash: false,
        }
    }
}

/// An input to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputSpec {
    /// A file, with the path as it is shown.
    File(PathBuf),
    /// `-`
    Stdin,
}
