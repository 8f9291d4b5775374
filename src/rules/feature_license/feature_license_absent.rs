#![doc = include_str!("feature_license_absent.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::FeatureRef;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-absent",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    when: Occasion::FEATURES_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for item in &cx.row.features {
        let (FeatureRef::Absent(facts), true) = (item.to, item.on) else {
            continue;
        };
        // A column that User.csv lacks proves nothing; a field that describe lacks does.
        if cx.m.org.user_describe.is_none() {
            continue;
        }
        let cause = Cause::error(Confidence::Certain)
            .column(item.column)
            .value(&item.text)
            .subject("feature-license", facts.label);
        sink.report(cause, || {
            Explanation::new(format!("this org does not have {}", facts.label))
                .because(format!("describe of User has no field {}", facts.field))
                .because("the push fails, or Okta drops the attribute")
                .predicts_code("INVALID_FIELD")
                .fix(format!("take '{}' out", item.text))
        });
    }
}
