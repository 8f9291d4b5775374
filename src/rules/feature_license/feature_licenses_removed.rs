#![doc = include_str!("feature_licenses_removed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::refusal::bits;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-licenses-removed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update",
    needs: &[Need::optional("User", "UserPermissions*")],
    row: Some(check),
    when: Occasion::FEATURES_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let lost = cx.lost_features();
    if lost == 0 {
        return;
    }
    let flag = cx
        .columns
        .flags()
        .iter()
        .find(|(_, field)| {
            bits(lost).any(|feature| {
                cx.m.org
                    .features
                    .get(feature)
                    .is_some_and(|lost| **lost == **field)
            })
        })
        .map(|(column, _)| *column);
    let column = if cx.row.has_feature_list {
        Some(Attribute::FeatureLicenses)
    } else {
        flag
    };
    let Some(column) = column else { return };
    let Some(first) = bits(lost).next() else {
        return;
    };
    // One per user: it is the list of losses. Where it is one thing, that is the subject, so that reports can fold it.
    let cause = Cause::warning(Confidence::Certain)
        .column(column)
        .key(u64::from(lost));
    let cause = if lost.is_power_of_two() {
        cause.subject("feature-license", cx.m.feature_label(first))
    } else {
        cause
    };
    sink.report(cause, || {
        let labels: Vec<&str> = bits(lost).map(|id| cx.m.feature_label(id)).collect();
        let labels = labels.join(", ");
        Explanation::new(format!("the user loses {labels}"))
            .because("the user has it today, and the row takes it away: the list of the row replaces the present one, or the flag is sent as false")
            .fix(format!("add {labels} to the row, if the loss is not meant"))
    });
}
