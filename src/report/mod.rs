//! A finished run as text. Reporters write to a stream that they are given; nothing here prints.
//!
//! Findings are read back from where the engine keeps them, once per report, and are never all in
//! memory. A new format is one file, and one line in the list below (with its `mod`).

mod annotations;
mod azure;
pub mod backtest;
mod causes;
pub mod changes;
mod csv;
pub(crate) mod csv_cell;
pub mod diff;
mod error;
pub mod explain;
mod findings;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
pub mod knowledge;
mod lines;
mod listing;
mod markdown;
pub mod matrix;
mod outcome;
mod page;
pub mod person;
mod pipeline;
mod quote;
pub mod recheck;
pub mod redact;
mod regions;
pub mod rules;
mod sarif;
pub mod schema;
pub mod seats;
mod snippet;
pub mod summary;
mod table;
mod target;
#[cfg(test)]
mod tests;
mod visible;
pub mod waivers;
pub(crate) mod words;
mod xml;

pub use changes::Changes;
pub use csv_cell::starts_formula;
pub use error::Error;
pub use findings::{Findings, Replay};
pub use listing::Listing;
pub use outcome::seat_lines;
pub use page::{Example, Page};
pub use pipeline::{JunitCases, Pipeline};
pub use quote::quote_file;
pub use target::{Output, Target, write_all};

use crate::finding::Severity;
use crate::matrix::Matrix;
use std::io::Write;
use summary::{Head, Tail};

/// A finished run.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Run, org, inputs.
    pub head: &'a Head,
    /// Every finding, in final order.
    pub findings: Findings<'a>,
    /// Coverage, counts, seats.
    pub tail: &'a Tail,
    /// What was judged against, for formats that show it.
    pub matrix: Option<&'a Matrix>,
    /// Before and after of every user, where somebody asked for it.
    pub changes: Option<Changes<'a>>,
    /// How the run ended, for formats that pipelines read.
    pub pipeline: &'a Pipeline,
}

/// Fetches records of an input for quoting: the input's path and physical lines (ascending, from 1,
/// line 1 for the header) to those records that can be had, as `(line, raw text)` without the line break.
/// Asked once per input, so that one pass over a file is enough: [`quote_file`]. `|_, _| Vec::new()` quotes nothing.
pub type Quote<'a> = dyn Fn(&str, &[u64]) -> Vec<(u64, String)> + 'a;

/// What is listed of a run, and how it looks. Never changes what is counted.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Most findings listed (of formats that group: causes); `None` is no limit.
    pub max_findings: Option<u64>,
    /// Findings below are not listed.
    pub min_severity: Severity,
    /// Columns of the terminal; `None` is no terminal: nothing is wrapped.
    pub width: Option<u16>,
    /// Whether ANSI colors are written.
    pub color: bool,
    /// Where quoted records come from.
    pub quote: &'a Quote<'a>,
}

impl View<'_> {
    /// The same for a file: no width, no color.
    #[must_use]
    pub fn plain(self) -> Self {
        Self {
            width: None,
            color: false,
            ..self
        }
    }
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View")
            .field("max_findings", &self.max_findings)
            .field("min_severity", &self.min_severity)
            .field("width", &self.width)
            .field("color", &self.color)
            .finish_non_exhaustive()
    }
}

/// Makes the enum, its names and its writers from one list.
macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $write:path;)*) => {
        /// A form of a report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format { $($(#[$doc])* $variant),* }

        impl Format {
            /// Every format, in the order in which help lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it is written in options.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            fn writer(self) -> fn(&mut dyn Write, &Report<'_>, &View<'_>) -> Result<(), Error> {
                match self { $(Self::$variant => $write),* }
            }
        }
    };
}

formats! {
    /// For people: grouped by cause, with the record quoted.
    Table = "table", table::write;
    /// `sfcompat-report/1`, one object.
    Json = "json", json::write;
    /// One finding per line between a head line and a tail line.
    Jsonl = "jsonl", jsonl::write;
    /// One table of findings, safe for spreadsheets.
    Csv = "csv", csv::write;
    /// For pull requests and job summaries.
    Markdown = "markdown", markdown::write;
    /// One page for a browser, without any network.
    Html = "html", html::write;
    /// One table of what the push would change, before and after, safe for spreadsheets.
    Changes = "changes", changes::write;
    /// SARIF 2.1.0, for code scanning.
    Sarif = "sarif", sarif::write;
    /// Test cases, for Jenkins, GitLab and Azure DevOps.
    Junit = "junit", junit::write;
    /// Annotations of GitHub Actions, and a log.
    Github = "github", github::write;
    /// Logging commands of Azure Pipelines, and a log.
    Azure = "azure", azure::write;
    /// Code Quality report of GitLab.
    Gitlab = "gitlab", gitlab::write;
}

impl Format {
    /// The format of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }
}

/// Writes a run in one format. A closed pipe is [`Error::ClosedPipe`].
pub fn write(
    format: Format,
    out: &mut dyn Write,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    format.writer()(out, report, view)?;
    Ok(out.flush()?)
}

/// Writes that a run came to no report, in the formats that can say so: as a test case, or as a command to the agent.
/// Other formats write nothing: an empty list of results would look like a clean run.
pub fn write_failure(
    format: Format,
    out: &mut dyn Write,
    pipeline: &Pipeline,
) -> Result<(), Error> {
    match format {
        Format::Junit => junit::write_failure(out, pipeline)?,
        Format::Github => github::write_failure(out, pipeline)?,
        Format::Azure => azure::write_failure(out, pipeline)?,
        _ => {}
    }
    Ok(out.flush()?)
}

impl Format {
    /// Whether [`write_failure`] has something to say in this format.
    #[must_use]
    pub fn tells_failures(self) -> bool {
        matches!(self, Self::Junit | Self::Github | Self::Azure)
    }
}
