//! The options of a run, as the library takes them.

use super::Files;
use crate::baseline::Baseline;
use crate::input::{Kind, ReadOptions};
use crate::rules::{Policy, RULES, Run};
use crate::snapshot::Capture;
use crate::waivers::Waivers;
use std::sync::Arc;

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
    /// `[columns] list_separator`: then no other separator of lists counts.
    pub list_separator: Option<String>,
    /// `[columns] delimiter`.
    pub delimiter: Option<u8>,
    /// `[columns] encoding`: a label of the WHATWG encoding standard; a byte order mark in the file beats it.
    pub encoding: Option<String>,
    /// `--kind`.
    pub kind: Option<Kind>,
    /// Username of the Okta integration user, where one is named.
    pub integration_user: Option<String>,
    /// The file of the Okta app.
    pub okta_app: Option<std::path::PathBuf>,
    /// Who is in which Okta group (`--members`).
    pub members: Option<std::path::PathBuf>,
    /// The groups of the Okta app (`[okta] groups`): read with the members where no input has groups.
    pub okta_groups: Option<std::path::PathBuf>,
    /// The schema of the Okta app (`--okta-schema`).
    pub okta_schema: Option<std::path::PathBuf>,
    /// Okta's users with their attributes (`--okta-users`), which a mapping of the run is evaluated for.
    pub okta_users: Option<std::path::PathBuf>,
    /// The person of whom it is kept how a mapping comes to their values (`--explain-user`).
    pub explain_user: Option<String>,
    /// Oldest allowed age of the snapshot.
    pub max_age: Option<MaxAge>,
    /// Whether it is kept what each row changes, before and after ([`super::Outcome::each_change`]).
    pub changes: bool,
    /// Whether inputs and snapshot are hashed whatever their size.
    pub hash: bool,
    /// Whether what the rows lead to is noted, so that the verdict can be bound to it.
    pub touch: bool,
    /// Findings that are accepted for a while; `None`: there is no file of waivers, or it is not to be used.
    pub waivers: Option<Arc<Waivers>>,
    /// Findings that were there before.
    pub baseline: Option<Arc<Baseline>>,
    /// Where inputs really lie that are shown by another path.
    pub files: Files,
}

/// How old a snapshot may be (`--max-age`).
#[derive(Clone, Copy, Debug)]
pub struct MaxAge {
    /// The limit.
    pub limit: jiff::SignedDuration,
    /// The moment of the run.
    pub now: jiff::Timestamp,
}

/// How far a pull may lie ahead of the run: clocks differ, and the day of a run can be given without its hour.
const AHEAD: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Bytes of a block: what is read, split, judged and handed over together stays in the cache of one core.
const BLOCK: usize = 1 << 18;

impl Options {
    /// Compares the age of the snapshot with the limit; the rule `snapshot-stale` says the result.
    pub(crate) fn note_age(&mut self, capture: &Capture) {
        let Some(MaxAge { limit, now }) = self.max_age else {
            return;
        };
        self.run.stale = match capture.pulled_at {
            None => Some(
                "its age is not known: it has no manifest.json that says when it was pulled"
                    .to_owned(),
            ),
            Some(pulled) if pulled.duration_since(now) > AHEAD => Some(format!(
                "its age is not known: it was pulled at {pulled}, which is after this run ({now})"
            )),
            Some(pulled) if now.duration_since(pulled) > limit => Some(format!(
                "it was pulled at {pulled}, {:#} before this run; allowed are {limit:#}",
                now.duration_since(pulled)
            )),
            Some(_) => None,
        };
    }

    /// How the input that is shown as `path` is read.
    pub(crate) fn reading(&self, path: &str) -> ReadOptions<'_> {
        ReadOptions {
            kind: self.kind,
            delimiter: self.delimiter,
            encoding: self.encoding.as_deref(),
            overrides: &self.columns,
            hash: self.hash,
            block: self.block,
            at: self.files.get(path),
            okta_app: None,
        }
    }

    /// Threads that work.
    pub(crate) fn workers(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        }
    }

    /// The defaults of `sfcompat check`, on this day.
    #[must_use]
    pub fn new(today: jiff::civil::Date) -> Self {
        Self {
            run: Run::new(today),
            policy: Policy::default(),
            selection: Selection::default(),
            threads: 0,
            block: BLOCK,
            columns: Vec::new(),
            list_separator: None,
            delimiter: None,
            encoding: None,
            kind: None,
            integration_user: None,
            okta_app: None,
            members: None,
            okta_users: None,
            explain_user: None,
            okta_groups: None,
            okta_schema: None,
            max_age: None,
            changes: false,
            hash: false,
            touch: false,
            waivers: None,
            baseline: None,
            files: Files::default(),
        }
    }
}
