//! `markdown`: fits a pull-request comment (65,536 characters) whatever the run holds.

use super::causes::{Causes, Group};
use super::visible::{shortened, visible};
use super::words::{
    all_rows, by_reason, checks_line, counted, findings_line, said, verdict_line, waived,
};
use super::{Error, Report, View};
use super::{changes, seats};
use crate::finding::Status;
use std::io::Write;

/// Most causes listed.
const MOST_CAUSES: usize = 50;
/// Bytes that the list of causes may take.
const CAUSES_BYTES: usize = 36_000;
/// Bytes that the list of reasons and the table of seats may take, each.
const LIST_BYTES: usize = 12_000;
/// Characters of one text.
const MOST_CHARACTERS: usize = 300;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let summary = &report.tail.summary;
    let verdicts = report
        .tail
        .checklist
        .as_deref()
        .map_or_else(|| verdict_line(summary), checks_line);
    writeln!(out, "### sfcompat: {verdicts}\n")?;
    writeln!(out, "{}", findings_line(summary))?;
    checklist(out, report)?;
    causes(out, report, view)?;
    coverage(out, report)?;
    if let Some(impact) = &report.tail.impact {
        let (sum, moves) = changes::lines(impact);
        writeln!(out, "\n#### Changes\n\n{}\n", escaped(&sum))?;
        let moves: Vec<String> = moves
            .iter()
            .map(|one| format!("- {}", escaped(one)))
            .collect();
        bounded(out, &moves, LIST_BYTES, "more move")?;
    }
    let moved = seats::moved(&report.tail.seats);
    if !moved.is_empty() {
        writeln!(out, "\n#### Seats\n")?;
        let lines = seats::markdown(&moved);
        let (head, lines) = lines.split_at_checked(2).unwrap_or_default();
        for line in head {
            writeln!(out, "{line}")?;
        }
        bounded(out, lines, LIST_BYTES, "more license")?;
    }
    Ok(())
}

/// What a preflight checked.
fn checklist(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let Some(checklist) = &report.tail.checklist else {
        return Ok(());
    };
    writeln!(out, "\n| result | check | detail |\n|---|---|---|")?;
    for check in checklist {
        let (what, detail) = (escaped(&check.check), escaped(&check.detail));
        writeln!(out, "| {} | {what} | {detail} |", check.result)?;
    }
    Ok(())
}

fn causes(out: &mut dyn Write, report: &Report<'_>, view: &View<'_>) -> Result<(), Error> {
    let mut causes = Causes::gather(report, view)?;
    let most = view.max_findings.map_or(MOST_CAUSES, |most| {
        usize::try_from(most)
            .unwrap_or(MOST_CAUSES)
            .min(MOST_CAUSES)
    });
    let mut lines = Vec::new();
    let mut bytes = 0;
    for group in causes.groups.iter().take(most) {
        let line = line(group, report);
        bytes += line.len();
        if bytes > CAUSES_BYTES {
            break;
        }
        lines.push(line);
    }
    let rest = causes.keep(lines.len());
    if !lines.is_empty() {
        writeln!(out, "\n| severity | rule | what | where | fix |")?;
        writeln!(out, "|---|---|---|---|---|")?;
    }
    for line in lines {
        writeln!(out, "{line}")?;
    }
    if let Some(rest) = rest {
        writeln!(out, "\n{rest}")?;
    }
    if causes.not_shown.below_severity > 0 {
        let below = counted(causes.not_shown.below_severity, "finding");
        writeln!(out, "\n{below} below {} not shown", view.min_severity)?;
    }
    Ok(())
}

fn line(group: &Group, report: &Report<'_>) -> String {
    let first = &group.first;
    let severity = match first.status {
        Status::Open => first.severity.to_string(),
        other => format!("{} ({})", first.severity, other.as_str()),
    };
    let mut what = escaped(&first.message);
    if let Some(text) = first.predicted.as_ref().and_then(said) {
        what.push_str("<br>");
        what.push_str(&escaped(&text));
    }
    if let Some(waiver) = &first.waiver {
        what.push_str("<br>");
        what.push_str(&escaped(&waived(waiver)));
    }
    let fix = first.fix.as_ref().map_or("", |fix| fix.text.as_str());
    let mut place = match group.rows {
        0 => first.input.clone().unwrap_or_default(),
        _ => all_rows(group, report),
    };
    if let (Some(column), false) = (&first.column, place.is_empty()) {
        place = format!("{place}, {column}");
    }
    format!(
        "| {severity} | {} | {what} | {} | {} |",
        escaped(&first.rule),
        escaped(&place),
        escaped(fix)
    )
}

fn coverage(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let lines: Vec<_> = by_reason(&report.tail.coverage)
        .into_iter()
        .map(|(reason, rules)| format!("- {}: {}", escaped(reason), escaped(&rules.join(", "))))
        .collect();
    if !lines.is_empty() {
        writeln!(out, "\n#### Not checked\n")?;
        bounded(out, &lines, LIST_BYTES, "more reason")?;
    }
    Ok(())
}

/// As many lines as fit, and how many do not.
fn bounded(out: &mut dyn Write, lines: &[String], most: usize, thing: &str) -> Result<(), Error> {
    let mut bytes = 0;
    let fits = |line: &&String| {
        bytes += line.len();
        bytes <= most
    };
    let mut listed = 0;
    for line in lines.iter().take_while(fits) {
        writeln!(out, "{line}")?;
        listed += 1;
    }
    match lines.len() - listed {
        0 => Ok(()),
        more => Ok(writeln!(
            out,
            "\nand {} not listed",
            counted(more as u64, thing)
        )?),
    }
}

/// Text that stays text in a table cell of GitHub and GitLab: no markup, no HTML, no link, no mention, one line.
/// Cut where it is long.
pub(super) fn escaped(text: &str) -> String {
    markup(&shortened(text, MOST_CHARACTERS))
}

/// The same, whole.
pub(super) fn markup(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    let visible = visible(text);
    for (at, c) in visible.char_indices() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // A table is cut at pipes before anything else is read, escaped or not by a backslash before a backslash.
            '|' => shown.push_str("&#124;"),
            '\\' => shown.push_str("&#92;"),
            '`' => shown.push_str("&#96;"),
            '$' => shown.push_str("&#36;"),
            '*' | '_' | '~' | '[' | ']' | '!' => {
                shown.push('\\');
                shown.push(c);
            }
            // `@team` and `#12` would notify and link; inside a word (an e-mail address) they do not.
            '@' | '#' if !before.is_alphanumeric() => {
                shown.push(c);
                shown.push_str("&#8203;");
            }
            // Addresses become links by themselves.
            ':' if links(&visible, at) => shown.push_str("&#58;"),
            '.' if shown.ends_with("www") => shown.push_str("&#46;"),
            c => shown.push(c),
        }
        before = c;
    }
    shown
}

/// Whether the colon there may begin an address.
fn links(text: &str, colon: usize) -> bool {
    let (before, after) = text.split_at_checked(colon).unwrap_or_default();
    let scheme = |name: &str| {
        let tail = before.len().checked_sub(name.len());
        tail.and_then(|at| before.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(name))
    };
    after.starts_with("://") || scheme("mailto") || scheme("xmpp") || scheme("javascript")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_stay_cells() {
        assert_eq!(escaped("a|b\\|c\nd"), "a&#124;b&#92;&#124;c&#92;nd");
        assert_eq!(
            escaped("</td><script>`x`"),
            "&lt;/td&gt;&lt;script&gt;&#96;x&#96;"
        );
        assert_eq!(
            escaped("[x](https://e.example) www.e.example"),
            "\\[x\\](https&#58;//e.example) www&#46;e.example"
        );
        assert_eq!(
            escaped("@team ann@acme.example #1"),
            "@&#8203;team ann@acme.example #&#8203;1"
        );
        assert_eq!(
            escaped("*a* _b_ ~c~ ![d]"),
            "\\*a\\* \\_b\\_ \\~c\\~ \\!\\[d\\]"
        );
        assert_eq!(
            escaped("x\u{202e}y\u{1b}[0m"),
            "x&#92;u{202e}y&#92;u{1b}\\[0m"
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_a_table(text in any::<String>()) {
            let shown = escaped(&text);
            prop_assert!(!shown.contains(['|', '\n', '\r', '<', '>', '`']), "{}", shown);
        }
    }
}
