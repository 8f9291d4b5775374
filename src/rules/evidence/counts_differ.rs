#![doc = include_str!("counts_differ.md")]

use crate::check::{SeatAccount, SeatKind};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::shortage::{about, count, is_due, shown};
use crate::rules::{EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "counts-differ",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("UserLicense", "UsedLicenses"),
        Need::optional("User", "IsActive"),
    ],
    asks: "The counts of the snapshot agree",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    objects(cx, sink);
    for account in cx.ledger.accounts.iter().filter(|a| is_due(cx, a)) {
        let SeatKind::License(id) = account.kind else {
            continue;
        };
        let said = cx.m.license(id).and_then(|license| license.used.get());
        let (Some(counted), Some(said)) = (account.used, said) else {
            continue;
        };
        if counted == said {
            continue;
        }
        let matters = verdict(account, counted) != verdict(account, said);
        let cause = if matters {
            Cause::warning(Confidence::Certain)
        } else {
            Cause::notice(Confidence::Certain)
        };
        sink.report(Place::default(), about(cause, account), || {
            let what = shown(account);
            let words = Explanation::new(format!(
                "{what}: {} in the snapshot, and the org says that {said} seats are in use",
                count(counted.unsigned_abs(), "active user")
            ));
            if matters {
                words
                    .because("whether its seats suffice depends on which of the two is right")
                    .because("the verdict of this run follows the counted users; UserLicense.UsedLicenses can be a day old in large orgs")
                    .fix("pull the org again")
            } else {
                words
                    .because("it changes no verdict of this run; UserLicense.UsedLicenses can be a day old in large orgs")
                    .fix("pull the org again if it should be exact")
            }
        });
    }
}

/// Objects of which the snapshot holds another number of records than the org counted during the pull.
fn objects(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let org = &cx.m.org;
    for (object, &expected) in &org.pulled.counts {
        let Some(found) = org.coverage.objects.get(object).map(|known| known.rows) else {
            continue;
        };
        if found == expected {
            continue;
        }
        let cause = Cause::warning(Confidence::Certain).subject("object", object);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!(
                "{object}.csv has {}, and the org counted {expected} during the pull",
                count(found, "record")
            ))
            .because("manifest.json holds the COUNT() of the pull: records are missing, or came while it ran")
            .fix("pull the org again")
        });
    }
}

/// What the seat rules say of a license with so many seats in use: short, short in the worst order, overdrawn.
fn verdict(account: &SeatAccount, used: i64) -> [bool; 3] {
    let total = match account.total {
        None | Some(-1) => return [false; 3],
        Some(total) => total,
    };
    let free = total - used;
    let takes = i64::try_from(account.takes).unwrap_or(i64::MAX);
    let releases = i64::try_from(account.releases).unwrap_or(i64::MAX);
    let short = |needed: i64| account.takes > 0 && needed > free;
    [
        short(takes.saturating_sub(releases)),
        short(takes),
        free < 0,
    ]
}
