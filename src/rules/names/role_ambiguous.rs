#![doc = include_str!("role_ambiguous.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution, RoleCell};
use crate::model::{Known, PortalType, RoleId, UserType};
use crate::rules::{About, Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-ambiguous",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[Need::file("UserRole", About::Role)],
    row: Some(check),
    ..Rule::TEMPLATE
};

/// Whether users of a kind can have such a role at all; what is not known does not rule a role out.
fn fits(kind: Option<UserType>, portal: Known<PortalType>) -> bool {
    match (kind, portal) {
        (Some(kind), Known::Yes(portal)) if kind.is_internal() => portal == PortalType::None,
        (Some(kind), Known::Yes(portal)) if kind.is_external() => portal != PortalType::None,
        _ => true,
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(name, Resolution::Ambiguous(ids)) = cx.row.role else {
        return;
    };
    let kind = cx.row.person.kind;
    // A name beats an API name.
    let by_name = ids
        .iter()
        .any(|&id| cx.m.role(id).is_some_and(|role| *role.name == *name));
    let meant = |id: &RoleId| {
        !by_name || cx.m.role(*id).is_some_and(|role| *role.name == *name)
    };
    let candidate = |id: &RoleId| {
        meant(id)
            && cx.m
                .role(*id)
                .is_none_or(|role| fits(kind, role.portal_type))
    };
    let fitting = ids.iter().filter(|id| candidate(id)).count();
    if fitting == 1 || (fitting == 0 && kind.is_some_and(UserType::is_internal)) {
        // One is left; or only portal roles bear the name, which is what role-is-portal-role says.
        return;
    }
    let present = cx
        .row
        .person
        .role_before
        .filter(|before| ids.contains(before));
    let kind_key = kind.map_or(0, |kind| kind as u64 + 1);
    let cause = match present {
        Some(before) => {
            Cause::warning(Confidence::Certain).key(kind_key | (u64::from(before.0) + 1) << 8)
        }
        None => Cause::error(Confidence::Certain).key(kind_key),
    };
    let cause = cause
        .column(Attribute::Role)
        .value(name)
        .subject("role", name);
    sink.report(cause, || {
        let candidates: Vec<&RoleId> = ids
            .iter()
            .filter(|id| if fitting == 0 { meant(id) } else { candidate(id) })
            .collect();
        let mut words = Explanation::new(format!(
            "{} roles are named '{name}'",
            candidates.len()
        ));
        for role in candidates.iter().filter_map(|&&id| cx.m.role(id)).take(8) {
            let parent = role.parent.and_then(|parent| cx.m.role(parent));
            words = words.because(format!(
                "{} has the API name '{}'{}",
                role.id,
                role.developer_name,
                parent.map_or_else(String::new, |parent| format!(", below '{}'", parent.name))
            ));
        }
        match present.and_then(|id| cx.m.role(id)) {
            Some(role) => words
                .because(format!("the user has {} now", role.id))
                .fix("send the id instead of the name, if no change is meant")
                .replace(Attribute::Role, role.id.to_string()),
            None => words.fix("send the API name or the id of the one that is meant"),
        }
    });
}
