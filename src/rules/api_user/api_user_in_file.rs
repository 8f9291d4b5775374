#![doc = include_str!("api_user_in_file.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Occasion, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-in-file",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both",
    requires: &[Setting::IntegrationUser],
    row: Some(check),
    leavers: true,
    when: Occasion::UPDATE,
    speaks: |_, _, run| run.integration_user.is_some(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let user = cx.row.person.user;
    if user.is_none() || user != cx.run.integration_user {
        return;
    }
    let column = [Attribute::Username, Attribute::UserId]
        .into_iter()
        .find(|column| cx.cell(*column).sent().is_some());
    let cause = Cause::warning(Confidence::Certain);
    let cause = column.map_or(cause, |column| cause.column(column));
    sink.report(cause, || {
        Explanation::new("the row is about the user that Okta logs in with")
            .because("Okta cannot change the profile of this user, nor deactivate it, and a mistake locks Okta out")
            .fix("take the integration user out of the assignment: it is a dedicated account that Okta does not manage")
    });
}
