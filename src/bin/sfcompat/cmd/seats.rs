//! `sfcompat seats`

use super::targets::Targets;
use super::{Error, configuration, judge, snapshot};
use crate::args::{SeatsArgs, SeatsFormat};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::finding::Severity;
use sfcompat::report::seats::{Document, SCHEMA, write};
use sfcompat::report::summary::Head;
use sfcompat::report::{Format, View, seat_lines};
use sfcompat::rules::Command;

pub(crate) fn run(args: SeatsArgs, env: &mut Env) -> Result<Exit, Error> {
    let targets = Targets::open(&args.output, args.format)?;
    let config = configuration(env)?;
    let options = judge::options(args.run, &args.judge, Command::Seats, &config, env)?;
    let snapshot = snapshot(&args.snapshot, &args.inputs, &config, env)?;
    let judged = judge::judged(&args.inputs, &snapshot, &options, env)?;
    let head = Head::of(judge::run_info(env), &judged);
    let document = Document {
        schema: SCHEMA.to_owned(),
        run: head.run,
        org: head.org,
        inputs: head.inputs,
        seats: seat_lines(&judged.outcome),
    };
    let color = env.color;
    targets.write(env, |format, out, width| {
        let view = View {
            max_findings: None,
            min_severity: Severity::Notice,
            width,
            color: color && width.is_some(),
            quote: &|_, _| Vec::new(),
        };
        let format = match format {
            SeatsFormat::Table => Format::Table,
            SeatsFormat::Json => Format::Json,
            SeatsFormat::Csv => Format::Csv,
            SeatsFormat::Markdown => Format::Markdown,
        };
        write(format, out, &document, &view)
    })?;
    Ok(judge::exit(&judged.outcome, &args.judge, &config))
}
