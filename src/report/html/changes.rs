//! What the push would change, user by user, for the list of the page.

use super::text::{Escaped, ScriptSafe};
use crate::finding::{Change, Effect, Impact};
use crate::report::changes::{Changes, lines};
use crate::report::{Error, Report};
use serde::Serialize;
use std::io::Write;

/// Most users that the page lists.
const MOST_USERS: u64 = 20_000;

/// Writes the part of the page that needs no script, where changes were asked for.
pub(super) fn section(out: &mut dyn Write, report: &Report<'_>) -> Result<(), Error> {
    let Some(impact) = &report.tail.impact else {
        return Ok(());
    };
    let (counts, moves) = lines(impact);
    writeln!(
        out,
        "<section id=\"changes\" aria-labelledby=\"changes-title\">\n<h2 id=\"changes-title\">Changes</h2>\n\
         <p>What the rows ask for, before and after: {}. Whether Salesforce takes it is said by the findings.</p>",
        Escaped(&counts)
    )?;
    if !moves.is_empty() {
        writeln!(out, "<ul>")?;
        for text in moves {
            writeln!(out, "<li>{}</li>", Escaped(&text))?;
        }
        writeln!(out, "</ul>")?;
    }
    let users = touched(impact);
    if users > MOST_USERS {
        writeln!(
            out,
            "<p>The first {MOST_USERS} of {users} users are listed; <code>--output changes=FILE</code> lists all.</p>"
        )?;
    }
    out.write_all(LIST.as_bytes())?;
    Ok(())
}

const LIST: &str = r#"<div class="controls"><label>Text in user, attribute or value<input type="search" id="change-text" autocomplete="off" spellcheck="false"></label></div>
<p id="change-status" role="status"></p>
<ol class="cards" id="change-list"></ol>
<button type="button" class="more" id="change-more" hidden>Show more</button>
</section>
"#;

fn touched(impact: &Impact) -> u64 {
    impact.created + impact.changed
}

#[derive(Serialize)]
struct Step<'c> {
    attribute: &'c str,
    before: Option<&'c str>,
    after: Option<&'c str>,
    effect: Effect,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'c str>,
}

/// Writes the block of data: one object for each user who is touched, in the order of the inputs.
pub(super) fn data(out: &mut dyn Write, changes: Changes<'_>) -> Result<(), Error> {
    write!(
        out,
        "<script type=\"application/json\" id=\"changes-data\">["
    )?;
    let mut open: Option<(String, u64)> = None;
    let mut users = 0;
    changes.each(&mut |change: &Change| {
        if change.effect == Effect::None {
            return Ok(());
        }
        let same = open
            .as_ref()
            .is_some_and(|(input, row)| *row == change.row && *input == change.input);
        if same {
            out.write_all(b",")?;
        } else {
            if users == MOST_USERS {
                open = None;
                return Ok(());
            }
            users += 1;
            out.write_all(if open.is_some() { b"]},\n" } else { b"\n" })?;
            open = Some((change.input.clone(), change.row));
            out.write_all(b"{\"user\":")?;
            serde_json::to_writer(ScriptSafe(out), &change.user)?;
            out.write_all(b",\"changes\":[")?;
        }
        let step = Step {
            attribute: &change.attribute,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            effect: change.effect,
            group: change.group.as_deref(),
        };
        Ok(serde_json::to_writer(ScriptSafe(out), &step)?)
    })?;
    writeln!(out, "{}\n]</script>", if users > 0 { "]}" } else { "" })?;
    Ok(())
}
