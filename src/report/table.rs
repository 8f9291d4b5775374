//! `table`: for people. Grouped by cause, the worst first, with the record quoted and the column marked.

use super::causes::{Causes, Group};
use super::snippet::draw;
use super::summary::{CheckLine, InputInfo, Tail};
use super::visible::{visible, width, wrapped};
use super::words::{
    all_rows, by_reason, checks_line, confidence, counted, findings_line, rows, said, verdict_line,
    waived,
};
use super::{Error, Report, View, changes, seats};
use crate::finding::{Severity, Status};
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
    paper.checklist(report)?;
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
        if input.leavers {
            parts.push(String::from("users who have lost the app"));
        }
        if input.left_out > 0 {
            parts.push(format!("{} left out", input.left_out));
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
            let lead = match (n, line.is_empty()) {
                (_, true) => "",
                (0, false) => " ",
                (_, false) => "  ",
            };
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
        self.title(group, &text)?;
        match &group.first.waiver {
            Some(waiver) => self.paragraph("  ", &waived(waiver)),
            None => Ok(()),
        }
    }

    fn group(&mut self, group: &Group, report: &Report<'_>, quotes: &Quotes) -> io::Result<()> {
        let first = &group.first;
        self.title(group, &first.message)?;
        self.quoted(group, report, quotes)?;
        if group.rows > 0 {
            self.paragraph("  ", &all_rows(group, report))?;
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
        if input.delimiter.is_none() {
            return Ok(());
        }
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
        let taken = gutter.len() + 5 + before + wide;
        if taken + 1 + width(&column) <= self.view.width.map_or(usize::MAX, usize::from) {
            return writeln!(self.out, " {column}");
        }
        writeln!(self.out, "\n  {gutter} = column {column}")
    }

    /// What a preflight checked, one line each.
    fn checklist(&mut self, report: &Report<'_>) -> io::Result<()> {
        let Some(checklist) = &report.tail.checklist else {
            return Ok(());
        };
        self.line("Checklist:")?;
        // What is missing is often one thing for several checks in a row.
        let same = |a: &CheckLine, b: &CheckLine| {
            a.result == "cannot-tell" && b.result == a.result && a.detail == b.detail
        };
        for alike in checklist.chunk_by(same) {
            let Some(check) = alike.first() else {
                continue;
            };
            let names: Vec<&str> = alike.iter().map(|check| check.check.as_str()).collect();
            let what = names.join("; ");
            let (word, color) = match (check.result.as_str(), check.severity) {
                ("fail", Some(Severity::Notice)) => ("notice", AnsiColor::Cyan),
                ("fail", Some(Severity::Warning)) => ("warning", AnsiColor::Yellow),
                ("fail", _) => ("fail", AnsiColor::Red),
                ("pass", _) => ("pass", AnsiColor::Green),
                _ => ("cannot tell", AnsiColor::Yellow),
            };
            write!(self.out, "  ")?;
            self.styled(color.on_default(), &format!("{word:<11}"))?;
            let text = match check.detail.as_str() {
                "" => visible(&what).into_owned(),
                detail => visible(&format!("{what}: {detail}")).into_owned(),
            };
            for (n, line) in wrapped(&text, self.room(), 15).iter().enumerate() {
                let indent = if n == 0 { "  " } else { "                 " };
                writeln!(self.out, "{indent}{line}")?;
            }
        }
        Ok(())
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
        if let Some(impact) = &tail.impact {
            let (sum, moves) = changes::lines(impact);
            self.line("")?;
            self.line("Changes:")?;
            self.paragraph("  ", &sum)?;
            for one in moves {
                self.paragraph("  ", &one)?;
            }
        }
        let moved = seats::moved(&tail.seats);
        if !moved.is_empty() {
            self.line("")?;
            self.line("Seats:")?;
            seats::draw(self.out, &moved, self.view.width)?;
        }
        self.line("")?;
        let verdicts = tail
            .checklist
            .as_deref()
            .map_or_else(|| verdict_line(&tail.summary), checks_line);
        self.paragraph("", &verdicts)?;
        self.paragraph("", &findings_line(&tail.summary))?;
        Ok(())
    }
}
