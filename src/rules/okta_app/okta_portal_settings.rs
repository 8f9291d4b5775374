#![doc = include_str!("okta_portal_settings.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::model::SfId;
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Run};

pub(crate) const RULE: Rule = Rule {
    name: "okta-portal-settings",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "org",
    needs: &[
        Need::optional("Organization", "Id"),
        Need::optional("Account", ""),
    ],
    only: Some(Command::Preflight),
    asks: "The ids of the portal integration exist",
    end: Some(end),
    ..Rule::TEMPLATE
};

/// Whether the app makes contacts: by its file; without one, because the configuration gives ids for it. Without either
/// it is not known, or why not.
fn is_portal(run: &Run) -> Result<bool, &'static str> {
    let given = [&run.organization_id, &run.portal_id, &run.account_id];
    match run.okta_app.as_deref() {
        Some(app) => app
            .is_portal()
            .ok_or("the app file has no settings.app.integrationType"),
        None if given.iter().any(|id| id.is_some()) => Ok(true),
        None => Err("no file of the Okta app is given (--okta-app), and no ids in [org]"),
    }
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    match is_portal(cx.run) {
        Err(why) => return sink.cannot_tell(RULE.asks, why),
        Ok(false) => return sink.passes(RULE.asks, "the app makes no contacts"),
        Ok(true) => {}
    }
    not_given(cx, sink);
    organization(cx, sink);
    account(cx, sink);
}

/// Ids that the configuration lacks: warned of where the app says that it needs them.
fn not_given(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let run = cx.run;
    let ids = [
        ("organization_id", &run.organization_id),
        ("portal_id", &run.portal_id),
        ("account_id", &run.account_id),
    ];
    let missing: Vec<&str> = ids
        .into_iter()
        .filter(|(_, id)| id.is_none())
        .map(|(key, _)| key)
        .collect();
    if missing.is_empty() {
        return;
    }
    if run.okta_app.is_none() {
        return sink.cannot_tell(
            RULE.asks,
            format!("[org] {} is not given", missing.join(", ")),
        );
    }
    let cause = Cause::warning(Confidence::Documented).subject("setting", "[org]");
    sink.report(Place::default(), cause, || {
        Explanation::new(format!(
            "the portal integration needs three ids, and it cannot be checked: {} not given",
            missing.join(", ")
        ))
        .because("Okta creates contacts by Organization ID, Portal ID and Account ID, and its API does not show them")
        .fix("enter the three ids in Okta, and the same in [org] of the configuration")
    });
}

fn organization(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(given) = cx.run.organization_id.as_deref() else {
        return;
    };
    let Some(organization) = cx.m.org.organization.as_ref() else {
        return sink.cannot_tell(RULE.asks, "Organization.csv is not in the snapshot");
    };
    if SfId::parse(given).is_ok_and(|id| id == organization.id) {
        return sink.passes(RULE.asks, format!("Organization ID {}", organization.id));
    }
    let cause = Cause::error(Confidence::Certain)
        .subject("setting", "organization_id")
        .value(given);
    sink.report(Place::default(), cause, || {
        Explanation::new("the Organization ID of the portal integration is not that of this org")
            .because(format!(
                "[org] organization_id is '{given}', Organization.Id is {}",
                organization.id
            ))
            .predicts_code("INVALID_ORG_ID")
            .fix(format!("enter {} in Okta and in the configuration", organization.id))
    });
}

fn account(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(given) = cx.run.account_id.as_deref() else {
        return;
    };
    let org = &cx.m.org;
    if !org.coverage.has("Account") {
        return sink.cannot_tell(RULE.asks, "Account.csv is not in the snapshot");
    }
    let id = SfId::parse(given).ok();
    if let Some(found) = id.and_then(|id| cx.m.account(id)) {
        return sink.passes(RULE.asks, format!("Account ID {} ({})", found.id, found.name));
    }
    // A pull asks for the configured account; a snapshot that was made by hand may lack it.
    let cause = if org.pulled_on.is_some() || id.is_none() {
        Cause::error(Confidence::Certain)
    } else {
        Cause::warning(Confidence::Documented)
    };
    let cause = cause.subject("setting", "account_id").value(given);
    sink.report(Place::default(), cause, || {
        Explanation::new(format!(
            "the Account ID of the portal integration, '{given}', is no account of the snapshot"
        ))
        .because("contacts cannot be created under an account that is not there")
        .predicts_code("INVALID_ACCOUNT_ID")
        .fix("enter the id of an account of this org in Okta and in the configuration")
    });
}
