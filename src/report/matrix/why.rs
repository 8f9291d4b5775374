//! The chain of facts of one pair.

use super::super::summary::OrgInfo;
use super::super::visible::visible;
use super::super::words::confidence;
use super::{SCHEMA, pretty};
use crate::finding::Confidence;
use crate::matrix::{CellVerdict, Chain};
use serde::Serialize;
use std::io::{self, Write};

/// Writes the chains of facts of `--why`, for people.
pub fn write_why(out: &mut dyn Write, chains: &[Chain]) -> io::Result<()> {
    for (n, chain) in chains.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{} x {}",
            visible(&chain.subject),
            visible(&chain.item)
        )?;
        for fact in &chain.facts {
            writeln!(out, "  - {}", visible(fact))?;
        }
        writeln!(
            out,
            "  => {} ({}): {}",
            chain.cell.verdict.as_str(),
            confidence(chain.cell.confidence),
            visible(&chain.cell.reason)
        )?;
    }
    Ok(())
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct WhyLine<'a> {
    subject: &'a str,
    item: &'a str,
    verdict: CellVerdict,
    confidence: Confidence,
    witnesses: Option<u64>,
    reason: &'a str,
    facts: &'a [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct WhyDocument<'a> {
    schema: &'static str,
    org: &'a OrgInfo,
    why: Vec<WhyLine<'a>>,
}

/// Writes the chains of facts of `--why` as JSON.
pub fn write_why_json(out: &mut dyn Write, heading: &OrgInfo, chains: &[Chain]) -> io::Result<()> {
    let why = chains
        .iter()
        .map(|chain| WhyLine {
            subject: &chain.subject,
            item: &chain.item,
            verdict: chain.cell.verdict,
            confidence: chain.cell.confidence,
            witnesses: chain.cell.witnesses,
            reason: &chain.cell.reason,
            facts: &chain.facts,
        })
        .collect();
    pretty(
        out,
        &WhyDocument {
            schema: SCHEMA,
            org: heading,
            why,
        },
    )
}
