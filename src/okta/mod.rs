//! Files of Okta that say who gets what: exports of its API, Terraform plans, attribute mappings.
//!
//! Each becomes a table of the same columns that an assignment file has, so that one engine judges them all; where a
//! row of the table came from is kept beside it.

mod app;
mod app_groups;
mod app_users;
mod attribute_mapping;
mod complete;
pub mod derivation;
mod directory;
mod elements;
pub mod expression;
pub mod groups;
mod join;
mod leavers;
mod mappings;
mod member_rows;
pub mod members;
mod noted;
pub mod overlay;
mod plan;
mod priority;
mod schema;
mod sheet;
mod sync_state;
mod table;
mod terraform;
#[cfg(test)]
mod tests;
mod username;

pub use app::{App, Error as AppError, Login};
pub use complete::{completed, joined, of_directory, of_members};
pub use directory::Directory;
pub use mappings::Mappings;
pub use schema::{AppAttribute, AppSchema, Choice};
pub use username::Template;

use crate::input::{self, Input, InputBlocks, Kind, ReadOptions, RowKind};
use crate::model::Org;
use elements::Fault;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::path::Path;
use table::{Part, Table};

/// Why a file of Okta cannot be used. Each message says where, what, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every input can be refused for.
    #[error(transparent)]
    Input(#[from] input::Error),
    /// It cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Read {
        /// The input as it is shown.
        path: Box<str>,
        /// What the operating system said.
        source: io::Error,
    },
    /// It breaks off, or is no list.
    #[error("{path}: line {line}: {reason}; export it again")]
    NoList {
        /// The input as it is shown.
        path: Box<str>,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// An element is no JSON, or of another shape.
    #[error("{path}: line {line}, column {column}: {reason}")]
    Json {
        /// The input as it is shown.
        path: Box<str>,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// JSON or CSV of another shape.
    #[error("{path}: line {line}: {reason}")]
    Shape {
        /// The input as it is shown.
        path: Box<str>,
        /// Line, from 1.
        line: u64,
        /// What it is, and what to do.
        reason: &'static str,
    },
    /// A resource of a plan that cannot be understood.
    #[error("{path}: resource {address}: {reason}")]
    Resource {
        /// The input as it is shown.
        path: Box<str>,
        /// Address of the resource.
        address: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing in it.
    #[error(
        "{path}: no {what} in it: an export that failed or filtered everything looks like this"
    )]
    NoRows {
        /// The input as it is shown.
        path: Box<str>,
        /// What is looked for.
        what: &'static str,
    },
    /// Users of the app who all have lost it, and whom nothing links to Salesforce.
    #[error(
        "{path}: Okta has taken the app away from each of its users, and none of them is linked to a Salesforce user (externalId): nothing is pushed for them, and nothing is left to judge; if somebody should get the app, export its users again"
    )]
    AllGone {
        /// The input as it is shown.
        path: Box<str>,
    },
    /// Usernames that only Okta can make.
    #[error(
        "{path}: the app makes usernames by the template {template}, which the login {login} alone does not decide; list usernames of Salesforce in a column username"
    )]
    Template {
        /// The input as it is shown.
        path: Box<str>,
        /// The template.
        template: String,
        /// The first login.
        login: String,
    },
    /// Users of Okta, which say nothing by themselves.
    #[error(
        "{path}: these are users of Okta: what Salesforce gets of them is decided by the attribute mapping of the app (give it in the same run), or stands in the users of the app (GET /api/v1/apps/ID/users)"
    )]
    OktaUsers {
        /// The input as it is shown.
        path: Box<str>,
    },
    /// Mappings, users or groups of several apps.
    #[error(
        "{path}: of several apps ({apps}), and which of them is the Salesforce org cannot be told: keep the rows of one"
    )]
    TwoApps {
        /// The input as it is shown.
        path: Box<str>,
        /// The apps.
        apps: String,
    },
    /// A plan for several apps.
    #[error(
        "{path}: resources of several apps ({apps}), and which of them is the Salesforce org cannot be told: name it with --okta-app FILE, the answer of GET /api/v1/apps/ID"
    )]
    PlanOfApps {
        /// The input as it is shown.
        path: Box<str>,
        /// The apps.
        apps: String,
    },
    /// The table of rows cannot be kept.
    #[error("the temporary file for rows cannot be written: {0}")]
    Table(#[source] io::Error),
}

impl Error {
    fn read(path: &str, source: io::Error) -> Self {
        Self::Read {
            path: path.into(),
            source,
        }
    }

    /// `line` is where the text begins that serde_json was given.
    fn json(path: &str, line: u64, error: &serde_json::Error) -> Self {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        Self::Json {
            path: path.into(),
            line: line + (error.line() as u64).saturating_sub(1),
            column: error.column(),
            reason: reason.to_owned(),
        }
    }
}

fn fault(path: &str, fault: Fault) -> Error {
    let line = match &fault {
        Fault::Read(_) => 0,
        Fault::Misplaced { line, .. } | Fault::Cut { line } | Fault::Large { line } => *line,
    };
    match fault {
        Fault::Read(source) => Error::read(path, source),
        other => Error::NoList {
            path: path.into(),
            line,
            reason: other.to_string(),
        },
    }
}

/// A record number; exports hold fewer than four billion of anything.
fn record_number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Opens an input of any kind. A file that holds several kinds of rows (a Terraform plan) gives an input for each.
///
/// # Errors
/// Whatever makes the input unusable as a whole.
pub fn open(
    path: &str,
    org: &Org,
    options: &ReadOptions<'_>,
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    if path == "-" && options.at.is_none() {
        let mut stdin = BufReader::new(io::stdin());
        let start = stdin
            .fill_buf()
            .map_err(|source| Error::read(path, source))?;
        // A table is made from a copy: it is read more than once.
        if !is_read_twice(start) {
            return Ok(vec![Input::read(path, Box::new(stdin), org, options)?]);
        }
        let mut copy = tempfile::tempfile().map_err(Error::Table)?;
        io::copy(&mut stdin, &mut copy).map_err(Error::Table)?;
        copy.rewind().map_err(Error::Table)?;
        return of_file(path, &copy, org, options);
    }
    match Input::open(path, org, options) {
        Ok((mut input, blocks)) => {
            note_leavers(&mut input);
            Ok(vec![(input, blocks)])
        }
        Err(input::Error::Unsupported { .. }) => {
            let real = options.at.unwrap_or(Path::new(path));
            let file = File::open(real).map_err(|source| Error::read(path, source))?;
            of_file(path, &file, org, options)
        }
        // Each line of Okta's Tasks page says that something failed.
        Err(input::Error::NoUserColumn { headers, line, .. }) if headers.contains(" failed: ") => {
            Err(Error::Shape {
                path: path.into(),
                line,
                reason: "this is the text of an error, not a file of users: sfcompat explain --file FILE says what it means",
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a text looks like JSON or like a list of expressions.
fn is_read_twice(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    let header = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    matches!(first, Some(b'[' | b'{'))
        || String::from_utf8_lossy(header)
            .to_ascii_lowercase()
            .contains("expression")
}

/// A report of those from whom the app was taken away looks like one of those who get it, and an export may hold both.
fn note_leavers(input: &mut Input) {
    if input.columns.rows != RowKind::User {
        return;
    }
    let headers = input.columns.headers.iter();
    let headers: Vec<String> = headers
        .map(|header| directory::attribute_key(header))
        .collect();
    let has = |wanted: &str| headers.iter().any(|header| header == wanted);
    // Only users of an app have these beside a status; that of a user of Okta says something else.
    if has("status") && (has("scope") || has("syncstate")) {
        input.notes.push(String::from(
            "its column status is not read: who has lost the app (DEPROVISIONED, SUSPENDED ...) was judged as if they got it; the JSON of GET /api/v1/apps/ID/users tells them apart",
        ));
    }
    if has("unassigned") {
        input.notes.push(String::from(
            "its column unassigned says that these people have lost the app; they were judged as if they got it: for whom Okta still pushes, export the app's users",
        ));
    }
}

/// The largest plan or list of expressions that is understood, in bytes: they are held as a whole.
const LARGEST: u64 = 512 << 20;

/// The inputs of a file that is no CSV of users or groups, or of one that turns out to be one after all.
fn of_file(
    path: &str,
    mut file: &File,
    org: &Org,
    options: &ReadOptions<'_>,
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let read = |source| Error::read(path, source);
    let again = file.try_clone().map_err(read)?;
    let kind = match Input::read(path, Box::new(again), org, options) {
        Ok(one) => return Ok(vec![one]),
        Err(input::Error::Unsupported { kind, .. }) => kind,
        Err(error) => return Err(error.into()),
    };
    file.rewind().map_err(read)?;
    let whole = |file: &File| {
        let again = file.try_clone().map_err(read)?;
        Ok::<_, Error>(input::decode_whole(
            path,
            Box::new(again),
            options.encoding,
            LARGEST,
        )?)
    };
    let one = |rows: RowKind, table: Table| vec![(rows, Part::of(table, Vec::new()))];
    let parts: Vec<(RowKind, Part)> = match kind {
        Kind::OktaUsersJson => return complete::app_users(path, file, (org, options)),
        Kind::OktaGroupsJson => {
            let table = app_groups::table(path, BufReader::new(file))?;
            one(RowKind::Group, table)
        }
        Kind::AttributeMapping => {
            let text = whole(file)?;
            let table = match text.trim_start().as_bytes().first() {
                Some(b'{') => attribute_mapping::of_json(path, &text)?,
                Some(b'[') => {
                    return Err(Error::Shape {
                        path: path.into(),
                        line: 1,
                        reason: "this is a list of mappings: give the one whose target is the Salesforce app, as GET /api/v1/mappings/ID answers it",
                    });
                }
                _ => attribute_mapping::of_csv(path, &text, options.delimiter)?,
            };
            one(RowKind::Expression, table)
        }
        Kind::TerraformPlan => terraform::tables(path, &whole(file)?, options.okta_app)?,
        other => {
            return Err(Error::Input(input::Error::Unsupported {
                path: path.into(),
                kind: other,
            }));
        }
    };
    file.rewind().map_err(read)?;
    let sha256 = input::Fingerprint::of(file, options.hash).map_err(read)?;
    let mut users = 0;
    parts
        .into_iter()
        .map(|(rows, part)| {
            let table = part.table;
            let opened = Input::of_table(path, kind, rows, (table.csv, table.places), org, options);
            let (mut input, blocks) = opened?;
            input.pushes = table.pushes;
            input.creates = table.creates;
            input.notes = table.notes;
            input.columns.untold = part.untold;
            if rows == RowKind::User {
                input.part = users;
                users += 1;
            }
            input.sha256 = sha256.clone();
            Ok((input, blocks))
        })
        .collect()
}
