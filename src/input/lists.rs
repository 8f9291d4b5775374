//! Multi-valued cells: several spellings of a list, one way to read them.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
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
pub type Elements<'a> = SmallVec<[Cow<'a, str>; 6]>;

/// Up to this many elements, repeated ones are found by comparing all pairs.
const FEW: usize = 16;

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
    let cell = cell.trim();
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
    // One pass over the bytes finds all separators: most cells have one kind or none.
    let mut seen = [false; 4];
    for byte in cell.bytes() {
        match byte {
            b';' => seen[0] = true,
            b'\n' => seen[1] = true,
            b'|' => seen[2] = true,
            b',' => seen[3] = true,
            _ => {}
        }
    }
    let (separator, style) = match seen {
        [true, ..] => (';', ListStyle::Semicolon),
        [_, true, ..] => ('\n', ListStyle::Newline),
        [_, _, true, _] => ('|', ListStyle::Pipe),
        [_, _, _, true] if comma_separates(cell, resolves) => (',', ListStyle::Comma),
        _ => {
            out.push(Cow::Borrowed(cell));
            return Ok(ListStyle::One);
        }
    };
    cell.split(separator).for_each(|part| push(part, out));
    Ok(finished(out, style))
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
    let part = part.trim();
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

/// A JSON array or a Python list; `None` where it is neither, but a name that starts with a bracket.
fn bracketed(cell: &str, out: &mut Elements<'_>) -> Option<ListStyle> {
    if !cell.ends_with(']') {
        return None;
    }
    let (elements, style) = match json(cell) {
        Some(elements) => (elements, ListStyle::Json),
        None => (python(cell)?, ListStyle::Python),
    };
    let mut met = FxHashSet::default();
    for element in elements {
        let element = element.trim();
        if !element.is_empty() && met.insert(element.to_owned()) {
            out.push(Cow::Owned(element.to_owned()));
        }
    }
    Some(if out.is_empty() {
        ListStyle::Empty
    } else {
        style
    })
}

fn json(cell: &str) -> Option<Vec<String>> {
    use serde_json::Value;
    serde_json::from_str::<Vec<Value>>(cell)
        .ok()?
        .into_iter()
        .filter(|value| !value.is_null())
        .map(|value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        })
        .collect()
}

/// `['a', "b's", 'c\'d', None]`.
fn python(cell: &str) -> Option<Vec<String>> {
    let mut letters = cell
        .strip_prefix('[')?
        .strip_suffix(']')?
        .chars()
        .peekable();
    let mut elements = Vec::new();
    loop {
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        let mut element = String::new();
        match letters.next() {
            None => return Some(elements),
            Some(quote @ ('\'' | '"')) => {
                loop {
                    match letters.next()? {
                        '\\' => element.push(letters.next()?),
                        letter if letter == quote => break,
                        letter => element.push(letter),
                    }
                }
                elements.push(element);
            }
            // The prefix of old Python text, and the one constant that stands for nothing.
            Some('u') if matches!(letters.peek(), Some('\'' | '"')) => continue,
            Some('N') => {
                for wanted in "one".chars() {
                    letters.next_if_eq(&wanted)?;
                }
            }
            Some(_) => return None,
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        match letters.next() {
            None => return Some(elements),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Elements, ListStyle, ListStyles, PowerShellObject, split};
    use proptest::prelude::*;
    use std::borrow::Cow;

    const NAMES: [&str; 4] = [
        "Quote_Approver",
        "Sales_Cloud_Reports",
        "Reports, Europe",
        "Europe",
    ];

    fn read(cell: &str) -> (ListStyle, Vec<String>) {
        let mut out = Elements::new();
        let style = split(cell, None, |name| NAMES.contains(&name), &mut out).expect("a list");
        (style, out.into_iter().map(Cow::into_owned).collect())
    }

    #[test]
    fn every_spelling_of_a_list() {
        let two = ["Quote_Approver", "Sales_Cloud_Reports"];
        for (cell, style) in [
            (
                "[\"Quote_Approver\",\"Sales_Cloud_Reports\"]",
                ListStyle::Json,
            ),
            (
                "['Quote_Approver', 'Sales_Cloud_Reports']",
                ListStyle::Python,
            ),
            (
                "[u'Quote_Approver', \"Sales_Cloud_Reports\", None]",
                ListStyle::Python,
            ),
            (
                "Quote_Approver; Sales_Cloud_Reports;;Quote_Approver",
                ListStyle::Semicolon,
            ),
            (
                "Quote_Approver\r\nSales_Cloud_Reports\n",
                ListStyle::Newline,
            ),
            ("Quote_Approver|Sales_Cloud_Reports", ListStyle::Pipe),
            ("Quote_Approver, Sales_Cloud_Reports", ListStyle::Comma),
        ] {
            let (found, elements) = read(cell);
            assert_eq!(found, style, "{cell}");
            assert_eq!(elements, two, "{cell}");
        }
    }

    #[test]
    fn a_comma_in_a_name_does_not_separate() {
        assert_eq!(
            read("Reports, Europe"),
            (ListStyle::One, vec!["Reports, Europe".into()])
        );
        assert_eq!(
            read("Quote_Approver, Nobody"),
            (ListStyle::One, vec!["Quote_Approver, Nobody".into()])
        );
        assert_eq!(
            read("[\"Quote_Approver\",\"Reports, Europe\"]").1,
            ["Quote_Approver", "Reports, Europe"]
        );
        assert_eq!(
            read("Reports, Europe;Europe").1,
            ["Reports, Europe", "Europe"]
        );
    }

    #[test]
    fn nothing_is_an_empty_list() {
        for cell in ["", "  ", "[]", "[ ]", "[null]", "[None]", ";", " | "] {
            assert_eq!(read(cell), (ListStyle::Empty, Vec::new()), "{cell}");
        }
    }

    #[test]
    fn names_in_brackets_are_names() {
        for cell in ["[Beta] Access", "[Beta]", "[1,2", "[{\"a\":1}]"] {
            assert_eq!(read(cell).1, [cell], "{cell}");
        }
    }

    #[test]
    fn types_of_powershell_are_refused() {
        let mut out = Elements::new();
        for cell in ["System.Object[]", "System.String[]"] {
            assert_eq!(split(cell, None, |_| true, &mut out), Err(PowerShellObject));
        }
    }

    #[test]
    fn the_configured_separator_counts_alone() {
        let mut out = Elements::new();
        let style = split("a;b / c", Some("/"), |_| true, &mut out).expect("a list");
        assert_eq!(style, ListStyle::Configured);
        assert_eq!(out.as_slice(), ["a;b", "c"]);
    }

    #[test]
    fn plain_lists_are_borrowed_and_long_ones_are_quick() {
        let mut out = Elements::new();
        split("a;b;c", None, |_| true, &mut out).expect("a list");
        assert!(
            out.iter()
                .all(|element| matches!(element, Cow::Borrowed(_)))
        );
        let long: String = (0..200_000).map(|n| format!("{};", n % 100_000)).collect();
        let mut out = Elements::new();
        split(&long, None, |_| true, &mut out).expect("a list");
        assert_eq!(out.len(), 100_000);
    }

    #[test]
    fn styles_are_remembered() {
        let mut met = ListStyles::default();
        met.insert(ListStyle::Pipe);
        met.insert(ListStyle::Semicolon);
        let all: Vec<_> = met.iter().filter_map(ListStyle::shown).collect();
        assert_eq!(all, [";", "|"]);
    }

    proptest! {
        #[test]
        fn any_cell_is_read(cell in "([\\[\\]'\",;|u\\\\ab ]|None|\n){0,30}") {
            let mut out = Elements::new();
            if split(&cell, None, |name| name == "a", &mut out).is_ok() {
                prop_assert!(out.iter().all(|element| !element.is_empty() && element.trim() == element));
            }
        }
    }
}
