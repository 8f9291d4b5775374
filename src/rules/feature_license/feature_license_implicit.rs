#![doc = include_str!("feature_license_implicit.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::FeatureRef;
use crate::model::{Dense, FeatureId, LicenseId, UserType};
use crate::rules::{EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Sink};
use std::collections::BTreeMap;

const FIELD: &str = "UserPermissionsSFContentUser";

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-implicit",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "create",
    needs: &[
        Need::optional("UserLicense", "LicenseDefinitionKey"),
        Need::optional("User", FIELD),
        Need::optional("ActiveFeatureLicenseMetric", ""),
    ],
    row: Some(check),
    end: Some(end),
    when: Occasion::CREATE,
    speaks: |m, _, _| m.org.feature(FIELD).is_some(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create() || !person.active || !person.kind.is_some_and(UserType::is_internal) {
        return;
    }
    let (Some(license), Some(content)) = (person.license, cx.m.org.feature(FIELD)) else {
        return;
    };
    let full =
        cx.m.family(license)
            .is_some_and(|family| matches!(family.as_str(), "internal-full" | "internal-platform"));
    // Sent as false, nothing is given by itself; sent as true, the row asks for the seat.
    let sent = cx
        .row
        .features
        .iter()
        .any(|item| matches!(item.to, FeatureRef::Feature(id) if id == content));
    if full && !sent {
        sink.keep_run(license.0);
    }
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(content) = cx.m.org.feature(FIELD) else {
        return;
    };
    let mut by_license: BTreeMap<u32, ((u64, u64), u64)> = BTreeMap::new();
    for kept in cx.kept.iter() {
        let (_, rows) = by_license
            .entry(kept.a)
            .or_insert(((kept.row, kept.line), 0));
        *rows += u64::from(kept.b);
    }
    let creates: u64 = by_license.values().map(|(_, rows)| rows).sum();
    let seats = cx.ledger.account(SeatKind::Feature(content));
    let free = seats.and_then(crate::check::SeatAccount::free);
    let short = free.is_some_and(|free| i64::try_from(creates).unwrap_or(i64::MAX) > free);
    let unlimited = seats.is_some_and(crate::check::SeatAccount::is_unlimited);
    for (number, (first, rows)) in by_license {
        let license = LicenseId::new(number as usize);
        let name = cx.m.license(license).map_or("", |found| &found.name);
        let found = if short {
            Cause::warning(Confidence::Inferred)
        } else {
            Cause::notice(Confidence::Inferred)
        };
        let cause = found.subject("license", name).key(u64::from(number));
        let place = Place {
            row: Some(first),
            user: None,
            creates: true,
            rows: Some(rows),
        };
        sink.report(place, cause, || {
            words(cx, content, license, rows, (creates, free, unlimited))
        });
        if short {
            for kept in cx.kept.iter().filter(|kept| kept.a == number) {
                for row in kept.row..kept.row + u64::from(kept.b) {
                    sink.mark(row, Severity::Warning);
                }
            }
        }
    }
}

fn words(
    cx: &EndCx<'_>,
    content: FeatureId,
    license: LicenseId,
    rows: u64,
    (creates, free, unlimited): (u64, Option<i64>, bool),
) -> Explanation {
    let label = cx.m.feature_label(content);
    let shown = cx.m.shown_license(license);
    let users = if rows == 1 { "user" } else { "users" };
    let words = Explanation::new(format!(
        "{rows} new {users} on {shown} can receive a {label} seat that nobody asked for"
    ))
    .because("an org setting that no API shows gives new users the seat; the file does not send the flag as false");
    let words = match free {
        Some(free) => words.because(format!(
            "{free} seats are free, the file creates {creates} such users"
        )),
        None if unlimited => words.because("the org has no limit of these seats"),
        None => words.because("how many seats are free is not in the snapshot"),
    };
    let words = if free.is_some_and(|free| i64::try_from(creates).unwrap_or(i64::MAX) > free) {
        words.predicts(
            "LICENSE_LIMIT_EXCEEDED",
            "content feature license limit exceeded",
        )
    } else {
        words
    };
    words.fix(format!(
        "send {FIELD} as false, or turn off the automatic assignment of CRM Content licenses"
    ))
}
