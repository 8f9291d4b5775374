//! The text of `sfcompat.waivers.toml`: every entry, with what is wrong with it.

use super::{Entry, Error, Glob, Policy, Selectors};
use crate::rules::{RULES, is_about_the_run, nearest_names};
use jiff::civil::Date;
use std::borrow::Cow;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys of an entry.
pub(super) const KEYS: [&str; 7] = [
    "rule", "match", "reason", "owner", "ticket", "created", "expires",
];

/// Keys that a policy can ask for.
pub const REQUIRED: &[&str] = &["reason", "owner", "ticket", "created", "expires"];

/// Most characters of a text in a message.
const SHOWN: usize = 80;

/// A line that is no part of an entry, and what is wrong with it.
pub(super) type Strange = (usize, String);

type Name<'t> = Spanned<Cow<'t, str>>;

/// All entries of a text, in its order, and what stands beside them and means nothing.
pub(super) fn entries(
    text: &str,
    path: &Path,
    policy: &Policy,
    today: Date,
) -> Result<(Vec<Entry>, Vec<Strange>), Error> {
    // The mark that some editors put before UTF-8 is no character of the first line.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let lines = errors.iter().map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (line_of(text, at), shown(error.message().trim()))
        });
        return Err(Error::NotToml {
            path: path.to_owned(),
            lines: lines.collect(),
        });
    }
    let (mut entries, mut strange) = (Vec::new(), Vec::new());
    for (name, value) in table.get_ref() {
        let line = line_of(text, name.span().start);
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("waiver", DeValue::Array(list)) => {
                for item in list {
                    let line = line_of(text, item.span().start);
                    entries.push(match item.get_ref() {
                        DeValue::Table(table) => entry(table, line, policy, today),
                        _ => Entry::broken(line, "it is no table of keys"),
                    });
                }
            }
            ("waiver", _) => {
                strange.push((
                    line,
                    String::from("'waiver' is a list of entries: write [[waiver]]"),
                ));
            }
            (other, _) => strange.push((line, unknown("key", other, &["waiver"]))),
        }
    }
    Ok((entries, strange))
}

/// Reads one entry; what is wrong with it is kept with it.
fn entry(table: &DeTable<'_>, line: usize, policy: &Policy, today: Date) -> Entry {
    let mut entry = Entry {
        line,
        ..Entry::default()
    };
    for (name, value) in table {
        let key = name.get_ref().as_ref();
        match (key, value.get_ref()) {
            ("rule", DeValue::String(text)) => text.trim().clone_into(&mut entry.rule),
            ("match", DeValue::Table(table)) => selectors(&mut entry, table),
            ("reason", DeValue::String(text)) => entry.note.reason = said(text),
            ("owner", DeValue::String(text)) => entry.note.owner = said(text),
            ("ticket", DeValue::String(text)) => entry.note.ticket = said(text),
            ("created", value) => entry.created = date(&mut entry.problems, key, value),
            ("expires", value) => entry.expires = date(&mut entry.problems, key, value),
            ("match", _) => entry
                .problems
                .push(String::from("'match' is a table of selectors")),
            (known, _) if KEYS.contains(&known) => {
                entry.problems.push(format!("'{known}' is no text"));
            }
            (other, _) => entry.problems.push(unknown("key", other, &KEYS)),
        }
    }
    entry.note.expires = entry.expires.map(|day| day.to_string());
    judge_rule(&mut entry);
    if entry.selectors.match_everything() && !table.iter().any(is_broken_match) {
        entry.problems.push(String::from(
            "it can match everything: give at least one selector that is not only * and ?",
        ));
    }
    hold_to_policy(&mut entry, policy, today);
    entry
}

/// Whether `match` is there and is no table: then that is what is wrong.
fn is_broken_match((name, value): (&Name<'_>, &Spanned<DeValue<'_>>)) -> bool {
    name.get_ref() == "match" && !value.get_ref().is_table()
}

fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A date, as TOML writes it or as a text.
fn date(problems: &mut Vec<String>, key: &str, value: &DeValue<'_>) -> Option<Date> {
    let text = match value {
        DeValue::Datetime(day) => day.to_string(),
        DeValue::String(text) => text.trim().to_owned(),
        _ => String::new(),
    };
    // The parser of dates also takes a time beside the day; here a day is asked for.
    let day = text
        .parse()
        .ok()
        .filter(|_| text.len() == "2026-12-31".len());
    if day.is_none() {
        problems.push(format!(
            "'{key}' is no date such as 2026-12-31{}",
            if text.is_empty() {
                String::new()
            } else {
                format!(": '{}'", shown(&text))
            }
        ));
    }
    day
}

fn selectors(entry: &mut Entry, table: &DeTable<'_>) {
    for (name, value) in table {
        let key = name.get_ref().as_ref();
        let DeValue::String(text) = value.get_ref() else {
            entry
                .problems
                .push(format!("the selector '{}' is no text", shown(key)));
            continue;
        };
        let glob = match Glob::new(text, key == "user") {
            Ok(glob) => glob,
            Err(reason) => {
                let key = shown(key);
                entry
                    .problems
                    .push(format!("the selector '{key}': {reason}"));
                continue;
            }
        };
        entry.written.push((key.to_owned(), text.to_string()));
        let all = &mut entry.selectors;
        let place = match key {
            "user" => &mut all.user,
            "value" => &mut all.value,
            "subject" => &mut all.subject,
            "column" => &mut all.column,
            "input" => &mut all.input,
            "license" => &mut all.license,
            other => {
                let what = unknown("selector", other, &Selectors::NAMES);
                entry.problems.push(what);
                entry.written.pop();
                continue;
            }
        };
        *place = Some(glob);
    }
    entry.written.sort();
}

fn judge_rule(entry: &mut Entry) {
    let rule = entry.rule.as_str();
    if rule.is_empty() {
        entry.problems.push(String::from("it has no 'rule'"));
    } else if is_about_the_run(rule) {
        entry.problems.push(format!(
            "'{rule}' speaks of the evidence of the run or of its waivers: no waiver covers that"
        ));
    } else if let Some(number) = RULES.iter().position(|known| known.name == rule) {
        entry.number = Some(number);
    } else {
        let near = match nearest_names(rule).as_slice() {
            [] => String::new(),
            near => format!(" (nearest: {})", near.join(", ")),
        };
        entry
            .problems
            .push(format!("there is no rule '{}'{near}", shown(rule)));
    }
}

fn hold_to_policy(entry: &mut Entry, policy: &Policy, today: Date) {
    let has = |key: &str| match key {
        "reason" => entry.note.reason.is_some(),
        "owner" => entry.note.owner.is_some(),
        "ticket" => entry.note.ticket.is_some(),
        "created" => entry.created.is_some(),
        "expires" => entry.expires.is_some(),
        _ => true,
    };
    // A date that could not be read was spoken of already.
    let spoken = |key: &str| {
        let start = format!("'{key}' is no");
        entry
            .problems
            .iter()
            .any(|problem| problem.starts_with(&start))
    };
    let lacks: Vec<String> = policy
        .require
        .iter()
        .filter(|key| !has(key) && !spoken(key))
        .map(|key| format!("it has no '{key}'"))
        .collect();
    entry.problems.extend(lacks);
    if let Some(created) = entry.created.filter(|created| *created > today) {
        entry
            .problems
            .push(format!("it was created on {created}, which is not yet"));
    }
    let Some(max) = policy.max_days else { return };
    let from = entry.created.unwrap_or(today);
    match entry.expires.map(|end| days_between(from, end)) {
        Some(days) if days > max => entry.problems.push(format!(
            "it ends {days} days after {}; at most {max} are allowed ([waivers] max_days)",
            if entry.created.is_some() {
                "it was created"
            } else {
                "this run, and says nothing of when it was created"
            }
        )),
        None if !policy.require.iter().any(|key| key == "expires") => entry.problems.push(format!(
            "it has no end; at most {max} days are allowed ([waivers] max_days)"
        )),
        _ => {}
    }
}

/// Days from one to the other, 0 for the same day.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to)
        .map_or(i64::MAX, |span| i64::from(span.get_days()))
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let near = crate::model::nearest(name, known.iter().copied(), 1);
    let near = near
        .first()
        .map_or(String::new(), |near| format!(" (nearest: {near})"));
    format!("unknown {what} '{}'{near}", shown(name))
}

/// A text of the file as a message repeats it.
fn shown(text: &str) -> String {
    text.chars()
        .take(SHOWN)
        .flat_map(|letter| {
            let plain = (!letter.is_control()).then_some(letter);
            let escaped = letter.is_control().then(|| letter.escape_default());
            plain.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}

/// Line of a byte offset, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    memchr::memchr_iter(b'\n', before).count() + 1
}
