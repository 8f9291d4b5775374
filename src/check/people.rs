//! Several inputs of one run joined: groups, who is in them, and users with an assignment of their own.

use super::Error;
use crate::input::{Input, InputBlocks, Keys, Kind, ReadOptions, RowKind};
use crate::model::Org;
use crate::okta::{self, groups::Groups};
use crate::tabular::Records;

/// An input that is ready to be judged.
pub(super) type Opened = (Input, InputBlocks);

/// Lets the users of an app get what their groups give, and keeps members who have a row of their own from getting a
/// second one: an individual assignment beats every group.
pub(super) fn join(
    opened: &mut [Opened],
    groups: &mut Groups,
    (org, read): (&Org, &ReadOptions<'_>),
) -> Result<(), Error> {
    for one in opened.iter_mut() {
        let input = &one.0;
        if input.columns.rows != RowKind::User {
            continue;
        }
        let path = input.path.to_string();
        if input.kind == Kind::OktaUsersJson {
            if let Some(joined) = okta::joined(&path, groups, (org, read))? {
                *one = joined;
            }
            continue;
        }
        let logins = individuals(&path, (org, read))?;
        if let Some(members) = &mut groups.members {
            members.hold_individuals(logins.into_iter());
        }
    }
    Ok(())
}

/// The keys of the usernames of a file, those aside that it says to be assigned by a group (`scope` of an export).
fn individuals(path: &str, (org, read): (&Org, &ReadOptions<'_>)) -> Result<Vec<u64>, Error> {
    if path == "-" {
        return Err(okta::Error::Shape {
            path: path.into(),
            line: 1,
            reason: "users on standard input cannot be joined with members; give the file by its name",
        }
        .into());
    }
    let mut found = Vec::new();
    let mut records = Records::default();
    for (input, mut blocks) in okta::open(path, org, read)? {
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
                    found.push(Keys::of(&input.columns, cells).login);
                }
            }
            buffer = block.bytes;
        }
    }
    Ok(found)
}
