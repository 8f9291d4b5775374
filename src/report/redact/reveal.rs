//! Who a pseudonym is, for the holder of the key: computed again from everybody who could be meant.

use super::key::Key;
use super::people::mark;
use super::shown;
use crate::model::SfId;
use crate::snapshot::Error;
use crate::snapshot::raw::RawSheet;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each of the pseudonyms stands for, as far as the users of a snapshot and the addresses in some files tell.
///
/// # Errors
/// User.csv or one of the files cannot be read.
pub fn reveal(
    key: &Key,
    wanted: &BTreeSet<String>,
    snapshot: Option<&Path>,
    inputs: &[PathBuf],
) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut tried = |pseudonym: String, name: &str| {
        if wanted.contains(&pseudonym) {
            found.entry(pseudonym).or_default().insert(name.to_owned());
        }
    };
    let sheet = snapshot
        .map(|dir| RawSheet::open(dir, "User"))
        .transpose()?;
    if let Some(sheet) = sheet.flatten() {
        let [id, username] = ["Id", "Username"].map(|name| sheet.column(name));
        sheet.each::<Error>(|record| {
            let name = record.text(username);
            match record.id(id).map(SfId::text) {
                Some(id) if name.is_empty() => tried(shown(key.mark("id", &id)), &id),
                _ => tried(shown(mark(key, name)), name),
            }
            Ok(())
        })?;
    }
    for path in inputs {
        let bytes = fs::read(path).map_err(|source| Error::Read {
            file: path.display().to_string(),
            source,
        })?;
        // Files of all kinds hold addresses between quotes, commas and spaces.
        let text = String::from_utf8_lossy(&bytes);
        for word in text.split(|c: char| c.is_whitespace() || "\",;<>()[]{}".contains(c)) {
            let word = word.trim_matches(['\'', '.', ':']);
            if word.contains('@') {
                tried(shown(mark(key, word)), &word.to_lowercase());
            }
        }
    }
    Ok(found)
}
