#![doc = include_str!("mass_change.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{EndCx, EndSink, Occasion, Place, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "mass-change",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "update, mapping",
    row: Some(count),
    leavers: true,
    end: Some(report),
    when: Occasion::UPDATE,
    ..Rule::TEMPLATE
};

/// Counts the active users of the file, and those who lose something.
fn count(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create() && person.active_before {
        sink.tally(1, u64::from(cx.loses()));
    }
}

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let (users, losing) = cx.tally;
    let limit = cx.run.mass_change;
    if losing < limit.min_users || !limit.is_exceeded(losing, users) {
        return;
    }
    sink.report(
        Place::default(),
        Cause::warning(Confidence::Certain).key(losing),
        || {
            Explanation::new(format!(
                "{losing} of the {users} active users of the file lose something: more than {}%",
                limit.share
            ))
            .because("counted is who loses a permission set, a permission set license, a feature license or a public group, comes to another profile or license, or is deactivated")
            .because("saving mappings with \"Apply updates now\" pushes every user of the app at once")
            .fix("look at --changes; save without applying, push in groups, or raise --mass-change if it is meant")
        },
    );
}
