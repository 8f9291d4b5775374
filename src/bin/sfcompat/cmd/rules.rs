//! `sfcompat rules`

use super::Error;
use crate::args::{RulesArgs, RulesFormat};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::report::rules;

pub(crate) fn run(args: &RulesArgs, env: &mut Env) -> Result<Exit, Error> {
    let out = &mut env.out;
    match args.format {
        RulesFormat::Table => rules::write_table(out, env.width),
        RulesFormat::Json => rules::write_json(out),
        RulesFormat::Md => rules::write_markdown(out),
    }
    .map_err(Error::Stdout)?;
    Ok(Exit::Clean(String::from("rules listed")))
}
