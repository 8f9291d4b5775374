#![doc = include_str!("role_mixed_dml.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, RoleCell};
use crate::model::key_of_folded;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-mixed-dml",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[
        Attribute::Role,
        Attribute::Profile,
        Attribute::Active,
        Attribute::UserId,
    ],
    needs: &[
        Need::optional("ApexTrigger", ""),
        Need::optional("FlowDefinitionView", ""),
    ],
    row: Some(check),
    leavers: true,
    when: Occasion::UPDATE,
    speaks: |m, _, _| m.org.automation.iter().any(|one| writes(one)),
    ..Rule::TEMPLATE
};

/// Whether automation on User may write records; validation rules never do.
fn writes(automation: &str) -> bool {
    !automation.starts_with("validation rule ")
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.is_create() || !cx.m.org.automation.iter().any(|one| writes(one)) {
        return;
    }
    for (column, field) in changed(cx).into_iter().flatten() {
        let cause = Cause::notice(Confidence::Documented)
            .column(column)
            .subject("field", field);
        sink.once(cause, || {
            let all = cx.m.org.automation.iter();
            let active: Vec<&str> = all.map(String::as_str).filter(|one| writes(one)).collect();
            Explanation::new(format!(
                "the file changes {field}, and automation on User must not touch other objects in the same transaction"
            ))
            .because(format!("active on User: {}", active.join(", ")))
            .predicts(
                "MIXED_DML_OPERATION",
                "DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa)",
            )
            .fix("make the automation asynchronous where it writes other objects; a plain REST push is not affected")
        });
    }
}

/// The setup fields that the row changes. ForecastEnabled and `IsPortalEnabled` are compared only where the
/// snapshot keeps their stored text.
fn changed(cx: &RowCx<'_>) -> [Option<(Attribute, &'static str)>; 5] {
    let person = &cx.row.person;
    let role = match cx.row.role {
        RoleCell::Keep => false,
        RoleCell::Remove => person.role_before.is_some(),
        RoleCell::Sent(..) => person.role.is_some() && person.role != person.role_before,
    };
    let renamed = person.matched_by_id
        && !person.leaver
        && person
            .user
            .zip(cx.row.username.sent())
            .is_some_and(|(user, name)| !cx.m.org.users.is_login(user, key_of_folded(name)));
    let switch = person.user.and_then(|user| {
        cx.fields().find_map(|(column, cell)| {
            let field = ["ForecastEnabled", "IsPortalEnabled"]
                .into_iter()
                .find(|field| field.eq_ignore_ascii_case(&column.field))?;
            let stored = cx.m.org.users.text(field, user)?;
            let sent = cell.sent()?;
            (!stored.eq_ignore_ascii_case(sent)).then_some((column.attribute, field))
        })
    });
    [
        role.then_some((Attribute::Role, "UserRoleId")),
        person
            .changes_profile()
            .then_some((Attribute::Profile, "ProfileId")),
        (cx.columns.has(Attribute::Active) && person.active != person.active_before)
            .then_some((Attribute::Active, "IsActive")),
        renamed.then_some((Attribute::Username, "Username")),
        switch,
    ]
}
