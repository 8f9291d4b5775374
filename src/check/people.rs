//! The inputs of one run opened and joined: groups, who is in them, and users with an assignment of their own.

use super::{Error, Options};
use crate::input::{Input, InputBlocks, Keys, Kind, RowKind};
use crate::model::Org;
use crate::okta::{self, App, groups::Groups, members::Members};
use crate::rules::NullMeaning;
use crate::tabular::Records;

/// An input that is ready to be judged.
pub(super) type Opened = (Input, InputBlocks);

/// Opens every input, in order, and last what the members of groups get.
pub(super) fn open_all(
    inputs: &[String],
    org: &Org,
    options: &Options,
    app: Option<&App>,
) -> Result<(Vec<Opened>, Groups), Error> {
    let (mut opened, mut groups) = (Vec::new(), Groups::default());
    let lists = (options.list_separator.as_deref(), options.block);
    let mut add = |path: &str, groups: &mut Groups| -> Result<(), Error> {
        for (input, blocks) in okta::open(path, org, &options.reading(path))? {
            let blocks = groups.add(&input, blocks, lists)?;
            opened.push((input, blocks));
        }
        Ok(())
    };
    for path in inputs {
        add(path, &mut groups)?;
    }
    // Members alone say nothing: the groups are those of the configuration, unless an input has some.
    let configured = options.okta_groups.as_deref();
    let configured = configured.filter(|_| options.members.is_some() && groups.all.is_empty());
    if let Some(path) = configured {
        add(&path.to_string_lossy(), &mut groups)?;
    }
    if let Some(path) = &options.okta_schema {
        groups.read_schema(options.files.real(path))?;
    }
    if let Some(path) = &options.members {
        let template = app.and_then(|app| app.username.as_ref());
        let file = options.files.real(path);
        groups.members = Some(Members::read(file, &groups, template)?);
        groups.blanks_count = options.run.nulls == NullMeaning::Pushed;
        join(&mut opened, &mut groups, org, options)?;
        let read = options.reading(&path.to_string_lossy());
        opened.extend(okta::of_members(path, &mut groups, (org, &read))?);
    }
    Ok((opened, groups))
}

/// Lets the users of an app get what their groups give, and keeps members who have a row of their own from getting a
/// second one: an individual assignment beats every group.
fn join(
    opened: &mut [Opened],
    groups: &mut Groups,
    org: &Org,
    options: &Options,
) -> Result<(), Error> {
    for one in opened.iter_mut() {
        let input = &one.0;
        if input.columns.rows != RowKind::User {
            continue;
        }
        let path = input.path.to_string();
        if input.kind == Kind::OktaUsersJson {
            if let Some(joined) = okta::joined(&path, groups, (org, &options.reading(&path)))? {
                *one = joined;
            }
            continue;
        }
        let logins = individuals(&path, org, options)?;
        if let Some(members) = &mut groups.members {
            members.hold_individuals(logins.into_iter());
        }
    }
    Ok(())
}

/// The keys of the usernames of a file, those aside that it says to be assigned by a group (`scope` of an export).
fn individuals(path: &str, org: &Org, options: &Options) -> Result<Vec<u64>, Error> {
    let read = options.reading(path);
    if path == "-" && read.at.is_none() {
        return Err(okta::Error::Shape {
            path: path.into(),
            line: 1,
            reason: "users on standard input cannot be joined with members; give the file by its name",
        }
        .into());
    }
    let mut found = Vec::new();
    let mut records = Records::default();
    for (input, mut blocks) in okta::open(path, org, &read)? {
        if input.columns.rows != RowKind::User {
            continue;
        }
        let headers = input.columns.headers.iter();
        let scope = headers
            .map(|header| header.trim())
            .position(|header| header.eq_ignore_ascii_case("scope"));
        let mut buffer = Vec::new();
        let failed = |error| crate::input::Error::of_block(path, error);
        while let Some(block) = blocks.next(std::mem::take(&mut buffer)).map_err(failed)? {
            records.split(input.text(&block)?, input.delimiter);
            let text = input.text(&block)?;
            for cells in (0..records.len()).filter_map(|n| records.get(text, n)) {
                let by_group = scope
                    .and_then(|place| cells.get(place))
                    .is_some_and(|cell| cell.trim().eq_ignore_ascii_case("GROUP"));
                if !by_group {
                    found.push(Keys::of_cells(&input.columns, cells).login);
                }
            }
            buffer = block.bytes;
        }
    }
    Ok(found)
}
