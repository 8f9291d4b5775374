//! `check --evidence`, `sfcompat verify` and `sfcompat reperform`

mod again;

pub(crate) use again::reperform;

use super::source::Source;
use super::{Error, answer, judge, of_check};
use crate::args::{CheckArgs, VerifyArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::check::{Judged, Options};
use sfcompat::config::Config;
use sfcompat::evidence::{self, Circumstances, Done, Pack, Role, Work};
use sfcompat::report::redact::{Key, Redactor, reveal};
use sfcompat::report::{self, Listing};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How a command ends whose evidence cannot be written or looked at.
pub(super) fn exit(error: &evidence::Error, reason: String) -> Exit {
    match error {
        evidence::Error::Occupied { .. } => Exit::Usage(reason),
        evidence::Error::Report(report::Error::ClosedPipe) => Exit::ClosedPipe,
        evidence::Error::Write { .. } | evidence::Error::Report(_) => Exit::Output(reason),
        evidence::Error::Check(error) => of_check(error, reason),
        evidence::Error::Read { .. }
        | evidence::Error::Changed { .. }
        | evidence::Error::NoEvidence { .. }
        | evidence::Error::Lacking { .. }
        | evidence::Error::Snapshot(_) => Exit::Input(reason),
    }
}

/// Begins the folder, where one is wanted: nobody waits an hour for a folder that cannot be written.
pub(super) fn begin(args: &CheckArgs, redacted: bool) -> Result<Option<Pack>, Error> {
    let pack = args.evidence.as_deref();
    Ok(pack.map(|dir| Pack::begin(dir, redacted)).transpose()?)
}

/// A check whose evidence is written.
pub(super) struct Run<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) config: &'a Config,
    pub(super) key: Option<Key>,
}

impl Run<'_> {
    /// Files beside the inputs that the run depends on, as they are shown.
    fn settings(&self, options: &Options) -> Vec<String> {
        let exempt = &self.args.judge.exempt;
        let baseline = exempt.baseline.as_ref().or(self.config.baseline.as_ref());
        let files = [
            self.config.file.as_deref(),
            options.okta_app.as_deref(),
            options
                .okta_groups
                .as_deref()
                .filter(|_| options.members.is_some()),
            options.members.as_deref(),
            options.okta_users.as_deref(),
            options.okta_schema.as_deref(),
            options
                .waivers
                .as_deref()
                .map(|waivers| waivers.file.as_path()),
            options
                .baseline
                .as_ref()
                .and(baseline)
                .map(PathBuf::as_path),
        ];
        files
            .into_iter()
            .flatten()
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    /// Judges copies of inputs and snapshot.
    fn judge(
        &self,
        pack: &mut Pack,
        options: &mut Options,
        snapshot: &Path,
        real: &dyn Fn(&str) -> PathBuf,
        env: &mut Env,
    ) -> Result<(Judged, Option<Redactor>), Error> {
        let copy = pack.carry_snapshot(snapshot)?;
        for shown in &self.args.inputs {
            let copy = pack.carry(Role::Input, shown, &real(shown))?;
            options.files.insert(shown, copy);
        }
        for shown in self.settings(options) {
            pack.carry(Role::Setting, &shown, &real(&shown))?;
        }
        options.hash = true;
        let judged = judge::judged_from(&self.args.inputs, (&copy, snapshot), options, env)?;
        let redactor = self.key.clone().map(|key| Redactor::new(key, &copy));
        let redactor = redactor.transpose().map_err(evidence::Error::Snapshot)?;
        Ok((judged, redactor))
    }

    fn finish(
        &self,
        pack: Pack,
        judged: &Judged,
        redactor: Option<&Redactor>,
        circumstances: &Circumstances,
    ) -> Result<Done, Error> {
        Ok(pack.finish(&Work {
            judged,
            inputs: &self.args.inputs,
            redactor,
            sensitive: &self.config.sensitive_permissions,
            circumstances,
        })?)
    }
}

/// Judges, and writes the evidence.
pub(super) fn write(
    mut pack: Pack,
    run: &Run<'_>,
    options: &mut Options,
    snapshot: &Source,
    env: &mut Env,
) -> Result<(Judged, Option<Redactor>, Done), Error> {
    let here = |shown: &str| PathBuf::from(shown);
    let (judged, redactor) = run.judge(&mut pack, options, snapshot, &here, env)?;
    if redactor.is_none() {
        // Only says that nobody is replaced, where that matters.
        answer::redactor(&run.args.report, snapshot, run.config, env)?;
    }
    // Settings were read where they lie, so that errors name them.
    for shown in run.settings(options) {
        pack.unchanged(&shown)?;
    }
    let config = run.config.file.as_ref();
    let circumstances = Circumstances {
        config: config.map(|file| file.to_string_lossy().into_owned()),
        origin: snapshot.origin().cloned(),
        ..env.circumstances(run.args.ticket.clone())
    };
    let done = run.finish(pack, &judged, redactor.as_ref(), &circumstances)?;
    Ok((judged, redactor, done))
}

/// Says where the evidence is, and by what it is known. Totals that do not agree are incomplete evidence.
pub(super) fn told(dir: &Path, done: &Done, exit: Exit, env: &mut Env) -> Exit {
    // Whoever closed stderr does not want to read it.
    let _ = writeln!(
        env.err,
        "sfcompat: evidence: {} (SHA-256 of {}: {})",
        dir.display(),
        evidence::SUMS,
        done.sums_sha256
    );
    match (done.apart.first(), &exit) {
        (Some(first), Exit::Clean(_)) => Exit::Incomplete(format!(
            "incomplete evidence: control totals do not agree: {first}"
        )),
        _ => exit,
    }
}

/// `sfcompat verify`
pub(crate) fn verify(args: &VerifyArgs, env: &mut Env) -> Result<Exit, Error> {
    let verified = evidence::verify(&args.dir)?;
    for difference in &verified.differences {
        line(env, &difference.file, &difference.what)?;
    }
    if !verified.differences.is_empty() {
        let count = verified.differences.len();
        return Ok(Exit::Findings(format!(
            "{}: {count} difference{}",
            args.dir.display(),
            if count == 1 { "" } else { "s" }
        )));
    }
    let unknown = revealed(args, env)?;
    if unknown > 0 {
        return Ok(Exit::Findings(format!(
            "{unknown} of the pseudonyms are nobody of the snapshot and the inputs under this key"
        )));
    }
    Ok(Exit::Clean(format!(
        "{}: {} files and {} control totals are as they were written (SHA-256 of {}: {})",
        args.dir.display(),
        verified.files,
        verified.totals,
        evidence::SUMS,
        verified.sums_sha256.unwrap_or_default()
    )))
}

/// One difference. Names of files are not trusted: anybody can have put one there.
fn line(env: &mut Env, file: &str, what: &str) -> Result<(), Error> {
    let clean = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c })
            .collect()
    };
    writeln!(env.out, "{}: {}", clean(file), clean(what)).map_err(Error::Stdout)
}

/// Prints who pseudonyms are. Says how many are nobody.
fn revealed(args: &VerifyArgs, env: &mut Env) -> Result<usize, Error> {
    let (Some(path), false) = (&args.redact, args.reveal.is_empty()) else {
        return Ok(0);
    };
    if args.snapshot.is_none() && args.inputs.is_empty() {
        return Err(Error::usage(
            "--reveal computes pseudonyms again: say from whom, with --snapshot DIR or --inputs FILE",
        ));
    }
    let wanted: BTreeSet<String> = args.reveal.iter().cloned().collect();
    let key = Key::read(path)?;
    let found = reveal(&key, &wanted, args.snapshot.as_deref(), &args.inputs)
        .map_err(evidence::Error::Snapshot)?;
    let mut list = Listing::new(&["pseudonym", "username"]);
    for pseudonym in &wanted {
        let names = found.get(pseudonym).cloned().unwrap_or_default();
        let names: Vec<String> = names.into_iter().collect();
        list.push(vec![pseudonym.clone(), names.join("; ")]);
    }
    list.write_csv(&mut env.out).map_err(Error::Stdout)?;
    Ok(wanted.len() - found.len())
}
