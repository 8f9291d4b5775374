//! Which files a project has: package directories of a Salesforce DX project, or the folder itself.

use super::Error;
use super::names::{Kind, component};
use serde::Deserialize;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// A file of a component.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Path inside the project, with `/`.
    pub(super) shown: String,
    pub(super) kind: Kind,
    /// Full name of the component.
    pub(super) name: String,
}

/// What a walk through a project finds.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Sorted by path.
    pub(super) all: Vec<File>,
    /// Paths of symbolic links, which are not followed.
    pub(super) links: Vec<String>,
    /// `sourceApiVersion` of sfdx-project.json.
    pub(super) api_version: Option<String>,
}

/// The file that makes a folder a Salesforce DX project.
const PROJECT: &str = "sfdx-project.json";
/// Bytes of one file. The largest profiles of real orgs have a fifth of it.
const LONGEST: u64 = 64 << 20;
/// Components of one project.
const MOST: usize = 30_000;
/// Folders may lie as deep as this in each other.
const DEPTH: usize = 40;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    #[serde(default)]
    package_directories: Vec<Package>,
    source_api_version: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    path: String,
}

impl Files {
    /// All components below a folder.
    pub(super) fn of(dir: &Path) -> Result<Self, Error> {
        if !dir.is_dir() {
            return Err(Error::not_a_folder(dir));
        }
        let mut found = Self::default();
        if dir.join(PROJECT).is_file() {
            let text = read(&dir.join(PROJECT), PROJECT)?;
            let project = project(&text)?;
            found.api_version = project.source_api_version;
            let mut folders = Vec::new();
            for package in project.package_directories {
                let folder = package_folder(dir, &package.path)?;
                // A package directory may lie in another one.
                if !folders
                    .iter()
                    .any(|other: &PathBuf| folder.starts_with(other))
                {
                    folders.retain(|other| !other.starts_with(&folder));
                    folders.push(folder);
                }
            }
            for folder in folders {
                let shown = slashed(&folder);
                found.walk(&dir.join(&folder), &shown, 0)?;
            }
        } else {
            found.walk(dir, "", 0)?;
        }
        found.all.sort_by(|a, b| a.shown.cmp(&b.shown));
        found.links.sort();
        if found.all.is_empty() {
            return Err(Error::NoProject(dir.to_owned()));
        }
        Ok(found)
    }

    fn walk(&mut self, dir: &Path, shown: &str, depth: usize) -> Result<(), Error> {
        let failed = |source| Error::Read {
            file: if shown.is_empty() {
                ".".to_owned()
            } else {
                shown.to_owned()
            },
            source,
        };
        if depth > DEPTH {
            return Err(too_much("folders in each other", DEPTH));
        }
        for entry in std::fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // Tools keep what is theirs in such folders.
            if name.starts_with('.') || name == "node_modules" {
                continue;
            }
            let path = if shown.is_empty() {
                name.into_owned()
            } else {
                format!("{shown}/{name}")
            };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_symlink() {
                self.links.push(path);
            } else if kind.is_dir() {
                self.walk(&entry.path(), &path, depth + 1)?;
            } else if let Some((component, name)) = component(&path).filter(|_| kind.is_file()) {
                if self.all.len() == MOST {
                    return Err(too_much("components", MOST));
                }
                self.all.push(File {
                    path: entry.path(),
                    shown: path,
                    kind: component,
                    name,
                });
            }
        }
        Ok(())
    }
}

pub(super) fn too_much(what: &str, most: usize) -> Error {
    Error::TooMuch {
        what: what.to_owned(),
        most: most.to_string(),
    }
}

fn project(text: &str) -> Result<Project, Error> {
    let project: Project = serde_json::from_str(text).map_err(|fault| {
        let reason = fault.to_string();
        let reason = reason
            .rsplit_once(" at line ")
            .map_or(reason.as_str(), |(reason, _)| reason);
        Error::Text {
            file: PROJECT.to_owned(),
            line: fault.line(),
            column: fault.column(),
            reason: reason.to_owned(),
        }
    })?;
    if project.package_directories.is_empty() {
        return Err(Error::at(
            PROJECT,
            text,
            0,
            "it names no packageDirectories, where the metadata would be",
        ));
    }
    Ok(project)
}

/// A package directory, which must be a folder inside the project, symbolic links resolved.
fn package_folder(dir: &Path, path: &str) -> Result<PathBuf, Error> {
    let refused = |reason| Error::PackageDirectory {
        path: super::error::shown(path),
        reason,
    };
    let mut folder = PathBuf::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => folder.push(name),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(refused("leads out of the project"));
            }
        }
    }
    let resolved = |path: &Path| path.canonicalize().ok();
    match (resolved(dir), resolved(&dir.join(&folder))) {
        (Some(dir), Some(inner)) if inner.starts_with(&dir) => {}
        (_, Some(_)) => return Err(refused("leads out of the project")),
        (_, None) => return Err(refused("is not there")),
    }
    if dir.join(&folder).is_dir() {
        Ok(folder)
    } else {
        Err(refused("is no folder"))
    }
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// A file as text, without byte order mark.
pub(super) fn read(path: &Path, shown: &str) -> Result<String, Error> {
    let failed = |source| Error::Read {
        file: shown.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .map_err(failed)?
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::TooMuch {
            what: format!("{shown}: bytes"),
            most: LONGEST.to_string(),
        });
    }
    let mut text = String::from_utf8(bytes).map_err(|fault| Error::NotUtf8 {
        file: shown.to_owned(),
        offset: fault.utf8_error().valid_up_to(),
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}
