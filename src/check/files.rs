//! Where files really lie that are shown by another path: evidence judges copies, and is performed again from them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Paths as they are shown, and where those files really lie. Empty in nearly every run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, PathBuf>);

impl Files {
    /// Notes where a file lies.
    pub fn insert(&mut self, shown: &str, real: PathBuf) {
        self.0.insert(shown.to_owned(), real);
    }

    /// Where an input lies, if not where it is shown.
    #[must_use]
    pub fn get(&self, shown: &str) -> Option<&Path> {
        self.0.get(shown).map(PathBuf::as_path)
    }

    /// Where a file lies.
    #[must_use]
    pub fn real<'a>(&'a self, shown: &'a Path) -> &'a Path {
        shown
            .to_str()
            .and_then(|text| self.get(text))
            .unwrap_or(shown)
    }
}
