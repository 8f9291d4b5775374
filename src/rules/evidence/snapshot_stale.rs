#![doc = include_str!("snapshot_stale.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "snapshot-stale",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(why) = &cx.run.stale else { return };
    sink.report(Place::default(), Cause::warning(Confidence::Certain), || {
        Explanation::new("the snapshot is older than the run allows")
            .because(why.clone())
            .fix("pull the org again, or allow a greater age with --max-age")
    });
}
