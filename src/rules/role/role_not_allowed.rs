#![doc = include_str!("role_not_allowed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, Resolution, RoleCell};
use crate::model::UserType;
use crate::rules::role_kind::{MISMATCH, NO_ROLE};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-not-allowed",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[
        Need::file("Profile", About::Role),
        Need::column("Profile", "UserType", About::Role),
    ],
    row: Some(check),
    when: Occasion::ROLE_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(text, resolution) = cx.row.role else {
        return;
    };
    let person = &cx.row.person;
    let Some(kind) = person.kind else { return };
    let confidence = match kind {
        UserType::CsnOnly | UserType::CspLitePortal => Confidence::Documented,
        UserType::Guest => Confidence::Inferred,
        _ => return,
    };
    // A text that leads to no role has a finding of its own; roles that were not pulled are roles all the same.
    if resolution.one().is_none()
        && !matches!(resolution, Resolution::Ambiguous(_) | Resolution::Unseen)
    {
        return;
    }
    let cause = Cause::error(confidence)
        .column(Attribute::Role)
        .value(text)
        .subject("role", text)
        .key(person.license.map_or(u64::MAX, |id| u64::from(id.0)) << 8 | kind as u64);
    let cause = match person.license {
        Some(license) => cause.unless(Witness::AnyRole(license)),
        None => cause,
    };
    sink.report(cause, || {
        let license = person
            .license
            .map_or_else(String::new, |id| format!(" on {}", cx.m.shown_license(id)));
        let words = Explanation::new(format!(
            "users of type {}{license} have no role",
            kind.name()
        ))
        .because(format!("the row sends role '{text}'"))
        .fix(if kind == UserType::CspLitePortal {
            "drop the role; sharing sets give high-volume users access to records"
        } else {
            "drop the role"
        })
        .replace(Attribute::Role, NO_ROLE);
        if kind == UserType::Guest {
            words
        } else {
            words
                .because("the predicted text is inferred from users of other types")
                .predicts_text(MISMATCH)
        }
    });
}
