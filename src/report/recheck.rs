//! `sfcompat recheck`: what of an approved plan does not hold any more (`sfcompat-recheck/1`).

use super::summary::{OrgInfo, RunInfo};
use super::visible::{visible, wrapped};
use crate::approval::{Compared, Difference, Plan, Verdict};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The schema of [`write_json`].
pub const SCHEMA: &str = "sfcompat-recheck/1";

/// The plan, as the answer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanInfo {
    /// The file, as it was given.
    pub path: String,
    /// SHA-256 of its content, lower-case hexadecimal.
    pub sha256: String,
    /// Version of the program that made it.
    pub version: String,
    /// When the check ran, RFC 3339 in UTC.
    pub created: String,
    /// When the snapshot of the check was pulled.
    pub pulled_at: Option<String>,
    /// How the check ended.
    pub verdict: Verdict,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`SCHEMA`]
    pub schema: String,
    /// The run.
    pub run: RunInfo,
    /// The org as it is now.
    pub org: OrgInfo,
    /// What was approved.
    pub plan: PlanInfo,
    /// `unchanged`, `changed`, or `undecided`: something cannot be told, and nothing is known to have changed.
    pub verdict: String,
    /// The day of the push, `YYYY-MM-DD`.
    pub change_window: String,
    /// What mattered and has changed.
    pub changes: Vec<Difference>,
    /// What mattered and cannot be told from this snapshot.
    pub undecided: Vec<Difference>,
    /// What was not compared.
    pub notes: Vec<String>,
}

impl Document {
    /// The answer to a comparison; `stale`: why the snapshot proves nothing.
    #[must_use]
    pub fn new(
        (run, org): (RunInfo, OrgInfo),
        (path, plan): (&str, &Plan),
        window: String,
        compared: Compared,
    ) -> Self {
        let verdict = match (compared.changes.is_empty(), compared.untold.is_empty()) {
            (false, _) => "changed",
            (true, false) => "undecided",
            (true, true) => "unchanged",
        };
        Self {
            schema: SCHEMA.to_owned(),
            run,
            org,
            plan: PlanInfo {
                path: path.to_owned(),
                sha256: plan.sha256(),
                version: plan.version.clone(),
                created: plan.created.clone(),
                pulled_at: plan.pulled_at.clone(),
                verdict: plan.verdict.clone(),
            },
            verdict: verdict.to_owned(),
            change_window: window,
            changes: compared.changes,
            undecided: compared.untold,
            notes: compared.notes,
        }
    }
}

/// Writes the answer for people.
///
/// # Errors
/// Those of the stream.
pub fn write_table(document: &Document, out: &mut dyn Write, width: Option<u16>) -> io::Result<()> {
    let plan = &document.plan;
    let room = width.map(|width| usize::from(width).max(20));
    let mut say = |indent: &str, text: &str| -> io::Result<()> {
        let text = visible(text);
        for (n, line) in wrapped(&text, room.map(|room| room.saturating_sub(4)), 0)
            .iter()
            .enumerate()
        {
            let deeper = if n == 0 { indent } else { "    " };
            writeln!(out, "{deeper}{line}")?;
        }
        Ok(())
    };
    say(
        "",
        &format!(
            "{}: approved at {}: {}",
            plan.path, plan.created, plan.verdict.reason
        ),
    )?;
    for change in &document.changes {
        say("  changed: ", &change.message)?;
    }
    for change in &document.undecided {
        say("  cannot tell: ", &change.message)?;
    }
    for note in &document.notes {
        say("  note: ", note)?;
    }
    let end = match document.verdict.as_str() {
        "unchanged" => "nothing that mattered has changed",
        "changed" => "what was approved does not hold any more: check again",
        _ => "whether what was approved still holds cannot be told",
    };
    say("", end)
}

/// Writes the answer as one JSON object.
///
/// # Errors
/// Those of the stream.
pub fn write_json(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}
