//! The table of seats, with a bar before and a bar after for each license.

use super::text::Escaped;
use crate::report::summary::SeatLine;
use crate::report::{Error, Report};
use std::io::Write;

pub(super) fn section(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    writeln!(
        out,
        "<section id=\"seats\" aria-labelledby=\"seats-title\">\n<h2 id=\"seats-title\">Seats</h2>"
    )?;
    let seats = &report.tail.seats;
    if seats.is_empty() {
        writeln!(out, "<p>Nothing is known of seats.</p>\n</section>")?;
        return Ok(());
    }
    writeln!(
        out,
        "<p>Seats in use before the change, and after it. The highest count counts every taker before every releaser.</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of seats\">\n<table>\n<thead><tr><th scope=\"col\">license</th>\
         <th scope=\"col\">before and after</th>"
    )?;
    for name in [
        "total", "used", "takes", "releases", "after", "highest", "missing",
    ] {
        writeln!(out, "<th scope=\"col\" class=\"number\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    // What changes comes first.
    let touched = |line: &&SeatLine| line.takes > 0 || line.releases > 0;
    let (moved, still): (Vec<_>, Vec<_>) = seats.iter().partition(touched);
    for line in moved.into_iter().chain(still) {
        seat(out, line)?;
    }
    writeln!(out, "</tbody></table></div>\n</section>")?;
    Ok(())
}

fn seat(out: &mut dyn Write, line: &SeatLine) -> Result<(), Error> {
    let number =
        |number: Option<i64>| number.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let total = match line.total {
        Some(-1) => "no limit".to_owned(),
        total => number(total),
    };
    write!(
        out,
        "<tr><th scope=\"row\">{} <span class=\"faint\">{}, {}</span></th><td>",
        Escaped(&line.label),
        Escaped(&line.key),
        line.kind.as_str()
    )?;
    bar(out, line)?;
    write!(out, "</td>")?;
    for text in [
        total,
        number(line.used),
        line.takes.to_string(),
        line.releases.to_string(),
        number(line.after),
        number(line.peak),
    ] {
        write!(out, "<td class=\"number\">{text}</td>")?;
    }
    let missing = match (line.shortfall, line.first_failing_row) {
        (None, _) => "unknown".to_owned(),
        (Some(0), _) => "0".to_owned(),
        (Some(seats), None) => seats.to_string(),
        (Some(seats), Some(row)) => format!("{seats} from row {row}"),
    };
    writeln!(out, "<td class=\"number\">{missing}</td></tr>")?;
    Ok(())
}

/// Two bars, before and after, of at most 100 units.
fn bar(out: &mut dyn Write, line: &SeatLine) -> Result<(), Error> {
    let (Some(used), Some(after)) = (line.used, line.after) else {
        return Ok(write!(out, "unknown")?);
    };
    let limit = line.total.filter(|total| *total >= 0);
    let whole = limit.unwrap_or(0).max(used).max(after).max(1);
    let share = |seats: i64| i128::from(seats.max(0)) * 100 / i128::from(whole);
    let within = limit.map_or(after, |limit| after.min(limit));
    write!(
        out,
        "<svg class=\"bar\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{used} seats before, {after} after\">\
         <rect class=\"ground\" width=\"{}\" height=\"12\"/><rect class=\"before\" width=\"{}\" height=\"5\"/>\
         <rect class=\"after\" y=\"7\" width=\"{}\" height=\"5\"/><rect class=\"short\" x=\"{}\" y=\"7\" width=\"{}\" height=\"5\"/></svg>",
        share(limit.unwrap_or(whole)),
        share(used),
        share(within),
        share(within),
        share(after) - share(within)
    )?;
    Ok(())
}
