//! An event of Okta's System Log. Keys of its debug data differ between releases in case and underscores.

use super::Log;
use crate::explain::Message;
use serde_json::Value;

/// Outcomes that are no failure.
const FINE: [&str; 6] = [
    "SUCCESS",
    "ALLOW",
    "SKIPPED",
    "DEFERRED",
    "CHALLENGE",
    "UNANSWERED",
];
/// Beginnings of the types of events that provisioning causes.
const OURS: [&str; 2] = ["application.", "app."];
/// What the name of the integration of a Salesforce app holds.
const SALESFORCE: [&str; 3] = ["salesforce", "sfdc", "force.com"];

/// Whether a value is an event.
pub(super) fn is_event(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some_and(|part| !part.is_null());
    has("outcome") || has("debugContext") || (has("eventType") && has("published") && has("target"))
}

/// Takes an event: a failure becomes a message, a success is remembered by its user.
pub(super) fn take(line: u64, event: &Value, log: &mut Log) {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let kind = text("/eventType");
    let result = text("/outcome/result");
    let users = users(event);
    if !is_ours(event, kind) {
        log.passed_over += 1;
        return;
    }
    if FINE.iter().any(|fine| fine.eq_ignore_ascii_case(result)) {
        log.passed_over += 1;
        if kind.starts_with("application.provision.user.") {
            log.succeeded
                .extend(users.iter().map(|user| user.to_lowercase()));
        }
        return;
    }
    let reason = text("/outcome/reason");
    let code = debug(event, "errorcode");
    let field = debug(event, "errorfield");
    let debug_text = code.map(|code| match field {
        Some(field) => format!("ErrorCode={code} ErrorField={field}"),
        None => format!("ErrorCode={code}"),
    });
    let display = text("/displayMessage");
    let said = [reason, debug_text.as_deref().unwrap_or(""), display, kind]
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .unwrap_or("event without a text");
    let also = [
        debug_text.as_deref().unwrap_or(""),
        display,
        text("/legacyEventType"),
        kind,
    ];
    log.messages.push(Message {
        line,
        text: said.to_owned(),
        code: None,
        fields: field
            .map(|field| vec![field.to_owned()])
            .unwrap_or_default(),
        users,
        operation: operation(kind).map(str::to_owned),
        also: also
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect(),
    });
}

/// Events of other apps, logins and policies are not explained: they are no push to Salesforce.
fn is_ours(event: &Value, kind: &str) -> bool {
    if !kind.is_empty() && !OURS.iter().any(|start| kind.starts_with(start)) {
        return false;
    }
    let Some(app) = debug(event, "appname") else {
        return true;
    };
    let is_salesforce = |name: &str| {
        let name = name.to_lowercase();
        SALESFORCE.iter().any(|word| name.contains(word))
    };
    is_salesforce(app)
        || targets(event, "AppInstance").any(|target| {
            ["alternateId", "displayName"]
                .iter()
                .filter_map(|name| target.get(*name)?.as_str())
                .any(is_salesforce)
        })
}

/// The value of the debug data under a key, case and underscores aside.
fn debug<'e>(event: &'e Value, key: &str) -> Option<&'e str> {
    let data = event.pointer("/debugContext/debugData")?.as_object()?;
    data.iter()
        .find(|(name, _)| {
            name.chars()
                .filter(|c| *c != '_')
                .flat_map(char::to_lowercase)
                .eq(key.chars())
        })
        .and_then(|(_, value)| value.as_str())
        .filter(|value| !value.trim().is_empty())
}

fn targets<'e>(event: &'e Value, kind: &'e str) -> impl Iterator<Item = &'e Value> + 'e {
    // The order of targets is not fixed: their type tells.
    event
        .get("target")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(move |target| target.get("type").and_then(Value::as_str) == Some(kind))
}

/// The person: the user of the app, whose name there is the Salesforce username, else the Okta user.
fn users(event: &Value) -> Vec<String> {
    ["AppUser", "User"]
        .into_iter()
        .find_map(|kind| {
            let found: Vec<String> = targets(event, kind)
                .filter_map(|target| {
                    let name = |key: &str| {
                        target
                            .get(key)
                            .and_then(Value::as_str)
                            .filter(|name| !name.is_empty() && *name != "unknown")
                    };
                    name("alternateId").or_else(|| name("displayName"))
                })
                .map(str::to_owned)
                .collect();
            (!found.is_empty()).then_some(found)
        })
        .unwrap_or_default()
}

/// What was done, in the words of the Tasks page.
fn operation(kind: &str) -> Option<&'static str> {
    [
        ("update_from_master", "import"),
        ("import", "import"),
        ("reactivate", "reactivation"),
        ("deactivate", "deactivation"),
        ("deprovision", "deprovisioning"),
        ("activate", "reactivation"),
        ("password", "password push"),
        ("push_profile", "profile push"),
        ("push", "provisioning"),
        ("provision", "provisioning"),
    ]
    .into_iter()
    .find(|(word, _)| {
        kind.rsplit('.')
            .next()
            .is_some_and(|last| last.contains(word))
    })
    .map(|(_, operation)| operation)
}
