#![doc = include_str!("id_malformed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{IdFault, SfId};
use crate::rules::named::{Lead, Named, each};
use crate::rules::{Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "id-malformed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    row: Some(check),
    leavers: true,
    when: Occasion::UNCLEAR.or(Occasion::REFERENCES),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each(cx, |named| {
        if !matches!(named.to, Lead::Malformed(_) | Lead::OtherObject(_)) {
            return;
        }
        let cause = Cause::error(Confidence::Certain)
            .column(named.column)
            .value(named.text)
            .subject("id", named.text);
        sink.report(cause, || explain(cx, &named));
    });
}

fn explain(cx: &RowCx<'_>, named: &Named<'_>) -> Explanation {
    let text = named.text;
    let (object, prefix) = (thing(named.object), prefix(named.object));
    let words = match named.to {
        Lead::OtherObject(id) => {
            let other = id.prefix();
            Explanation::new(format!("'{text}' is no id of {object}"))
                .because(format!(
                    "it starts with {other}, which {} do; the id of {object} starts with {prefix}",
                    others(&other)
                ))
                .fix(format!("use the id of {object} ({prefix}...), or its name"))
        }
        Lead::Malformed(IdFault::Length(length)) => {
            Explanation::new(format!("'{text}' is no Salesforce id"))
                .because(format!(
                    "it has {length} characters; an id has 15, or 18 with its checksum"
                ))
                .fix(format!("copy the id of {object} again, or use its name"))
        }
        _ => {
            let words = Explanation::new(format!("'{text}' is no Salesforce id")).because(
                "its last three characters are not the checksum of the first fifteen: a letter or its case has changed",
            );
            let head = text
                .get(..15)
                .and_then(|head| SfId::parse(head).ok())
                .filter(|id| cx.m.org.by_id.contains_key(id));
            match head {
                Some(id) => words
                    .because(format!("its first fifteen characters are those of {id}"))
                    .fix(format!("use {id}, if that is the one that is meant")),
                None => words.fix(format!("copy the id of {object} again, or use its name")),
            }
        }
    };
    match label(named.column) {
        Some(label) => words.predicts(
            "MALFORMED_ID",
            format!("{label}: id value of incorrect type: {text}"),
        ),
        None => words.predicts_code("MALFORMED_ID"),
    }
}

/// Labels of the fields that hold ids, as error texts print them.
fn label(column: Attribute) -> Option<&'static str> {
    Some(match column {
        Attribute::Profile => "Profile ID",
        Attribute::Role => "Role ID",
        Attribute::Manager => "Manager ID",
        Attribute::Contact => "Contact ID",
        Attribute::Account => "Account ID",
        Attribute::UserId => "User ID",
        _ => return None,
    })
}

fn thing(object: &str) -> &'static str {
    match object {
        "Profile" => "a profile",
        "UserRole" => "a role",
        "PermissionSet" => "a permission set or group",
        "PermissionSetLicense" => "a permission set license",
        "Group" => "a public group",
        "PackageLicense" => "a package license",
        "Contact" => "a contact",
        "Account" => "an account",
        _ => "a user",
    }
}

fn prefix(object: &str) -> &'static str {
    match object {
        "Profile" => "00e",
        "UserRole" => "00E",
        "PermissionSet" => "0PS or 0PG",
        "PermissionSetLicense" => "0PL",
        "Group" => "00G",
        "PackageLicense" => "050",
        "Contact" => "003",
        "Account" => "001",
        _ => "005",
    }
}

fn others(prefix: &str) -> &'static str {
    match prefix {
        "00e" => "profiles",
        "00E" => "roles",
        "0PS" => "permission sets",
        "0PG" => "permission set groups",
        "0PL" => "permission set licenses",
        "100" => "user licenses",
        "005" => "users",
        "003" => "contacts",
        "001" => "accounts",
        "00G" => "public groups",
        _ => "other records",
    }
}
