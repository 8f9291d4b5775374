#![doc = include_str!("username_changed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::key_of_folded;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "username-changed",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[Attribute::UserId],
    needs: &[Need::optional("User", "Username")],
    row: Some(check),
    leavers: true,
    when: Occasion::BY_ID,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (Some(user), true, Cell::Sent(username)) = (
        cx.row.person.user,
        cx.row.person.matched_by_id,
        cx.row.username,
    ) else {
        return;
    };
    let users = &cx.m.org.users;
    if !users.has_login(user) || users.is_login(user, key_of_folded(username)) {
        return;
    }
    let cause = Cause::notice(Confidence::Certain)
        .column(Attribute::Username)
        .value(username)
        .subject("username", username)
        .key(u64::from(user.0));
    let leaver = cx.row.person.leaver;
    sink.report(cause, || {
        if leaver {
            return Explanation::new(format!(
                "Okta deactivates a Salesforce user of another name than '{username}'"
            ))
            .because(format!("the row is matched by user id to {}", users.shown(user)))
            .because("Okta has taken the app away from the person, and finds the user by its id, not by its name")
            .fix("confirm that both are the same person; else correct the link before somebody else is deactivated");
        }
        Explanation::new(format!("the push renames a login to '{username}'"))
            .because(format!("the row is matched by user id to {}", users.shown(user)))
            .fix("confirm the new username; else correct it, or the user id")
    });
}
