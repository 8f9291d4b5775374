#![doc = include_str!("permission_set_guest_writes.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::matrix::Permission;
use crate::model::{ObjectRights, UserType};
use crate::rules::set_ceilings::shown;
use crate::rules::set_facts::{kind, phrase};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-guest-writes",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::file("ObjectPermissions", About::ObjectRights),
        Need::optional("SetupEntityAccess", ""),
        Need::optional("Profile", "UserType"),
    ],
    row: Some(check),
    when: Occasion::DOUBTFUL_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if person.is_create() || person.kind_before != Some(UserType::Guest) {
        return;
    }
    for (item, to) in cx.row.sets.found() {
        let refused = cx.m.guest_writes(to);
        if refused.is_empty() {
            continue;
        }
        let name = cx.m.shown(to);
        let cause = Cause::error(Confidence::Documented)
            .column(item.column)
            .value(&item.text)
            .subject(kind(to), &name);
        sink.report(cause, || {
            let words = Explanation::new(format!(
                "{} has what no guest user may have: {}",
                phrase(cx.m, to),
                shown(cx.m, &refused)
            ))
            .because("the user is a guest user")
            .because("of objects, guest users may have read and create only, and no apps");
            predicted(words, &name, &refused)
                .fix(format!("take these rights out of {name}, or give guests another set"))
        });
    }
}

/// The published texts: one for rights on objects, one for apps.
fn predicted(words: Explanation, name: &str, refused: &[Permission]) -> Explanation {
    let has = |right| {
        refused
            .iter()
            .any(|one| matches!(one, Permission::Object(_, own) if *own == right))
    };
    let verb = [
        (ObjectRights::EDIT, "update"),
        (ObjectRights::DELETE, "delete"),
    ]
    .into_iter()
    .find(|(right, _)| has(*right));
    match verb {
        Some((_, verb)) => words.predicts_text(format!(
            "You can't assign permission set {name} which contains a [{verb}] object permission to a guest user. The only object permissions allowed for guest users are read and create"
        )),
        None if refused.contains(&Permission::Apps) => words.predicts(
            "TABSET_LIMIT_EXCEEDED",
            "You cannot assign an app permission to a guest user because guest users have a limit of 0 standard apps.",
        ),
        // How the text names the other rights was not published.
        None => words,
    }
}
