//! `required-version`: which versions of the program may read a file.

use super::fault::shown;
use semver::{Version, VersionReq};

/// The key, above all sections.
pub(super) const KEY: &str = "required-version";

/// Sees that this version may read the file; else what is wrong, and whether the file is for another version.
pub(super) fn read(text: Option<&str>) -> Result<(), (String, bool)> {
    fits(text, env!("CARGO_PKG_VERSION"))
}

fn fits(text: Option<&str>, own: &str) -> Result<(), (String, bool)> {
    let Some(text) = text else {
        let what = format!("{KEY} is a text such as \">=0.1\"");
        return Err((what, false));
    };
    let wanted = VersionReq::parse(text).map_err(|error| {
        let what = format!(
            "{KEY} '{}' is no requirement such as \">=0.1\": {error}",
            shown(text)
        );
        (what, false)
    })?;
    // The program's own number is one: Cargo sees to that.
    let own_version = Version::parse(own).map_err(|error| (error.to_string(), false))?;
    if wanted.matches(&own_version) {
        return Ok(());
    }
    let what = format!(
        "this is sfcompat {own}, and the file requires {}: use such a version, or change {KEY}",
        shown(text)
    );
    Err((what, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_those_of_cargo() {
        for good in [">=0.1", "0.4", "^0.4.1", "*", ">=0.1, <1", "=0.4.2"] {
            assert_eq!(fits(Some(good), "0.4.2"), Ok(()), "{good}");
        }
        for other in ["0.5", ">=1", "=0.4.1", "<0.4"] {
            let (what, is_other) = fits(Some(other), "0.4.2").expect_err(other);
            assert!(
                is_other && what.contains("sfcompat 0.4.2") && what.contains(other),
                "{what}"
            );
        }
        for wrong in ["", "latest", ">=", "1.2.3.4", "\u{1b}[31m"] {
            let (what, is_other) = fits(Some(wrong), "0.4.2").expect_err(wrong);
            assert!(!is_other && !what.contains('\u{1b}'), "{what}");
        }
        assert!(fits(None, "0.4.2").is_err());
    }
}
