//! Multi-valued cells: several spellings of a list, one way to read them.

mod bracketed;

use crate::model::trimmed;
use crate::tabular::Marks;
use bracketed::bracketed;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// How the elements of a cell are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStyle {
    /// No element at all: a blank cell, or nothing but separators.
    Empty,
    /// One element, no separator.
    One,
    /// A JSON array.
    Json,
    /// A list as Python prints it: accepted with a warning.
    Python,
    /// `;`
    Semicolon,
    /// A newline.
    Newline,
    /// `|`
    Pipe,
    /// `,`, where every part is a known name and the whole is none.
    Comma,
    /// The separator of the configuration.
    Configured,
}

impl ListStyle {
    /// All styles; the place in it is the bit in [`ListStyles`].
    pub const ALL: [Self; 9] = [
        Self::Empty,
        Self::One,
        Self::Json,
        Self::Python,
        Self::Semicolon,
        Self::Newline,
        Self::Pipe,
        Self::Comma,
        Self::Configured,
    ];

    /// How reports show the separator; `None` where a cell had none to show.
    #[must_use]
    pub fn shown(self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::One | Self::Configured => None,
            Self::Json => Some("json"),
            Self::Python => Some("python"),
            Self::Semicolon => Some(";"),
            Self::Newline => Some("\\n"),
            Self::Pipe => Some("|"),
            Self::Comma => Some(","),
        }
    }
}

/// The styles that were met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListStyles(u16);

impl ListStyles {
    /// Adds a style.
    pub fn insert(&mut self, style: ListStyle) {
        self.0 |= 1 << style as u16;
    }

    /// Adds all styles of another set.
    pub fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a style was met.
    #[must_use]
    pub fn contains(self, style: ListStyle) -> bool {
        self.0 & (1 << style as u16) != 0
    }

    /// The styles in order.
    pub fn iter(self) -> impl Iterator<Item = ListStyle> {
        ListStyle::ALL
            .into_iter()
            .filter(move |style| self.contains(*style))
    }
}

/// PowerShell wrote the type of a list instead of its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerShellObject;

/// The elements of one cell.
pub type Elements<'a> = Vec<Cow<'a, str>>;

/// Up to this many elements, repeated ones are found by comparing all pairs.
pub(super) const FEW: usize = 16;

/// Splits a cell. Elements are without outer white space, in order, none empty, none twice.
///
/// `resolves` tells whether a text is a known name; it is asked only where a comma decides.
/// `separator` is the one of the configuration.
///
/// # Errors
/// The cell is `System.Object[]`.
pub fn split<'a>(
    cell: &'a str,
    separator: Option<&str>,
    resolves: impl Fn(&str) -> bool,
    out: &mut Elements<'a>,
) -> Result<ListStyle, PowerShellObject> {
    out.clear();
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Ok(ListStyle::Empty);
    }
    if cell.starts_with('[')
        && let Some(style) = bracketed(cell, out)
    {
        return Ok(style);
    }
    if is_powershell(cell) {
        return Err(PowerShellObject);
    }
    if let Some(separator) = separator.filter(|text| !text.is_empty()) {
        cell.split(separator).for_each(|part| push(part, out));
        return Ok(finished(out, ListStyle::Configured));
    }
    if let Some((style, parts)) = plain(cell) {
        parts.for_each(|part| push(part, out));
        return Ok(finished(out, style));
    }
    Ok(rarely_separated(cell, resolves, out))
}

/// The parts of a cell of one of the two forms that nearly all have: one element, or several between semicolons.
/// Parts may be empty or repeated, and have white space around them. The cell is not blank, and has none around it.
pub(super) fn plain(cell: &str) -> Option<(ListStyle, impl Iterator<Item = &str>)> {
    if cell.starts_with('[') || is_powershell(cell) {
        return None;
    }
    // One look over the cell tells of all separators.
    let bytes = cell.as_bytes();
    let mut marks = Marks::new(bytes, *b";\n|,");
    let mut end = marks.next();
    let style = match end.and_then(|at| bytes.get(at)) {
        None => ListStyle::One,
        Some(b';') => ListStyle::Semicolon,
        Some(_) => return None,
    };
    let mut rest = Some(0);
    let parts = std::iter::from_fn(move || {
        let start = rest?;
        let part = cell.get(start..end.unwrap_or(cell.len()));
        rest = end.map(|end| end + 1);
        if end.is_some() {
            end = marks.find(|&at| bytes.get(at) == Some(&b';'));
        }
        part
    });
    Some((style, parts))
}

/// Splits a cell that holds another separator before any semicolon.
fn rarely_separated<'a>(
    cell: &'a str,
    resolves: impl Fn(&str) -> bool,
    out: &mut Elements<'a>,
) -> ListStyle {
    let seen = [';', '\n', '|', ','].map(|separator| cell.contains(separator));
    let (separator, style) = match seen {
        [true, ..] => (';', ListStyle::Semicolon),
        [_, true, ..] => ('\n', ListStyle::Newline),
        [_, _, true, _] => ('|', ListStyle::Pipe),
        [.., true] if comma_separates(cell, resolves) => (',', ListStyle::Comma),
        _ => {
            out.push(Cow::Borrowed(cell));
            return ListStyle::One;
        }
    };
    cell.split(separator).for_each(|part| push(part, out));
    finished(out, style)
}

/// Leaves out what is repeated in a long list; a list without elements has no style.
fn finished(out: &mut Elements<'_>, style: ListStyle) -> ListStyle {
    if out.len() > FEW {
        let mut met = FxHashSet::default();
        out.retain(|element| met.insert(element.clone()));
    }
    if out.is_empty() {
        ListStyle::Empty
    } else {
        style
    }
}

fn is_powershell(cell: &str) -> bool {
    cell.starts_with("System.") && cell.ends_with("[]")
}

fn push<'a>(part: &'a str, out: &mut Elements<'a>) {
    let part = trimmed(part);
    let repeated = out.len() <= FEW && out.iter().any(|held| held == part);
    if !part.is_empty() && !repeated {
        out.push(Cow::Borrowed(part));
    }
}

/// A comma may belong to a name: it separates only where every part is a name and the whole is none.
fn comma_separates(cell: &str, resolves: impl Fn(&str) -> bool) -> bool {
    let mut parts = cell
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .peekable();
    parts.peek().is_some() && parts.all(&resolves) && !resolves(cell)
}

#[cfg(test)]
mod tests;
