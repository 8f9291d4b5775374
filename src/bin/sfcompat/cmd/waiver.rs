//! `sfcompat waiver`

use super::exempt::waiver_file;
use super::{Error, configuration, judge, snapshot};
use crate::args::{
    ExemptArgs, JudgeArgs, WaiverAddArgs, WaiverArgs, WaiverCommand, WaiverFileArgs, WaiverFormat,
    WaiverListArgs, WaiverPruneArgs, WaiverRenewArgs,
};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::config::Config;
use sfcompat::report::{Target, waivers as list};
use sfcompat::rules::Command;
use sfcompat::waivers::{self, Draft, Entry, Waivers};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Days in which an end is soon where the configuration does not say it.
const SOON: i64 = 30;

pub(crate) fn run(args: WaiverArgs, env: &mut Env) -> Result<Exit, Error> {
    let config = configuration(env)?;
    match args.command {
        WaiverCommand::Add(args) => add(*args, &config, env),
        WaiverCommand::List(args) => show(&args, &config, env),
        WaiverCommand::Prune(args) => prune(*args, &config, env),
        WaiverCommand::Renew(args) => renew(&args, &config, env),
    }
}

/// The file, its text, and its entries; a file that is not there has none.
struct Book {
    path: PathBuf,
    text: String,
    waivers: Waivers,
}

fn open(args: &WaiverFileArgs, config: &Config, env: &Env) -> Result<Book, Error> {
    let (path, _) = waiver_file(args, config, env);
    let path = path.unwrap_or_else(|| PathBuf::from(waivers::FILE));
    let text = match waivers::text(&path, &env.folder) {
        Err(waivers::Error::Missing(_)) => String::new(),
        other => other?,
    };
    let waivers = Waivers::parse(&text, &path, &config.waiver_policy, env.today())?;
    Ok(Book {
        path,
        text,
        waivers,
    })
}

fn show(args: &WaiverListArgs, config: &Config, env: &mut Env) -> Result<Exit, Error> {
    let book = open(&args.file, config, env)?;
    let soon = config.expiring_within.unwrap_or(SOON);
    let lines = list::lines(&book.waivers, env.today(), soon);
    match args.format {
        WaiverFormat::Table => list::write_table(&lines, &mut env.out, env.width),
        WaiverFormat::Json => list::write_json(&lines, &mut env.out),
    }
    .map_err(Error::Stdout)?;
    let of = |state: &str| lines.waivers.iter().filter(|w| w.state == state).count();
    Ok(Exit::Clean(format!(
        "{} waivers: {} end soon, {} expired, {} invalid",
        lines.waivers.len(),
        of("ends-soon"),
        of("expired"),
        of("invalid")
    )))
}

fn add(args: WaiverAddArgs, config: &Config, env: &mut Env) -> Result<Exit, Error> {
    let book = open(&args.file, config, env)?;
    let selectors = [
        ("user", args.user),
        ("value", args.value),
        ("subject", args.subject),
        ("column", args.column),
        ("input", args.input),
        ("license", args.license),
    ];
    let draft = Draft {
        rule: args.rule,
        selectors: selectors
            .into_iter()
            .filter_map(|(name, pattern)| Some((name.to_owned(), pattern?)))
            .collect(),
        reason: args.reason,
        owner: args.owner,
        ticket: args.ticket,
        expires: args.expires,
    };
    let text = waivers::add(&book.text, &draft, env.today())?;
    let entry = keep(&book.path, &text, None, config, env)?;
    written(&book.path, &format!("added: {}", entry.label()), env)
}

fn renew(args: &WaiverRenewArgs, config: &Config, env: &mut Env) -> Result<Exit, Error> {
    let book = open(&args.file, config, env)?;
    let (number, reason) = (args.number, args.reason.as_deref());
    let text = waivers::renew(&book.text, number, args.expires, reason, env.today())?;
    let entry = keep(&book.path, &text, Some(number), config, env)?;
    let label = entry.label();
    written(
        &book.path,
        &format!("renewed until {}: {label}", args.expires),
        env,
    )
}

fn prune(args: WaiverPruneArgs, config: &Config, env: &mut Env) -> Result<Exit, Error> {
    let book = open(&args.file, config, env)?;
    let today = env.today();
    let Some(unused) = unused(args, &book.path, config, env)? else {
        return Ok(Exit::Incomplete(String::from(
            "incomplete evidence: what could not be judged may need a waiver: nothing was taken out",
        )));
    };
    // An entry that is broken may end on another day than its author meant: people look at it.
    let ended = |entry: &Entry| entry.problems.is_empty() && entry.has_ended(today);
    let gone = |entry: &Entry| ended(entry) || unused.contains(&entry.line);
    let all = book.waivers.entries.iter().zip(1_usize..);
    let numbers = all
        .filter(|(entry, _)| gone(entry))
        .map(|(_, n)| n)
        .collect();
    let text = waivers::prune(&book.text, &numbers)?;
    if !numbers.is_empty() {
        write(&book.path, &text, env)?;
    }
    for entry in book.waivers.entries.iter().filter(|entry| gone(entry)) {
        writeln!(env.out, "removed: {}", entry.label().escape_debug()).map_err(Error::Stdout)?;
    }
    let count = numbers.len();
    Ok(Exit::Clean(format!(
        "{count} waivers taken out of {}",
        book.path.display()
    )))
}

/// Lines of the waivers that match no finding of the check that is asked for; `None`: it could not judge everything.
fn unused(
    args: WaiverPruneArgs,
    path: &Path,
    config: &Config,
    env: &mut Env,
) -> Result<Option<BTreeSet<usize>>, Error> {
    if args.unused.is_empty() {
        return Ok(Some(BTreeSet::new()));
    }
    let judge_args = JudgeArgs {
        exempt: ExemptArgs {
            file: WaiverFileArgs {
                waivers: Some(path.to_owned()),
            },
            ..ExemptArgs::default()
        },
        ..JudgeArgs::default()
    };
    let mut options =
        judge::options_without_baseline(args.run, &judge_args, Command::Check, config, env)?;
    args.beside.set(&mut options);
    let snapshot = snapshot(&args.snapshot, &args.unused, config, env)?;
    let judged = judge::judged(&args.unused, &snapshot, &options, env)?;
    if judged.outcome.is_incomplete() {
        return Ok(None);
    }
    let unused = judged.outcome.unused_waivers();
    Ok(Some(unused.into_iter().map(|entry| entry.line).collect()))
}

/// Writes a text whose new waiver (the last one, or that with a number) is a good one.
fn keep(
    path: &Path,
    text: &str,
    number: Option<usize>,
    config: &Config,
    env: &Env,
) -> Result<Entry, Error> {
    let read = Waivers::parse(text, path, &config.waiver_policy, env.today())?;
    let place = number.unwrap_or(read.entries.len()).saturating_sub(1);
    let entry = read.entries.get(place).cloned().unwrap_or_default();
    let mut problems = entry.problems.clone();
    if entry.has_ended(env.today()) {
        problems.push(String::from("it ends before today"));
    }
    if !problems.is_empty() {
        return Err(waivers::Error::Refused(problems).into());
    }
    write(path, text, env)?;
    Ok(entry)
}

fn write(path: &Path, text: &str, env: &Env) -> Result<(), Error> {
    let target = Target::file(&env.folder.join(path))?;
    Ok(target.write(|out| Ok(out.write_all(text.as_bytes())?))?)
}

fn written(path: &Path, what: &str, env: &mut Env) -> Result<Exit, Error> {
    writeln!(env.out, "{}", what.escape_debug()).map_err(Error::Stdout)?;
    Ok(Exit::Clean(format!("{} written", path.display())))
}
