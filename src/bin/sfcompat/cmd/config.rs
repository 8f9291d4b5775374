//! `sfcompat config`

use super::{Error, configuration};
use crate::args::{ConfigArgs, ConfigCommand, ShowArgs};
use crate::env::Env;
use crate::exit::Exit;
use clap::ValueEnum;
use sfcompat::config::{Override, show};

pub(crate) fn run(args: &ConfigArgs, env: &mut Env) -> Result<Exit, Error> {
    let ConfigCommand::Show(args) = &args.command;
    let config = configuration(env)?;
    let overrides = overrides(args, env)?;
    show(&mut env.out, &config, &overrides, args.origin).map_err(Error::Stdout)?;
    Ok(Exit::Clean(String::from("configuration printed")))
}

/// What the command line and the environment say, key by key.
fn overrides(args: &ShowArgs, env: &Env) -> Result<Vec<Override>, Error> {
    let run = &args.run;
    let text = |text: String| toml::Value::String(text);
    let threads = run
        .threads
        .map(|threads| i64::try_from(threads).map(toml::Value::Integer))
        .transpose()
        .map_err(|_| Error::usage("--threads is too large"))?;
    let snapshot = args.snapshot.snapshot.as_ref();
    let given = [
        (
            "source",
            "snapshot",
            "snapshot",
            snapshot.map(|dir| text(dir.display().to_string())),
        ),
        (
            "check",
            "fail_on",
            "fail_on",
            args.fail_on.fail_on.as_ref().and_then(word),
        ),
        (
            "check",
            "max_age",
            "max_age",
            run.max_age.map(|age| text(age.to_string())),
        ),
        (
            "check",
            "permission_sets",
            "permission_sets",
            run.permission_sets.as_ref().and_then(word),
        ),
        ("check", "threads", "threads", threads),
        (
            "check",
            "null_values",
            "null_values",
            run.null_values.as_ref().and_then(word),
        ),
        (
            "integration_user",
            "username",
            "integration_user",
            run.integration_user.clone().map(text),
        ),
    ];
    let given = given.into_iter();
    Ok(given
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

/// A value of an option as it is written.
fn word(value: &impl ValueEnum) -> Option<toml::Value> {
    let word = value.to_possible_value()?;
    Some(toml::Value::String(word.get_name().to_owned()))
}
