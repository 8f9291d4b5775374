//! The `seats` report: seats now and after the planned change (`sfcompat-seats/1`).

use super::csv_cell::{header, number, text};
use super::json::{member, value};
use super::markdown::escaped;
use super::summary::{InputInfo, OrgInfo, RunInfo, SeatKind, SeatLine};
use super::visible::{visible, wrapped};
use super::{Error, Format, View};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};
use serde::{Deserialize, Serialize};
use std::io::Write;

/// The schema of `seats`.
pub const SCHEMA: &str = "sfcompat-seats/1";

/// The formats that `seats` has.
pub const FORMATS: [Format; 4] = [Format::Table, Format::Json, Format::Csv, Format::Markdown];

/// The whole `seats` report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`SCHEMA`]
    pub schema: String,
    /// The run.
    pub run: RunInfo,
    /// The org.
    pub org: OrgInfo,
    /// The inputs; none: seats as they are now.
    pub inputs: Vec<InputInfo>,
    /// Seats: licenses, PSLs, feature licenses, packages.
    pub seats: Vec<SeatLine>,
}

/// The columns of the CSV form, which are the keys of the JSON form.
const COLUMNS: [&str; 11] = [
    "kind",
    "key",
    "label",
    "total",
    "used",
    "takes",
    "releases",
    "after",
    "peak",
    "shortfall",
    "first_failing_row",
];

/// Writes the report. [`Error::Format`] for a format that is not in [`FORMATS`].
pub fn write(
    format: Format,
    out: &mut dyn Write,
    document: &Document,
    view: &View<'_>,
) -> Result<(), Error> {
    let lines: Vec<&SeatLine> = document.seats.iter().collect();
    match format {
        Format::Table => draw(out, &lines, view.width)?,
        Format::Json => json(out, document)?,
        Format::Csv => csv(out, &lines)?,
        Format::Markdown => {
            for line in markdown(&lines) {
                writeln!(out, "{line}")?;
            }
        }
        format => {
            return Err(Error::Format {
                report: "seats",
                format,
            });
        }
    }
    Ok(out.flush()?)
}

/// The lines that the change touches.
pub(super) fn moved(seats: &[SeatLine]) -> Vec<&SeatLine> {
    seats
        .iter()
        .filter(|line| line.takes > 0 || line.releases > 0)
        .collect()
}

/// Titles of the columns for people.
const TITLES: [&str; 9] = [
    "kind", "license", "total", "used", "takes", "releases", "after", "peak", "missing",
];
/// The column of labels: the only one that may be wrapped.
const LABEL: usize = 1;
/// Columns from here on are numbers.
const NUMBERS: usize = 2;
/// A narrower column of labels is not worth a table.
const LEAST_LABEL: usize = 16;

/// A line for people: words for what has no number.
fn cells(line: &SeatLine) -> [String; 9] {
    let known =
        |number: Option<i64>| number.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let kind = match line.kind {
        SeatKind::UserLicense => "license",
        SeatKind::PermissionSetLicense => "PSL",
        SeatKind::FeatureLicense => "feature",
        SeatKind::Package => "package",
    };
    [
        kind.to_owned(),
        format!("{} ({})", visible(&line.label), visible(&line.key)),
        match line.total {
            Some(-1) => "no limit".to_owned(),
            total => known(total),
        },
        known(line.used),
        line.takes.to_string(),
        line.releases.to_string(),
        known(line.after),
        known(line.peak),
        match (line.shortfall, line.first_failing_row) {
            (None, _) => "unknown".to_owned(),
            (Some(missing), None) => missing.to_string(),
            (Some(missing), Some(row)) => format!("{missing} from row {row}"),
        },
    ]
}

/// For a terminal of that width; `None`: as wide as it becomes. Where a table would break numbers, a list.
pub(super) fn draw(
    out: &mut dyn Write,
    lines: &[&SeatLine],
    width: Option<u16>,
) -> Result<(), Error> {
    let rows: Vec<_> = lines.iter().map(|line| cells(line)).collect();
    let mut table = Table::new();
    // The width is the caller's to know: the library must not look at the terminal of the process.
    table.force_no_tty();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(TITLES);
    table.add_rows(rows.iter().cloned());
    for column in table.column_iter_mut().skip(NUMBERS) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(width) = width {
        let widths = table.column_max_content_widths();
        // Two cells of padding a column, and the lines between them.
        let fixed: usize = widths
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != LABEL)
            .map(|(_, cells)| usize::from(*cells) + 3)
            .sum::<usize>()
            + 4;
        if usize::from(width) < fixed + LEAST_LABEL {
            return list(out, &rows, usize::from(width));
        }
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
        let all_but_label = table.column_iter_mut().enumerate();
        for (_, column) in all_but_label.filter(|(n, _)| *n != LABEL) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn list(out: &mut dyn Write, rows: &[[String; 9]], width: usize) -> Result<(), Error> {
    for [kind, label, figures @ ..] in rows {
        let figures: Vec<_> = TITLES
            .iter()
            .skip(NUMBERS)
            .zip(figures)
            .map(|(title, figure)| format!("{title} {figure}"))
            .collect();
        let text = format!("{kind} {label}: {}", figures.join(", "));
        for (n, line) in wrapped(&text, Some(width.saturating_sub(2)), 0)
            .iter()
            .enumerate()
        {
            writeln!(out, "{}{line}", if n == 0 { "" } else { "  " })?;
        }
    }
    Ok(())
}

/// The lines of a Markdown table, two of them its head.
pub(super) fn markdown(lines: &[&SeatLine]) -> Vec<String> {
    let rule: String = TITLES
        .iter()
        .enumerate()
        .map(|(n, _)| if n < NUMBERS { "---|" } else { "---:|" })
        .collect();
    let mut page = vec![format!("| {} |", TITLES.join(" | ")), format!("|{rule}")];
    page.extend(lines.iter().map(|line| {
        let cells = cells(line).map(|cell| escaped(&cell));
        format!("| {} |", cells.join(" | "))
    }));
    page
}

fn json(out: &mut dyn Write, document: &Document) -> Result<(), Error> {
    out.write_all(b"{\"schema\":")?;
    value(out, &document.schema)?;
    member(out, "run", &document.run)?;
    member(out, "org", &document.org)?;
    member(out, "inputs", &document.inputs)?;
    out.write_all(b",\n\"seats\":[")?;
    for (n, line) in document.seats.iter().enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        value(out, line)?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

fn csv(out: &mut dyn Write, lines: &[&SeatLine]) -> Result<(), Error> {
    header(out, &COLUMNS)?;
    for line in lines {
        for content in [line.kind.as_str(), &line.key, &line.label] {
            text(out, content)?;
            out.write_all(b",")?;
        }
        let numbers = [
            line.total.map(i128::from),
            line.used.map(i128::from),
            Some(i128::from(line.takes)),
            Some(i128::from(line.releases)),
            line.after.map(i128::from),
            line.peak.map(i128::from),
            line.shortfall.map(i128::from),
            line.first_failing_row.map(i128::from),
        ];
        for (n, content) in numbers.into_iter().enumerate() {
            out.write_all(if n == 0 { b"" } else { b"," })?;
            number(out, content)?;
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
