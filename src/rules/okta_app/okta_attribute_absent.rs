#![doc = include_str!("okta_attribute_absent.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FieldColumn, RowKind};
use crate::rules::{OktaSchema, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-attribute-absent",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both",
    requires: &[Setting::OktaSchema],
    speaks: |_, columns, run| {
        run.okta_schema.as_deref().is_some_and(|schema| {
            columns.rows != RowKind::Expression
                && columns.assigned().iter().any(|&(column, _)| {
                    is_absent(schema, columns.fields(), column)
                })
        })
    },
    row: Some(check),
    ..Rule::TEMPLATE
};

fn is_absent(schema: &OktaSchema, fields: &[FieldColumn], column: Attribute) -> bool {
    let field = fields.iter().find(|field| field.attribute == column);
    schema.carries(column, field) == Some(false)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(schema) = cx.run.okta_schema.as_deref() else {
        return;
    };
    if cx.columns.rows == RowKind::Expression {
        return;
    }
    for (column, header) in cx.columns.assigned() {
        if cx.cell(column).sent().is_none() || !is_absent(schema, cx.columns.fields(), column) {
            continue;
        }
        let cause = Cause::warning(Confidence::Certain)
            .column(column)
            .subject("column", header);
        sink.once(cause, || explain(column, header));
    }
}

fn explain(column: Attribute, header: &str) -> Explanation {
    let words = Explanation::new(format!(
        "the app of Okta has no attribute for the column {header}: its values are not pushed"
    ))
    .because(format!("no name, title or external name in the app's schema is that of {header}"));
    match column {
        Attribute::FeatureLicenses | Attribute::FeatureFlag(_) | Attribute::PublicGroups => words
            .because("feature licenses and public groups are switched on by Okta Support, and for apps that are made afterwards")
            .fix("ask Okta Support for the attribute and make a new app, or set the value in Salesforce"),
        _ => words.fix("add the attribute to the app's profile in the Profile Editor, or set the value in Salesforce"),
    }
}
