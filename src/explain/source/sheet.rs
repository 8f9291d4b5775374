//! A sheet with a column of errors: Data Loader (`ERROR`), Bulk API (`sf__Error`), the Salesforce CLI, exports of tasks and
//! of the System Log. Which column it is, is told by its header, case, spaces and points aside.

use super::Log;
use crate::explain::{Error, Message};
use crate::input;
use crate::tabular::{Blocks, DEFAULT_BLOCK, Records};
use std::io::Read;

/// Headers of a column of errors, the surest first.
const ERRORS: [&str; 22] = [
    "sferror",
    "error",
    "errors",
    "errormessage",
    "errormessages",
    "errortext",
    "errordescription",
    "errordetails",
    "failurereason",
    "failuremessage",
    "failure",
    "outcomereason",
    "reason",
    "taskerror",
    "taskmessage",
    "exception",
    "exceptionmessage",
    "message",
    "statusmessage",
    "details",
    "description",
    "displaymessage",
];
/// Headers of a column of status codes.
const CODES: [&str; 5] = [
    "sferrorcode",
    "errorcode",
    "statuscode",
    "exceptioncode",
    "code",
];
/// Headers of a column that names the person, the surest first.
const USERS: [&str; 16] = [
    "username",
    "salesforceusername",
    "applicationusername",
    "appusername",
    "assigneeappusername",
    "applicationlogin",
    "login",
    "userlogin",
    "targetalternateid",
    "target0alternateid",
    "user",
    "person",
    "assignee",
    "name",
    "displayname",
    "email",
];
/// Other headers that such sheets have: with one of them a first line is a header for sure.
const OTHERS: [&str; 22] = [
    "id",
    "sfid",
    "sfcreated",
    "status",
    "date",
    "time",
    "timestamp",
    "published",
    "app",
    "application",
    "appname",
    "appinstance",
    "eventtype",
    "outcomeresult",
    "result",
    "task",
    "tasktype",
    "type",
    "firstname",
    "lastname",
    "profileid",
    "success",
];
/// Targets of an event in an export of the System Log.
const MOST_TARGETS: usize = 8;
/// The longest header.
const LONGEST_HEADER: usize = 60;

/// How a sheet is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    delimiter: u8,
    error: usize,
    code: Option<usize>,
    user: Option<usize>,
    result: Option<usize>,
    /// What is said where the column of errors is empty although the result is a failure.
    instead: Option<usize>,
    /// Columns of types and names of the targets of an event.
    targets: Vec<(usize, usize)>,
    header: String,
}

fn key(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How a text is read as a sheet; `None`: it is none.
pub(super) fn plan(text: &str) -> Option<Plan> {
    let text = text.trim_start_matches(['\r', '\n']);
    // A header alone is no sheet, but the one text that somebody gave.
    let (first, rest) = text.split_once('\n')?;
    if rest.trim().is_empty() {
        return None;
    }
    // The usual delimiter last: of equals, the last one counts.
    [b'|', b'\t', b';', b',']
        .into_iter()
        .filter_map(|delimiter| of_header(first, delimiter))
        .max_by_key(|(known, _)| *known)
        .map(|(_, plan)| plan)
}

fn of_header(line: &str, delimiter: u8) -> Option<(usize, Plan)> {
    let mut records = Records::default();
    records.split(line, delimiter);
    let cells: Vec<&str> = records.get(line, 0)?.iter().map(str::trim).collect();
    let is_header = |cell: &&str| {
        cell.len() <= LONGEST_HEADER
            && cell
                .chars()
                .all(|c| c.is_alphanumeric() || " _-.:/()#[]".contains(c))
    };
    if !cells.iter().all(is_header) {
        return None;
    }
    let keys: Vec<String> = cells.iter().map(|cell| key(cell)).collect();
    let place = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| keys.iter().position(|own| own == name))
    };
    let error = place(&ERRORS)?;
    let known = keys
        .iter()
        .filter(|own| {
            [&ERRORS[..], &CODES, &USERS, &OTHERS]
                .iter()
                .any(|names| names.contains(&own.as_str()))
        })
        .count();
    // `Error, reason` could be the start of a text: a header has another known name, or is a column alone, or ends with it.
    let alone = cells.len() == 1;
    let last = error + 1 == cells.len() && cells.len() >= 3;
    if known < 2 && !alone && !last {
        return None;
    }
    Some((
        known,
        Plan {
            delimiter,
            error,
            code: place(&CODES),
            user: place(&USERS).filter(|own| *own != error),
            result: place(&["outcomeresult", "result"]),
            instead: place(&["displaymessage"]).filter(|own| *own != error),
            targets: (0..MOST_TARGETS)
                .filter_map(|n| {
                    let kind = format!("target{n}type");
                    let name = format!("target{n}alternateid");
                    Some((place(&[&kind])?, place(&[&name])?))
                })
                .collect(),
            header: cells.get(error).copied().unwrap_or_default().to_owned(),
        },
    ))
}

/// Reads the records.
pub(super) fn read(
    plan: &Plan,
    stream: impl Read + Send + 'static,
    log: &mut Log,
) -> Result<(), Error> {
    log.detail = format!("errors in column '{}'", plan.header);
    let path = log.path.clone();
    let mut blocks = Blocks::new(stream, plan.delimiter, DEFAULT_BLOCK, 1);
    let mut records = Records::default();
    let mut header = true;
    let mut buffer = Vec::new();
    while let Some(block) = blocks
        .next(std::mem::take(&mut buffer))
        .map_err(|error| input::Error::of_block(&path, error))?
    {
        let text = input::valid_text(&path, &block.bytes, block.first_line, block.offset)?;
        records.split(text, plan.delimiter);
        for n in 0..records.len() {
            let Some(cells) = records.get(text, n) else {
                continue;
            };
            if std::mem::take(&mut header) {
                continue;
            }
            let cell = |place: Option<usize>| {
                place
                    .and_then(|place| cells.get(place))
                    .map(str::trim)
                    .filter(|cell| !cell.is_empty())
            };
            let fine = cell(plan.result).is_some_and(|result| {
                ["success", "allow", "skipped"]
                    .iter()
                    .any(|fine| result.eq_ignore_ascii_case(fine))
            });
            let target = ["AppUser", "User"].into_iter().find_map(|wanted| {
                plan.targets
                    .iter()
                    .find(|(kind, _)| cell(Some(*kind)) == Some(wanted))
                    .and_then(|(_, name)| cell(Some(*name)))
            });
            let user = target.or_else(|| cell(plan.user));
            let instead = cell(plan.instead).filter(|_| plan.result.is_some());
            match cell(Some(plan.error)).or(instead).filter(|_| !fine) {
                None => {
                    log.passed_over += 1;
                    log.succeeded.extend(user.map(str::to_lowercase));
                }
                Some(error) => log.messages.push(Message {
                    line: block.first_line + u64::from(cells.line()),
                    text: error.to_owned(),
                    code: cell(plan.code).map(str::to_owned),
                    users: user.map(str::to_owned).into_iter().collect(),
                    ..Message::default()
                }),
            }
        }
        buffer = block.bytes;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_of_an_event_is_told_by_the_type_of_the_target() {
        let text = "timestamp,event_type,outcome.result,outcome.reason,target0.type,target0.alternate_id,target1.type,target1.alternate_id\n1,push,FAILURE,License Limit Exceeded,AppInstance,Salesforce,AppUser,ann@acme.example\n2,push,SUCCESS,,AppInstance,Salesforce,AppUser,bo@acme.example\n";
        let mut log = Log::default();
        let plan = plan(text).expect("a sheet");
        read(
            &plan,
            std::io::Cursor::new(text.as_bytes().to_vec()),
            &mut log,
        )
        .expect("read");
        let users: Vec<_> = log.messages.iter().flat_map(|own| &own.users).collect();
        assert_eq!(users, ["ann@acme.example"]);
        assert!(log.succeeded.contains("bo@acme.example"));
    }

    #[test]
    fn a_header_is_told_from_a_text() {
        let column = |text: &str| plan(text).map(|plan| (plan.header, plan.delimiter));
        let data_loader = "USERNAME,PROFILEID,ERROR\na@b.example,00e,x\n";
        assert_eq!(column(data_loader), Some(("ERROR".into(), b',')));
        let bulk = "\"sf__Id\",\"sf__Error\",\"Username\"\n\"\",\"x\",\"a\"\n";
        assert_eq!(column(bulk), Some(("sf__Error".into(), b',')));
        let tasks = "Date;User;App;Task;Error\n1;a;b;c;d\n";
        assert_eq!(column(tasks), Some(("Error".into(), b';')));
        assert_eq!(
            column("error\nLicense Limit Exceeded\n"),
            Some(("error".into(), b','))
        );
        assert_eq!(
            column("Required fields are missing: [Email, ProfileId]\nx\n"),
            None
        );
        assert_eq!(column("Error, reason: it failed.\nx\n"), None);
        assert_eq!(column("error\n"), None);
    }
}
