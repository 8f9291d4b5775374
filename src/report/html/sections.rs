//! The parts of the page that need no script.

use super::text::Escaped;
use crate::finding::Status;
use crate::report::causes::{Causes, Group};
use crate::report::words::{all_rows, by_reason, confidence, counted, said};
use crate::report::{Error, Report};
use std::io::Write;

pub(super) fn summary(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let summary = &report.tail.summary;
    writeln!(
        out,
        "<section id=\"summary\" aria-labelledby=\"summary-title\">\n<h2 id=\"summary-title\">Summary</h2>\n<ul class=\"counts\">"
    )?;
    for (name, number) in [
        ("rows", summary.rows),
        ("compatible", summary.compatible),
        ("with warnings", summary.warned),
        ("incompatible", summary.incompatible),
        ("undecided", summary.undecided),
        ("errors", summary.errors),
        ("warnings", summary.warnings),
        ("notices", summary.notices),
        ("waived", summary.waived),
    ] {
        writeln!(out, "<li><strong>{number}</strong> {name}</li>")?;
    }
    writeln!(out, "</ul>")?;
    let org = &report.head.org;
    let mut facts = vec![(
        "Org",
        [org.name.as_deref(), org.id.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
    )];
    facts.push((
        "Snapshot",
        org.pulled_at
            .clone()
            .map_or_else(|| "of unknown age".to_owned(), |at| format!("pulled {at}")),
    ));
    for input in &report.head.inputs {
        facts.push((
            "Input",
            format!(
                "{}: {}, {}",
                input.path,
                input.kind,
                counted(input.rows, "row")
            ),
        ));
    }
    writeln!(out, "<div class=\"detail\"><dl>")?;
    for (name, text) in facts {
        writeln!(out, "<dt>{name}</dt><dd><bdi>{}</bdi></dd>", Escaped(&text))?;
    }
    writeln!(
        out,
        "</dl></div>\n<p>An <em>error</em> means that the push will fail; a <em>warning</em> that it may fail, or succeeds with a loss; \
         a <em>notice</em> is worth knowing. <em>Undecided</em> rows lack a fact: they have not passed.</p>\n</section>"
    )?;
    Ok(())
}

pub(super) fn checklist(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let Some(checklist) = &report.tail.checklist else {
        return Ok(());
    };
    writeln!(
        out,
        "<section id=\"checklist\" aria-labelledby=\"checklist-title\">\n<h2 id=\"checklist-title\">Checklist</h2>\n<table>\n\
         <thead><tr><th scope=\"col\">result</th><th scope=\"col\">check</th><th scope=\"col\">detail</th></tr></thead>\n<tbody>"
    )?;
    for check in checklist {
        let class = match check.result.as_str() {
            "pass" => "pass",
            "fail" => "error",
            "cannot-tell" => "plain",
            _ => "warning",
        };
        writeln!(
            out,
            "<tr><td><span class=\"tag {class}\">{}</span></td><td>{}</td><td>{}</td></tr>",
            Escaped(&check.result),
            Escaped(&check.check),
            Escaped(&check.detail)
        )?;
    }
    writeln!(out, "</tbody></table>\n</section>")?;
    Ok(())
}

pub(super) fn causes(
    out: &mut dyn Write,
    report: &Report<'_>,
    causes: &Causes,
    rest: Option<&str>,
) -> Result<(), Error> {
    writeln!(
        out,
        "<section id=\"causes\" aria-labelledby=\"causes-title\">\n<h2 id=\"causes-title\">Causes</h2>"
    )?;
    if causes.groups.is_empty() {
        writeln!(out, "<p>No finding.</p>")?;
    } else {
        writeln!(
            out,
            "<p>Findings with the same cause are one line, the gravest first.</p>\n<table class=\"causes\">\n<thead><tr><th scope=\"col\">severity</th>\
             <th scope=\"col\">rule</th><th scope=\"col\">what</th><th scope=\"col\">where</th><th scope=\"col\">fix</th></tr></thead>\n<tbody>"
        )?;
        for group in &causes.groups {
            cause(out, report, group)?;
        }
        writeln!(out, "</tbody></table>")?;
    }
    if let Some(rest) = rest {
        writeln!(
            out,
            "<p>{} here; <code>--format json</code> and <code>csv</code> list everything.</p>",
            Escaped(rest)
        )?;
    }
    writeln!(out, "</section>")?;
    Ok(())
}

fn cause(out: &mut dyn Write, report: &Report<'_>, group: &Group) -> Result<(), Error> {
    let first = &group.first;
    let state = match first.status {
        Status::Open => "",
        Status::Waived => " (waived)",
        Status::Baselined => " (baselined)",
    };
    write!(
        out,
        "<tr><td><span class=\"tag {0}\">{0}{state}</span></td><td><button type=\"button\" class=\"rule\" data-rule=\"{1}\">{1}</button></td><td><bdi>{2}</bdi>",
        first.severity,
        Escaped(&first.rule),
        Escaped(&first.message)
    )?;
    write!(out, "<details><summary>why</summary><ul>")?;
    for reason in &first.reason {
        write!(out, "<li>{}</li>", Escaped(reason))?;
    }
    write!(
        out,
        "<li>confidence: {}</li></ul>",
        confidence(first.confidence)
    )?;
    if let Some(text) = first.predicted.as_ref().and_then(said) {
        write!(out, "<span class=\"said\">{}</span>", Escaped(&text))?;
    }
    let mut place = match group.rows {
        0 => first.input.clone().unwrap_or_default(),
        _ => all_rows(group, report),
    };
    if let (Some(column), false) = (&first.column, place.is_empty()) {
        place = format!("{place}, {column}");
    }
    writeln!(
        out,
        "</details></td><td>{}</td><td>{}</td></tr>",
        Escaped(&place),
        Escaped(first.fix.as_ref().map_or("", |fix| fix.text.as_str()))
    )?;
    Ok(())
}

pub(super) fn findings(out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(FINDINGS.as_bytes())?;
    Ok(())
}

const FINDINGS: &str = r#"<section id="all-findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
<noscript><p>The list of single findings and the matrix need the script of this page; causes and seats do not.</p></noscript>
<div class="controls" role="search" aria-label="Filter of the findings">
<label>Text in rule, user, value or message<input type="search" id="find-text" autocomplete="off" spellcheck="false"></label>
<label>Rule<select id="find-rule"><option value="">all rules</option></select></label>
<label>Input<select id="find-input"><option value="">all inputs</option></select></label>
<fieldset><legend>Severity</legend>
<label><input type="checkbox" value="error" checked> errors</label>
<label><input type="checkbox" value="warning" checked> warnings</label>
<label><input type="checkbox" value="notice" checked> notices</label></fieldset>
</div>
<p id="find-status" role="status"></p>
<ol class="cards" id="find-list"></ol>
<button type="button" class="more" id="find-more" hidden>Show more</button>
</section>
"#;

pub(super) fn matrix(out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(MATRIX.as_bytes())?;
    Ok(())
}

const MATRIX: &str = r#"<section id="matrix" aria-labelledby="matrix-title">
<h2 id="matrix-title">Compatibility matrix</h2>
<p>What fits which license. <span class="tag cell-allowed">✓ allowed</span> <span class="tag cell-needs-psl">P needs-psl</span>
<span class="tag cell-unknown">? unknown</span> <span class="tag cell-denied">✕ denied</span>
Move over the cells with the arrow keys or the mouse to read why.</p>
<div class="controls">
<div id="grid-kinds" role="group" aria-label="Part of the matrix"></div>
<label>Name<input type="search" id="grid-text" autocomplete="off" spellcheck="false"></label>
<label><input type="checkbox" id="grid-differs"> only where licenses differ</label>
</div>
<div class="detail" id="grid-detail" aria-live="polite">No cell is chosen.</div>
<p id="grid-status" role="status"></p>
<div class="scroll" id="grid" tabindex="0" role="region" aria-label="Heat map of the matrix"></div>
</section>
"#;

pub(super) fn coverage(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    writeln!(
        out,
        "<section id=\"coverage\" aria-labelledby=\"coverage-title\">\n<h2 id=\"coverage-title\">Not checked</h2>"
    )?;
    let reasons = by_reason(&report.tail.coverage);
    if reasons.is_empty() {
        writeln!(out, "<p>Every rule could be evaluated.</p>")?;
    } else {
        writeln!(out, "<ul>")?;
        for (reason, rules) in reasons {
            writeln!(
                out,
                "<li>{}: <code>{}</code></li>",
                Escaped(reason),
                Escaped(&rules.join(", "))
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")?;
    Ok(())
}

pub(super) fn footer(out: &mut dyn Write, report: &Report<'_>, left_out: u64) -> Result<(), Error> {
    let run = &report.head.run;
    write!(
        out,
        "<footer><p>sfcompat {}, {}. <code>sfcompat {}</code></p>",
        Escaped(&run.version),
        Escaped(&run.started),
        Escaped(&run.command.join(" "))
    )?;
    if left_out > 0 {
        write!(
            out,
            "<p>{} not in the list of single findings. All are counted above, and <code>--format json</code> and <code>csv</code> list them.</p>",
            counted(left_out, "more finding")
        )?;
    }
    writeln!(out, "</footer>")?;
    Ok(())
}
