#![doc = include_str!("custom_required_field.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, UniqueCheck};
use crate::model::{Bearer, key_of, key_of_folded};
use crate::rules::{Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "custom-required-field",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "create",
    needs: &[Need::optional("describe/User", ""), Need::optional("describe/User", ".createable"), Need::optional("describe/User", ".defaultedOnCreate")],
    row: Some(check),
    repeats: Some(repeated),
    speaks: |m, columns, _| {
        !columns.checks().uniques.is_empty() || m.org.user_describe.as_ref().is_some_and(|describe| describe.required_custom().next().is_some())
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.is_create()
        && let Some(describe) = &cx.m.org.user_describe
    {
        for field in describe.required_custom() {
            required(cx, sink, &field.name, &field.label);
        }
    }
    for unique in &cx.columns.checks().uniques {
        if let Some(value) = cx.sent_at(unique.place) {
            taken(cx, sink, unique, value);
        }
    }
}

fn required(cx: &RowCx<'_>, sink: &mut Sink<'_>, field: &str, label: &str) {
    let mut columns = cx.columns.fields().iter();
    let Some(column) = columns.find(|column| column.field.eq_ignore_ascii_case(field)) else {
        // The file is not said to be the whole profile: Okta may map the field without it.
        let cause = Cause::warning(Confidence::Certain).subject("field", field);
        sink.once(cause, || {
            Explanation::new(format!("the file has no column for {label}, which every new user needs"))
                .because(format!("{field} is required and has no default in describe(User)"))
                .predicts("REQUIRED_FIELD_MISSING", format!("Required fields are missing: [{field}]"))
                .fix(format!("map {field} in Okta, and add it to the file to have it checked"))
        });
        return;
    };
    if cx.cell(column.attribute).sent().is_some() {
        return;
    }
    let cause = Cause::error(Confidence::Certain)
        .column(column.attribute)
        .subject("field", field);
    sink.report(cause, || {
        Explanation::new(format!("a new user needs {label}"))
            .because(format!("{field} is required and has no default in describe(User), and the cell is empty"))
            .predicts("REQUIRED_FIELD_MISSING", format!("Required fields are missing: [{field}]"))
            .fix(format!("map a value for {field}"))
    });
}

fn taken(cx: &RowCx<'_>, sink: &mut Sink<'_>, unique: &UniqueCheck, value: &str) {
    let key = key_of_folded(value);
    let (users, own) = (&cx.m.org.users, cx.row.person.user);
    let found = users.bearer(&unique.field, key, own);
    if found == Bearer::Own {
        return;
    }
    let Bearer::Other(other) = found else {
        // Each field has values of its own.
        let key = (key ^ key_of(&unique.field)).max(1);
        sink.claim(unique.attribute, key);
        return;
    };
    let cause = Cause::error(Confidence::Certain)
        .column(unique.attribute)
        .value(value)
        .subject("field", &unique.field)
        .key(u64::from(other.0));
    sink.report(cause, || {
        let field = &unique.field;
        let kind = if unique.unique {
            "unique"
        } else {
            "an external id"
        };
        Explanation::new(format!("another user has the value '{value}' of {field} already"))
            .because(format!("user {} has it", users.shown(other)))
            .because(format!("{field} is {kind} in describe(User)"))
            .predicts_code("DUPLICATE_VALUE")
            .fix("send another value, or clear it on the other user first")
    });
}

fn repeated(value: &str, _: Attribute) -> Explanation {
    Explanation::new(format!("'{value}' is given to another person earlier in this file"))
        .because("the field is unique or an external id in describe(User), and an earlier row of the file gives the same value")
        .predicts_code("DUPLICATE_VALUE")
        .fix("send another value for one of the two")
}
