#![doc = include_str!("waiver_unused.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::waived::named;
use crate::rules::{EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "waiver-unused",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let waivers = cx.exempt.waivers();
    for entry in cx.exempt.unused(cx.ran, cx.inputs) {
        let label = entry.label();
        let cause = Cause::notice(Confidence::Certain).subject("waiver", &label);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!("the waiver {label} matches no finding of this run"))
                .because(named(waivers, entry))
                .fix("delete it, or correct its selectors")
        });
    }
}
