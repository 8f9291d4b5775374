#![doc = include_str!("api_user_license.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::of;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-license",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "org",
    needs: &[
        Need::optional("UserLicense", "LicenseDefinitionKey"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "Its license can hold what Okta needs",
    end: Some(end),
    ..Rule::TEMPLATE
};

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let profile = cx.m.org.users.profile(user);
    let Some((license, key)) = profile
        .and_then(|id| cx.m.license_of(id))
        .and_then(|license| Some((license, cx.m.license(license)?.key.as_ref()?)))
    else {
        return sink.cannot_tell(
            RULE.asks,
            "UserLicense.LicenseDefinitionKey of its profile is not in the snapshot",
        );
    };
    let shown = cx.m.shown_license(license);
    if matches!(&**key, "SFDC" | "AUL") {
        return sink.passes(RULE.asks, shown);
    }
    let family = cx.m.family(license);
    let integration = family.is_some_and(|family| family.as_str() == "integration");
    let cause = if integration {
        Cause::notice(Confidence::Inferred)
    } else {
        Cause::warning(Confidence::Inferred)
    };
    sink.report(Place::default(), cause.subject("license", key), || {
        let words = Explanation::new(format!("the integration user is on {shown}"));
        if integration {
            words
                .because("Salesforce recommends this license for integrations; it can hold Manage Users only through a permission set license")
                .fix("if pushes fail for want of rights, use a user on the Salesforce license")
        } else {
            words
                .because("only Salesforce and Salesforce Platform are known to hold what Okta's integration needs")
                .fix("use a user on the Salesforce license")
        }
    });
}
