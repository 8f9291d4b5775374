//! Pseudonyms for people in reports: the same person has the same one under the same key.
//!
//! A pseudonym is `person-` and the first 64 bits of HMAC-SHA-256 over the username. Whoever has the key computes
//! it again from the usernames, and so knows who is meant; nobody else can. What a report says in columns of its own
//! is replaced as such; in sentences, people are found by what the finding says of its person, and by what names
//! somebody of the snapshot. Any address and any id of a user or contact is replaced, known or not.

mod column;
mod key;
mod people;
mod reveal;
#[cfg(test)]
mod tests;
mod text;

pub use key::{Key, KeyError};
pub use reveal::reveal;

use super::lines::Torn;
use super::summary::{Head, Tail};
use crate::finding::{Change, Finding, fingerprint};
use crate::model::SfId;
use crate::snapshot::Error;
use column::{is_personal, is_personal_subject, kind_of};
use people::{Kind, People};
use std::io::{self, Write};
use std::path::Path;

/// Replaces people by pseudonyms.
#[derive(Debug)]
pub struct Redactor {
    key: Key,
    people: People,
}

/// What a finding says of a person: a text of it, and what stands in its place.
#[derive(Debug)]
struct Own {
    text: String,
    pseudonym: String,
    /// It is the value of a cell: what is made of it is personal as well.
    is_value: bool,
}

fn shown(mark: u64) -> String {
    format!("person-{mark:016x}")
}

impl Redactor {
    /// Knows the people of a snapshot folder.
    ///
    /// # Errors
    /// User.csv cannot be read.
    pub fn new(key: Key, snapshot: &Path) -> Result<Self, Error> {
        let people = People::of(&key, snapshot)?;
        Ok(Self { key, people })
    }

    /// Tells keys apart without telling the key.
    #[must_use]
    pub fn key_name(&self) -> String {
        self.key.name()
    }

    /// The pseudonym of the person with a username, in any case of letters.
    #[must_use]
    pub fn person(&self, username: &str) -> String {
        shown(people::mark(&self.key, username))
    }

    /// The pseudonym behind an id of a user or contact.
    #[must_use]
    pub fn of_id(&self, id: SfId) -> String {
        let id = id.text();
        let known = self.people.find(Kind::Id, &id);
        shown(known.unwrap_or_else(|| self.key.mark("id", &id)))
    }

    /// The pseudonym behind an address: a username, or an email address of somebody in the snapshot.
    fn of_address(&self, address: &str) -> String {
        match self.people.find(Kind::Address, address) {
            Some(mark) => shown(mark),
            None => self.person(address),
        }
    }

    fn of_name(&self, name: &str) -> String {
        match self.people.find(Kind::Name, name) {
            Some(mark) => shown(mark),
            None => shown(self.key.mark("name", &crate::model::fold(name))),
        }
    }

    /// The pseudonym for a cell that names somebody else than the person of its row, such as a manager.
    fn somebody(&self, text: &str) -> String {
        if let Ok(id) = SfId::parse(text) {
            return self.of_id(id);
        }
        if self.people.knows(Kind::Name, text) {
            return self.of_name(text);
        }
        self.of_address(text)
    }

    /// The pseudonym for the value of a personal column in a row of `user`.
    fn of_value(&self, column: &str, value: &str, user: Option<&str>) -> String {
        match (kind_of(column), user) {
            (None, _) => self.somebody(value),
            (Some(_), Some(user)) => self.user(user),
            (Some(kind), None) => match self.people.find(kind, value) {
                Some(mark) => shown(mark),
                None => self.somebody(value),
            },
        }
    }

    /// Any text, with a pseudonym for everybody who is named in it.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.in_text(text, &[])
    }

    /// Replaces the people of a finding.
    pub fn finding(&self, finding: &mut Finding) {
        let user = finding.user.take();
        let own = self.owned(finding, user.as_deref());
        let text = |text: &mut String| *text = self.in_text(text, &own);
        finding.user = user.map(|user| self.user(&user));
        let personal = finding.column.as_deref().is_some_and(is_personal);
        if let Some(value) = &mut finding.value {
            let known = own.iter().find(|own| own.is_value && own.text == *value);
            *value = match known.filter(|_| personal) {
                Some(own) => own.pseudonym.clone(),
                None => self.in_text(value, &own),
            };
        }
        if let Some(subject) = &mut finding.subject {
            *subject = self.subject(subject, &own);
        }
        text(&mut finding.message);
        finding.reason.iter_mut().for_each(text);
        if let Some(predicted) = &mut finding.predicted {
            [&mut predicted.message, &mut predicted.okta]
                .into_iter()
                .flatten()
                .for_each(text);
        }
        if let Some(waiver) = &mut finding.waiver {
            [&mut waiver.owner, &mut waiver.reason, &mut waiver.ticket]
                .into_iter()
                .flatten()
                .for_each(text);
        }
        if let Some(fix) = &mut finding.fix {
            text(&mut fix.text);
            if let Some(replace) = &mut fix.replace {
                text(&mut replace.with);
            }
        }
        // The mark of a value that can be guessed would tell it.
        finding.fingerprint = fingerprint(
            &finding.rule,
            finding.subject.as_deref(),
            finding.column.as_deref(),
            finding.value.as_deref(),
        );
    }

    /// Replaces the people of a change.
    pub fn change(&self, change: &mut Change) {
        let own = [Own {
            text: change.user.clone(),
            pseudonym: self.user(&change.user),
            is_value: false,
        }];
        let personal = is_personal(&change.attribute);
        for value in [&mut change.before, &mut change.after]
            .into_iter()
            .flatten()
        {
            *value = if personal {
                self.of_value(&change.attribute, value, Some(&change.user))
            } else {
                self.in_text(value, &own)
            };
        }
        let [user] = own;
        change.user = user.pseudonym;
        if let Some(group) = &mut change.group {
            *group = self.text(group);
        }
    }

    /// The user of a row: by username, or by record id where the row has none.
    fn user(&self, user: &str) -> String {
        match SfId::parse(user) {
            Ok(id) => self.of_id(id),
            Err(_) => self.person(user),
        }
    }

    /// What a finding says of its person.
    fn owned(&self, finding: &Finding, user: Option<&str>) -> Vec<Own> {
        let mut own = Vec::new();
        let mut add = |text: &str, pseudonym: String, is_value| {
            for text in [text, text.trim()] {
                if !text.is_empty() && !own.iter().any(|own: &Own| own.text == text) {
                    own.push(Own {
                        text: text.to_owned(),
                        pseudonym: pseudonym.clone(),
                        is_value,
                    });
                }
            }
        };
        if let (Some(column), Some(value)) = (&finding.column, &finding.value)
            && is_personal(column)
        {
            add(value, self.of_value(column, value, user), true);
        }
        let replace = finding.fix.as_ref().and_then(|fix| fix.replace.as_ref());
        if let Some(replace) = replace.filter(|replace| is_personal(&replace.column)) {
            let pseudonym = self.of_value(&replace.column, &replace.with, user);
            add(&replace.with, pseudonym, true);
        }
        if let Some(user) = user {
            add(user, self.user(user), false);
        }
        own
    }

    /// `kind:name`
    fn subject(&self, subject: &str, own: &[Own]) -> String {
        let Some((kind, name)) = subject.split_once(':') else {
            return self.in_text(subject, own);
        };
        let redacted = self.in_text(name, own);
        if is_personal_subject(kind) && redacted == name {
            return format!("{kind}:{}", self.somebody(name));
        }
        format!("{kind}:{redacted}")
    }

    /// Replaces the people of a report's head: the command line can name some.
    pub fn head(&self, head: &mut Head) {
        for argument in &mut head.run.command {
            *argument = self.text(argument);
        }
    }

    /// Replaces the people of a report's tail.
    pub fn tail(&self, tail: &mut Tail) {
        for line in &mut tail.coverage {
            line.reason = self.text(&line.reason);
        }
        for line in tail.checklist.iter_mut().flatten() {
            line.check = self.text(&line.check);
            line.detail = self.text(&line.detail);
        }
    }

    /// A stream that takes findings as they are kept, one JSON object per line, and hands them on without people.
    pub fn lines<'a>(&'a self, out: &'a mut dyn Write) -> Lines<'a> {
        Lines {
            redactor: self,
            out,
            torn: Torn::default(),
        }
    }
}

/// See [`Redactor::lines`].
#[expect(
    missing_debug_implementations,
    reason = "it holds a stream that says nothing of itself"
)]
pub struct Lines<'a> {
    redactor: &'a Redactor,
    out: &'a mut dyn Write,
    torn: Torn,
}

impl Lines<'_> {
    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        let mut finding: Finding = serde_json::from_slice(line)?;
        self.redactor.finding(&mut finding);
        let mut json = serde_json::to_vec(&finding)?;
        json.push(b'\n');
        self.out.write_all(&json)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Whole lines were promised, and the last one is torn.
    pub fn finish(self) -> io::Result<()> {
        self.torn.end()
    }
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut torn = std::mem::take(&mut self.torn);
        let taken = torn.cut(bytes, |line| self.line(line));
        self.torn = torn;
        taken.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
