#![doc = include_str!("role_is_portal_role.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution, RoleCell};
use crate::model::{PortalType, UserType};
use crate::rules::role_kind::{MISMATCH, names_portal_roles_only, shown, suggest};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-is-portal-role",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[
        Need::file("UserRole", About::Role),
        Need::optional("UserRole", "PortalType"),
    ],
    row: Some(check),
    when: Occasion::ROLE_IN_DOUBT,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(name, to) = cx.row.role else {
        return;
    };
    if !cx.row.person.kind.is_some_and(UserType::is_internal) {
        return;
    }
    let id = match to {
        Resolution::Found(id) | Resolution::Folded(id) => id,
        Resolution::Ambiguous([id, ..]) => *id,
        _ => return,
    };
    let portal = cx.m.role(id).and_then(|role| role.portal_type.get());
    if matches!(portal, None | Some(PortalType::None)) || !names_portal_roles_only(cx.m, name) {
        return;
    }
    let kind = cx.row.person.kind.map_or("Standard", UserType::name);
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Role)
        .value(name)
        .subject("role", name)
        .key(u64::from(kind == "CsnOnly"));
    sink.report(cause, || {
        let words = Explanation::new(format!(
            "'{name}' is {}, and the profile is for internal users",
            portal.map_or("a portal role", shown)
        ))
        .because(format!("the UserType of the profile is {kind}"))
        .because("every role of that name belongs to a portal account (UserRole.PortalType)")
        .predicts("FIELD_INTEGRITY_EXCEPTION", MISMATCH);
        suggest(cx.m, words, PortalType::None, name)
    });
}
