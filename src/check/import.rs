//! Salesforce as profile source: the users of the snapshot are the rows, Okta's user schema is the judge.

use super::{Error, Judged, Options, expect_org, judge, wants};
use crate::input::{Input, Kind, ReadOptions};
use crate::matrix::Matrix;
use crate::profile_source::{self, Import, Logins, Schema};
use crate::snapshot::Reading;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Okta's side of an import check.
#[derive(Clone, Debug, Default)]
pub struct ProfileSource {
    /// Okta's user schema as its API answers it; `None`: the base schema.
    pub schema: Option<PathBuf>,
    /// Users that Okta has already, as JSON or CSV.
    pub users: Option<PathBuf>,
    /// `[okta.import_map]`: field of User, attribute of Okta.
    pub map: Vec<(String, String)>,
}

/// Judges every user of a snapshot by what Okta takes from a profile source.
/// `progress` is told how many bytes were judged, from any thread.
///
/// # Errors
/// Whatever makes the run impossible. Problems of users are findings, not errors.
pub fn import_check(
    snapshot: &Path,
    source: &ProfileSource,
    options: &Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Judged, Error> {
    let schema = match (&source.schema, &options.okta_schema) {
        (Some(path), _) => Schema::read(path)?,
        (None, Some(path)) => Schema::beside(path)?,
        (None, None) => Schema::base(),
    };
    let logins = source.users.as_deref().map(Logins::read).transpose()?;
    let fields: Vec<(String, String)> = profile_source::fields(&schema, &source.map)?
        .into_iter()
        .map(|field| (field.clone(), field))
        .collect();
    let reading = Reading::start(snapshot, options.run.today, options.hash)?;
    let path = snapshot.join("User.csv");
    let (input, blocks) = Input::open(
        &path.to_string_lossy(),
        reading.org(),
        &ReadOptions {
            kind: Some(Kind::ProfileSource),
            overrides: &fields,
            hash: options.hash,
            block: options.block,
            ..ReadOptions::default()
        },
    )?;
    let wants = wants::of(&[&input.columns], reading.org(), options);
    let loaded = reading.finish(&wants)?;
    let mut options = options.clone();
    options.note_age(&loaded.capture);
    let import = Import::new(&schema, logins, &source.map, &input.columns)?;
    options.run.import = Some(Arc::new(import));
    let matrix = Matrix::build(loaded.org);
    expect_org(&matrix, &loaded.capture, &options)?;
    let outcome = judge(&matrix, vec![(input, blocks)], &options, progress)?;
    Ok(Judged {
        matrix,
        capture: loaded.capture,
        snapshot_sha256: loaded.sha256,
        outcome,
    })
}
