#![doc = include_str!("role_type_mismatch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, RoleCell};
use crate::model::{PortalType, UserType};
use crate::rules::role_kind::{MISMATCH, fitting, names_portal_roles_only, shown, suggest};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-type-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[
        Need::file("UserRole", About::Role),
        Need::optional("UserRole", "PortalType"),
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
    let (Some(id), Some(kind)) = (resolution.one(), person.kind) else {
        return;
    };
    let Some((wanted, confidence)) = fitting(kind) else {
        return;
    };
    let Some((role, has)) =
        cx.m.role(id)
            .and_then(|role| Some((role, role.portal_type.get()?)))
    else {
        return;
    };
    if has == wanted || (kind == UserType::Standard && names_portal_roles_only(cx.m, text)) {
        return;
    }
    let cause = Cause::error(confidence)
        .column(Attribute::Role)
        .value(text)
        .subject("role", &role.name)
        .key(u64::from(id.0) << 32 | kind as u64);
    let cause = match person.license {
        Some(license) => cause.unless(Witness::Role(license, has)),
        None => cause,
    };
    sink.report(cause, || {
        let words = Explanation::new(format!(
            "role '{}' is {}, and users of type {} have {}",
            role.name,
            shown(has),
            kind.name(),
            shown(wanted)
        ))
        .because(match has {
            PortalType::None => format!("'{}' has PortalType None", role.name),
            PortalType::Partner => format!("'{}' has PortalType Partner", role.name),
            PortalType::CustomerPortal => {
                format!("'{}' has PortalType CustomerPortal", role.name)
            }
        })
        .predicts("FIELD_INTEGRITY_EXCEPTION", MISMATCH);
        suggest(cx.m, words, wanted, &role.name)
    });
}
