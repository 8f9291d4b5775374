//! `sfcompat reperform`: the recorded command is read as it was read then, over the files of the folder.

use super::super::{Error, check};
use super::Run;
use crate::args::{CheckArgs, Cli, CommandArgs, ReperformArgs};
use crate::env::Env;
use crate::exit::Exit;
use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches};
use sfcompat::check::Files;
use sfcompat::config::Config;
use sfcompat::evidence::{self, Original, Pack, Recorded};
use sfcompat::report::redact::Key;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Derives everything again, and compares.
pub(crate) fn reperform(args: &ReperformArgs, env: &mut Env) -> Result<Exit, Error> {
    let recorded = evidence::recorded(&args.dir)?;
    let key = key(args, &recorded)?;
    let snapshot = snapshot(args, &recorded)?;
    let places = places(&recorded)?;
    let run = args_of(&recorded)?;
    let config = config(&recorded, &places)?;
    let now = env.now;
    env.now = recorded
        .manifest
        .when
        .started
        .parse()
        .map_err(|_| recorded.lacking("when it started cannot be read"))?;
    let mut files = Files::default();
    for (shown, real) in &places {
        files.insert(shown, real.clone());
    }
    env.recorded = Some(files);
    let done = derive(&recorded, &run, (&config, key), &snapshot, &places, env);
    env.now = now;
    env.recorded = None;
    let again = done?;
    note_versions(&recorded, env);
    let differences = evidence::compare(&args.dir, &again.path().join(AGAIN))?;
    for difference in &differences {
        super::line(env, &difference.file, &difference.what)?;
    }
    Ok(match differences.len() {
        0 => Exit::Clean(format!(
            "{}: every file was derived again, byte for byte",
            args.dir.display()
        )),
        count => Exit::Findings(format!(
            "{}: {count} file{} differ{}",
            args.dir.display(),
            if count == 1 { "" } else { "s" },
            if count == 1 { "s" } else { "" }
        )),
    })
}

/// Name of the folder that is derived.
const AGAIN: &str = "again";

fn derive(
    recorded: &Recorded,
    args: &CheckArgs,
    (config, key): (&Config, Option<Key>),
    snapshot: &Path,
    places: &BTreeMap<String, PathBuf>,
    env: &mut Env,
) -> Result<tempfile::TempDir, Error> {
    let temporary = tempfile::Builder::new()
        .prefix("sfcompat-")
        .tempdir()
        .map_err(Error::Temporary)?;
    let mut pack = Pack::begin(&temporary.path().join(AGAIN), key.is_some())?;
    let mut options = check::options(args, config, env)?;
    for (shown, real) in places {
        options.files.insert(shown, real.clone());
    }
    let run = Run { args, config, key };
    let real = |shown: &str| places.get(shown).cloned().unwrap_or_else(|| shown.into());
    let (judged, redactor) = run.judge(&mut pack, &mut options, snapshot, &real, env)?;
    run.finish(pack, &judged, redactor.as_ref(), &recorded.circumstances())?;
    Ok(temporary)
}

/// The key of a redacted folder.
fn key(args: &ReperformArgs, recorded: &Recorded) -> Result<Option<Key>, Error> {
    let Some(redacted) = &recorded.manifest.redacted else {
        return Ok(None);
    };
    let Some(path) = &args.redact else {
        return Err(recorded
            .lacking("it is redacted and holds no copies: give the key (--redact KEYFILE), the original snapshot (--snapshot DIR), and start from the folder where the inputs lie")
            .into());
    };
    let key = Key::read(path)?;
    if key.name() != redacted.key {
        return Err(recorded
            .lacking(format!(
                "{} is another key than the one with which it was redacted",
                path.display()
            ))
            .into());
    }
    Ok(Some(key))
}

/// The snapshot: that of the folder, or the original.
fn snapshot(args: &ReperformArgs, recorded: &Recorded) -> Result<PathBuf, Error> {
    if let Some(own) = recorded.snapshot() {
        if args.snapshot.is_some() {
            return Err(Error::usage(
                "the folder holds its snapshot: --snapshot is for redacted folders",
            ));
        }
        return Ok(own);
    }
    let Some(given) = &args.snapshot else {
        return Err(recorded
            .lacking(
                "it is redacted and holds no snapshot: give the original one with --snapshot DIR",
            )
            .into());
    };
    recorded.check_snapshot(given)?;
    Ok(given.clone())
}

/// Where inputs and settings lie now.
fn places(recorded: &Recorded) -> Result<BTreeMap<String, PathBuf>, Error> {
    let mut places = BTreeMap::new();
    for original in recorded.originals() {
        let path = match &original.path {
            Some(path) => path.clone(),
            None => found(recorded, &original)?,
        };
        places.insert(original.shown, path);
    }
    Ok(places)
}

/// An original of a redacted folder, where it was.
fn found(recorded: &Recorded, original: &Original) -> Result<PathBuf, Error> {
    let path = PathBuf::from(&original.shown);
    if original.shown == "-" || !path.is_file() {
        return Err(recorded
            .lacking(format!(
                "it is redacted, and {} (SHA-256 {}) is not here: start from the folder where it lies",
                original.shown, original.sha256
            ))
            .into());
    }
    recorded.check(original, &path)?;
    Ok(path)
}

/// The recorded arguments, with what the environment gave then and nothing that it gives now.
fn args_of(recorded: &Recorded) -> Result<CheckArgs, Error> {
    let performing = &recorded.manifest.performing_again;
    let mut words = vec![String::from("sfcompat")];
    let end = performing.command.iter().position(|word| word == "--");
    let (front, back) = performing
        .command
        .split_at_checked(end.unwrap_or(performing.command.len()))
        .unwrap_or_default();
    words.extend(front.iter().cloned());
    let command = without_environment(Cli::command());
    for (name, value) in &performing.environment {
        // These three say how the program behaves, not what it finds.
        if !["quiet", "no_progress", "today"].contains(&name.as_str()) {
            words.extend(word(&command, name, value));
        }
    }
    words.extend(back.iter().cloned());
    let cli = command
        .try_get_matches_from(words)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().to_owned();
            recorded.lacking(format!(
                "its command is not understood by this version: {first}"
            ))
        })?;
    match cli.command {
        CommandArgs::Check(args) => Ok(args),
        _ => Err(recorded.lacking("its command is no check").into()),
    }
}

/// An option that the environment gave, as the command line gives it.
fn word(command: &clap::Command, name: &str, value: &str) -> Option<String> {
    let option = format!("--{}", name.replace('_', "-"));
    let check = command.find_subcommand("check");
    let known = check.and_then(|check| check.get_arguments().find(|arg| arg.get_id() == name))?;
    if known.get_action().takes_values() {
        return Some(format!("{option}={value}"));
    }
    // A switch has no value there; its variable may have said no.
    let off = ["", "n", "no", "f", "false", "off", "0"].contains(&value.to_lowercase().as_str());
    (!off).then_some(option)
}

fn without_environment(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| arg.env(Resettable::Reset))
        .mut_subcommands(without_environment)
}

/// The recorded configuration; relative paths in it begin where they began.
fn config(recorded: &Recorded, places: &BTreeMap<String, PathBuf>) -> Result<Config, Error> {
    let Some(shown) = &recorded.manifest.performing_again.config else {
        return Ok(Config::default());
    };
    let path = places.get(shown).cloned().unwrap_or_else(|| shown.into());
    let text = std::fs::read_to_string(&path).map_err(|source| evidence::Error::Read {
        path: path.clone(),
        source,
    })?;
    Config::parse(&text, Path::new(shown)).map_err(|source| Error::Config {
        problems: source.lines(),
        source,
    })
}

/// Another version may find other things: that is told, and is no difference by itself.
fn note_versions(recorded: &Recorded, env: &mut Env) {
    let then = &recorded.manifest.logic;
    let now = env.circumstances(None);
    let what = if then.version != now.version {
        format!(
            "it was made by sfcompat {}, this is {}: findings may differ for that reason",
            then.version, now.version
        )
    } else if then.binary_sha256 != now.binary_sha256 {
        format!(
            "it was made by another build of sfcompat {} (SHA-256 of the program {}, this one {})",
            then.version,
            then.binary_sha256.as_deref().unwrap_or("not recorded"),
            now.binary_sha256.as_deref().unwrap_or("not known")
        )
    } else {
        return;
    };
    // Whoever closed stderr does not want to read it.
    let _ = writeln!(env.err, "sfcompat: note: {what}");
}
