//! `check --explain-user`: how one person comes to what they get, what the push changes of them, and what is wrong with it.

use super::changes::Changes;
use super::visible::{visible, wrapped};
use super::{Error, Findings, View};
use crate::finding::{Change, Effect, Finding, Severity};
use crate::okta::derivation::{Decides, Derivation, Derived, Share};
use crate::okta::overlay::Evaluated;
use serde::Serialize;
use std::io::Write;

/// The schema of the answer as JSON.
const SCHEMA: &str = "sfcompat-person/1";

/// Everything about one person.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Person {
    schema: &'static str,
    user: String,
    /// Okta has taken the app away from the person: a push makes the Salesforce user inactive, and sends nothing else.
    leaver: bool,
    /// How groups decide; `null`: the person is a member of no group of the run.
    derivation: Option<Derivation>,
    /// What an attribute mapping of the run makes of the person, where their attributes are at hand.
    mapped: Vec<Evaluated>,
    /// What the push changes, in input order.
    changes: Vec<Change>,
    /// Findings of the person's rows; one that stands for several rows is at the first of them.
    findings: Vec<Finding>,
}

impl Person {
    /// Gathers what a run says of a person, by login or username; `is_leaver` tells it of the row of a change. `None`: no
    /// input has them.
    pub fn gather(
        login: &str,
        derivation: Option<Derivation>,
        mapped: Vec<Evaluated>,
        (changes, is_leaver): (Changes<'_>, &dyn Fn(&Change) -> bool),
        findings: Findings<'_>,
        view: &View<'_>,
    ) -> Result<Option<Self>, Error> {
        let login = login.trim();
        let username = derivation.as_ref().map(|one| one.username.clone());
        let is_named = |user: &str| {
            let user = user.to_lowercase();
            user == login.to_lowercase()
                || username
                    .as_deref()
                    .is_some_and(|name| user == name.to_lowercase())
        };
        let mut own: Vec<Change> = Vec::new();
        changes.each(&mut |change| {
            if is_named(&change.user) {
                own.push(change.clone());
            }
            Ok(())
        })?;
        if own.is_empty() && derivation.is_none() && mapped.is_empty() {
            return Ok(None);
        }
        let mut told = Vec::new();
        findings.each(view, &mut |finding| {
            let of_row = own.iter().any(|change| {
                Some(&change.input) == finding.input.as_ref() && Some(change.row) == finding.row
            });
            if of_row || finding.user.as_deref().is_some_and(is_named) {
                told.push(finding.clone());
            }
            Ok(())
        })?;
        Ok(Some(Self {
            schema: SCHEMA,
            user: username.unwrap_or_else(|| login.to_owned()),
            leaver: own.iter().any(is_leaver),
            derivation,
            mapped,
            changes: own,
            findings: told,
        }))
    }

    /// Writes it as one JSON object.
    pub fn write_json(&self, out: &mut dyn Write) -> Result<(), Error> {
        super::json::value(out, self)?;
        Ok(writeln!(out)?)
    }

    /// Writes it for people.
    pub fn write_text(&self, out: &mut dyn Write, width: Option<u16>) -> Result<(), Error> {
        let mut page = Page { out, width };
        page.line("", &self.user)?;
        if self.leaver {
            page.title("Okta has taken the app away from the person: a push makes the Salesforce user inactive, and sends nothing else.")?;
        }
        if let Some(derivation) = &self.derivation {
            page.derivation(derivation)?;
        }
        page.mapped(&self.mapped)?;
        page.changes(&self.changes)?;
        page.findings(&self.findings)
    }
}

struct Page<'a> {
    out: &'a mut dyn Write,
    width: Option<u16>,
}

impl Page<'_> {
    fn line(&mut self, indent: &str, text: &str) -> Result<(), Error> {
        let room = self
            .width
            .map(|width| usize::from(width).max(20).saturating_sub(indent.len() + 2));
        for (n, line) in wrapped(&visible(text), room, 0).iter().enumerate() {
            let deeper = if n == 0 { "" } else { "  " };
            writeln!(self.out, "{indent}{deeper}{line}")?;
        }
        Ok(())
    }

    fn title(&mut self, text: &str) -> Result<(), Error> {
        writeln!(self.out)?;
        self.line("", text)
    }

    fn derivation(&mut self, told: &Derivation) -> Result<(), Error> {
        if told.login != told.username {
            self.line(
                "",
                &format!("the app makes this username of the login {}", told.login),
            )?;
        }
        self.title(match told.decides {
            Decides::Groups => "Assigned by groups, in the order in which they count:",
            Decides::Joined => {
                "Assigned by groups, in the order in which they count; all but profile, role and lists is what the app has of the user:"
            }
            Decides::Individual => {
                "Assigned individually, which beats every group. These groups give nothing:"
            }
            Decides::Gone => {
                "Okta has taken the app away from the person, whatever groups say. These groups give nothing:"
            }
        })?;
        for (n, share) in told.groups.iter().enumerate() {
            self.line("  ", &format!("{}. {}", n + 1, shared(share)))?;
        }
        if !matches!(told.decides, Decides::Individual | Decides::Gone) {
            self.title("What that gives:")?;
            for one in &told.derived {
                self.line("  ", &derived(one))?;
            }
        }
        Ok(())
    }

    fn mapped(&mut self, mapped: &[Evaluated]) -> Result<(), Error> {
        if mapped.is_empty() {
            return Ok(());
        }
        self.title("What the attribute mapping makes of the person:")?;
        for one in mapped {
            let result = match one.result.as_deref() {
                None => "cannot be told",
                Some("") => "no value",
                Some(text) => text,
            };
            let note = one.note.as_deref();
            let note = note.map_or_else(String::new, |note| format!(": {note}"));
            self.line("  ", &format!("{}: {result}{note}", one.attribute))?;
            self.line("    ", &format!("by {}", one.expression))?;
            for read in &one.reads {
                let value = read.value.as_deref().unwrap_or("not at hand");
                self.line("    ", &format!("{} is {value}", read.attribute))?;
            }
        }
        Ok(())
    }

    fn changes(&mut self, changes: &[Change]) -> Result<(), Error> {
        let same_row = |a: &Change, b: &Change| a.input == b.input && a.row == b.row;
        for row in changes.chunk_by(same_row) {
            let Some(first) = row.first() else { continue };
            let place = format!("{}, row {} (line {})", first.input, first.row, first.line);
            if first.effect == Effect::None {
                self.title(&format!("What the push changes ({place}): nothing"))?;
                continue;
            }
            self.title(&format!("What the push changes ({place}):"))?;
            for change in row {
                self.line("  ", &changed(change))?;
            }
        }
        if changes.is_empty() {
            self.title("No row of the inputs is about this user.")?;
        }
        Ok(())
    }

    fn findings(&mut self, findings: &[Finding]) -> Result<(), Error> {
        if findings.is_empty() {
            return self.title("No finding.");
        }
        self.title("Findings:")?;
        for finding in findings {
            self.line(
                "  ",
                &format!("{}[{}] {}", finding.severity, finding.rule, finding.message),
            )?;
            if finding.severity > Severity::Notice {
                for reason in &finding.reason {
                    self.line("    ", &format!("because {reason}"))?;
                }
                if let Some(fix) = &finding.fix {
                    self.line("    ", &format!("fix: {}", fix.text))?;
                }
            }
        }
        Ok(())
    }
}

/// `SF-Sales (priority 1): profile Sales, role left blank`
fn shared(share: &Share) -> String {
    let priority = match share.priority {
        Some(number) => format!("priority {number}"),
        None => String::from("no priority"),
    };
    let sets: Vec<String> = share
        .sets
        .iter()
        .map(|(attribute, text)| match text.as_str() {
            "" => format!("{attribute} left blank"),
            text => format!("{attribute} {text}"),
        })
        .collect();
    format!("{} ({priority}): {}", share.group, sets.join(", "))
}

/// `profile: Sales, from SF-Sales`
fn derived(one: &Derived) -> String {
    let values = if one.values.is_empty() {
        String::from("nothing")
    } else {
        one.values.join(", ")
    };
    let from = match one.from.as_slice() {
        [] => String::from("no group sets it"),
        all if one.values.is_empty() => format!("{} leaves it blank", all.join(", ")),
        all if one.combined => format!("combined of {} (union in the schema)", all.join(", ")),
        all => format!("from {}", all.join(", ")),
    };
    let blank = match one.blank_in.as_slice() {
        _ if one.stands => String::from("; what the app has of the user stands"),
        [] => String::new(),
        all if one.values.is_empty() => format!("; {} leaves it blank", all.join(", ")),
        all => format!(
            "; {} counts before and leaves it blank: whether the next group fills in is not documented, this run says so (--null-values)",
            all.join(", ")
        ),
    };
    let tied = match one.tied_with.as_slice() {
        [] => String::new(),
        all => format!(
            "; {} has the same priority and gives something else: which of them counts is not documented",
            all.join(", ")
        ),
    };
    format!("{}: {values}, {from}{blank}{tied}", one.attribute)
}

/// `replace profile: Sales -> Support, by SF-Support`
fn changed(change: &Change) -> String {
    let ends = match (change.before.as_deref(), change.after.as_deref()) {
        (None, Some(after)) => after.to_owned(),
        (Some(before), None) => before.to_owned(),
        (before, after) => format!(
            "{} -> {}",
            before.unwrap_or_default(),
            after.unwrap_or_default()
        ),
    };
    let by = change
        .group
        .as_deref()
        .map_or_else(String::new, |group| format!(", by {group}"));
    format!("{} {}: {ends}{by}", change.effect, change.attribute)
}
