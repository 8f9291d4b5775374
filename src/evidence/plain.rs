//! `README.txt`, in plain words for the auditor, and `changes.csv`.

use super::Error;
use super::folder::{Csv, Staging};
use crate::check::Outcome;
use crate::report::changes::COLUMNS;
use crate::report::redact::Redactor;

/// `changes.csv`: what the push would change, before and after.
pub(super) fn changes(
    staging: &mut Staging,
    outcome: &Outcome,
    redactor: Option<&Redactor>,
) -> Result<u64, Error> {
    let mut csv = Csv::new(staging.create("changes.csv")?, &COLUMNS)?;
    let failed = csv.failed();
    let written = outcome.each_change(&mut |change| {
        let mut change = change.clone();
        if let Some(redactor) = redactor {
            redactor.change(&mut change);
        }
        csv.text(&change.user)?;
        csv.text(&change.attribute)?;
        csv.maybe(change.before.as_deref())?;
        csv.maybe(change.after.as_deref())?;
        csv.text(change.effect.as_str())?;
        csv.number(Some(change.row))?;
        csv.maybe(change.group.as_deref())?;
        csv.end()
    });
    written.map_err(failed)?;
    csv.finish(staging)
}

/// The page.
pub(super) fn readme(org: &str, started: &str, version: &str, redacted: bool) -> String {
    let people = if redacted {
        "This folder is REDACTED. People stand as person-..., the same person always as the same one. It holds no copy of\n\
         the snapshot and the inputs; manifest.json names them with their SHA-256. Whoever has the key and the snapshot\n\
         can tell who is who:\n\
         \x20   sfcompat verify THIS-FOLDER --redact KEYFILE --snapshot SNAPSHOT --reveal person-...\n\
         and can perform the check again, from the folder in which it ran, where the original files lie:\n\
         \x20   sfcompat reperform THIS-FOLDER --redact KEYFILE --snapshot SNAPSHOT\n"
    } else {
        "This folder is NOT redacted: it holds usernames, names and email addresses. Treat it like the inputs.\n\
         It holds everything that is needed to perform the check again:\n\
         \x20   sfcompat reperform THIS-FOLDER\n\
         derives every table again from snapshot/ and inputs/ with the recorded options, and compares them byte by byte.\n"
    };
    format!(
        "Evidence of a check by sfcompat {version}\n\
         =======================================\n\
         \n\
         {org}\n\
         Check started: {started}\n\
         \n\
         sfcompat judges what Okta is about to push to Salesforce (who gets which profile, role, permission sets and\n\
         licenses) against the licensing facts of the org, before anything is pushed. It only reads.\n\
         \n\
         {people}\
         \n\
         FILES\n\
         access.csv     The population: one row for each user and entitlement at the time of the snapshot, with empty\n\
         \x20              columns for a review (reviewer, decision, decision_date, justification, ticket).\n\
         \x20              Every user has exactly one row of type profile. entitlement_type: profile, role,\n\
         \x20              permission_set, permission_set_group, via_group (a permission set that comes with a group),\n\
         \x20              psl (permission set license), feature_license, package_license, public_group (direct\n\
         \x20              members only). granted_via says when an assignment is not active, revoked or expired.\n\
         rows.csv       Every row of the inputs, with its verdict: compatible, warned, incompatible, undecided (data that\n\
         \x20              is needed is missing; never counted as passed). errors, warnings and notices count the open\n\
         \x20              findings at that row; a finding that stands for several rows is counted at the first one.\n\
         findings.csv   Every finding: rule, severity, confidence, the reason, the error that Salesforce would give, the\n\
         \x20              fix. status open counts; waived and baselined do not, and are listed all the same.\n\
         matrix.csv     What each license may be combined with, and why; evidence says how well it is founded.\n\
         seats.csv      Seats: total, used as the org reports, used as counted user by user, and after the change.\n\
         \x20              reclaimable: seats held by users who are frozen, or, except for user licenses, inactive.\n\
         changes.csv    What the push would change: before and after.\n\
         waivers.csv    Exceptions that were accepted, with owner, reason, ticket and end.\n\
         coverage.csv   Which objects and fields were read, which were not and why, and whether the number of records\n\
         \x20              agrees with the org's own count.\n\
         manifest.json  Source, persons, times, logic (full text of every query), completeness, control totals, hashes,\n\
         \x20              how to perform it again. manifest.csv says the same as a table.\n\
         SHA256SUMS     SHA-256 of every file.\n\
         snapshot/      The facts about the org, as they were read. Not in a redacted folder.\n\
         inputs/        The judged files, and the settings of the check. Not in a redacted folder.\n\
         \n\
         HOW TO VERIFY\n\
         1. With standard tools:   sha256sum -c SHA256SUMS\n\
         2. With sfcompat:         sfcompat verify THIS-FOLDER\n\
         \x20  also finds missing and additional files, and counts the control totals again in the tables.\n\
         3. Whoever can change files can change SHA256SUMS as well. Compare the SHA-256 of SHA256SUMS itself with the\n\
         \x20  one that the run printed and the pipeline recorded, or sign SHA256SUMS with a tool of your own.\n\
         \n\
         CONTROL TOTALS\n\
         rows of the inputs = records of rows.csv = compatible + warned + incompatible + undecided\n\
         records of User.csv = users of access.csv = sum of the users of each profile\n\
         open errors, warnings and notices of the summary = those of findings.csv\n\
         seats in use as reported, against seats counted user by user (reasons for differences: manifest.json)\n\
         records of each object, against the org's COUNT() with and without the condition of the query (coverage.csv)\n\
         \n\
         THE TABLES\n\
         UTF-8 without byte order mark, comma, every field in double quotes, LF. A text that a spreadsheet could take for\n\
         a formula has an apostrophe before it: it is not a part of the value. Times are in UTC. Ids have 18 characters;\n\
         import them as text. Files are read-only; nothing was edited between the snapshot and the tables.\n"
    )
}
