#![doc = include_str!("api_user_password_expiry.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{CREDENTIALS, Right, of, right};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};
use crate::okta::Login;
use jiff::civil::Date;

pub(crate) const RULE: Rule = Rule {
    name: "api-user-password-expiry",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("User", "PasswordExpirationDate"),
        Need::optional("User", "LastPasswordChangeDate"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Its password does not run out soon",
    end: Some(end),
    ..Rule::TEMPLATE
};

/// Passwords end after 90 days where an org has not chosen otherwise.
const USUAL_LIFE: i64 = 90;

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let login = cx.run.okta_login();
    if login == Some(Login::OAuth) {
        return sink.passes(RULE.asks, "Okta logs in with OAuth");
    }
    let never = match right(cx.m, user, "PasswordNeverExpires") {
        Right::Profile | Right::Set(_) => {
            return sink.passes(RULE.asks, "Password Never Expires is on");
        }
        Right::Nowhere => "PermissionsPasswordNeverExpires is false",
        Right::Untold(_) | Right::Missing(_) => "PermissionsPasswordNeverExpires is not known",
    };
    let users = &cx.m.org.users;
    let date = |field| users.text(field, user).and_then(day);
    let near = cx.run.expiring_within;
    let (why, ends) = if let Some(end) = date("PasswordExpirationDate") {
        if days(cx.run.today, end) > near {
            return sink.passes(RULE.asks, format!("it ends on {end}"));
        }
        (format!("User.PasswordExpirationDate is {end}"), true)
    } else if let Some(set) = date("LastPasswordChangeDate") {
        let age = days(set, cx.run.today);
        if age < USUAL_LIFE - near {
            return sink.passes(RULE.asks, format!("it was set on {set}"));
        }
        let why = format!(
            "User.LastPasswordChangeDate is {set}, {age} days ago; passwords usually end after {USUAL_LIFE} days"
        );
        (why, false)
    } else {
        return sink.cannot_tell(
            RULE.asks,
            "neither User.PasswordExpirationDate (API 63 and later) nor User.LastPasswordChangeDate is in the snapshot",
        );
    };
    let shown = users.shown(user);
    let cause = Cause::warning(Confidence::Documented).subject("user", &shown);
    sink.report(Place::default(), cause, || {
        let words = Explanation::new(if ends {
            "the password of the integration user ends soon, or has ended"
        } else {
            "the password of the integration user is old and may end soon"
        })
        .because(why.clone())
        .because(never);
        let words = match login {
            Some(_) => words,
            None => words.because("it matters only where Okta logs in with a password; --okta-app FILE tells that"),
        };
        words
            .predicts_text("The password used to connect to the Salesforce API has expired")
            .okta_says(CREDENTIALS)
            .fix("let Okta log in with OAuth, or set Password Never Expires; after a reset enter the new password and the new security token in Okta")
    });
}

/// The day of a date and time as REST gives it.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
