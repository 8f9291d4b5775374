//! `sfcompat explain`

use super::{Error, configuration, judge, snapshot};
use crate::args::{ExplainArgs, ExplainFormat, JudgeArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::explain::{self, Against, Answer, Log};
use sfcompat::report::Format;
use sfcompat::report::backtest;
use sfcompat::report::explain::{Told, write};
use sfcompat::report::rules as pages;
use sfcompat::rules::{self, Command, Rule};
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
    if !env.quiet && !log.is_one_text() {
        // Whoever closed stderr does not want to read it.
        let _ = writeln!(env.err, "sfcompat: {}", log.told());
    }
    let mut answers: Vec<Answer> = log.messages.iter().flat_map(explain::explain).collect();
    if args.snapshot.snapshot.is_none() && args.snapshot.org.is_none() && args.inputs.is_empty() {
        return answered(&log, &answers, args, env);
    }
    let config = configuration(env)?;
    let judge = JudgeArgs::default();
    let options = judge::options(args.run.clone(), &judge, Command::Check, &config, env)?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, &config, env)?;
    let against = Against {
        snapshot: &snapshot,
        inputs: &args.inputs,
        options: &options,
    };
    let predictions = explain::join(&mut answers, &against)?;
    if args.log.is_none() || args.inputs.is_empty() {
        return answered(&log, &answers, args, env);
    }
    let result = explain::backtest(&log, &answers, &predictions);
    backtest::write(format(args.format), &mut env.out, &result, env.width)?;
    Ok(Exit::Clean(backtest::counts(&result)))
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
