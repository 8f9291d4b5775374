//! The `sfcompat` program: arguments in, one library call, streams and an exit code out.

mod args;
mod cmd;
mod env;
mod exit;
mod log;
mod progress;

use args::{Cli, CommandArgs};
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches};
use env::Env;
use exit::Exit;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let exit = match (log::start(std::env::var("SFCOMPAT_LOG").ok()), parse()) {
        (Err(reason), _) => Exit::Usage(reason),
        (Ok(()), Ok((cli, environment))) => run(cli, environment, arguments),
        (Ok(()), Err(error)) => refused(&error),
    };
    if let Some(line) = exit.line() {
        // Nobody can be told that stderr is gone.
        let _ = writeln!(io::stderr(), "{line}");
    }
    ExitCode::from(&exit)
}

/// The command line, and the options of its command that the environment gives.
fn parse() -> Result<(Cli, BTreeMap<String, String>), clap::Error> {
    let matches = Cli::command().try_get_matches()?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))?;
    let (mut of_command, mut command) = (&matches, Cli::command());
    command.build();
    let mut command = &command;
    while let Some((name, inner)) = of_command.subcommand() {
        (of_command, command) = (inner, command.find_subcommand(name).unwrap_or(command));
    }
    // What the parser groups has a name too, and is no option.
    let is_option = |id: &clap::Id| command.get_arguments().any(|arg| arg.get_id() == id);
    let environment = of_command
        .ids()
        .filter(|id| is_option(id))
        .filter(|id| of_command.value_source(id.as_str()) == Some(ValueSource::EnvVariable))
        .map(|id| {
            let given = of_command.get_raw(id.as_str()).into_iter().flatten();
            let given: Vec<_> = given.map(|value| value.to_string_lossy()).collect();
            (id.as_str().to_owned(), given.join(","))
        })
        .collect();
    Ok((cli, environment))
}

fn run(cli: Cli, environment: BTreeMap<String, String>, arguments: Vec<String>) -> Exit {
    let mut env = match Env::new(&cli, environment, arguments) {
        Ok(env) => env,
        Err(reason) => return Exit::Usage(reason),
    };
    let done = match cli.command {
        CommandArgs::Matrix(args) => cmd::matrix::run(&args, &mut env),
        CommandArgs::Diff(args) => cmd::diff::run(&args, &mut env),
        CommandArgs::Explain(args) => cmd::explain::run(&args, &mut env),
        CommandArgs::Pull(args) => cmd::pull::run(args, &mut env),
        CommandArgs::Okta(args) => cmd::okta::run(args, &mut env),
        CommandArgs::Rules(args) => cmd::rules::run(&args, &mut env),
        CommandArgs::Recheck(args) => cmd::recheck::run(&args, &mut env),
        CommandArgs::Waiver(args) => cmd::waiver::run(args, &mut env),
        CommandArgs::Baseline(args) => cmd::baseline::run(args, &mut env),
        CommandArgs::Config(args) => cmd::config::run(&args, &mut env),
        CommandArgs::Generate(args) => cmd::generate::run(&args, &mut env),
        #[cfg(feature = "demo")]
        CommandArgs::Demo(args) => cmd::demo::run(&args, &mut env),
        CommandArgs::Check(args) => cmd::check::run(&args, &mut env),
        CommandArgs::Verify(args) => cmd::evidence::verify(&args, &mut env),
        CommandArgs::Reperform(args) => cmd::evidence::reperform(&args, &mut env),
        CommandArgs::Preflight(args) => cmd::preflight::run(args, &mut env),
        CommandArgs::ImportCheck(args) => cmd::import_check::run(args, &mut env),
        CommandArgs::Seats(args) => cmd::seats::run(args, &mut env),
        CommandArgs::Login(args) => cmd::login::run(args, &mut env),
        CommandArgs::Logout(args) => cmd::login::logout(&args, &mut env),
        CommandArgs::Orgs(args) => cmd::login::orgs(&args, &mut env),
    };
    let done = done.and_then(|exit| {
        env.out.flush().map_err(cmd::Error::Stdout)?;
        Ok(exit)
    });
    match done {
        Ok(exit) => exit,
        Err(error) => {
            let exit = error.exit();
            if exit.line().is_some() {
                // Details of an error stand above the last line, where they are more than it says.
                for hint in error.hints() {
                    let _ = writeln!(env.err, "{hint}");
                }
            }
            exit
        }
    }
}

/// Help and version go to stdout and are no failure; anything else is wrong usage.
fn refused(error: &clap::Error) -> Exit {
    let printed = error.print();
    if error.use_stderr() {
        let first = error.to_string();
        let first = first.lines().next().unwrap_or_default();
        return Exit::Usage(first.strip_prefix("error: ").unwrap_or("usage").to_owned());
    }
    match printed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::ClosedPipe,
        Err(error) => Exit::Output(format!("stdout: {error}")),
        Ok(()) => Exit::Shown,
    }
}
