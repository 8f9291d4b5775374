//! The JSON Schemas (draft 2020-12) of everything that is written as JSON, and of `sfcompat.toml`.
//!
//! They are made of the types by a test, which also sees to it that the files here are current: the program itself carries
//! the texts and no generator. Additions keep the number of a schema; a removal, or another meaning, makes the next number.

/// One schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// As `sfcompat generate schema NAME` calls it.
    pub name: &'static str,
    /// What it describes.
    pub about: &'static str,
    /// The schema, as JSON.
    pub text: &'static str,
}

/// All schemas.
pub const SCHEMAS: &[Schema] = &[
    Schema {
        name: "report",
        about: "sfcompat-report/1: check, preflight, import-check --format json",
        text: include_str!("schema/report.json"),
    },
    Schema {
        name: "seats",
        about: "sfcompat-seats/1: seats --format json",
        text: include_str!("schema/seats.json"),
    },
    Schema {
        name: "matrix",
        about: "sfcompat-matrix/1: matrix --format json, with and without --why",
        text: include_str!("schema/matrix.json"),
    },
    Schema {
        name: "knowledge",
        about: "matrix --knowledge --format json",
        text: include_str!("schema/knowledge.json"),
    },
    Schema {
        name: "explain",
        about: "explain --format json: an array of answers",
        text: include_str!("schema/explain.json"),
    },
    Schema {
        name: "backtest",
        about: "explain --log FILE --inputs FILE --format json",
        text: include_str!("schema/backtest.json"),
    },
    Schema {
        name: "rules",
        about: "sfcompat-rules/1: rules --format json",
        text: include_str!("schema/rules.json"),
    },
    Schema {
        name: "jsonl",
        about: "one line of check, preflight, import-check --format jsonl: the first, the last, a finding or a change",
        text: include_str!("schema/jsonl.json"),
    },
    Schema {
        name: "person",
        about: "sfcompat-person/1: check --explain-user --format json",
        text: include_str!("schema/person.json"),
    },
    Schema {
        name: "diff",
        about: "sfcompat-diff/1: diff --format json",
        text: include_str!("schema/diff.json"),
    },
    Schema {
        name: "plan",
        about: "sfcompat-plan/1: the file of check --save-plan",
        text: include_str!("schema/plan.json"),
    },
    Schema {
        name: "recheck",
        about: "sfcompat-recheck/1: recheck --format json",
        text: include_str!("schema/recheck.json"),
    },
    Schema {
        name: "evidence",
        about: "sfcompat-evidence/1: manifest.json of an evidence folder",
        text: include_str!("schema/evidence.json"),
    },
    Schema {
        name: "waivers",
        about: "sfcompat-waivers/1: waiver list --format json",
        text: include_str!("schema/waivers.json"),
    },
    Schema {
        name: "baseline",
        about: "sfcompat-baseline/1: one line of a baseline: the first, or a known finding",
        text: include_str!("schema/baseline.json"),
    },
    Schema {
        name: "snapshot",
        about: "sfcompat-snapshot/1: manifest.json of a snapshot folder",
        text: include_str!("schema/snapshot.json"),
    },
    Schema {
        name: "config",
        about: "sfcompat.toml",
        text: include_str!("schema/config.json"),
    },
];

/// The schema of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.name == name)
}

#[cfg(test)]
mod tests;
