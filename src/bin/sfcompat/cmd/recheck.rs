//! `sfcompat recheck`, and the plan that `check --save-plan` writes for it.

use super::{Error, configuration, judge, snapshot};
use crate::args::{JudgeArgs, RecheckArgs, RecheckFormat, RunArgs};
use crate::env::Env;
use crate::exit::Exit;
use jiff::civil::Date;
use sfcompat::approval::{Bound, File, Occasion, Plan, Slot, bind, compare, file_hash};
use sfcompat::check::{self, Judged, Options};
use sfcompat::report::Error as ReportError;
use sfcompat::report::recheck::{Document, write_json, write_table};
use sfcompat::report::summary::OrgInfo;
use sfcompat::rules::Command;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &RecheckArgs, env: &mut Env) -> Result<Exit, Error> {
    let plan = Plan::read(&args.plan, &env.folder)?;
    let window = window(args.change_window, plan.day.parse().ok(), env)?;
    let config = configuration(env)?;
    let run = RunArgs {
        max_age: args.max_age,
        ..RunArgs::default()
    };
    // No rule is asked: what the plan holds is compared.
    let judge = JudgeArgs::default();
    let mut options = judge::options_without_baseline(run, &judge, Command::Check, &config, env)?;
    options.run.today = window;
    let source = snapshot(&args.snapshot, &[], &config, env)?;
    let loaded = check::load(&source, &options, plan.has_contacts()).map_err(|source_error| {
        Error::Snapshot {
            dir: source.to_path_buf(),
            source: Box::new(source_error),
        }
    })?;
    let org = OrgInfo::of(&loaded.matrix, &loaded.capture, &loaded.snapshot_sha256);
    let when = Occasion {
        today: env.today(),
        window,
        folder: &env.folder,
    };
    let mut compared = compare(&plan, &loaded.matrix, org.id.as_deref(), &options.run, when)?;
    compared.doubt(&plan, loaded.doubts);
    let path = args.plan.display().to_string();
    let run_and_org = (judge::run_info(env), org);
    let document = Document::new(run_and_org, (&path, &plan), window.to_string(), compared);
    match args.format {
        RecheckFormat::Table => write_table(&document, &mut env.out, env.width),
        RecheckFormat::Json => write_json(&document, &mut env.out),
    }
    .map_err(Error::Stdout)?;
    let (changes, undecided) = (document.changes.len(), document.undecided.len());
    Ok(match (changes, undecided) {
        (0, 0) => Exit::Clean(String::from("nothing that mattered has changed")),
        (0, _) => Exit::Incomplete(format!("{undecided} facts that mattered cannot be told")),
        _ => Exit::Findings(format!(
            "{changes} changes of what mattered since the approval"
        )),
    })
}

/// The day of the push: the one given, that of the plan if it is still to come, or today.
pub(super) fn window(given: Option<Date>, plan: Option<Date>, env: &Env) -> Result<Date, Error> {
    let today = env.today();
    match given {
        Some(day) if day < today => Err(Error::usage(format!(
            "--change-window {day} is before today ({today})"
        ))),
        Some(day) => Ok(day),
        None => Ok(plan.filter(|day| *day > today).unwrap_or(today)),
    }
}

/// The place of a plan, opened before the work starts.
pub(super) struct PlanFile {
    slot: Slot,
    path: PathBuf,
}

/// Opens the place of a plan, where one is wanted.
pub(super) fn slot(path: Option<&Path>, env: &Env) -> Result<Option<PlanFile>, Error> {
    let open = |path: &Path| {
        let slot = Slot::open(&env.folder.join(path)).map_err(|source| unwritten(path, source))?;
        Ok(PlanFile {
            slot,
            path: path.to_owned(),
        })
    };
    path.map(open).transpose()
}

fn unwritten(path: &Path, source: std::io::Error) -> Error {
    Error::Report(ReportError::Target {
        path: path.to_owned(),
        source,
    })
}

impl PlanFile {
    /// Writes the plan of a judged run.
    pub(super) fn save(
        self,
        judged: &Judged,
        options: &Options,
        config: Option<&Path>,
        exit: &Exit,
        env: &Env,
    ) -> Result<(), Error> {
        let waivers = options.waivers.as_ref();
        let baseline = options.baseline.as_ref();
        let named = [
            ("configuration", config),
            ("waivers", waivers.map(|waivers| waivers.file.as_path())),
            ("baseline", baseline.map(|baseline| baseline.file.as_path())),
        ];
        let files = named.into_iter().filter_map(|(role, path)| {
            let path = path?;
            Some(File {
                role: role.to_owned(),
                path: path.display().to_string(),
                sha256: file_hash(&env.folder.join(path))?,
            })
        });
        let bound = Bound {
            created: env.now.to_string(),
            day: options.run.today,
            exit: (exit.code(), exit.line().unwrap_or_default()),
            files: files.collect(),
        };
        let plan = bind(judged, bound);
        self.slot
            .write(&plan)
            .map_err(|source| unwritten(&self.path, source))
    }
}
