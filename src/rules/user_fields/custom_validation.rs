#![doc = include_str!("custom_validation.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "custom-validation",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, org",
    needs: &[
        Need::optional("ValidationRule", ""),
        Need::optional("ApexTrigger", ""),
        Need::optional("FlowDefinitionView", ""),
    ],
    asks: "No automation on User can refuse a push",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let automation = &cx.m.org.automation;
    let cause = match cx.run.command {
        Command::Check => Cause::notice(Confidence::Documented),
        Command::Preflight => Cause::warning(Confidence::Documented),
        Command::Seats | Command::ImportCheck => return,
    };
    if automation.is_empty() {
        return;
    }
    sink.report(Place::default(), cause.subject("object", "User"), || {
        let mut words =
            Explanation::new("the org has automation of its own on users, which may refuse or change what is pushed");
        for name in automation {
            words = words.because(format!("active: {name}"));
        }
        words
            .because("what it does is not in the snapshot; it can also set fields, for example feature licenses")
            .fix("try the push in a sandbox that has the same automation")
    });
}
