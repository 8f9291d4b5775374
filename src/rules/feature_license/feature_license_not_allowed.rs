#![doc = include_str!("feature_license_not_allowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, FeatureItem, FeatureRef, feature};
use crate::matrix::FeatureAllowance;
use crate::model::FeatureId;
use crate::rules::refusal::{bits, refusal_text};
use crate::rules::mapped_groups::keep;
use crate::rules::meetings::{Meeting, meetings};
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-not-allowed",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    needs: &[
        Need::file("Profile", About::Features),
        Need::column("Profile", "UserLicenseId", About::Features),
        Need::file("UserLicense", About::Features),
        Need::column("UserLicense", "LicenseDefinitionKey", About::Features),
    ],
    row: Some(check),
    end: Some(end),
    when: Occasion::FEATURES_IN_DOUBT.or(Occasion::GROUP),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    keep(cx, sink);
    let person = &cx.row.person;
    if person.features == 0 {
        return;
    }
    let Some(license) = person.license else {
        if person.profile.is_some() && person.features & !person.features_before != 0 {
            sink.undecided("UserLicense of the profile");
        }
        return;
    };
    // What the user has on this license already, and the row neither names nor wakes up, is not pushed.
    let moves = person.license_before != Some(license) || person.active != person.active_before;
    for feature in bits(person.features) {
        let Some((confidence, refused)) = doubt(cx.m.allowance(license, feature)) else {
            continue;
        };
        let found = if refused {
            Cause::error(confidence)
        } else {
            Cause::warning(confidence)
        };
        let item = sent(cx, feature);
        if item.is_none() && !moves {
            continue;
        }
        let label = cx.m.feature_label(feature);
        let cause = found
            .subject("feature-license", label)
            .key(u64::from(feature.0) << 32 | u64::from(license.0))
            .unless(Witness::Feature(license, feature));
        let cause = match item {
            Some(item) => cause.column(item.column).value(&item.text),
            None if cx.columns.has(Attribute::Profile) => cause.column(Attribute::Profile),
            None => cause,
        };
        sink.report(cause, || {
            let shown = cx.m.shown_license(license);
            let words = words((label, &shown), refused);
            words.fix(format!("clear {label}, or use a profile of another license"))
        });
    }
}

/// Feature licenses of one group that do not fit the profile of another one.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let column = Attribute::FeatureLicenses;
    for meeting in meetings(cx, column) {
        for text in meeting.giving.group.list(column) {
            if let FeatureRef::Feature(feature) = feature(cx.m, text) {
                meet(cx, &meeting, (text, feature), sink);
            }
        }
    }
}

fn meet(
    cx: &EndCx<'_>,
    meeting: &Meeting<'_>,
    (text, feature): (&str, FeatureId),
    sink: &mut EndSink<'_>,
) {
    let (column, license) = (Attribute::FeatureLicenses, meeting.license);
    let Some((confidence, refused)) = doubt(cx.m.allowance(license, feature)) else {
        return;
    };
    let cause = Cause::warning(confidence)
        .column(column)
        .value(text)
        .subject("group", &meeting.counting.group.name)
        .unless(Witness::Feature(license, feature));
    sink.report(meeting.giving.place(None), cause, || {
        let (label, shown) = (cx.m.feature_label(feature), cx.m.shown_license(license));
        let words = meeting.explain(words((label, &shown), refused), column);
        words.fix(format!(
            "keep the members of '{}' out of this group, or leave {label} out; with --members those who are in both are judged",
            meeting.counting.group.name
        ))
    });
}

/// How sure it is that Salesforce refuses, and whether a source says so; `None`: nothing speaks against it.
fn doubt(allowance: FeatureAllowance) -> Option<(Confidence, bool)> {
    match allowance {
        FeatureAllowance::Rejected(confidence) => Some((confidence, true)),
        FeatureAllowance::Unproven => Some((Confidence::Inferred, false)),
        FeatureAllowance::Allowed | FeatureAllowance::Unknown => None,
    }
}

fn words((label, shown): (&str, &str), refused: bool) -> Explanation {
    if refused {
        Explanation::new(format!("{label} is not allowed on {shown}"))
            .because(format!("Salesforce refuses {label} for this user license"))
            .predicts("FIELD_INTEGRITY_EXCEPTION", refusal_text(label))
    } else {
        Explanation::new(format!("whether {shown} allows {label} is not known"))
            .because("no source names this license, and no active user of it has the feature license")
    }
}

/// The element or flag by which the row itself asks for the feature license.
fn sent<'a>(cx: &RowCx<'a>, feature: FeatureId) -> Option<&'a FeatureItem<'a>> {
    cx.row
        .features
        .iter()
        .find(|item| item.on && matches!(item.to, FeatureRef::Feature(id) if id == feature))
}
