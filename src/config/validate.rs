//! From the file as written to the values that a run takes.

use super::raw::Raw;
use super::{Config, FailOn, Level, amount};
use crate::finding::Severity;
use crate::rules::{ListMeaning, NullMeaning, RULES};
use crate::waivers::Policy;
use std::collections::BTreeMap;

/// Values of a file whose words and amounts were all accepted by the walk: what cannot be read here is
/// the same as what was not given.
pub(super) fn values(raw: &Raw) -> Config {
    let check = &raw.check;
    Config {
        snapshot: text(raw.source.snapshot.as_deref()).map(Into::into),
        metadata: text(raw.source.metadata.as_deref()).map(Into::into),
        list_separator: raw.columns.list_separator.clone(),
        delimiter: read(raw.columns.delimiter.as_deref(), amount::delimiter),
        encoding: text(raw.columns.encoding.as_deref()),
        columns: raw.columns.headers.clone().into_iter().collect(),
        fail_on: check.fail_on.as_deref().and_then(FailOn::parse),
        max_age: read(check.max_age.as_deref(), amount::age),
        expiring_within: read(check.expiring_within.as_deref(), amount::days),
        permission_sets: check.permission_sets.as_deref().and_then(lists),
        null_values: check.null_values.as_deref().and_then(nulls),
        threads: check.threads,
        severity: severity(raw),
        integration_user: text(raw.integration_user.username.as_deref()),
        email_domains: raw.org.email_domains.clone().unwrap_or_default(),
        default_lead_creator: text(raw.org.default_lead_creator.as_deref()),
        default_case_owner: text(raw.org.default_case_owner.as_deref()),
        default_workflow_user: text(raw.org.default_workflow_user.as_deref()),
        portal_administrators: raw.org.portal_administrators.clone().unwrap_or_default(),
        organization_id: text(raw.org.organization_id.as_deref()),
        portal_id: text(raw.org.portal_id.as_deref()),
        account_id: text(raw.org.account_id.as_deref()),
        contactless_users: raw.org.contactless_users,
        okta_app: text(raw.okta.app.as_deref()).map(Into::into),
        okta_groups: text(raw.okta.groups.as_deref()).map(Into::into),
        okta_schema: text(raw.okta.schema.as_deref()).map(Into::into),
        baseline: text(check.baseline.as_deref()).map(Into::into),
        waivers: text(raw.waivers.file.as_deref()).map(Into::into),
        waiver_policy: policy(raw),
        reserve: counts(raw.seats.reserve.as_ref()),
        totals: counts(raw.seats.totals.as_ref()),
        import_map: raw
            .okta
            .import_map
            .clone()
            .unwrap_or_default()
            .into_iter()
            .collect(),
        ..Config::default()
    }
}

/// What is asked of waivers.
fn policy(raw: &Raw) -> Policy {
    let usual = Policy::default();
    Policy {
        max_days: raw
            .waivers
            .max_days
            .map(|days| i64::try_from(days).unwrap_or(i64::MAX)),
        require: raw.waivers.require.clone().unwrap_or(usual.require),
    }
}

/// A text that says something.
fn text(given: Option<&str>) -> Option<String> {
    given
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn read<T>(given: Option<&str>, reader: impl Fn(&str) -> Result<T, String>) -> Option<T> {
    given.and_then(|text| reader(text).ok())
}

fn lists(word: &str) -> Option<ListMeaning> {
    match word {
        "replace" => Some(ListMeaning::Replace),
        "add" => Some(ListMeaning::Add),
        _ => None,
    }
}

fn nulls(word: &str) -> Option<NullMeaning> {
    match word {
        "pushed" => Some(NullMeaning::Pushed),
        "ignored" => Some(NullMeaning::Ignored),
        _ => None,
    }
}

impl FailOn {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "never" => Some(Self::Never),
            other => level(other).map(Self::From),
        }
    }
}

fn level(word: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Notice]
        .into_iter()
        .find(|severity| severity.as_str() == word)
}

fn severity(raw: &Raw) -> Vec<(usize, Level)> {
    let number = |name: &str| RULES.iter().position(|rule| rule.name == name);
    raw.severity
        .iter()
        .filter_map(|(name, word)| {
            let level = level(word).map_or(Level::Off, Level::Is);
            Some((number(name)?, level))
        })
        .collect()
}

fn counts(given: Option<&BTreeMap<String, i64>>) -> Vec<(String, i64)> {
    given
        .into_iter()
        .flatten()
        .map(|(key, count)| (key.clone(), *count))
        .collect()
}
