#![doc = include_str!("deactivate_default_owner.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserId;
use crate::rules::{Occasion, RowCx, Rule, Run, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "deactivate-default-owner",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Active],
    requires: &[Setting::DefaultUsers],
    row: Some(check),
    leavers: true,
    when: Occasion::INACTIVE,
    ..Rule::TEMPLATE
};

/// A place in Setup that holds a user: how it is called, its key in the configuration, and what Salesforce says.
struct Office {
    called: &'static str,
    key: &'static str,
    text: &'static str,
}

const OFFICES: [Office; 4] = [
    Office {
        called: "the default owner of cases",
        key: "default_case_owner",
        text: "You cannot deactivate this user. You cannot deactivate a user who is the default owner of cases",
    },
    Office {
        called: "the default workflow user",
        key: "default_workflow_user",
        text: "You cannot deactivate the Default Workflow User",
    },
    Office {
        called: "the default creator of Web-to-Lead",
        key: "default_lead_creator",
        text: "You cannot disable the Web to Lead Default Creator",
    },
    Office {
        called: "a portal administrator",
        key: "portal_administrators",
        text: "You cannot deactivate a user who is a portal administrator",
    },
];

/// Whether the configuration names the user for each of the offices.
fn holds(cx: &RowCx<'_>, user: UserId) -> [bool; 4] {
    let users = &cx.m.org.users;
    let is = |named: &Option<String>| {
        named
            .as_deref()
            .is_some_and(|name| users.is_called(user, name))
    };
    let run: &Run = cx.run;
    [
        is(&run.default_case_owner),
        is(&run.default_workflow_user),
        is(&run.default_lead_creator),
        run.portal_administrators
            .iter()
            .any(|name| users.is_called(user, name)),
    ]
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let Some(user) = person.user.filter(|_| person.active_before && !person.active) else {
        return;
    };
    let held = holds(cx, user);
    let offices = || OFFICES.iter().zip(held).filter(|(_, held)| *held).map(|(office, _)| office);
    let Some(first) = offices().next() else {
        return;
    };
    let id = cx.m.org.users.id(user).text();
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Active)
        .subject("user", &id);
    sink.report(cause, || {
        let shown = cx.m.org.users.shown(user);
        let called: Vec<&str> = offices().map(|office| office.called).collect();
        let mut words = Explanation::new(format!(
            "{shown} is {}, and cannot be deactivated as such",
            called.join(" and ")
        ));
        for office in offices() {
            words = words.because(format!("[org] {} names this user", office.key));
        }
        words
            .predicts_text(first.text)
            .fix("name somebody else in Setup before the push")
    });
}
