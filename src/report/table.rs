//! `table`: for people. Grouped by cause, the worst first, with the record quoted and the column marked.

use super::causes::{Causes, Group, confidence};
use super::snippet::draw;
use super::summary::{CoverageLine, InputInfo, Tail};
use super::visible::{visible, width, wrapped};
use super::{Error, Report, View, counted, findings_line, seats, verdict_line};
use crate::finding::{Predicted, Severity, Status};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Terminal cells of a quoted record where there is no terminal: a record may be a megabyte long.
const QUOTED: usize = 1_000;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let mut causes = Causes::gather(report, view)?;
    let most = view.max_findings.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let rest = causes.keep(most);
    let quotes = Quotes::fetch(report, view, &causes.groups);
    let mut paper = Paper { out, view };
    for input in &report.head.inputs {
        paper.input(input)?;
    }
    let (notices, loud): (Vec<_>, Vec<_>) = causes.groups.iter().partition(|group| brief(group));
    for group in loud {
        paper.line("")?;
        paper.group(group, report, &quotes)?;
    }
    if !notices.is_empty() {
        paper.line("")?;
    }
    for group in notices {
        paper.notice(group, report)?;
    }
    let below = hidden(causes.not_shown.below_severity, view);
    for text in rest.into_iter().chain(below) {
        paper.line("")?;
        paper.paragraph("", &text)?;
    }
    paper.coverage(report)?;
    paper.tail(report.tail)
}

/// Told in one line: notices, and what does not count.
fn brief(group: &Group) -> bool {
    group.first.severity == Severity::Notice || group.first.status != Status::Open
}

fn hidden(below: u64, view: &View<'_>) -> Option<String> {
    (below > 0).then(|| {
        format!(
            "{} below {} not shown",
            counted(below, "finding"),
            view.min_severity
        )
    })
}

/// Rules by the reason why they could not be evaluated, both in order of their names.
pub(super) fn by_reason(coverage: &[CoverageLine]) -> BTreeMap<&str, Vec<&str>> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in coverage {
        reasons.entry(&line.reason).or_default().push(&line.rule);
    }
    for rules in reasons.values_mut() {
        rules.sort_unstable();
        rules.dedup();
    }
    reasons
}

/// `row 12`, `rows 12, 15 and 4 more`; empty where no row is concerned. The path of an input only where there are several.
pub(super) fn rows(group: &Group, report: &Report<'_>) -> String {
    let several = report.head.inputs.len() > 1;
    let mut text = String::new();
    let mut input = "";
    for (n, place) in group.places.iter().enumerate() {
        text.push_str(match (n, group.rows) {
            (0, 1) => "row ",
            (0, _) => "rows ",
            _ => ", ",
        });
        text.push_str(&place.row.to_string());
        if several && (input != place.input) {
            input = &place.input;
            text.push_str(" of ");
            text.push_str(&visible(input));
        }
    }
    let more = group.rows.saturating_sub(group.places.len() as u64);
    match (group.places.is_empty(), more) {
        (_, 0) => text,
        (true, more) => counted(more, "row"),
        (false, more) => format!("{text} and {more} more"),
    }
}

/// The records to quote, fetched in one pass per input.
struct Quotes(BTreeMap<(String, u64), String>);

impl Quotes {
    fn fetch(report: &Report<'_>, view: &View<'_>, groups: &[Group]) -> Self {
        let mut found = BTreeMap::new();
        for input in &report.head.inputs {
            let mut lines: Vec<u64> = groups
                .iter()
                .filter(|group| !brief(group))
                .filter_map(|group| group.places.first())
                .filter(|place| place.input == input.path)
                .filter_map(|place| place.line)
                .collect();
            if lines.is_empty() {
                continue;
            }
            lines.push(1);
            lines.sort_unstable();
            lines.dedup();
            for (line, record) in (view.quote)(&input.path, &lines) {
                found.insert((input.path.clone(), line), record);
            }
        }
        Self(found)
    }

    fn get(&self, input: &str, line: u64) -> Option<&str> {
        self.0.get(&(input.to_owned(), line)).map(String::as_str)
    }
}

/// The page that is written.
struct Paper<'a> {
    out: &'a mut dyn Write,
    view: &'a View<'a>,
}

impl Paper<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        if self.view.color {
            write!(self.out, "{style}{text}{style:#}")
        } else {
            write!(self.out, "{text}")
        }
    }

    /// Text of which later lines are indented below its first word.
    fn paragraph(&mut self, indent: &str, text: &str) -> io::Result<()> {
        let most = self.room().map(|room| room.saturating_sub(width(indent)));
        for (n, line) in wrapped(&visible(text), most, 0).iter().enumerate() {
            let deeper = if n == 0 { "" } else { "  " };
            writeln!(self.out, "{indent}{deeper}{line}")?;
        }
        Ok(())
    }

    /// Two cells are kept free for the deeper lines of a paragraph.
    fn room(&self) -> Option<usize> {
        self.view
            .width
            .map(|width| usize::from(width).max(20).saturating_sub(2))
    }

    fn input(&mut self, input: &InputInfo) -> io::Result<()> {
        let mut parts = vec![
            counted(input.rows, "row"),
            input.kind.clone(),
            input.encoding.clone(),
        ];
        let found = [
            ("cells", &input.delimiter),
            ("lists", &input.list_separator),
        ];
        for (what, separator) in found {
            if let Some(separator) = separator {
                parts.push(format!("{what} by '{separator}'"));
            }
        }
        let text = format!("{}: {}", input.path, parts.join(", "));
        self.paragraph("", &text)
    }

    /// `error[rule] message`, the badge colored.
    fn title(&mut self, group: &Group, text: &str) -> io::Result<()> {
        let status = match group.first.status {
            Status::Open => "",
            Status::Waived => "waived ",
            Status::Baselined => "baselined ",
        };
        let badge = format!(
            "{status}{}[{}]",
            group.first.severity,
            visible(&group.first.rule)
        );
        let color = match (group.first.status, group.first.severity) {
            (Status::Waived | Status::Baselined, _) => AnsiColor::BrightBlack,
            (Status::Open, Severity::Error) => AnsiColor::Red,
            (Status::Open, Severity::Warning) => AnsiColor::Yellow,
            (Status::Open, Severity::Notice) => AnsiColor::Cyan,
        };
        self.styled(color.on_default().bold(), &badge)?;
        let lines = wrapped(&visible(text), self.room(), width(&badge) + 1);
        for (n, line) in lines.iter().enumerate() {
            let lead = if n == 0 { " " } else { "  " };
            writeln!(self.out, "{lead}{line}")?;
        }
        Ok(())
    }

    fn notice(&mut self, group: &Group, report: &Report<'_>) -> io::Result<()> {
        let rows = rows(group, report);
        let text = match rows.as_str() {
            "" => group.first.message.clone(),
            rows => format!("{} ({rows})", group.first.message),
        };
        self.title(group, &text)
    }

    fn group(&mut self, group: &Group, report: &Report<'_>, quotes: &Quotes) -> io::Result<()> {
        let first = &group.first;
        self.title(group, &first.message)?;
        self.quoted(group, report, quotes)?;
        if group.rows > 0 {
            let rows = rows(group, report);
            let text = match group.rows {
                1 => rows,
                many => format!("{many} rows: {}", rows.trim_start_matches("rows ")),
            };
            self.paragraph("  ", &text)?;
        }
        for reason in &first.reason {
            self.paragraph("  ", &format!("because {reason}"))?;
        }
        if let Some(text) = first.predicted.as_ref().and_then(said) {
            self.paragraph("  ", &text)?;
        }
        if let Some(fix) = &first.fix {
            self.paragraph("  ", &format!("fix: {}", fix.text))?;
        }
        self.paragraph(
            "  ",
            &format!("confidence: {}", confidence(first.confidence)),
        )
    }

    /// Where it is, the record, and carets under the value.
    fn quoted(&mut self, group: &Group, report: &Report<'_>, quotes: &Quotes) -> io::Result<()> {
        let first = &group.first;
        let Some(path) = &first.input else {
            return Ok(());
        };
        let Some(line) = first.line else {
            return self.paragraph("  ", &format!("--> {path}"));
        };
        self.paragraph("  ", &format!("--> {path}:{line}"))?;
        let input = report.head.inputs.iter().find(|input| &input.path == path);
        let (Some(input), Some(record)) = (input, quotes.get(path, line)) else {
            return Ok(());
        };
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let room = self.view.width.map_or(QUOTED, |cells| {
            usize::from(cells).saturating_sub(number.len() + 5)
        });
        let snippet = draw(
            record,
            quotes.get(path, 1),
            input,
            first.column.as_deref(),
            first.value.as_deref(),
            room,
        );
        writeln!(self.out, "  {number} | {}", snippet.text)?;
        let Some(column) = &first.column else {
            return Ok(());
        };
        let column = visible(column);
        let Some((before, wide)) = snippet.mark else {
            return writeln!(self.out, "  {gutter} = column {column}");
        };
        write!(self.out, "  {gutter} | {}", " ".repeat(before))?;
        self.styled(AnsiColor::Red.on_default().bold(), &"^".repeat(wide))?;
        writeln!(self.out, " {column}")
    }

    fn coverage(&mut self, report: &Report<'_>) -> io::Result<()> {
        let ignored: Vec<_> = report
            .head
            .inputs
            .iter()
            .filter(|input| !input.ignored.is_empty())
            .collect();
        if report.tail.coverage.is_empty() && ignored.is_empty() {
            return Ok(());
        }
        self.line("")?;
        self.line("Not checked:")?;
        for input in ignored {
            let names = input.ignored.join(", ");
            self.paragraph(
                "  ",
                &format!("columns of {} that mean nothing here: {names}", input.path),
            )?;
        }
        for (reason, rules) in by_reason(&report.tail.coverage) {
            self.paragraph("  ", &format!("{reason}: {}", rules.join(", ")))?;
        }
        Ok(())
    }

    fn tail(&mut self, tail: &Tail) -> Result<(), Error> {
        let moved = seats::moved(&tail.seats);
        if !moved.is_empty() {
            self.line("")?;
            self.line("Seats:")?;
            seats::draw(self.out, &moved, self.view.width)?;
        }
        self.line("")?;
        self.paragraph("", &verdict_line(&tail.summary))?;
        self.paragraph("", &findings_line(&tail.summary))?;
        Ok(())
    }
}

/// What the push would answer. Okta's own text only where Salesforce's is not known: it repeats it.
pub(super) fn said(predicted: &Predicted) -> Option<String> {
    match (&predicted.code, &predicted.message, &predicted.okta) {
        (Some(code), Some(message), _) => Some(format!("Salesforce will say: {code} {message}")),
        (Some(only), None, _) | (None, Some(only), _) => {
            Some(format!("Salesforce will say: {only}"))
        }
        (None, None, Some(okta)) => Some(format!("Okta will say: {okta}")),
        (None, None, None) => None,
    }
}
