#![doc = include_str!("okta_link_broken.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution};
use crate::rules::{About, Need, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-link-broken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "update, org",
    columns: &[Attribute::UserId],
    needs: &[Need::file("User", About::Cell(Attribute::UserId))],
    speaks: |_, columns, _| columns.linked,
    row: Some(check),
    leavers: true,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(id) = cx.cell(Attribute::UserId).sent().filter(|_| cx.columns.linked) else {
        return;
    };
    let username = cx.row.username.sent().unwrap_or_default();
    if let Resolution::UnknownId(id) = cx.row.user_id
        && let Some(instance) = cx.run.made_elsewhere(cx.m, id)
    {
        return of_another_org(sink, &instance);
    }
    let cause = match cx.row.user_id {
        Resolution::UnknownId(_) => Cause::error(Confidence::Certain),
        Resolution::Found(user) | Resolution::Folded(user)
            if cx.m.org.users.active(user) == Some(false) =>
        {
            Cause::warning(Confidence::Certain)
        }
        _ => return,
    };
    let gone = cause.severity == Severity::Error;
    let leaver = cx.row.person.leaver;
    // The words name the person: no other row shares them.
    let cause = cause
        .column(Attribute::UserId)
        .value(id)
        .subject("user", username);
    sink.report(cause, || {
        let words = Explanation::new(if gone {
            format!("Okta has linked this person to the Salesforce user {id}, and there is no such user")
        } else {
            format!("Okta has linked this person to the Salesforce user {id}, which is inactive")
        })
        .because(if gone {
            "no User of the snapshot has the id that Okta holds in externalId"
        } else {
            "the User that Okta holds in externalId has IsActive = false"
        });
        let words = if gone {
            words.okta_says(format!(
                "Error while trying to push profile update for {username}: No user returned for user {id}"
            ))
        } else {
            words
        };
        if !leaver {
            return words.fix("take the app away from the person in Okta and assign it again, or link them to the right Salesforce user");
        }
        let words = words.because("Okta has taken the app away from the person, and deactivates whom it is linked to");
        words.fix(if gone {
            "find out who the person is in Salesforce and deactivate that user there: Okta cannot"
        } else {
            "nothing is left to deactivate; link the person anew if the app is ever assigned again"
        })
    });
}

/// Links into another org: one cause for all of them.
fn of_another_org(sink: &mut Sink<'_>, instance: &str) {
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::UserId)
        .subject("instance", instance);
    sink.once(cause, || {
        Explanation::new("Okta has linked people of this file to Salesforce users of another org")
            .because(format!("no User of the snapshot has the ids that Okta holds in externalId, which begin with 005{instance}"))
            .because(format!("no User of the snapshot has any id that begins with 005{instance}"))
            .okta_says("Error while trying to push profile update for ...: No user returned for user ...")
            .fix("judge the file against the org of its app (a sandbox has an app of its own); if the app was moved here, take it away from these people in Okta and assign it again, or link them anew")
    });
}
