#![doc = include_str!("reactivation_seats.md")]

use crate::check::{SeatAccount, SeatKind};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::shortage::{about, count, kind, marking, now, plan, report_rows, shown, wanted};
use crate::rules::{EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "reactivation-seats",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "update",
    needs: &[
        Need::optional("User", "IsActive"),
        Need::optional("UserLicense", "TotalLicenses"),
    ],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |m, _, _| !m.org.coverage.has_column("User", "IsActive"),
    end: Some(report),
    ..Rule::TEMPLATE
};

/// Whether the row makes somebody active who was not, where User.csv does not tell.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.user.is_some()
        && cx.row.person.active
        && cx.cell(Attribute::Active).sent().is_some()
        && !cx.m.org.coverage.has_column("User", "IsActive")
    {
        sink.undecided("User.IsActive");
    }
}

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        match account.kind {
            SeatKind::License(_) => taken(cx, sink, account, Confidence::Certain),
            // Whether the flag of an inactive user counts is inferred.
            SeatKind::Feature(_) => taken(cx, sink, account, Confidence::Inferred),
            SeatKind::Psl(_) => carried(cx, sink, account),
            SeatKind::Package(_) => {}
        }
    }
}

/// Users who become active for whom no seat is left.
fn taken(cx: &EndCx<'_>, sink: &mut EndSink<'_>, account: &SeatAccount, sure: Confidence) {
    let back = account
        .failing(account.releases)
        .filter(|taker| taker.reactivates);
    let cause = marking(about(Cause::error(sure), account), cx, Attribute::Active);
    report_rows(sink, back, cause, |rows| {
        let fix = if sure == Confidence::Certain {
            format!(
                "free or buy {} of {}",
                wanted(account, account.releases),
                shown(account)
            )
        } else {
            format!(
                "free or buy seats of {}, or clear the flag first",
                shown(account)
            )
        };
        words(account, rows).because(plan(account)).fix(fix)
    });
}

/// Users who become active and carry a permission set license of which too few seats are free.
fn carried(cx: &EndCx<'_>, sink: &mut EndSink<'_>, account: &SeatAccount) {
    let (Some(free), Some(first)) = (account.free(), account.first_carrier) else {
        return;
    };
    let back = account.releases + account.likely_releases;
    let need = i64::try_from(account.carried + account.takes).unwrap_or(i64::MAX);
    let short = need
        .saturating_sub(i64::try_from(back).unwrap_or(i64::MAX))
        .saturating_sub(free);
    let Some(rows) = u64::try_from(short).ok().filter(|short| *short > 0) else {
        return;
    };
    let rows = rows.min(account.carried);
    let place = Place {
        row: Some((first.row, first.line)),
        ..Place::default()
    };
    let cause = Cause::error(Confidence::Inferred);
    let cause = marking(about(cause, account), cx, Attribute::Active);
    sink.report(place, cause, || {
        words(account, rows)
            .because(format!(
                "{} who become active carry it",
                count(account.carried, "user")
            ))
            .because("whether an inactive user's seat is counted already is not known")
            .fix(format!(
                "free seats of {}, or take the license from these users first",
                shown(account)
            ))
    });
}

fn words(account: &SeatAccount, rows: u64) -> Explanation {
    let what = shown(account);
    Explanation::new(format!(
        "{} an inactive user although no seat of {} {what} is left",
        if rows == 1 {
            String::from("1 row reactivates")
        } else {
            format!("{rows} rows reactivate")
        },
        kind(account).0
    ))
    .because(format!("{what}: {}", now(account)))
    .predicts("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded")
}
