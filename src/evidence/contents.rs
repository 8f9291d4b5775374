//! What lies in a folder of evidence, and what its manifest and its list of sums say, read without trust.

use super::manifest::{self, Manifest};
use super::verify::Difference;
use super::{Error, SUMS};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Everything in a folder, by path inside it; `false`: it is no plain file.
pub(super) fn listing(dir: &Path) -> Result<BTreeMap<String, bool>, Error> {
    fn walk(dir: &Path, below: &str, found: &mut BTreeMap<String, bool>) -> Result<(), Error> {
        for entry in fs::read_dir(dir).map_err(Error::read(dir))? {
            let entry = entry.map_err(Error::read(dir))?;
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            // Links are not followed: what they lead to is not in the folder.
            let kind = entry.file_type().map_err(Error::read(dir))?;
            if kind.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else {
                found.insert(name, kind.is_file());
            }
        }
        Ok(())
    }
    if !dir.is_dir() {
        return Err(Error::NoEvidence {
            dir: dir.to_owned(),
            reason: String::from("it is not a folder"),
        });
    }
    let mut found = BTreeMap::new();
    walk(dir, "", &mut found)?;
    Ok(found)
}

/// The manifest, where it can be understood.
pub(super) fn read_manifest(dir: &Path, differences: &mut Vec<Difference>) -> Option<Manifest> {
    let text = match fs::read(dir.join(manifest::FILE)) {
        Ok(text) => text,
        // That it is missing is told with the other files.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            differences.push(Difference::new(
                manifest::FILE,
                format!("cannot be read: {error}"),
            ));
            return None;
        }
    };
    match serde_json::from_slice::<Manifest>(&text) {
        Ok(found) if found.schema == manifest::SCHEMA => Some(found),
        Ok(found) => {
            let what = format!("schema '{}' is not {}", found.schema, manifest::SCHEMA);
            differences.push(Difference::new(manifest::FILE, what));
            None
        }
        Err(error) => {
            let what = format!("cannot be understood: {error}");
            differences.push(Difference::new(manifest::FILE, what));
            None
        }
    }
}

/// Hashes by name. Strict: a line that `sha256sum` would pass over could hide a file.
pub(super) fn read_sums(
    dir: &Path,
    differences: &mut Vec<Difference>,
) -> Option<BTreeMap<String, String>> {
    let text = match fs::read(dir.join(SUMS)) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => {
            let what = if error.kind() == io::ErrorKind::NotFound {
                String::from("missing")
            } else {
                format!("cannot be read: {error}")
            };
            differences.push(Difference::new(SUMS, what));
            return None;
        }
    };
    let mut sums = BTreeMap::new();
    let mut last = String::new();
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let number = n + 1;
        let parts = line
            .strip_suffix('\n')
            .and_then(|line| line.split_once("  "))
            .filter(|(hash, name)| {
                let digits = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
                hash.len() == 64 && hash.bytes().all(digits) && !name.is_empty()
            });
        let Some((hash, name)) = parts else {
            let what = format!("line {number} is not 64 hexadecimal digits, two spaces, a name");
            differences.push(Difference::new(SUMS, what));
            continue;
        };
        if *name <= *last {
            let what = format!("line {number} is not in the order of the names");
            differences.push(Difference::new(SUMS, what));
        }
        name.clone_into(&mut last);
        sums.insert(name.to_owned(), hash.to_owned());
    }
    Some(sums)
}
