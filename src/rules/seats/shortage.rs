//! Words and places of findings about seats.

use super::{EndCx, EndSink, Place};
use crate::check::{SeatAccount, SeatKind, Taker};
use crate::finding::{Cause, Confidence, Explanation};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::Dense;
use crate::rules::Command;
use rustc_hash::FxHashMap;

/// What is counted, for people: `Salesforce (SFDC)`.
pub(crate) fn shown(account: &SeatAccount) -> String {
    if account.label.is_empty() || account.label == account.key {
        account.key.clone()
    } else {
        format!("{} ({})", account.label, account.key)
    }
}

/// What kind of thing the seats belong to, and how a finding names it.
pub(crate) fn kind(account: &SeatAccount) -> (&'static str, &'static str) {
    match account.kind {
        SeatKind::License(_) => ("user license", "license"),
        SeatKind::Psl(_) => ("permission set license", "permission-set-license"),
        SeatKind::Feature(_) => ("feature license", "feature-license"),
        SeatKind::Package(_) => ("package", "package"),
    }
}

/// The subject of findings about an account: the key, which is unique where names are not.
pub(crate) fn about<'a>(cause: Cause<'a>, account: &'a SeatAccount) -> Cause<'a> {
    cause.subject(kind(account).1, &account.key)
}

/// Marks the column if the input has it.
pub(crate) fn marking<'a>(cause: Cause<'a>, cx: &EndCx<'_>, column: Attribute) -> Cause<'a> {
    match cx.columns {
        Some(columns) if columns.has(column) => cause.column(column),
        _ => cause,
    }
}

/// Seats now: `14 seats, 12 in use, 2 free`.
pub(crate) fn now(account: &SeatAccount) -> String {
    let number = |count: Option<i64>| count.map_or_else(|| String::from("?"), |n| n.to_string());
    let (total, used) = (number(account.total), number(account.used));
    match account.free() {
        Some(free) if free < 0 => format!("{total} seats, {used} in use: {} overdrawn", -free),
        Some(free) => format!("{total} seats, {used} in use, {free} free"),
        None => format!("{total} seats, {used} in use"),
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn count(n: u64, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// What the file does: `the file takes 6 and releases 1`.
pub(crate) fn plan(account: &SeatAccount) -> String {
    let words = format!(
        "the file takes {} and releases {}",
        account.takes, account.releases
    );
    match account.likely_releases {
        0 => words,
        likely => format!("{words}; {likely} more should come back by themselves"),
    }
}

/// Seats that must be found so that every taker fits once `releases` seats have come back: `3 seats`.
pub(crate) fn wanted(account: &SeatAccount, releases: u64) -> String {
    let takes = i64::try_from(account.takes).unwrap_or(i64::MAX);
    let releases = i64::try_from(releases).unwrap_or(i64::MAX);
    let wanted = takes
        .saturating_sub(releases)
        .saturating_sub(account.free().unwrap_or(0));
    count(u64::try_from(wanted).unwrap_or(0), "seat")
}

/// One finding at the first of the rows, which counts them all and gives each its verdict.
pub(crate) fn report_rows(
    sink: &mut EndSink<'_>,
    rows: impl Iterator<Item = Taker> + Clone,
    cause: Cause<'_>,
    explain: impl FnOnce(u64) -> Explanation,
) {
    let Some(first) = rows.clone().next() else {
        return;
    };
    let number = rows.clone().count() as u64;
    let place = Place {
        row: Some((first.row, first.line)),
        rows: Some(number),
        ..Place::default()
    };
    let Some(severity) = sink.report(place, cause, || explain(number)) else {
        return;
    };
    for taker in rows.skip(1) {
        sink.mark(taker.row, severity);
    }
}

/// How many inactive users hold a seat of each package, by its number.
pub(crate) fn inactive_package_holders(m: &Matrix) -> Vec<u64> {
    let users = &m.org.users;
    let mut held = vec![0; m.org.packages.len()];
    for user in users
        .iter()
        .filter(|&user| users.active(user) == Some(false))
    {
        for package in users.packages(user) {
            if let Some(count) = held.get_mut(package.index()) {
                *count += 1;
            }
        }
    }
    held
}

/// Whether findings about the org as such are due: `seats` and `preflight` always, `check` where the input takes a seat.
pub(crate) fn is_due(cx: &EndCx<'_>, account: &SeatAccount) -> bool {
    cx.run.command != Command::Check || account.takes > 0
}

/// Whether seats are short: overdrawn, or too few for the takers of the file; without a taker, none left.
pub(crate) fn is_short(cx: &EndCx<'_>, account: &SeatAccount) -> bool {
    is_due(cx, account)
        && (account.peak_shortfall() > 0
            || account.free().is_some_and(|free| {
                free < 0 || (free == 0 && account.takes == 0 && account.used > Some(0))
            }))
}

/// Tells of each short account of a kind how many hold its seats without using them. `held` counts them, where any
/// account is short.
pub(crate) fn report_idle(
    cx: &EndCx<'_>,
    sink: &mut EndSink<'_>,
    is_kind: fn(SeatKind) -> bool,
    held: impl FnOnce() -> FxHashMap<SeatKind, u64>,
    words: impl Fn(&SeatAccount, u64) -> Explanation,
) {
    let accounts = cx.ledger.accounts.iter();
    let mut short = accounts
        .filter(|account| is_kind(account.kind) && is_short(cx, account))
        .peekable();
    if short.peek().is_none() {
        return;
    }
    let held = held();
    for account in short {
        if let Some(&holders) = held.get(&account.kind) {
            let cause = about(Cause::notice(Confidence::Documented), account);
            sink.report(Place::default(), cause, || words(account, holders));
        }
    }
}

/// `Salesforce (SFDC): 14 seats, 12 in use, 2 free`
pub(crate) fn figures(account: &SeatAccount) -> String {
    format!("{}: {}", shown(account), now(account))
}

/// `1 frozen user holds`, `2 frozen users hold`.
pub(crate) fn who_hold(holders: u64, who: &str) -> String {
    let verb = if holders == 1 { "holds" } else { "hold" };
    format!("{} {verb}", count(holders, who))
}
