//! `sfcompat generate`

use super::Error;
use crate::args::{Cli, GenerateArgs, GenerateCommand, ManArgs, SchemaArgs, ShellName};
use crate::env::Env;
use crate::exit::Exit;
use clap::CommandFactory;
use clap_complete::Shell;
use sfcompat::report::schema::{SCHEMAS, by_name};
use sfcompat::report::{Error as ReportError, Listing, Target};
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn run(args: &GenerateArgs, env: &mut Env) -> Result<Exit, Error> {
    match &args.what {
        GenerateCommand::Man(args) => man(args, env),
        GenerateCommand::Completions(args) => {
            let text = completions(args.shell);
            env.out.write_all(&text).map_err(Error::Stdout)?;
            Ok(Exit::Clean(String::from("completions printed")))
        }
        GenerateCommand::Schema(args) => schema(args, env),
    }
}

/// The pages by their names: the program, and each of its commands.
fn pages() -> Vec<(String, clap::Command)> {
    let mut whole = Cli::command();
    whole.build();
    let mut pages = vec![(whole.get_name().to_owned(), whole.clone())];
    add_pages(&whole, whole.get_name(), &mut pages);
    pages
}

fn add_pages(above: &clap::Command, name: &str, pages: &mut Vec<(String, clap::Command)>) {
    for command in above
        .get_subcommands()
        .filter(|one| one.get_name() != "help" && !one.is_hide_set())
    {
        let name = format!("{name}-{}", command.get_name());
        pages.push((name.clone(), command.clone().display_name(name.clone())));
        add_pages(command, &name, pages);
    }
}

fn render(command: clap::Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(text)
}

fn man(args: &ManArgs, env: &mut Env) -> Result<Exit, Error> {
    let pages = pages();
    if let Some(folder) = &args.output_dir {
        let count = pages.len();
        for (name, command) in pages {
            let text = render(command).map_err(Error::Stdout)?;
            put(folder, &format!("{name}.1"), &text)?;
        }
        return Ok(Exit::Clean(format!("{count} manual pages written")));
    }
    let wanted = match &args.command {
        None => String::from("sfcompat"),
        Some(command) => format!("sfcompat-{command}"),
    };
    let Some((_, command)) = pages.into_iter().find(|(name, _)| *name == wanted) else {
        let command = args.command.as_deref().unwrap_or_default();
        return Err(Error::no_such("command", command, &[]));
    };
    let text = render(command).map_err(Error::Stdout)?;
    env.out.write_all(&text).map_err(Error::Stdout)?;
    Ok(Exit::Clean(String::from("manual page printed")))
}

fn completions(shell: ShellName) -> Vec<u8> {
    let (mut command, mut text) = (Cli::command(), Vec::new());
    let mut generate = |shell| clap_complete::generate(shell, &mut command, "sfcompat", &mut text);
    match shell {
        ShellName::Bash => generate(Shell::Bash),
        ShellName::Elvish => generate(Shell::Elvish),
        ShellName::Fish => generate(Shell::Fish),
        ShellName::PowerShell => generate(Shell::PowerShell),
        ShellName::Zsh => generate(Shell::Zsh),
        ShellName::Nushell => {
            let nushell = clap_complete_nushell::Nushell;
            clap_complete::generate(nushell, &mut command, "sfcompat", &mut text);
        }
    }
    text
}

fn schema(args: &SchemaArgs, env: &mut Env) -> Result<Exit, Error> {
    if let Some(folder) = &args.output_dir {
        for schema in SCHEMAS {
            put(
                folder,
                &format!("{}.json", schema.name),
                schema.text.as_bytes(),
            )?;
        }
        return Ok(Exit::Clean(format!("{} schemas written", SCHEMAS.len())));
    }
    let Some(name) = &args.name else {
        let mut list = Listing::new(&["schema", "of"]);
        for schema in SCHEMAS {
            list.push(vec![schema.name.to_owned(), schema.about.to_owned()]);
        }
        list.write_table(&mut env.out, env.width)
            .map_err(Error::Stdout)?;
        return Ok(Exit::Clean(String::from("schemas listed")));
    };
    let names: Vec<String> = SCHEMAS
        .iter()
        .map(|schema| schema.name.to_owned())
        .collect();
    let schema = by_name(name).ok_or_else(|| Error::no_such("schema", name, &names))?;
    env.out
        .write_all(schema.text.as_bytes())
        .map_err(Error::Stdout)?;
    Ok(Exit::Clean(String::from("schema printed")))
}

/// Puts a file into a folder, which is made if it is not there.
fn put(folder: &Path, name: &str, text: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    std::fs::create_dir_all(folder).map_err(|source| ReportError::Target {
        path: path.clone(),
        source,
    })?;
    Target::file(&path)?.write(|out| Ok(out.write_all(text)?))?;
    Ok(())
}
