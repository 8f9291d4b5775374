//! Who is meant: display names and ids of messages led to usernames, and the rows of the inputs that are about them.

use super::Error;
use crate::check::InputReport;
use crate::input::{self, Attribute};
use crate::tabular::{Blocks, Cells, DEFAULT_BLOCK, Records};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

/// What is known of the people that messages name.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Names, ids and usernames that are looked for, folded.
    wanted: BTreeSet<String>,
    /// What they stand for: usernames, folded.
    found: BTreeMap<String, BTreeSet<String>>,
    /// Usernames as they are written.
    written: BTreeMap<String, String>,
    /// Rows of the run (all inputs counted through) by username.
    rows: BTreeMap<String, Vec<u64>>,
    /// The same the other way round.
    users: BTreeMap<u64, String>,
}

/// As names are compared.
pub(super) fn folded(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// 15- and 18-character ids are the same id.
fn short_id(id: &str) -> Option<&str> {
    let is_id = matches!(id.len(), 15 | 18)
        && id.starts_with("005")
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| id.get(..15)).flatten()
}

fn wanted_form(name: &str) -> String {
    // Ids are told apart by case.
    short_id(name.trim()).map_or_else(|| folded(name), str::to_owned)
}

impl People {
    /// Looks for these names.
    pub(super) fn wanted<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            wanted: names.into_iter().map(wanted_form).collect(),
            ..Self::default()
        }
    }

    /// Looks through the users of a snapshot.
    pub(super) fn look_in_snapshot(&mut self, folder: &Path) -> Result<(), Error> {
        let path = folder.join("User.csv");
        // A snapshot without users has nobody to tell.
        if self.wanted.is_empty() || !path.is_file() {
            return Ok(());
        }
        self.look_in(&path.to_string_lossy(), b',', 1, None, None)
    }

    /// Looks through an input that was judged; `first_row` rows of other inputs come before it.
    pub(super) fn look_in_input(
        &mut self,
        report: &InputReport,
        first_row: u64,
    ) -> Result<(), Error> {
        let input = &report.input;
        // Stdin is gone.
        if self.wanted.is_empty() || &*input.path == "-" {
            return Ok(());
        }
        let username = input.columns.header(Attribute::Username);
        self.look_in(
            &input.path,
            input.delimiter,
            input.header_line,
            username,
            Some(first_row),
        )
    }

    fn look_in(
        &mut self,
        path: &str,
        delimiter: u8,
        header_line: u64,
        username: Option<&str>,
        first_row: Option<u64>,
    ) -> Result<(), Error> {
        let failed = |source| input::Error::of_read(path, source);
        let stream = input::decoded(path, Box::new(File::open(path).map_err(failed)?))?;
        let mut blocks = Blocks::new(stream, delimiter, DEFAULT_BLOCK, 1);
        let mut records = Records::default();
        let mut columns: Option<NameColumns> = None;
        let (mut row, mut buffer) = (0, Vec::new());
        while let Some(block) = blocks
            .next(std::mem::take(&mut buffer))
            .map_err(|error| input::Error::of_block(path, error))?
        {
            let text = input::valid_text(path, &block.bytes, block.first_line, block.offset)?;
            records.split(text, delimiter);
            for n in 0..records.len() {
                let Some(cells) = records.get(text, n) else {
                    continue;
                };
                match &columns {
                    Some(columns) => {
                        row += 1;
                        self.look_at(columns, &cells, first_row.map(|first| first + row));
                    }
                    None if block.first_line + u64::from(cells.line()) >= header_line => {
                        columns = Some(NameColumns::of(&cells, username));
                    }
                    None => {}
                }
            }
            buffer = block.bytes;
        }
        Ok(())
    }

    fn look_at(&mut self, columns: &NameColumns, cells: &Cells<'_>, row: Option<u64>) {
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| cells.get(place))
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
        };
        let Some(username) = cell(columns.username) else {
            return;
        };
        let key = folded(username);
        let mut names = vec![key.clone()];
        if let (Some(first), Some(last)) = (cell(columns.first), cell(columns.last)) {
            names.push(folded(&format!("{first} {last}")));
            names.push(folded(&format!("{last}, {first}")));
        }
        names.extend(cell(columns.name).map(folded));
        names.extend(cell(columns.email).map(folded));
        names.extend(cell(columns.id).and_then(short_id).map(str::to_owned));
        let mut meant = false;
        for name in names {
            if self.wanted.contains(&name) {
                self.found.entry(name).or_default().insert(key.clone());
                meant = true;
            }
        }
        if meant {
            self.written
                .entry(key.clone())
                .or_insert_with(|| username.to_owned());
            if let Some(row) = row {
                self.users.insert(row, key.clone());
            }
            self.rows.entry(key).or_default().extend(row);
        }
    }

    /// The username that a name stands for; `None`: nobody, or several people, bear it.
    pub(super) fn username(&self, name: &str) -> Option<&str> {
        let form = wanted_form(name);
        let found = self.found.get(&form)?;
        // A username is its own best name.
        let key = if found.contains(&form) {
            &form
        } else {
            found.first().filter(|_| found.len() == 1)?
        };
        self.written.get(key).map(String::as_str)
    }

    /// The user, folded, whom a row is about; `None`: nobody who was looked for.
    pub(super) fn of_row(&self, row: u64) -> Option<&str> {
        self.users.get(&row).map(String::as_str)
    }

    /// The rows about a user.
    pub(super) fn rows(&self, username: &str) -> &[u64] {
        self.rows.get(&folded(username)).map_or(&[], Vec::as_slice)
    }
}

/// Columns that name a person.
#[derive(Clone, Copy, Debug, Default)]
struct NameColumns {
    username: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    name: Option<usize>,
    email: Option<usize>,
    id: Option<usize>,
}

impl NameColumns {
    fn of(cells: &Cells<'_>, username: Option<&str>) -> Self {
        let headers: Vec<&str> = cells.iter().map(str::trim).collect();
        let key = |header: &str| -> String {
            let header = header
                .strip_prefix("profile.")
                .or_else(|| header.strip_prefix("credentials."))
                .unwrap_or(header);
            header
                .chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect()
        };
        let keys: Vec<String> = headers.iter().map(|header| key(header)).collect();
        let place = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| keys.iter().position(|own| own == name))
        };
        Self {
            username: username
                .and_then(|name| headers.iter().position(|own| *own == name))
                .or_else(|| {
                    place(&[
                        "username",
                        "salesforceusername",
                        "applicationusername",
                        "login",
                    ])
                }),
            first: place(&["firstname", "givenname"]),
            last: place(&["lastname", "surname", "familyname"]),
            name: place(&["name", "displayname", "fullname"]),
            email: place(&["email"]),
            id: place(&["id", "userid", "externalid", "salesforceid"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_one_username_or_to_none() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(
            folder.path().join("User.csv"),
            "Id,Username,FirstName,LastName\n005000000000001AAA,Ann@acme.example,Ann,Lee\n005000000000002AAA,bo@acme.example,Bo,Kim\n005000000000003AAA,bo2@acme.example,Bo,Kim\n",
        )
        .expect("written");
        let mut people = People::wanted(["ann  LEE", "Bo Kim", "005000000000001", "nobody"]);
        people.look_in_snapshot(folder.path()).expect("read");
        assert_eq!(people.username("Ann Lee"), Some("Ann@acme.example"));
        assert_eq!(
            people.username("005000000000001AAA"),
            Some("Ann@acme.example")
        );
        assert_eq!(people.username("Bo Kim"), None);
        assert_eq!(people.username("nobody"), None);
    }
}
