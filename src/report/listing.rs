//! Plain lists with a header: the form that tables, CSV and Markdown of the smaller reports share.

use super::csv_cell;
use super::markdown::markup;
use super::visible::{visible, width as shown_width};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::io::{self, Write};

/// Terminal cells up to which a column is not wrapped, with its padding.
const SHORT: usize = 17;
/// White space on both sides of a cell.
const PADDING: usize = 2;
/// Percent of the width for all columns but the last.
const PART: usize = 64;

/// A list of lines under a header. Cells are text; nothing in them is trusted.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Listing {
    /// An empty list with these columns.
    #[must_use]
    pub fn new(header: &[&'static str]) -> Self {
        Self {
            header: header.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a line.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes a table that wraps at `width` columns; `None` (no terminal) never wraps.
    pub fn write_table(&self, out: &mut dyn Write, width: Option<u16>) -> io::Result<()> {
        let mut table = Table::new();
        match width {
            Some(width) => {
                table
                    .load_style(presets::UTF8_HORIZONTAL_ONLY)
                    .set_content_arrangement(ContentArrangement::Dynamic)
                    .set_width(width.max(40));
            }
            None => {
                table
                    .load_style(presets::NOTHING)
                    .set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        table.set_header(&self.header);
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| visible(cell)));
        }
        if let Some(width) = width {
            self.constrain(&mut table, width);
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// Columns of single words are not wrapped, the longer ones share what then is left of their part, and the last column,
    /// which holds the lists, has the rest. Where that would leave too little for any, all columns share alike.
    fn constrain(&self, table: &mut Table, width: u16) {
        let last = self.header.len().saturating_sub(1);
        let longest: Vec<usize> = (0..last)
            .map(|n| {
                let cells = self.rows.iter().filter_map(|row| row.get(n));
                let longest = cells.map(|cell| shown_width(cell)).max().unwrap_or(0);
                longest.max(self.header.get(n).map_or(0, |name| name.len())) + PADDING
            })
            .collect();
        let short: usize = longest.iter().filter(|&&cells| cells <= SHORT).sum();
        let long = longest.iter().filter(|&&cells| cells > SHORT).count();
        let part = usize::from(width) * PART / 100;
        let share = part.saturating_sub(short).checked_div(long).unwrap_or(0);
        if long > 0 && share < SHORT {
            return;
        }
        for (column, cells) in table.column_iter_mut().zip(longest) {
            let fixed = if cells <= SHORT {
                cells
            } else {
                cells.min(share)
            };
            let fixed = u16::try_from(fixed).unwrap_or(width);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(fixed)));
        }
    }

    /// Writes RFC 4180 CSV with every cell quoted and safe for spreadsheets.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv_cell::header(out, &self.header)?;
        for row in &self.rows {
            write_record(out, row)?;
        }
        Ok(())
    }

    /// Writes a Markdown table.
    pub fn write_markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "| {} |", self.header.join(" | "))?;
        writeln!(out, "|{}", "---|".repeat(self.header.len()))?;
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| markup(cell)).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

fn write_record(out: &mut dyn Write, cells: &[String]) -> io::Result<()> {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.write_all(b",")?;
        }
        csv_cell::text(out, cell)?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hostile() -> Listing {
        let mut list = Listing::new(&["name", "note"]);
        list.push(vec!["=1+1".into(), "a \"b\"\nc".into()]);
        list.push(vec!["\u{200b}@x".into(), "<b>|\u{202e}\u{1b}[31m".into()]);
        list
    }

    #[test]
    fn csv_cells_are_quoted_and_no_formulas() {
        let mut out = Vec::new();
        hostile().write_csv(&mut out).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(
            text,
            "\"name\",\"note\"\n\"'=1+1\",\"a \"\"b\"\"\nc\"\n\"'\u{200b}@x\",\"<b>|\u{202e}\u{1b}[31m\"\n"
        );
    }

    #[test]
    fn markdown_cells_stay_cells() {
        let mut out = Vec::new();
        hostile().write_markdown(&mut out).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text.lines().count(), 4);
        assert!(
            !text.contains("<b>") && text.contains("&lt;b&gt;&#124;"),
            "{text}"
        );
    }

    #[test]
    fn a_table_fits_its_width_and_hides_no_control_character() {
        let mut out = Vec::new();
        let mut list = hostile();
        list.push(vec!["word ".repeat(40), "other ".repeat(40)]);
        list.write_table(&mut out, Some(60)).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert!(
            text.lines().all(|line| line.chars().count() <= 60),
            "{text}"
        );
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
}
