#![doc = include_str!("field_unknown.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Columns};
use crate::model::{Describe, nearest};
use crate::rules::{EndCx, EndSink, Need, Place, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "field-unknown",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    end: Some(end),
    speaks: |m, columns, _| m.org.user_describe.is_some() && !columns.checks().undescribed.is_empty(),
    ..Rule::TEMPLATE
};

/// Rows that send a column of a field that the org lacks.
fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(describe) = &cx.m.org.user_describe else {
        return;
    };
    for (column, field) in &cx.columns.checks().undescribed {
        if cx.cell(*column).sent().is_none() || !is_by_api_name(cx.columns, *column, field) {
            continue;
        }
        let cause = Cause::warning(Confidence::Certain)
            .column(*column)
            .subject("field", field);
        sink.once(cause, || explain(describe, field));
    }
}

/// Whether the header is the API name of the field, rather than one of our words for it.
fn is_by_api_name(columns: &Columns, column: Attribute, field: &str) -> bool {
    match column {
        // Feature licenses and federation ids have rules of their own.
        Attribute::FeatureFlag(_) | Attribute::FederationId => false,
        other => columns
            .header(other)
            .is_some_and(|header| header.trim().eq_ignore_ascii_case(field)),
    }
}

/// Headers that can only be custom fields, and lead to none.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let (Some(columns), Some(describe)) = (cx.columns, &cx.m.org.user_describe) else {
        return;
    };
    for header in &columns.ignored {
        let name = header.trim();
        let is_custom = name
            .get(name.len().saturating_sub(3)..)
            .is_some_and(|end| end.eq_ignore_ascii_case("__c"));
        if !is_custom || describe.field(name).is_some() {
            continue;
        }
        let cause = Cause::warning(Confidence::Certain)
            .value(name)
            .subject("field", name);
        sink.report(Place::default(), cause, || explain(describe, name));
    }
}

fn explain(describe: &Describe, field: &str) -> Explanation {
    let fields = describe.fields.iter().map(|field| field.name.as_str());
    let words = Explanation::new(format!("users of this org have no field '{field}'"))
        .because(format!("describe(User) lacks '{field}'"))
        .predicts_code("INVALID_FIELD");
    match nearest(field, fields, 1).first() {
        Some(best) => words.fix(format!("use '{best}', or take the column out")),
        None => words.fix("correct the column, or take it out"),
    }
}
