#![doc = include_str!("waiver_expired.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::waived::named;
use crate::rules::{EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "waiver-expired",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let waivers = cx.exempt.waivers();
    // Of the run, not of the change window: what ends before the push is said by `recheck`.
    let Some(today) = waivers.today else { return };
    let ended = waivers.entries.iter().filter(|entry| entry.problems.is_empty());
    for entry in ended.filter(|entry| entry.has_ended(today)) {
        let label = entry.label();
        let last = entry.note.expires.as_deref().unwrap_or_default();
        let cause = Cause::warning(Confidence::Certain)
            .subject("waiver", &label)
            .value(last);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!(
                "the waiver {label} ended on {last}: what it covered counts again"
            ))
            .because(named(waivers, entry))
            .fix("repair what it covers, or renew it with a reason: sfcompat waiver renew")
        });
    }
}
