//! Okta users that exist already: whose logins are taken.

use super::Error;
use crate::input::column_key;
use crate::model::{SfId, key_of_folded};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// An Okta user, as far as the rules ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OktaUser {
    /// Login as it is written.
    pub login: String,
    /// Key of the email address, case folded; 0: none is given.
    pub email: u64,
    /// The Salesforce user to which it is linked, where the file says so.
    pub linked: Option<SfId>,
}

impl OktaUser {
    /// Whether the file tells nothing of the user but the login: whether that is the imported person cannot be said.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.email == 0 && self.linked.is_none()
    }
}

/// Logins of Okta users, case aside. 1,000,000 users take about 100 MB.
#[derive(Clone, Debug, Default)]
pub struct Logins {
    by_login: FxHashMap<u64, OktaUser>,
}

/// A user of `GET /api/v1/users`, or of `GET /api/v1/apps/ID/users?expand=user`.
#[derive(Default, Deserialize)]
struct User {
    #[serde(default, rename = "externalId")]
    external_id: Option<String>,
    #[serde(default)]
    profile: Profile,
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
}

#[derive(Deserialize)]
struct Embedded {
    #[serde(default)]
    user: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    profile: Profile,
}

#[derive(Default, Deserialize)]
struct Profile {
    #[serde(default)]
    login: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

/// Headers for the login of a user in Okta and for the address, the plainest first.
const LOGINS: [&str; 4] = ["login", "profile.login", "oktausername", "username"];
const EMAILS: [&str; 3] = ["email", "profile.email", "primaryemail"];

impl Logins {
    /// Reads a JSON array of users (streamed), or a CSV file with a column `login`.
    ///
    /// # Errors
    /// The file cannot be read, or holds no logins.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let start = file.fill_buf().map_err(unreadable)?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'[') => Self::json(path, file),
            Some(b'{') => Err(Error::OtherShape {
                path: path.to_owned(),
                what: "this is one JSON object".to_owned(),
                expected: "a JSON array of users, as GET /api/v1/users answers it, or CSV",
            }),
            _ => Self::csv(path, file),
        }
    }

    fn json(path: &Path, mut file: BufReader<File>) -> Result<Self, Error> {
        if file
            .fill_buf()
            .is_ok_and(|start| start.starts_with(b"\xef\xbb\xbf"))
        {
            file.consume(3);
        }
        let mut logins = Self::default();
        let mut stream = serde_json::Deserializer::from_reader(file);
        Users(&mut logins)
            .deserialize(&mut stream)
            .and_then(|()| stream.end())
            .map_err(|error| Error::json(path, &error))?;
        logins.checked(path)
    }

    fn csv(path: &Path, file: BufReader<File>) -> Result<Self, Error> {
        let fault = |line: u64, reason: String| Error::Csv {
            path: path.to_owned(),
            line,
            reason,
        };
        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let shown = path.to_string_lossy();
        let text = crate::input::decoded(&shown, Box::new(file))
            .map_err(|error| unreadable(io::Error::other(error)))?;
        let mut text = BufReader::new(text);
        let start = text.fill_buf().map_err(unreadable)?;
        let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
        let start = String::from_utf8_lossy(start.get(..end).unwrap_or_default()).into_owned();
        let is_known = |name: &str| {
            let key = column_key(name);
            LOGINS.contains(&key.as_str()) || EMAILS.contains(&key.as_str())
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(crate::input::delimiter(&start, is_known))
            .flexible(true)
            .from_reader(text);
        let header: Vec<String> = reader
            .headers()
            .map_err(|error| fault(1, error.to_string()))?
            .iter()
            .map(column_key)
            .collect();
        let place = |wanted: &[&str]| {
            wanted
                .iter()
                .find_map(|name| header.iter().position(|key| key == name))
        };
        let login = place(&LOGINS).ok_or_else(|| {
            fault(
                1,
                "no column login: export the users with their logins (login, email)".to_owned(),
            )
        })?;
        let email = place(&EMAILS);
        let linked = place(&["externalid"]);
        let mut logins = Self::default();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                fault(line, error.to_string())
            })?;
            let cell = |place: Option<usize>| place.and_then(|n| record.get(n)).unwrap_or("");
            logins.add(cell(Some(login)), cell(email), cell(linked));
        }
        logins.checked(path)
    }

    fn add(&mut self, login: &str, email: &str, external_id: &str) {
        let login = login.trim();
        if login.is_empty() {
            return;
        }
        let email = email.trim();
        let user = OktaUser {
            login: login.to_owned(),
            email: if email.is_empty() {
                0
            } else {
                key_of_folded(email)
            },
            linked: SfId::parse(external_id.trim()).ok(),
        };
        self.by_login.entry(key_of_folded(login)).or_insert(user);
    }

    fn checked(self, path: &Path) -> Result<Self, Error> {
        if self.by_login.is_empty() {
            return Err(Error::OtherShape {
                path: path.to_owned(),
                what: "no user in it has a login".to_owned(),
                expected: "users with profile.login, as GET /api/v1/users answers them (of an app's users with expand=user)",
            });
        }
        Ok(self)
    }

    /// The user who has a login, by [`key_of_folded`] of it.
    #[must_use]
    pub fn user(&self, key: u64) -> Option<&OktaUser> {
        self.by_login.get(&key)
    }
}

/// Takes the elements of an array one by one, so that no file is held as a whole.
struct Users<'l>(&'l mut Logins);

impl<'de> DeserializeSeed<'de> for Users<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Users<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of users")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while let Some(user) = all.next_element::<User>()? {
            let inner = user.embedded.and_then(|embedded| embedded.user);
            // Of an app's users the profile is the app's: the Okta user stands inside.
            let profile = inner.map_or(user.profile, |inner| inner.profile);
            self.0.add(
                &profile.login.unwrap_or_default(),
                &profile.email.unwrap_or_default(),
                &user.external_id.unwrap_or_default(),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Logins;
    use crate::model::key_of_folded;

    #[test]
    fn a_sheet_of_users_is_read_in_any_shape() {
        let text = "\u{feff}Okta Username;Login;Primary Email\r\nAnn;ann@a.example;\"ann;b@a.example\"\r\n";
        let units = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let tabs = text
            .replace(['"', ';'], "\t")
            .replace("\t\tann\tb", "\tann.b");
        for bytes in [text.as_bytes().to_vec(), units, tabs.into_bytes()] {
            let file = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(file.path(), bytes).expect("written");
            let logins = Logins::read(file.path()).expect("logins");
            let ann = logins.user(key_of_folded("ann@a.example")).expect("Ann");
            assert_eq!(ann.login, "ann@a.example");
        }
    }
}
