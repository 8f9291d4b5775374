//! Users of one file completed by what other files of the run say of them: groups, and attribute mappings.

use super::overlay::Overlay;
use super::{Error, Template, app_users, groups, join, sheet, table};
use crate::input::{self, Input, InputBlocks, Kind, ReadOptions, RowKind};
use crate::model::Org;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

/// What the members of groups get, and what a mapping makes of them, as inputs of users that are shown under the name of
/// the file of members.
///
/// # Errors
/// A table cannot be kept.
pub fn of_members(
    path: &Path,
    groups: &mut groups::Groups,
    overlay: Option<&mut Overlay<'_>>,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let shown = path.to_string_lossy();
    let Some(mut members) = groups.members.take() else {
        return Ok(Vec::new());
    };
    let parts = members.tables(groups, &shown, overlay);
    groups.members = Some(members);
    let parts = parts?;
    let read = |source| Error::read(&shown, source);
    let file = File::open(options.at.unwrap_or(path)).map_err(read)?;
    let sha256 = input::Fingerprint::of(&file, options.hash).map_err(read)?;
    // The columns bear our own names, whatever headers the files of the run have.
    let own = ReadOptions {
        overrides: &[],
        ..*options
    };
    inputs_of((&shown, Kind::Members), parts, &sha256, (org, &own))
}

/// The users of an app by themselves. The file is read from where it stands.
///
/// # Errors
/// Whatever makes the input unusable as a whole.
pub(super) fn app_users(
    path: &str,
    mut file: &File,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let parts = app_users::tables(path, BufReader::new(file), None, None)?;
    let read = |source| Error::read(path, source);
    file.rewind().map_err(read)?;
    let sha256 = input::Fingerprint::of(file, options.hash).map_err(read)?;
    inputs_of((path, Kind::OktaUsersJson), parts, &sha256, (org, options))
}

/// Opens the users of an app again, joined with the members of groups (who is assigned by groups gets what these give) and
/// with what a mapping makes of them.
///
/// # Errors
/// Whatever makes the input unusable as a whole, and stdin, which cannot be read again.
pub fn joined(
    path: &str,
    groups: &mut groups::Groups,
    overlay: Option<&mut Overlay<'_>>,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    if path == "-" && options.at.is_none() {
        return Err(Error::Shape {
            path: path.into(),
            line: 1,
            reason: "users on standard input cannot be joined with other files; give the file by its name",
        });
    }
    let read = |source| Error::read(path, source);
    let mut file = File::open(options.at.unwrap_or(Path::new(path))).map_err(read)?;
    let mut members = groups.members.take();
    let join = members
        .as_mut()
        .map(|members| join::Join::new(groups, Some(members)));
    let parts = app_users::tables(path, BufReader::new(&file), join, overlay);
    groups.members = members;
    let parts = parts?;
    file.rewind().map_err(read)?;
    let sha256 = input::Fingerprint::of(&file, options.hash).map_err(read)?;
    inputs_of((path, Kind::OktaUsersJson), parts, &sha256, (org, options))
}

/// Completes a sheet of users by what groups give to those whom a group assigned, by what a mapping makes of them, and by
/// the usernames that the app makes of their logins. A
/// sheet to which neither adds anything is given back as it is.
///
/// # Errors
/// The sheet cannot be read, or its table cannot be kept.
pub fn completed(
    (input, blocks): (Input, InputBlocks),
    groups: &mut groups::Groups,
    overlay: Option<&mut Overlay<'_>>,
    template: Option<&Template>,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let by_group = sheet::has_scope(&input) && !groups.all.is_empty();
    let overlay = overlay.filter(|overlay| sheet::is_at_hand(&input, overlay));
    let mut usernames = sheet::Usernames::new(&input, template);
    if !by_group && overlay.is_none() && usernames.is_none() {
        return Ok(vec![(input, blocks)]);
    }
    let mut members = groups.members.take();
    let join = by_group.then(|| join::Join::new(groups, members.as_mut()));
    let parts = sheet::tables((&input, blocks), join, overlay, usernames.as_mut());
    groups.members = members;
    let read = ReadOptions {
        delimiter: Some(input.delimiter),
        ..*options
    };
    let path = (&*input.path, input.kind);
    let mut completed = inputs_of(path, parts?, &input.sha256, (org, &read))?;
    for (one, _) in &mut completed {
        one.encoding = input.encoding;
    }
    if let Some((first, _)) = completed.first_mut() {
        first.notes.extend(input.notes);
        first
            .notes
            .extend(usernames.map(|usernames| usernames.told()));
    }
    Ok(completed)
}

/// What a mapping makes of users of Okta who stand in no other file of the run.
///
/// # Errors
/// The file cannot be read, or the template of the app makes usernames of more than logins.
pub fn of_directory(
    path: &str,
    template: Option<&Template>,
    overlay: &mut Overlay<'_>,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let read = |source| Error::read(path, source);
    let at = options.at.unwrap_or(Path::new(path));
    let plain = Template::default();
    let (parts, gone) = sheet::of_directory(path, at, template.unwrap_or(&plain), overlay)?;
    let file = File::open(at).map_err(read)?;
    let sha256 = input::Fingerprint::of(&file, options.hash).map_err(read)?;
    let own = ReadOptions {
        overrides: &[],
        ..*options
    };
    let mut all = inputs_of((path, Kind::OktaUsersJson), parts, &sha256, (org, &own))?;
    if let Some((first, _)) = all.first_mut() {
        first.left_out = gone;
        first.notes.extend((gone > 0).then(|| {
            format!("{gone} of its users are deactivated in Okta (DEPROVISIONED) and are left out")
        }));
        first.notes.extend(named_by(template));
    }
    Ok(all)
}

/// What people should know of usernames that were made of logins.
fn named_by(template: Option<&Template>) -> Option<String> {
    let Some(template) = template else {
        return Some(String::from(
            "its logins were taken for usernames of Salesforce: whether the app makes others of them stands in its username template (--okta-app FILE)",
        ));
    };
    (!template.is_login()).then(|| {
        format!(
            "its logins became usernames by the template of the app, {}{}",
            template.text, template.suffix
        )
    })
}

/// The parts of a file as inputs.
fn inputs_of(
    (path, kind): (&str, Kind),
    parts: Vec<table::Part>,
    sha256: &input::Fingerprint,
    (org, options): (&Org, &ReadOptions<'_>),
) -> Result<Vec<(Input, InputBlocks)>, Error> {
    let mut all = Vec::new();
    for (n, part) in parts.into_iter().enumerate() {
        let table = (part.table.csv, part.table.places);
        // The columns of leavers bear Okta's own names, whatever attributes of the profile the configuration names.
        let overrides = if part.leavers { &[] } else { options.overrides };
        let read = ReadOptions {
            overrides,
            ..*options
        };
        let opened = Input::of_table(path, kind, RowKind::User, table, org, &read);
        let (mut input, blocks) = opened?;
        input.part = n;
        input.columns.untold = part.untold;
        input.columns.leavers = part.leavers;
        input.left_out = part.table.left_out;
        input.notes = part.table.notes;
        input.sha256 = sha256.clone();
        all.push((input, blocks));
    }
    Ok(all)
}
