//! `html`: one file that a browser shows without any network: summary, causes and seats as a plain page, findings, matrix
//! and changes for a script of its own to filter. Nothing of an input is ever markup or script: texts of the page are escaped,
//! data lie in blocks that no browser executes, and the policy of the page lets in only its own style and script, by their hash.

mod changes;
mod matrix;
mod seats;
mod sections;
mod text;

use super::causes::Causes;
use super::words::{checks_line, verdict_line};
use super::{Error, Report, View};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};
use std::io::Write;
use text::{Escaped, ScriptSafe};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Most findings that the page carries: a browser filters as many without a pause. All are counted, and in its list of causes.
const MOST_FINDINGS: u64 = 50_000;
/// Most causes that are listed.
const MOST_CAUSES: usize = 500;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let most = view.max_findings.unwrap_or(u64::MAX);
    let mut causes = Causes::gather(report, view)?;
    let rest = causes.keep(
        usize::try_from(most)
            .unwrap_or(MOST_CAUSES)
            .min(MOST_CAUSES),
    );
    head(out, report)?;
    sections::summary(out, report)?;
    sections::checklist(out, report)?;
    sections::causes(out, report, &causes, rest.as_deref())?;
    sections::findings(out)?;
    changes::section(out, report)?;
    seats::section(out, report)?;
    if report.matrix.is_some() {
        sections::matrix(out)?;
    }
    sections::coverage(out, report)?;
    writeln!(out, "</main>")?;
    let not_shown = data(out, report, view, most)?;
    sections::footer(out, report, not_shown)?;
    writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")?;
    Ok(())
}

/// The hash by which the policy of the page lets a text in.
fn source(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    format!("'sha256-{}'", BASE64_STANDARD.encode(hash))
}

fn head(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let org = report.head.org.name.as_deref().unwrap_or("an org");
    let verdicts = report
        .tail
        .checklist
        .as_deref()
        .map_or_else(|| verdict_line(&report.tail.summary), checks_line);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>sfcompat: {org}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the report</a>\n\
         <header>\n<h1>sfcompat: <bdi>{org}</bdi></h1>\n<p>{}</p>",
        source(STYLE),
        source(SCRIPT),
        Escaped(&verdicts),
        org = Escaped(org),
    )?;
    let mut places = vec![("summary", "Summary")];
    if report.tail.checklist.is_some() {
        places.push(("checklist", "Checklist"));
    }
    places.extend([("causes", "Causes"), ("all-findings", "Findings")]);
    if report.tail.impact.is_some() {
        places.push(("changes", "Changes"));
    }
    places.push(("seats", "Seats"));
    if report.matrix.is_some() {
        places.push(("matrix", "Matrix"));
    }
    places.push(("coverage", "Not checked"));
    writeln!(out, "<nav aria-label=\"Parts of the report\"><ul>")?;
    for (id, name) in places {
        writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>")?;
    }
    writeln!(
        out,
        "</ul></nav>\n</header>\n<main id=\"main\" tabindex=\"-1\">"
    )?;
    Ok(())
}

/// The blocks that the script reads. Tells how many findings are not among them.
fn data(
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
    most: u64,
) -> Result<u64, Error> {
    let carried = View {
        max_findings: Some(most.min(MOST_FINDINGS)),
        ..*view
    };
    write!(
        out,
        "<script type=\"application/json\" id=\"findings-data\">["
    )?;
    let mut between: &[u8] = b"\n";
    let not_shown = report.findings.each_json(&carried, &mut |finding| {
        out.write_all(between)?;
        between = b",\n";
        Ok(ScriptSafe(out).write_all(finding)?)
    })?;
    writeln!(out, "\n]</script>")?;
    if let (Some(changes), true) = (report.changes, report.tail.impact.is_some()) {
        changes::data(out, changes)?;
    }
    if let Some(matrix) = report.matrix {
        write!(out, "<script type=\"application/json\" id=\"matrix-data\">")?;
        serde_json::to_writer(ScriptSafe(out), &matrix::HeatMap::of(matrix))?;
        writeln!(out, "</script>")?;
    }
    Ok(not_shown.beyond_limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Between script tags a browser looks for nothing but the end tag and the start of a comment.
    #[test]
    fn style_and_script_hold_nothing_that_ends_them() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }

    #[test]
    fn nothing_is_asked_of_a_network() {
        for text in [STYLE, SCRIPT] {
            for word in [
                "http:",
                "https:",
                "//cdn",
                "@import",
                "url(",
                "fetch(",
                "XMLHttp",
                "eval(",
                "innerHTML",
                "insertAdjacent",
                "document.write",
            ] {
                assert!(!text.contains(word), "{word}");
            }
        }
    }
}
