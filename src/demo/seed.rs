//! What the org is filled with: a snapshot folder, or the one that the program carries.

use super::{Error, embedded};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Where the records come from.
#[derive(Clone, Debug)]
pub(super) enum Seed {
    /// The fictional org that the program carries.
    Embedded,
    /// A snapshot folder.
    Folder(PathBuf),
}

/// One file of a seed.
pub(super) struct SeedFile {
    /// Within the folder: `User.csv`, `describe/User.json`.
    pub(super) name: String,
    content: Content,
}

enum Content {
    Inside(&'static str),
    Outside(PathBuf),
}

impl Seed {
    /// All files that tell of an object, sorted by name.
    ///
    /// # Errors
    /// The folder is not there or holds none.
    pub(super) fn files(&self) -> Result<Vec<SeedFile>, Error> {
        match self {
            Self::Embedded => Ok(embedded::FILES
                .iter()
                .map(|(name, text)| SeedFile {
                    name: (*name).to_owned(),
                    content: Content::Inside(text),
                })
                .collect()),
            Self::Folder(dir) => {
                let mut files = in_folder(dir, dir, "csv")?;
                if files.is_empty() {
                    return Err(Error::folder(dir));
                }
                let described = dir.join("describe");
                if described.is_dir() {
                    files.extend(in_folder(dir, &described, "json")?);
                }
                Ok(files)
            }
        }
    }
}

fn in_folder(root: &Path, dir: &Path, extension: &str) -> Result<Vec<SeedFile>, Error> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|_| Error::folder(root))? {
        let path = entry.map_err(|_| Error::folder(root))?.path();
        if path.extension().is_some_and(|own| own == extension) && path.is_file() {
            let name = path.strip_prefix(root).unwrap_or(&path);
            found.push(SeedFile {
                name: name.to_string_lossy().replace('\\', "/"),
                content: Content::Outside(path),
            });
        }
    }
    found.sort_by(|one, two| one.name.cmp(&two.name));
    Ok(found)
}

impl SeedFile {
    /// The object that the file tells of.
    pub(super) fn object(&self) -> Option<&str> {
        let name = self.name.strip_prefix("describe/").unwrap_or(&self.name);
        let (object, _) = name.rsplit_once('.')?;
        let fits = object
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_');
        (fits && !object.is_empty()).then_some(object)
    }

    /// Whether it is a describe result.
    pub(super) fn is_describe(&self) -> bool {
        self.name.starts_with("describe/")
    }

    /// The content.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(super) fn open(self) -> Result<Box<dyn Read>, Error> {
        Ok(match self.content {
            Content::Inside(text) => Box::new(text.as_bytes()),
            Content::Outside(path) => {
                let file = File::open(path)
                    .map_err(|source| Error::seed(&self.name, 0, source.to_string()))?;
                Box::new(BufReader::with_capacity(1 << 16, file))
            }
        })
    }
}
