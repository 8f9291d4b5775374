//! CSV cells that no spreadsheet takes for a formula.
//!
//! RFC 4180 with every field quoted; quoting alone does not help, because a spreadsheet reads the
//! content of a quoted field as a formula too. Source: OWASP "CSV Injection", ASVS 1.2.10, CWE-1236.

use super::visible::is_hidden;
use std::io::{self, Write};

/// Whether a spreadsheet may read `text` as something else than text.
#[must_use]
pub fn starts_formula(text: &str) -> bool {
    // What a spreadsheet strips before it looks is passed over, so that it cannot hide the character behind it.
    // Tab, CR and LF are white space as well, but count by themselves.
    text.chars()
        .find(|&c| is_trigger(c) || !(c.is_whitespace() || is_hidden(c)))
        .is_some_and(is_trigger)
}

fn is_trigger(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
    )
}

/// Writes a text cell: quoted, quotes doubled, a `'` before what could be a formula.
pub(crate) fn text(out: &mut dyn Write, text: &str) -> io::Result<()> {
    out.write_all(if starts_formula(text) { b"\"'" } else { b"\"" })?;
    for (n, part) in text.split('"').enumerate() {
        if n > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"\"")
}

/// Writes a number of our own: quoted like every field, but a negative one stays a number. Empty where it is unknown.
pub(crate) fn number(
    out: &mut dyn Write,
    number: Option<impl std::fmt::Display>,
) -> io::Result<()> {
    match number {
        Some(number) => write!(out, "\"{number}\""),
        None => out.write_all(b"\"\""),
    }
}

/// Writes a header or any other record that holds nothing but our own words.
pub(crate) fn header(out: &mut dyn Write, names: &[&str]) -> io::Result<()> {
    for (n, name) in names.iter().enumerate() {
        write!(out, "{}\"{name}\"", if n == 0 { "" } else { "," })?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(value: &str) -> String {
        let mut out = Vec::new();
        text(&mut out, value).expect("memory");
        String::from_utf8(out).expect("text")
    }

    fn read_back(csv: &str) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv.as_bytes());
        let record = reader.records().next().expect("a record").expect("CSV");
        record.iter().map(str::to_owned).collect()
    }

    #[test]
    fn formulas_get_a_quote() {
        for start in [
            "=1+1",
            "+Partner",
            "-OLD- Sales",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "\0x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
        ] {
            assert_eq!(read_back(&cell(start)), [format!("'{start}")]);
            for hidden in [
                " ",
                "  ",
                "\u{feff}",
                "\u{200b}",
                "\u{a0}",
                "\u{202e} \u{2060}",
            ] {
                let hidden = format!("{hidden}{start}");
                assert_eq!(read_back(&cell(&hidden)), [format!("'{hidden}")]);
            }
        }
    }

    #[test]
    fn other_texts_are_left_alone() {
        for plain in [
            "",
            " ",
            "Sales",
            "a=b",
            "x@y.example",
            "'=1",
            "12",
            "\"=1\"",
            "a\nb",
        ] {
            assert_eq!(read_back(&cell(plain)), [plain]);
        }
        let mut out = Vec::new();
        number(&mut out, Some(-1)).expect("memory");
        assert_eq!(out, b"\"-1\"");
    }

    proptest! {
        #[test]
        fn any_text_reads_back(value in any::<String>(), other in "[ \u{feff}\u{200b}=+@\t\r\n\"',;a-]{0,8}") {
            for value in [value, other] {
                let csv = cell(&value);
                prop_assert!(csv.len() >= 2 && csv.starts_with('"') && csv.ends_with('"'));
                let back = read_back(&format!("{csv},\"end\""));
                prop_assert_eq!(back.len(), 2);
                let shown = back.first().cloned().unwrap_or_default();
                prop_assert!(!starts_formula(&shown));
                prop_assert_eq!(shown.strip_prefix('\'').filter(|_| starts_formula(&value)).unwrap_or(&shown), value.as_str());
            }
        }
    }
}
