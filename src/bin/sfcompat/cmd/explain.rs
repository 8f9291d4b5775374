//! `sfcompat explain`

use super::Error;
use crate::args::{ExplainArgs, ExplainFormat};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::explain::{self, Answer, Log};
use sfcompat::report::Format;
use sfcompat::report::explain::{Told, write};
use sfcompat::report::rules as pages;
use sfcompat::rules::{self, Rule};
use std::io::Write;

pub(crate) fn run(args: &ExplainArgs, env: &mut Env) -> Result<Exit, Error> {
    let text = args.text.join(" ");
    let text = text.trim();
    if let Some(rule) = rules::by_name(text) {
        return page(rule, args.format, env);
    }
    let log = match (&args.file, &args.log) {
        (Some(path), _) | (None, Some(path)) => explain::read(path)?,
        (None, None) if text == "-" => explain::read("-")?,
        (None, None) => match explain::rule_answer(text) {
            Some(answer) => return answered(&Log::default(), &[answer], args, env),
            None if explain::is_rule_name(text) => {
                return Err(Error::no_such("rule", text, &rules::nearest_names(text)));
            }
            None => explain::read_text(text)?,
        },
    };
    if !env.quiet {
        // Whoever closed stderr does not want to read it.
        let _ = writeln!(env.err, "sfcompat: {}", log.told());
    }
    let answers: Vec<Answer> = log.messages.iter().flat_map(explain::explain).collect();
    answered(&log, &answers, args, env)
}

fn answered(
    log: &Log,
    answers: &[Answer],
    args: &ExplainArgs,
    env: &mut Env,
) -> Result<Exit, Error> {
    let told = Told { log, answers };
    write(format(args.format), &mut env.out, &told, env.width)?;
    Ok(Exit::Clean(told.counts()))
}

/// The page of a rule.
fn page(rule: &'static Rule, format: ExplainFormat, env: &mut Env) -> Result<Exit, Error> {
    let out = &mut env.out;
    match format {
        ExplainFormat::Table => pages::write_page(out, rule, env.width),
        ExplainFormat::Json => pages::write_page_json(out, rule),
        ExplainFormat::Markdown => pages::write_page_markdown(out, rule),
        ExplainFormat::Jsonl | ExplainFormat::Csv => {
            let answer = explain::page_answer(rule);
            let told = Told {
                log: &Log::default(),
                answers: &[answer],
            };
            write(self::format(format), out, &told, None)?;
            Ok(())
        }
    }
    .map_err(Error::Stdout)?;
    Ok(Exit::Clean(format!("{} explained", rule.name)))
}

fn format(name: ExplainFormat) -> Format {
    match name {
        ExplainFormat::Table => Format::Table,
        ExplainFormat::Json => Format::Json,
        ExplainFormat::Jsonl => Format::Jsonl,
        ExplainFormat::Csv => Format::Csv,
        ExplainFormat::Markdown => Format::Markdown,
    }
}
