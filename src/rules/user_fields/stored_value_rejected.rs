#![doc = include_str!("stored_value_rejected.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::Choices;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "stored-value-rejected",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    needs: &[
        Need::optional("describe/User", ""),
        Need::optional("User", "Country"),
        Need::optional("User", "State"),
    ],
    row: Some(check),
    leavers: true,
    when: Occasion::UPDATE,
    speaks: |m, _, _| m.org.user_describe.as_ref().is_some_and(|describe| describe.places().is_some()),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let describe = cx.m.org.user_describe.as_ref();
    let (Some(user), Some(places)) = (
        cx.row.person.user,
        describe.and_then(|describe| describe.places()),
    ) else {
        return;
    };
    let columns = &cx.columns.checks().address;
    let sends = |column: Option<Attribute>| {
        column.is_some_and(|column| cx.cell(column).sent().is_some())
    };
    if sends(columns.country)
        || sends(columns.state)
        || sends(columns.country_code)
        || sends(columns.state_code)
    {
        return;
    }
    let users = &cx.m.org.users;
    for (field, label, choices) in [
        ("Country", &places.country_label, &places.countries),
        ("State", &places.state_label, &places.states),
    ] {
        if let (Some(choices), Some(stored)) = (choices, users.text(field, user)) {
            stored_value(sink, field, label, choices, stored.trim());
        }
    }
}

fn stored_value(
    sink: &mut Sink<'_>,
    field: &'static str,
    label: &str,
    choices: &Choices,
    stored: &str,
) {
    if stored.is_empty() || choices.has_label(stored) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented).subject(field, stored);
    sink.report(cause, || {
        let (thing, things) = if field == "Country" {
            ("country", "countries")
        } else {
            ("state", "states")
        };
        Explanation::new(format!("the {thing} stored for this user, '{stored}', is not in the org's list"))
            .because(format!("'{stored}' is no label of the {} values of {field}Code in describe(User)", choices.len()))
            .because("Salesforce checks the stored address whenever the user is updated, whatever else changes")
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                format!("There's a problem with this {thing}, even though it may appear correct. Please select a {thing} from the list of valid {things}.: {label}"),
            )
            .fix(format!("correct {field} of the user in Salesforce first, or send a listed one"))
    });
}
