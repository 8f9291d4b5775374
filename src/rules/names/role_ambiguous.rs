#![doc = include_str!("role_ambiguous.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution, RoleCell};
use crate::matrix::Matrix;
use crate::model::{Known, PortalType, Role, RoleId, UserType};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};
use smallvec::SmallVec;

pub(crate) const RULE: Rule = Rule {
    name: "role-ambiguous",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[Need::file("UserRole", About::Role)],
    row: Some(check),
    when: Occasion::ROLE_IN_DOUBT,
    ..Rule::TEMPLATE
};

/// A message names so many roles.
const SHOWN: usize = 8;

/// Whether users of a kind can have such a role at all; what is not known does not rule a role out.
fn fits(kind: Option<UserType>, portal: Known<PortalType>) -> bool {
    match (kind, portal) {
        (Some(kind), Known::Yes(portal)) if kind.is_internal() => portal == PortalType::None,
        (Some(kind), Known::Yes(portal)) if kind.is_external() => portal != PortalType::None,
        _ => true,
    }
}

/// The roles that the cell may mean: a name beats an API name, and roles that do not fit the user are out while one fits.
fn candidates(cx: &RowCx<'_>, name: &str, ids: &[RoleId]) -> SmallVec<[RoleId; 8]> {
    let kind = cx.row.person.kind;
    let kept = |fits: &dyn Fn(&Role) -> bool, from: &[RoleId]| -> SmallVec<[RoleId; 8]> {
        let all = from.iter().copied();
        all.filter(|&id| cx.m.role(id).is_some_and(fits)).collect()
    };
    let mut left = kept(&|role| *role.name == *name, ids);
    if left.is_empty() {
        left = SmallVec::from_slice(ids);
    }
    let fitting = kept(&|role| fits(kind, role.portal_type), &left);
    if fitting.is_empty() && !kind.is_some_and(UserType::is_internal) {
        return left;
    }
    let wanted = kind.and_then(UserType::portal);
    let exact = kept(&|role| wanted.is_some() && role.portal_type.get() == wanted, &fitting);
    // For an internal user nothing is left where only portal roles bear the name: that is role-is-portal-role.
    if exact.is_empty() { fitting } else { exact }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(name, Resolution::Ambiguous(ids)) = cx.row.role else {
        return;
    };
    let left = candidates(cx, name, ids);
    if left.len() < 2 {
        return;
    }
    let present = cx
        .row
        .person
        .role_before
        .filter(|before| left.contains(before));
    let kind = cx.row.person.kind.map_or(0, |kind| kind as u64 + 1);
    let cause = match present {
        // Probably no change is meant.
        Some(before) => {
            Cause::warning(Confidence::Certain).key(kind | (u64::from(before.0) + 1) << 8)
        }
        None => Cause::error(Confidence::Certain).key(kind),
    };
    let cause = cause
        .column(Attribute::Role)
        .value(name)
        .subject("role", name);
    sink.report(cause, || explain(cx.m, name, &left, present));
}

fn explain(m: &Matrix, name: &str, left: &[RoleId], present: Option<RoleId>) -> Explanation {
    let mut words = Explanation::new(format!("{} roles are named '{name}'", left.len()));
    for role in left.iter().filter_map(|&id| m.role(id)).take(SHOWN) {
        let parent = role.parent.and_then(|parent| m.role(parent));
        let below = parent.map_or_else(String::new, |parent| format!(", below '{}'", parent.name));
        let id = m.org.shown_id_or_one(role.id);
        words = words.because(format!(
            "{id} has the API name '{}'{below}",
            role.developer_name
        ));
    }
    match present.and_then(|id| m.role(id)) {
        Some(role) => words
            .because(format!("the user has {} now", role.id))
            .fix("send the id instead of the name, if no change is meant")
            .replace(Attribute::Role, role.id.to_string()),
        None => words.fix("send the API name or the id of the one that is meant"),
    }
}
