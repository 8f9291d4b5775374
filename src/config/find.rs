//! Which file is the configuration.

use std::path::{Path, PathBuf};

/// Where the configuration comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The nearest file, from the current folder upwards.
    #[default]
    Search,
    /// This file alone (`--config`, `SFCOMPAT_CONFIG`).
    File(PathBuf),
    /// None (`--no-config`).
    Nothing,
}

/// The places of the file in a folder; the first one counts.
const NAMES: [&str; 2] = ["sfcompat.toml", ".config/sfcompat.toml"];

/// The nearest configuration file of a folder: its own, or that of a folder above, up to the first that
/// holds `.git`. The path is relative where the file is in `folder` itself. Nothing is merged.
#[must_use]
pub fn find(folder: &Path) -> Option<PathBuf> {
    for place in folder.ancestors() {
        let found = NAMES.into_iter().find(|name| place.join(name).is_file());
        if let Some(name) = found {
            return Some(if place == folder {
                PathBuf::from(name)
            } else {
                place.join(name)
            });
        }
        // A file in worktrees and submodules, a folder elsewhere.
        if place.join(".git").exists() {
            return None;
        }
    }
    None
}
