//! `sfcompat matrix`

use super::targets::Targets;
use super::{Error, configuration, load, snapshot};
use crate::args::{ByName, MatrixArgs, MatrixFormat, Part};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::knowledge::shipped;
use sfcompat::matrix::{By, Chain, ItemKind, Matrix, Thing, View};
use sfcompat::report::{knowledge, matrix};

pub(crate) fn run(args: &MatrixArgs, env: &mut Env) -> Result<Exit, Error> {
    let targets = Targets::open(&args.output, args.format)?;
    if args.knowledge {
        let facts = shipped();
        targets.write(env, |format, out, width| {
            Ok(match format {
                MatrixFormat::Table => knowledge::write_table(out, facts, width),
                MatrixFormat::Json => knowledge::write_json(out, facts),
                MatrixFormat::Csv => knowledge::write_csv(out, facts),
                MatrixFormat::Markdown => knowledge::write_markdown(out, facts),
            }?)
        })?;
        return Ok(Exit::Clean(String::from("shipped facts printed")));
    }
    let folds = |format| matches!(format, MatrixFormat::Csv | MatrixFormat::Markdown);
    if args.why.is_some() && targets.formats().any(folds) {
        return Err(Error::usage("--why is printed as table or json"));
    }
    let dir = snapshot(&args.snapshot, &[], &configuration(env)?, env)?;
    let (m, heading) = load(&dir, env)?;
    if let Some(pair) = &args.why {
        let chains = chains(&m, pair)?;
        targets.write(env, |format, out, _| {
            Ok(match format {
                MatrixFormat::Json => matrix::write_why_json(out, &heading, &chains),
                _ => matrix::write_why(out, &chains),
            }?)
        })?;
        return Ok(Exit::Clean(String::from("pair explained")));
    }
    let view = View {
        by: match args.by {
            ByName::License => By::License,
            ByName::Profile => By::Profile,
        },
        only: args.only.iter().map(|part| kind(*part)).collect(),
        filters: args.filter.clone(),
    };
    targets.write(env, |format, out, width| {
        Ok(match format {
            MatrixFormat::Table => matrix::write_table(out, &m, &view, &heading, width),
            MatrixFormat::Json => matrix::write_json(out, &m, &view, &heading),
            MatrixFormat::Csv => matrix::write_csv(out, &m, &view),
            MatrixFormat::Markdown => matrix::write_markdown(out, &m, &view, &heading),
        }?)
    })?;
    Ok(Exit::Clean(String::from("matrix printed")))
}

fn kind(part: Part) -> ItemKind {
    match part {
        Part::PermissionSets => ItemKind::PermissionSets,
        Part::Roles => ItemKind::Roles,
        Part::Features => ItemKind::Features,
        Part::Psls => ItemKind::Psls,
        Part::Moves => ItemKind::Moves,
        Part::Permissions => ItemKind::Permissions,
    }
}

/// Every pair that the two names can mean: names repeat in an org.
fn chains(m: &Matrix, pair: &[String]) -> Result<Vec<Chain>, Error> {
    let mut ends: Vec<Vec<Thing>> = Vec::new();
    for name in pair {
        let things = m.things(name);
        if things.is_empty() {
            return Err(Error::no_such(
                "license, profile, permission set, role kind, feature license, PSL or permission",
                name,
                &m.nearest_things(name),
            ));
        }
        ends.push(things);
    }
    let (Some(a), Some(b)) = (ends.first(), ends.get(1)) else {
        return Err(Error::usage("--why needs two names"));
    };
    let chains: Vec<Chain> = a
        .iter()
        .flat_map(|a| b.iter().filter_map(|b| m.why(*a, *b)))
        .collect();
    if chains.is_empty() {
        return Err(Error::usage(
            "--why needs a license or a profile (with a license in the snapshot) as one of the two names",
        ));
    }
    Ok(chains)
}
