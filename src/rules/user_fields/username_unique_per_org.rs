#![doc = include_str!("username_unique_per_org.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::Known;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "username-unique-per-org",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[Need::optional("Settings", SETTING)],
    end: Some(end),
    ..Rule::TEMPLATE
};

const SETTING: &str = "Communities.enableUsernameUniqForOrgPref";

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let named = cx
        .columns
        .is_some_and(|columns| columns.has(Attribute::Username));
    if cx.m.org.setting(SETTING) != Known::Yes(true) || (cx.run.command == Command::Check && !named)
    {
        return;
    }
    let cause = Cause::notice(Confidence::Documented).subject("setting", SETTING);
    sink.report(Place::default(), cause, || {
        Explanation::new("usernames of external users need to be unique in this org only")
            .because(format!("{SETTING} is true"))
            .because("usernames of internal users stay unique across all Salesforce orgs")
            .fix("nothing to do; a collision with another org concerns internal users only")
    });
}
