//! `sfcompat explain`

use super::Error;
use crate::args::{ExplainArgs, ExplainFormat};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::report::rules as pages;
use sfcompat::rules;

pub(crate) fn run(args: &ExplainArgs, env: &mut Env) -> Result<Exit, Error> {
    let name = args.rule.trim();
    let Some(rule) = rules::by_name(name) else {
        return Err(Error::no_such("rule", name, &rules::nearest_names(name)));
    };
    let out = &mut env.out;
    match args.format {
        ExplainFormat::Text => pages::write_page(out, rule, env.width),
        ExplainFormat::Json => pages::write_page_json(out, rule),
        ExplainFormat::Markdown => pages::write_page_markdown(out, rule),
    }
    .map_err(Error::Stdout)?;
    Ok(Exit::Clean(format!("{name} explained")))
}
