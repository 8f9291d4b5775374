//! `sfcompat config show`: every value that counts, and where it comes from.

use super::keys::{SECTIONS, key, of_section};
use super::{Config, Given};
use std::io::{self, Write};

/// A value that the command line or the environment gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Its section in the file.
    pub section: &'static str,
    /// Its key there.
    pub key: &'static str,
    /// The value, as the file would give it.
    pub value: toml::Value,
    /// Where it comes from: `--fail-on`, `SFCOMPAT_FAIL_ON`.
    pub origin: String,
}

/// A line of the answer.
struct Line {
    text: String,
    origin: String,
}

/// Prints every value that counts, in the sections of the file; with `origin`, each with where it comes
/// from. A value that is not set is a comment.
///
/// # Errors
/// Those of the stream.
pub fn show(
    out: &mut dyn Write,
    config: &Config,
    overrides: &[Override],
    origin: bool,
) -> io::Result<()> {
    match &config.file {
        Some(file) => writeln!(out, "# file: {}", file.display())?,
        None => writeln!(out, "# no configuration file")?,
    }
    for given in config.given.iter().filter(|given| given.section.is_empty()) {
        let Line { text, origin: from } =
            line(&given.key, &given.value, file_origin(config, given));
        if origin {
            writeln!(out, "\n{text}  # {from}")?;
        } else {
            writeln!(out, "\n{text}")?;
        }
    }
    for section in SECTIONS {
        let mut lines: Vec<Line> = of_section(section)
            .map(|key| fixed(config, overrides, section, key.name, key.default))
            .collect();
        let further = config
            .given
            .iter()
            .filter(|given| given.section == *section && key(section, &given.key).is_none());
        lines.extend(
            further.map(|given| line(&given.key, &given.value, file_origin(config, given))),
        );
        writeln!(out, "\n[{section}]")?;
        let width = lines
            .iter()
            .map(|line| line.text.chars().count())
            .max()
            .unwrap_or(0);
        for Line { text, origin: from } in lines {
            if origin {
                writeln!(out, "{text:width$}  # {from}")?;
            } else {
                writeln!(out, "{text}")?;
            }
        }
    }
    Ok(())
}

fn fixed(
    config: &Config,
    overrides: &[Override],
    section: &str,
    name: &str,
    default: Option<&str>,
) -> Line {
    let over = overrides
        .iter()
        .find(|over| over.section == section && over.key == name);
    if let Some(over) = over {
        return line(name, &over.value, over.origin.clone());
    }
    let given = config
        .given
        .iter()
        .find(|given| given.section == section && given.key == name);
    if let Some(given) = given {
        return line(name, &given.value, file_origin(config, given));
    }
    match default {
        Some(default) => Line {
            text: format!("{name} = {default}"),
            origin: String::from("default"),
        },
        None => Line {
            text: format!("# {name} is not set"),
            origin: String::from("default"),
        },
    }
}

fn line(name: &str, value: &toml::Value, origin: String) -> Line {
    let bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let name = if bare {
        name.to_owned()
    } else {
        toml::Value::String(name.to_owned()).to_string()
    };
    Line {
        text: format!("{name} = {value}"),
        origin,
    }
}

fn file_origin(config: &Config, given: &Given) -> String {
    let file = config
        .file
        .as_deref()
        .map(|path| path.display().to_string());
    format!("{}:{}", file.unwrap_or_default(), given.line)
}
