#![doc = include_str!("deactivate_external_api.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Columns};
use crate::model::UserType;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

const FIELD: &str = "IsPortalEnabled";

pub(crate) const RULE: Rule = Rule {
    name: "deactivate-external-api",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Field(0)],
    needs: &[Need::optional("User", FIELD)],
    row: Some(check),
    when: Occasion::UPDATE,
    speaks: |_, columns, _| column(columns).is_some(),
    ..Rule::TEMPLATE
};

fn column(columns: &Columns) -> Option<Attribute> {
    let mut fields = columns.fields().iter();
    fields
        .find(|column| column.field.eq_ignore_ascii_case(FIELD))
        .map(|column| column.attribute)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(user), Some(column)) = (person.user, column(cx.columns)) else {
        return;
    };
    let no = |text: &str| {
        ["false", "0", "no", "n", "off"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
    };
    let Some(value) = cx.cell(column).sent().filter(|text| no(text)) else {
        return;
    };
    let stored = cx.m.org.users.text(FIELD, user);
    if stored.is_some_and(|stored| !stored.is_empty() && no(stored))
        || !person.kind_before.is_some_and(UserType::is_external)
    {
        return;
    }
    let cause = Cause::notice(Confidence::Documented)
        .column(column)
        .value(value);
    sink.report(cause, || {
        Explanation::new("disabling the external user cannot be taken back, and renames the username")
            .because("the row sets IsPortalEnabled to false")
            .fix("set IsActive to false instead: the user keeps its name and can come back")
    });
}
