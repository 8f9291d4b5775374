//! `findings.csv`: one record for each finding, with ids and labels, so that nobody has to look anything up.

use super::Error;
use super::folder::{Csv, Staging};
use super::rows::Tables;
use crate::finding::{Finding, Status, WaivedBy};
use crate::input::Row;
use crate::matrix::Matrix;
use crate::model::{Names, SfId, UserId, key_of_folded};
use crate::report::words::confidence;
use crate::rules;
use crate::waivers::Waiver;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The columns, in order.
const COLUMNS: [&str; 29] = [
    "fingerprint",
    "rule",
    "severity",
    "confidence",
    "status",
    "subject",
    "user",
    "user_id",
    "input",
    "row",
    "line",
    "rows",
    "column",
    "value",
    "current_value",
    "required_value",
    "salesforce_id",
    "license",
    "missing_permissions",
    "message",
    "predicted_code",
    "predicted_message",
    "fix",
    "docs_url",
    "waiver_owner",
    "waiver_reason",
    "waiver_ticket",
    "waiver_expires",
    "snapshot_id",
];

/// Columns of `waivers.csv`.
const WAIVERS: [&str; 7] = [
    "rule", "line", "owner", "reason", "ticket", "expires", "findings",
];

/// What is known of the row that a finding is about.
#[derive(Debug, Default)]
pub(super) struct About {
    user: Option<UserId>,
    license: String,
    profile: String,
    role: String,
}

impl About {
    pub(super) fn of(m: &Matrix, row: &Row<'_>) -> Self {
        let person = &row.person;
        let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
        let profile = person.profile_before.and_then(|profile| m.profile(profile));
        let role = person.role_before.and_then(|role| m.role(role));
        Self {
            user: person.user,
            license: person
                .license
                .or(person.license_before)
                .map(|license| m.shown_license(license))
                .unwrap_or_default(),
            profile: name(profile.map(|row| &*row.name)),
            role: name(role.map(|row| &*row.name)),
        }
    }

    fn current(&self, column: Option<&str>) -> &str {
        match column {
            Some("profile") => &self.profile,
            Some("role") => &self.role,
            _ => "",
        }
    }
}

/// The table while it is written.
pub(super) struct FindingsCsv<'a> {
    csv: Csv,
    of: &'a Tables<'a>,
    totals: BTreeMap<String, u64>,
    waived: FxHashMap<(String, WaivedBy), u64>,
}

impl<'a> FindingsCsv<'a> {
    pub(super) fn new(staging: &Staging, of: &'a Tables<'a>) -> Result<Self, Error> {
        Ok(Self {
            csv: Csv::new(staging.create("findings.csv")?, &COLUMNS)?,
            of,
            totals: ["error", "warning", "notice"]
                .into_iter()
                .map(|severity| (format!("findings.open.{severity}"), 0))
                .collect(),
            waived: FxHashMap::default(),
        })
    }

    /// Writes a finding about a row, or about none.
    pub(super) fn write(&mut self, mut finding: Finding, about: &About) -> Result<(), Error> {
        let m = &self.of.judged.matrix;
        let user = about.user.or_else(|| {
            let name = finding.user.as_deref()?;
            m.org.users.by_login(key_of_folded(name))
        });
        let user_id = user.map(|user| m.org.users.id(user));
        let record_id = subject_id(m, &finding);
        let missing = missing_permissions(&finding);
        let docs = docs_url(&finding.rule);
        let shown = |id: SfId| match self.of.redactor {
            Some(redactor) if is_person(id) => redactor.of_id(id),
            _ => id.text(),
        };
        let (user_id, record_id) = (
            user_id.map(shown).unwrap_or_default(),
            record_id.map(shown).unwrap_or_default(),
        );
        if let Some(note) = &finding.waiver {
            *self
                .waived
                .entry((finding.rule.clone(), note.clone()))
                .or_default() += 1;
        }
        if let Some(redactor) = self.of.redactor {
            redactor.finding(&mut finding);
        }
        let status = finding.status.as_str();
        let severity = finding.severity.as_str();
        let name = match finding.status {
            Status::Open => format!("findings.open.{severity}"),
            _ => format!("findings.{status}"),
        };
        *self.totals.entry(name).or_default() += 1;
        let failed = self.csv.failed();
        let snapshot_id = self.of.snapshot_id;
        let csv = &mut self.csv;
        let current = self.of.redactor.map_or_else(
            || about.current(finding.column.as_deref()).to_owned(),
            |redactor| redactor.text(about.current(finding.column.as_deref())),
        );
        let predicted = finding.predicted.as_ref();
        let fix = finding.fix.as_ref();
        let mut write = || {
            csv.text(&finding.fingerprint)?;
            csv.text(&finding.rule)?;
            csv.text(severity)?;
            csv.text(confidence(finding.confidence))?;
            csv.text(status)?;
            csv.maybe(finding.subject.as_deref())?;
            csv.maybe(finding.user.as_deref())?;
            csv.text(&user_id)?;
            csv.maybe(finding.input.as_deref())?;
            csv.number(finding.row)?;
            csv.number(finding.line)?;
            csv.number(finding.rows)?;
            csv.maybe(finding.column.as_deref())?;
            csv.maybe(finding.value.as_deref())?;
            csv.text(&current)?;
            let replace = fix.and_then(|fix| fix.replace.as_ref());
            csv.maybe(replace.map(|replace| replace.with.as_str()))?;
            csv.text(&record_id)?;
            csv.text(&about.license)?;
            csv.text(&missing)?;
            csv.text(&finding.message)?;
            csv.maybe(predicted.and_then(|predicted| predicted.code.as_deref()))?;
            csv.maybe(predicted.and_then(|predicted| predicted.message.as_deref()))?;
            csv.maybe(fix.map(|fix| fix.text.as_str()))?;
            csv.text(docs)?;
            waiver(csv, &finding)?;
            csv.text(snapshot_id)?;
            csv.end()
        };
        write().map_err(failed)
    }

    pub(super) fn finish(mut self, staging: &mut Staging) -> Result<BTreeMap<String, u64>, Error> {
        let rows = self.csv.finish(staging)?;
        self.totals.insert("findings.records".into(), rows);
        let waivers = waivers(staging, self.of, &self.waived)?;
        self.totals.insert("waivers.records".into(), waivers);
        Ok(self.totals)
    }
}

/// `waivers.csv`: each waiver that counts, and how many findings it covers.
fn waivers(
    staging: &mut Staging,
    of: &Tables<'_>,
    waived: &FxHashMap<(String, WaivedBy), u64>,
) -> Result<u64, Error> {
    let mut csv = Csv::new(staging.create("waivers.csv")?, &WAIVERS)?;
    let failed = csv.failed();
    let waivers = of.judged.options.waivers.as_deref();
    let active = waivers.iter().flat_map(|all| {
        let line = |waiver: &Waiver| Some(all.entries.get(waiver.entry)?.line as u64);
        all.active.iter().map(move |waiver| (waiver, line(waiver)))
    });
    for (waiver, line) in active {
        let rule = rules::RULES.get(waiver.rule).map_or("", |rule| rule.name);
        let covered = waived.get(&(rule.to_owned(), waiver.note.clone()));
        let shown = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default();
            of.redactor
                .map_or_else(|| text.to_owned(), |redactor| redactor.text(text))
        };
        let note = &waiver.note;
        let mut write = || {
            csv.text(rule)?;
            csv.number(line)?;
            csv.text(&shown(&note.owner))?;
            csv.text(&shown(&note.reason))?;
            csv.text(&shown(&note.ticket))?;
            csv.maybe(note.expires.as_deref())?;
            csv.number(Some(covered.copied().unwrap_or(0)))?;
            csv.end()
        };
        write().map_err(&failed)?;
    }
    csv.finish(staging)
}

/// Owner, reason, ticket and end of the waiver that covers the finding.
fn waiver(csv: &mut Csv, finding: &Finding) -> std::io::Result<()> {
    let note = finding.waiver.as_ref();
    csv.maybe(note.and_then(|note| note.owner.as_deref()))?;
    csv.maybe(note.and_then(|note| note.reason.as_deref()))?;
    csv.maybe(note.and_then(|note| note.ticket.as_deref()))?;
    csv.maybe(note.and_then(|note| note.expires.as_deref()))
}

fn is_person(id: SfId) -> bool {
    matches!(id.prefix().as_str(), "005" | "003")
}

/// The record that the finding is about: of its subject, else of its value.
fn subject_id(m: &Matrix, finding: &Finding) -> Option<SfId> {
    let subject = finding
        .subject
        .as_deref()
        .and_then(|subject| subject.split_once(':'));
    let of_value = || {
        let kind = match finding.column.as_deref()? {
            "profile" => "profile",
            "role" => "role",
            "permissionSets" | "permissionSetGroups" => "permission-set",
            "permissionSetLicenses" => "permission-set-license",
            "publicGroups" => "public-group",
            _ => return None,
        };
        record_id(m, kind, finding.value.as_deref()?)
    };
    subject
        .and_then(|(kind, name)| record_id(m, kind, name))
        .or_else(of_value)
}

/// The record with a name, if it is one alone.
fn record_id(m: &Matrix, kind: &str, name: &str) -> Option<SfId> {
    fn one<I: Copy + PartialEq>(names: &Names<I>, name: &str) -> Option<I> {
        let hits = names.exact(name);
        let mut hits = hits.iter();
        match (hits.next(), hits.next()) {
            (Some(one), None) => Some(*one),
            _ => None,
        }
    }
    if let Ok(id) = SfId::parse(name) {
        return Some(id);
    }
    match kind {
        "profile" => one(&m.profile_names, name)
            .and_then(|id| m.profile(id))
            .map(|row| row.id),
        "role" => one(&m.role_names, name)
            .and_then(|id| m.role(id))
            .map(|row| row.id),
        "permission-set" => match one(&m.set_names, name)? {
            crate::input::SetRef::Set(id) => m.set(id).map(|row| row.id),
            crate::input::SetRef::Group(id) => m.group(id).map(|row| row.id),
        },
        "permission-set-license" => one(&m.psl_names, name)
            .and_then(|id| m.psl(id))
            .map(|row| row.id),
        "public-group" => one(&m.public_group_names, name)
            .and_then(|id| m.org.public_groups.get(id))
            .map(|row| row.id),
        "license" => m
            .org
            .licenses
            .iter()
            .find(|(id, row)| {
                row.key.as_ref().is_some_and(|key| **key == *name) || m.shown_license(*id) == name
            })
            .map(|(_, row)| row.id),
        "user" | "username" => {
            let users = &m.org.users;
            users
                .by_login(key_of_folded(name))
                .map(|user| users.id(user))
        }
        _ => None,
    }
}

/// The permissions that Salesforce's text names as missing.
fn missing_permissions(finding: &Finding) -> String {
    let text = finding
        .predicted
        .as_ref()
        .and_then(|predicted| predicted.message.as_deref())
        .unwrap_or_default();
    let named = ["the following permission(s): ", "allow the permission: "]
        .into_iter()
        .find_map(|mark| text.split_once(mark));
    let Some((_, named)) = named else {
        return String::new();
    };
    let end = named.find(". Select").unwrap_or(named.len());
    named
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

/// The first address in the page of a rule: where its knowledge comes from.
fn docs_url(rule: &str) -> &'static str {
    let Some(rule) = rules::by_name(rule) else {
        return "";
    };
    let Some(start) = rule.docs.find("https://") else {
        return "";
    };
    let rest = rule.docs.get(start..).unwrap_or_default();
    let end = rest
        .find(|c: char| c.is_whitespace() || ">)`\"'".contains(c))
        .unwrap_or(rest.len());
    rest.get(..end)
        .unwrap_or_default()
        .trim_end_matches([',', '.', ';'])
}
