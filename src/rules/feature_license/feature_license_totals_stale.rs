#![doc = include_str!("feature_license_totals_stale.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::model::Dense;
use crate::rules::{Command, EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "feature-license-totals-stale",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org, both",
    asks: "The totals of feature licenses are known and fresh",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let org = &cx.m.org;
    if org.coverage.from_metadata {
        return sink.cannot_tell(
            RULE.asks,
            "metadata does not tell which feature licenses the org has",
        );
    }
    let pulled = org.coverage.has("ActiveFeatureLicenseMetric");
    for account in &cx.ledger.accounts {
        let SeatKind::Feature(feature) = account.kind else {
            continue;
        };
        if cx.run.command == Command::Check && account.takes == 0 {
            continue;
        }
        let label = cx.m.feature_label(feature);
        let field = org.features.get(feature).map_or("", AsRef::as_ref);
        let kind = field.strip_prefix("UserPermissions").unwrap_or(field);
        // A total given by hand is the remedy that this rule asks for.
        if cx
            .run
            .totals
            .iter()
            .any(|(key, _)| key == kind || key == &account.key)
        {
            continue;
        }
        let total = org
            .feature_totals
            .iter()
            .find(|total| total.feature == feature);
        let oldest = cx.m.org.pulled_on.and_then(|day| day.yesterday().ok());
        let fact = match (pulled, total.map(|total| total.date)) {
            (false, _) => String::from("ActiveFeatureLicenseMetric was not pulled"),
            (true, None) => format!("ActiveFeatureLicenseMetric has no row for {kind}"),
            (true, Some(date)) => match (date, oldest) {
                (Some(date), Some(oldest)) if date < oldest => {
                    format!(
                        "the latest MetricsDate of {kind} is {date}, older than the day before the pull"
                    )
                }
                _ => continue,
            },
        };
        let cause = Cause::warning(Confidence::Certain)
            .subject("feature-license", label)
            .key(feature.index() as u64);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!("the seats of {label} are not known for today"))
                .because(fact.clone())
                .fix(format!(
                    "pull again, or give the total by hand: [seats] totals = {{ {kind} = N }}"
                ))
        });
    }
}
