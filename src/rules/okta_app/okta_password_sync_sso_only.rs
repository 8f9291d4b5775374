#![doc = include_str!("okta_password_sync_sso_only.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Command, EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-password-sync-sso-only",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, org",
    needs: &[
        Need::optional("Profile", "PermissionsIsSsoEnabled"),
    ],
    requires: &[Setting::OktaApp],
    asks: "Passwords are not pushed to single sign-on users",
    row: Some(check),
    end: Some(end),
    when: Occasion::ALWAYS,
    speaks: |m, _, run| {
        m.permission("IsSsoEnabled").is_some()
            && run.okta_app.as_deref().and_then(|app| app.has(FEATURE)) == Some(true)
    },
    ..Rule::TEMPLATE
};

const FEATURE: &str = "PUSH_PASSWORD_UPDATES";

fn syncs(cx: &RowCx<'_>) -> bool {
    let app = cx.run.okta_app.as_deref();
    app.and_then(|app| app.has(FEATURE)) == Some(true)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(permission) = cx.m.permission("IsSsoEnabled").filter(|_| syncs(cx)) else {
        return;
    };
    let person = &cx.row.person;
    if let Some(id) = person.profile
        && cx.m.profile_allows(id, permission).is(&true)
    {
        let name = cx.m.profile(id).map_or("", |profile| &profile.name);
        let cause = Cause::error(Confidence::Documented)
            .subject("profile", name)
            .key(u64::from(id.0));
        return sink.report(cause, || explain("profile", name));
    }
    for set in cx.m.sets_of(cx.row.sets.found().map(|(_, to)| to)) {
        if cx.m.set_allows(set, permission).is(&true) {
            let name = cx.m.set(set).map_or("", |set| &set.name);
            let cause = Cause::error(Confidence::Documented)
                .column(Attribute::PermissionSets)
                .subject("permission-set", name);
            return sink.report(cause, || explain("permission set", name));
        }
    }
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let app = cx.run.okta_app.as_deref();
    let Some(app) = app.filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    match app.has(FEATURE) {
        None => return sink.cannot_tell(RULE.asks, "the app file has no features"),
        Some(false) => return sink.passes(RULE.asks, "Sync Password is off"),
        Some(true) => {}
    }
    let m = cx.m;
    let Some(permission) = m.permission("IsSsoEnabled") else {
        return sink.passes(RULE.asks, "the org has no single sign-on users by permission");
    };
    let users = &m.org.users;
    let on = |profile| m.profile_allows(profile, permission).is(&true);
    let held = users
        .iter()
        .filter(|&user| users.active(user) == Some(true))
        .filter_map(|user| users.profile(user))
        .find(|&profile| on(profile));
    let Some(profile) = held.and_then(|id| m.profile(id)) else {
        return sink.passes(RULE.asks, "no active user is on a profile with IsSsoEnabled");
    };
    let cause = Cause::error(Confidence::Documented).subject("profile", &profile.name);
    sink.report(Place::default(), cause, || explain("profile", &profile.name));
}

fn explain(kind: &str, name: &str) -> Explanation {
    Explanation::new(format!(
        "Okta pushes passwords, and users of {kind} '{name}' log in by single sign-on only"
    ))
    .because("features of the app hold PUSH_PASSWORD_UPDATES")
    .because(format!("IsSsoEnabled is true on '{name}'"))
    .okta_says("Unable to push a password for an SSO-Only user in Salesforce")
    .fix("turn Sync Password off")
}
