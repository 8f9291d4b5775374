#![doc = include_str!("feature_license_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::FeatureRef;
use crate::model::nearest;
use crate::rules::{Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    row: Some(check),
    when: Occasion::FEATURES_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for item in &cx.row.features {
        if !matches!(item.to, FeatureRef::Unknown) {
            continue;
        }
        let cause = Cause::error(Confidence::Certain)
            .column(item.column)
            .value(&item.text)
            .subject("feature-license", &item.text);
        sink.report(cause, || {
            let words = Explanation::new(format!("no feature license is called '{}'", item.text))
                .because(format!(
                    "'{}' is no feature type, no UserPermissions field and no label of this org or of Salesforce",
                    item.text
                ));
            let here = nearest(&item.text, cx.m.feature_names.iter(), 1);
            if let Some(near) = here.first() {
                return words.fix(format!("use '{near}'"));
            }
            let known = cx.m.org.features.iter();
            let labels: Vec<&str> = known.map(|(id, _)| cx.m.feature_label(id)).collect();
            words.fix(format!("use one of: {}", labels.join(", ")))
        });
    }
}
