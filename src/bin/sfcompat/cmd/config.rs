//! `sfcompat config`

use super::{Error, configuration};
use crate::args::{ConfigArgs, ConfigCommand, ShowArgs};
use crate::env::Env;
use crate::exit::Exit;
use clap::ValueEnum;
use sfcompat::config::{Override, show};
use std::path::PathBuf;

pub(crate) fn run(args: &ConfigArgs, env: &mut Env) -> Result<Exit, Error> {
    let ConfigCommand::Show(args) = &args.command;
    let config = configuration(env)?;
    let overrides = overrides(args, env)?;
    show(&mut env.out, &config, &overrides, args.origin).map_err(Error::Stdout)?;
    Ok(Exit::Clean(String::from("configuration printed")))
}

/// Section, key, option, and the value that the command line or the environment gives it.
type Said = (
    &'static str,
    &'static str,
    &'static str,
    Option<toml::Value>,
);

/// What the command line and the environment say, key by key.
fn overrides(args: &ShowArgs, env: &Env) -> Result<Vec<Override>, Error> {
    let said = places(args).into_iter().chain(limits(args)?);
    Ok(said
        .filter_map(|(section, key, option, value)| {
            Some(Override {
                section,
                key,
                value: value?,
                origin: env.origin(option),
            })
        })
        .collect())
}

/// Files and names.
fn places(args: &ShowArgs) -> [Said; 5] {
    let (source, run) = (&args.snapshot, &args.run);
    let path = |path: &Option<PathBuf>| {
        let path = path.as_ref()?;
        Some(toml::Value::String(path.display().to_string()))
    };
    let text = |text: &Option<String>| text.clone().map(toml::Value::String);
    let user = text(&run.integration_user);
    [
        ("source", "snapshot", "snapshot", path(&source.snapshot)),
        ("source", "metadata", "metadata", path(&source.metadata)),
        ("source", "org", "org", text(&source.org)),
        ("integration_user", "username", "integration_user", user),
        ("okta", "app", "okta_app", path(&run.okta_app)),
    ]
}

/// Meanings and limits.
fn limits(args: &ShowArgs) -> Result<[Said; 5], Error> {
    let run = &args.run;
    let fail_on = args.fail_on.fail_on.as_ref().and_then(word);
    let max_age = run.max_age.map(|age| toml::Value::String(age.to_string()));
    let lists = run.permission_sets.as_ref().and_then(word);
    let nulls = run.null_values.as_ref().and_then(word);
    let threads = run
        .threads
        .map(|threads| i64::try_from(threads).map(toml::Value::Integer))
        .transpose()
        .map_err(|_| Error::usage("--threads is too large"))?;
    Ok([
        ("check", "fail_on", "fail_on", fail_on),
        ("check", "max_age", "max_age", max_age),
        ("check", "permission_sets", "permission_sets", lists),
        ("check", "threads", "threads", threads),
        ("check", "null_values", "null_values", nulls),
    ])
}

/// A value of an option as it is written.
fn word(value: &impl ValueEnum) -> Option<toml::Value> {
    let word = value.to_possible_value()?;
    Some(toml::Value::String(word.get_name().to_owned()))
}
