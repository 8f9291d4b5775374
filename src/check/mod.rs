//! Judging: rows in blocks over all cores, findings in order, verdicts and counts.
//!
//! The engine never prints. It keeps ordered findings in a spool, and gives counts at the end.

mod changes;
mod checklist;
mod claims;
mod ending;
mod engine;
mod exempt;
mod files;
mod import;
mod input_report;
mod ledger;
mod line;
mod load;
mod merge;
mod open_ends;
mod options;
mod outbox;
mod outcome;
mod packed;
mod people;
mod places;
mod plan;
mod records;
mod replay;
mod seats;
mod spool;
mod touched;
mod vow;
mod wants;
mod words;

pub use checklist::Check;
pub(crate) use exempt::{Exemptions, Whose};
pub use files::Files;
pub use import::{ProfileSource, import_check};
pub use input_report::InputReport;
pub use ledger::{Ledger, SeatAccount, SeatKind, Taker, Takers};
pub use load::{Loaded, load};
pub(crate) use merge::mark;
pub use options::{MaxAge, Options, Selection, matches};
pub(crate) use outbox::{Claim, ClaimKey, Outbox, RowAt};
pub use outbox::{Kept, KeptRows};
pub use outcome::{Counts, Outcome};
pub use plan::CoverageLine;
pub use seats::open;
pub use touched::{FieldUse, Touched};
pub(crate) use words::{Said, Spoken, Words};

use crate::input::{self, Input, InputBlocks};
use crate::matrix::Matrix;
use crate::model::{SfId, key_of_folded};
use crate::okta::{self, AppSchema, groups::Groups};
use crate::profile_source;
use crate::rules::Command;
use crate::rules::OktaSchema;
use crate::snapshot::{self, Capture, Reading};
use engine::Engine;
use merge::Merger;
use outcome::finish;
use plan::Plan;
use seats::{Counted, SeatIndex};
use std::path::Path;
use std::sync::Arc;

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The snapshot cannot be used.
    #[error(transparent)]
    Snapshot(#[from] snapshot::Error),
    /// An input cannot be used.
    #[error(transparent)]
    Input(#[from] input::Error),
    /// A file of Okta cannot be used.
    #[error(transparent)]
    Okta(#[from] okta::Error),
    /// A file of Okta, or the map to its attributes, cannot be used.
    #[error(transparent)]
    ProfileSource(#[from] profile_source::Error),
    /// The file of the Okta app cannot be used.
    #[error(transparent)]
    App(#[from] okta::AppError),
    /// The integration user that is named is not in the snapshot.
    #[error(
        "the integration user '{0}' is not among the users of the snapshot; check the spelling, or pull User again"
    )]
    IntegrationUser(String),
    /// The baseline is of another org.
    #[error(transparent)]
    Baseline(#[from] crate::baseline::Error),
    /// Findings could not be kept until the end of the run.
    #[error("the temporary file for findings cannot be written: {0}")]
    Spool(#[source] std::io::Error),
}

/// A judged run with what it was judged against.
#[derive(Debug)]
pub struct Judged {
    /// The compiled org.
    pub matrix: Matrix,
    /// When and how the snapshot was made.
    pub capture: Capture,
    /// Hash of the snapshot; empty where it was not asked for.
    pub snapshot_sha256: String,
    /// The groups of the run, where its inputs map any.
    pub groups: Option<Arc<Groups>>,
    /// Findings, counts, coverage, seats.
    pub outcome: Outcome,
    /// The options as they were in the end: with the groups, the Okta app and the integration user that were found.
    pub options: Options,
}

/// Judges input files (`-` is stdin) against a snapshot folder; without inputs only the org is judged.
/// `progress` is told how many bytes were judged, from any thread.
///
/// # Errors
/// Whatever makes the run impossible. Problems of rows are findings, not errors.
pub fn check(
    inputs: &[String],
    snapshot: &Path,
    options: &Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Judged, Error> {
    let okta_app = options
        .okta_app
        .as_deref()
        .map(|path| okta::App::read(options.files.real(path)))
        .transpose()?;
    let okta_schema = options.okta_schema.as_deref();
    let okta_schema = okta_schema.map(|path| AppSchema::read(options.files.real(path)));
    let okta_schema = okta_schema.transpose()?;
    let reading = Reading::start(snapshot, options.run.today, options.hash)?;
    let people::People {
        opened,
        groups,
        told,
    } = people::open_all(inputs, reading.org(), options, okta_app.as_ref())?;
    let pushed = opened.iter().flat_map(|(input, _)| &input.pushes);
    let pushed = pushed.map(ToString::to_string).collect();
    let wants = wants::of(
        &opened
            .iter()
            .map(|(input, _)| &input.columns)
            .collect::<Vec<_>>(),
        reading.org(),
        options,
    );
    let loaded = reading.finish(&wants)?;
    let mut options = options.clone();
    options.run.groups = (!groups.all.is_empty()).then(|| Arc::new(groups));
    options.note_age(&loaded.capture);
    options.run.okta_app = okta_app.map(Arc::new);
    options.run.okta_pushed = Arc::new(pushed);
    options.run.okta_told = Arc::new(told);
    let matrix = Matrix::build(loaded.org);
    options.run.okta_schema = okta_schema.map(|schema| Arc::new(OktaSchema::new(schema, &matrix)));
    note_integration_user(&matrix, &mut options)?;
    expect_org(&matrix, &loaded.capture, &options)?;
    let outcome = judge(&matrix, opened, &options, progress)?;
    Ok(Judged {
        matrix,
        capture: loaded.capture,
        snapshot_sha256: loaded.sha256,
        groups: options.run.groups.clone(),
        outcome,
        options,
    })
}

/// Opens the inputs of a finished run once more, in the same order, for those who tell something of every row.
///
/// # Errors
/// They cannot be read any more. Stdin can be read only once: see [`Files`].
pub fn reopen(judged: &Judged, inputs: &[String]) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let (org, options) = (&judged.matrix.org, &judged.options);
    let app = options.run.okta_app.as_deref();
    Ok(people::open_all(inputs, org, options, app)?.opened)
}

/// Refuses the baseline of another org.
fn expect_org(m: &Matrix, capture: &Capture, options: &Options) -> Result<(), Error> {
    let Some(baseline) = &options.baseline else {
        return Ok(());
    };
    let organization = m.org.organization.as_ref().map(|row| row.id);
    let org = capture.org_id.or(organization).map(SfId::text);
    Ok(baseline.expect_org(org.as_deref())?)
}

/// Finds the integration user: the one that is named, else that of the manifest.
fn note_integration_user(m: &Matrix, options: &mut Options) -> Result<(), Error> {
    let find = |name: &str| m.org.users.by_login(key_of_folded(name.trim()));
    let run = &mut options.run;
    if let Some(name) = &options.integration_user {
        run.integration_user = find(name);
        run.named_user = Some(name.clone());
        // A preflight says so as a finding; nobody is found where users were not pulled.
        let wrong = run.integration_user.is_none() && m.org.coverage.has("User");
        if wrong && run.command != Command::Preflight {
            return Err(Error::IntegrationUser(name.clone()));
        }
        return Ok(());
    }
    let pulled = &m.org.pulled;
    // Who pulled may be a mere reader: only a preflight takes that user for the one that Okta logs in with.
    let reader = pulled
        .user
        .as_ref()
        .filter(|_| run.command == Command::Preflight);
    run.named_user = pulled.integration_user.as_ref().or(reader).cloned();
    run.integration_user = run.named_user.as_deref().and_then(find);
    Ok(())
}

fn judge(
    m: &Matrix,
    inputs: Vec<(Input, InputBlocks)>,
    options: &Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Outcome, Error> {
    let seats = SeatIndex::new(m);
    let exempt = Exemptions::new(options.waivers.clone(), options.baseline.clone());
    let exempt = Arc::new(exempt);
    let ledger = open(m, &options.run);
    let mut merger = Merger::new(ledger, Counted::new(m), Arc::clone(&exempt));
    let mut whole = Plan::default();
    let mut reports = Vec::new();
    if inputs.is_empty() {
        whole = Plan::new(m, None, options);
    }
    for (input, blocks) in inputs {
        let mut plan = Plan::new(m, Some(&input.columns), options);
        let not_compared = wants::not_compared(m, &input.columns, options);
        plan.note(["profile-silent-change", "okta-null-push"], not_compared);
        let first_row = merger.rows();
        let engine = Engine {
            m,
            options,
            plan: &plan,
            seats: &seats,
            input: &input,
            exempt: &exempt,
            progress,
        };
        let styles = engine.run(blocks, &mut merger)?;
        whole.add(plan);
        whole.coverage.extend(open_ends::of_plan(&input));
        reports.push(InputReport::new(input, styles, first_row, merger.rows()));
    }
    InputReport::count_parts(&mut reports);
    whole.coverage.extend(open_ends::of_run(&options.run));
    finish(m, options, whole, merger, reports)
}
