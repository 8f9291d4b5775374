#![doc = include_str!("profile_default_lead_creator.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-default-lead-creator",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("Profile", "PermissionsModifyAllData"),
        Need::optional("Profile", "PermissionsEmailSingle"),
    ],
    requires: &[Setting::DefaultLeadCreator],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |_, _, run| run.default_lead_creator.is_some(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(user), Some(profile), Some(creator)) = (
        person.user,
        person.profile,
        cx.run.default_lead_creator.as_deref(),
    ) else {
        return;
    };
    if !cx.m.org.users.is_called(user, creator) {
        return;
    }
    let Some(name) = cx.row.profile_cell.sent() else {
        return;
    };
    let lacks = |permission| {
        cx.m.permission(permission)
            .is_some_and(|id| cx.m.profile_allows(profile, id).is(&false))
    };
    let (modify, send) = (lacks("ModifyAllData"), lacks("EmailSingle"));
    if !modify && !send {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name)
        .key(u64::from(modify) | u64::from(send) << 1);
    sink.report(cause, || {
        let missing = match (modify, send) {
            (true, true) => "Modify All Data and Send Email",
            (true, false) => "Modify All Data",
            _ => "Send Email",
        };
        Explanation::new(format!(
            "the default lead creator of Web-to-Lead needs {missing}, which profile '{name}' lacks"
        ))
        .because(format!("[org] default_lead_creator is '{creator}'"))
        .fix("name another default lead creator in Setup before the push, or use another profile")
    });
}
