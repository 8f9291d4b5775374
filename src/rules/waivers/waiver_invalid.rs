#![doc = include_str!("waiver_invalid.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::waived::named;
use crate::rules::{EndCx, EndSink, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "waiver-invalid",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let waivers = cx.exempt.waivers();
    let broken = waivers.entries.iter().zip(1_u64..);
    for (entry, number) in broken.filter(|(entry, _)| !entry.problems.is_empty()) {
        let label = entry.label();
        let problems = entry.problems.join("; ");
        // Two entries may lack the same: each is a finding of its own.
        let cause = Cause::error(Confidence::Certain)
            .subject("waiver", &label)
            .value(&problems)
            .key(number);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!("the waiver {label} covers nothing: {problems}"))
                .because(named(waivers, entry))
                .fix("correct it")
        });
    }
    for (line, problem) in &waivers.strange {
        let cause = Cause::error(Confidence::Certain).value(problem);
        sink.report(Place::default(), cause, || {
            Explanation::new(format!("a part of the waivers means nothing: {problem}"))
                .because(format!("line {line} of {}", waivers.file.display()))
                .fix("correct it")
        });
    }
}
