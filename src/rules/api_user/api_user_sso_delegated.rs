#![doc = include_str!("api_user_sso_delegated.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{CREDENTIALS, Right, missing, of, profile_name, right};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};
use crate::okta::Login;

pub(crate) const RULE: Rule = Rule {
    name: "api-user-sso-delegated",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("Profile", "PermissionsIsSsoEnabled"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Delegated authentication is off for it",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let by = match right(cx.m, user, "IsSsoEnabled") {
        Right::Profile => format!("profile '{}'", profile_name(cx.m, user)),
        Right::Set(set) => format!("permission set '{set}'"),
        // The field exists only where the org has delegated authentication.
        Right::Untold(_) if cx.m.permission("IsSsoEnabled").is_none() => {
            return sink.passes(RULE.asks, "the org has no such permission");
        }
        Right::Untold(what) => return sink.cannot_tell(RULE.asks, missing(&what)),
        Right::Missing(what) => return sink.undecided(RULE.asks, missing(what)),
        Right::Nowhere => return sink.passes(RULE.asks, "IsSsoEnabled is false"),
    };
    let cause = match cx.run.okta_login() {
        Some(Login::OAuth) => {
            return sink.passes(RULE.asks, "it is on, and Okta logs in with OAuth");
        }
        Some(Login::Password) => Cause::error(Confidence::Documented),
        None => Cause::warning(Confidence::Documented),
    };
    let told = cx.run.okta_login().is_some();
    sink.report(Place::default(), cause.subject("user", &by), || {
        let words = Explanation::new(if told {
            "Okta logs in with a password, and the integration user has delegated authentication"
        } else {
            "the integration user has delegated authentication, and it cannot be told whether Okta logs in with a password"
        })
        .because(format!("IsSsoEnabled is true by {by}"))
        .because("\"Do not enable delegated authentication in Salesforce for the API user\"")
        .okta_says(CREDENTIALS)
        .fix("give the user a profile without delegated authentication, or let Okta log in with OAuth");
        if told {
            words
        } else {
            words.because("--okta-app FILE tells how Okta logs in")
        }
    });
}
