//! The users of Okta with the attributes that expressions read: what `GET /api/v1/users` answers, the users of an app with
//! `expand=user`, or a CSV with a header for each attribute.

use super::app_users::AppUser;
use super::elements::{Element, Elements};
use super::expression::Datum;
use super::{Error, fault, record_number};
use crate::model::key_of_folded;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

/// What is known of one user: a value for each attribute that is wanted, `None` where the file does not tell it.
pub(super) type Known = Vec<Option<Datum>>;

/// One user of Okta.
pub(super) struct OktaUser {
    /// Record of the file, and line, both from 1.
    pub(super) record: u32,
    pub(super) line: u64,
    pub(super) id: Option<String>,
    pub(super) login: String,
    /// Deactivated in Okta: nothing is pushed of such a user but the deactivation.
    pub(super) gone: bool,
    pub(super) known: Known,
}

/// The users of all files of a run, by login and id.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    people: Vec<Known>,
    places: FxHashMap<u64, u32>,
}

impl Directory {
    /// Adds the users of a file that lies at `at` and is shown as `path`.
    ///
    /// # Errors
    /// The file cannot be read, or holds no users of Okta.
    pub fn add(&mut self, path: &str, at: &Path, wanted: &[Box<str>]) -> Result<(), Error> {
        each(path, at, wanted, &mut |user| {
            let place = record_number(self.people.len());
            for name in user.id.iter().chain([&user.login]) {
                self.places.entry(key_of_folded(name)).or_insert(place);
            }
            self.people.push(user.known);
            Ok(())
        })
    }

    /// Adds what a file of members tells of each beside the group; nothing, if it has no column of an attribute.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn add_members(&mut self, path: &str, at: &Path, wanted: &[Box<str>]) -> Result<(), Error> {
        let file = File::open(at).map_err(|source| Error::read(path, source))?;
        let (_, header) = begun(path, file)?;
        let mut names = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(header.as_bytes());
        let names = names
            .records()
            .next()
            .and_then(Result::ok)
            .unwrap_or_default();
        if columns_of(wanted, names.iter()).iter().all(Option::is_none) {
            return Ok(());
        }
        self.add(path, at, wanted)
    }

    /// What is known of the first of these names that is there, be it a login or an id.
    pub(super) fn find(&self, names: &[Option<&str>]) -> Option<&Known> {
        let mut names = names.iter().flatten();
        let place = names.find_map(|name| self.places.get(&key_of_folded(name.trim())))?;
        self.people.get(*place as usize)
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

/// What a profile tells of the attributes that are wanted. Okta leaves out what has no value: an attribute that any user
/// of the file has is there for all.
pub(super) fn known_of(
    profile: &Map<String, Value>,
    wanted: &[Box<str>],
    keys: &BTreeSet<String>,
) -> Known {
    wanted
        .iter()
        .map(|name| match profile.get(&**name) {
            Some(value) => datum(value),
            None => keys.contains(&**name).then_some(Datum::Null),
        })
        .collect()
}

fn datum(value: &Value) -> Option<Datum> {
    Some(match value {
        Value::Null => Datum::Null,
        Value::String(text) => Datum::Text(text.clone()),
        Value::Number(number) => Datum::Number(number.to_string()),
        Value::Bool(flag) => Datum::Flag(*flag),
        Value::Array(all) => Datum::List(all.iter().map(datum).collect::<Option<_>>()?),
        Value::Object(_) => return None,
    })
}

/// Hands out the users of a file one after the other.
pub(super) fn each(
    path: &str,
    at: &Path,
    wanted: &[Box<str>],
    take: &mut dyn FnMut(OktaUser) -> Result<(), Error>,
) -> Result<(), Error> {
    let read = |source| Error::read(path, source);
    let mut file = BufReader::new(File::open(at).map_err(read)?);
    let start = file.fill_buf().map_err(read)?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    let mut users = 0u64;
    let mut counted = |user| {
        users += 1;
        take(user)
    };
    if matches!(first, Some(b'[' | b'{')) {
        let mut keys = BTreeSet::new();
        each_element(path, &mut file, &mut |_, user| {
            for key in user
                .okta_profile()
                .iter()
                .flat_map(|profile| profile.keys())
            {
                if !keys.contains(key.as_str()) {
                    keys.insert(key.clone());
                }
            }
            Ok(())
        })?;
        file.rewind().map_err(read)?;
        let mut record = 0;
        each_element(path, &mut file, &mut |line, user| {
            record += 1;
            let (profile, login) = user
                .okta_profile()
                .and_then(|profile| Some((profile, profile.get("login")?.as_str()?)))
                .ok_or_else(|| Error::Shape {
                    path: path.into(),
                    line,
                    reason: "this element has no profile.login: it is no user of Okta; export GET /api/v1/users, or the users of the app with expand=user",
                })?;
            counted(OktaUser {
                record: record_number(record),
                line,
                id: user.id.clone(),
                login: login.to_owned(),
                gone: user.is_deactivated(),
                known: known_of(profile, wanted, &keys),
            })
        })?;
    } else {
        each_of_sheet(path, file, wanted, &mut counted)?;
    }
    if users == 0 {
        return Err(Error::NoRows {
            path: path.into(),
            what: "user",
        });
    }
    Ok(())
}

fn each_element(
    path: &str,
    stream: impl BufRead,
    take: &mut dyn FnMut(u64, AppUser) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut elements = Elements::new(stream);
    let mut element = Element::default();
    while elements
        .next(&mut element)
        .map_err(|error| fault(path, error))?
    {
        let user = serde_json::from_slice(&element.json)
            .map_err(|error| Error::json(path, element.line, &error))?;
        take(element.line, user)?;
    }
    Ok(())
}

/// A header as it is compared with the name of an attribute.
pub(super) fn attribute_key(header: &str) -> String {
    let header = header.trim_start_matches('\u{feff}').trim();
    let name: String = header
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    ["profile.", "user.", "source."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .map_or_else(|| name.clone(), str::to_owned)
}

/// The columns of the attributes that are wanted, among headers.
pub(super) fn columns_of<'h>(
    wanted: &[Box<str>],
    headers: impl Iterator<Item = &'h str>,
) -> Vec<Option<usize>> {
    let keys: Vec<String> = headers.map(attribute_key).collect();
    let place = |name: &str| keys.iter().position(|key| *key == attribute_key(name));
    wanted.iter().map(|name| place(name)).collect()
}

/// A cell of a sheet.
pub(super) fn cell(text: &str) -> Datum {
    match text.trim() {
        "" => Datum::Blank,
        text => Datum::Cell(text.to_owned()),
    }
}

/// A sheet as UTF-8, and its first line.
pub(super) fn begun(
    path: &str,
    file: impl Read + Send + 'static,
) -> Result<(BufReader<Box<dyn Read + Send>>, String), Error> {
    let mut text = BufReader::new(crate::input::decoded(path, Box::new(file))?);
    let start = text
        .fill_buf()
        .map_err(|source| Error::read(path, source))?;
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    let header = String::from_utf8_lossy(start.get(..end).unwrap_or_default()).into_owned();
    if header.ends_with('\r') {
        text = BufReader::new(Box::new(WithoutReturns(text)));
    }
    Ok((text, header))
}

/// A sheet with CRLF as one with LF: the reader of CSV would count the second half of CRLF to the next record, and give
/// each the line before its own.
struct WithoutReturns<R>(R);

impl<R: Read> Read for WithoutReturns<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let given = self.0.read(buffer)?;
            let mut kept = 0;
            for at in 0..given {
                let byte = buffer.get(at).copied().unwrap_or_default();
                if let Some(place) = buffer.get_mut(kept).filter(|_| byte != b'\r') {
                    *place = byte;
                    kept += 1;
                }
            }
            if kept > 0 || given == 0 {
                return Ok(kept);
            }
        }
    }
}

fn each_of_sheet(
    path: &str,
    file: impl Read + Send + 'static,
    wanted: &[Box<str>],
    take: &mut dyn FnMut(OktaUser) -> Result<(), Error>,
) -> Result<(), Error> {
    const LOGINS: [&str; 8] = [
        "login",
        "oktausername",
        "userlogin",
        "username",
        "credentials.username",
        "user",
        "member",
        "email",
    ];
    let shape = |line, reason| Error::Shape {
        path: path.into(),
        line,
        reason,
    };
    let (text, header) = begun(path, file)?;
    let is_known = |name: &str| {
        let key = attribute_key(name);
        LOGINS.contains(&key.as_str()) || wanted.iter().any(|name| attribute_key(name) == key)
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(crate::input::delimiter(&header, is_known))
        .flexible(true)
        .from_reader(text);
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        shape(line, "this line is no CSV that can be read")
    };
    let headers = reader.headers().map_err(broken)?.clone();
    let place = |wanted: &str| {
        headers
            .iter()
            .position(|cell| attribute_key(cell) == wanted)
    };
    let Some(login) = LOGINS.iter().find_map(|name| place(name)) else {
        return Err(shape(
            1,
            "a list of Okta's users has a column login, and one for each attribute, named as Okta names it",
        ));
    };
    let (id, status) = (place("id"), place("status"));
    let columns = columns_of(wanted, headers.iter());
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    while reader.read_record(&mut record).map_err(broken)? {
        number += 1;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |place: usize| record.get(place).unwrap_or_default();
        if text(login).trim().is_empty() {
            return Err(shape(line, "a user without a login"));
        }
        take(OktaUser {
            record: record_number(number),
            line,
            id: id.map(|place| text(place).trim().to_owned()),
            login: text(login).trim().to_owned(),
            gone: status.is_some_and(|place| text(place).trim() == "DEPROVISIONED"),
            known: columns
                .iter()
                .map(|place| place.map(|place| cell(text(place))))
                .collect(),
        })?;
    }
    Ok(())
}
