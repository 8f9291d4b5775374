#![doc = include_str!("okta_attribute_absent.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FieldColumn, RowKind};
use crate::matrix::Matrix;
use crate::okta::AppAttribute;
use crate::rules::{Command, EndCx, EndSink, OktaSchema, Place, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-attribute-absent",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, mapping, org",
    requires: &[Setting::OktaSchema],
    speaks: |_, columns, run| {
        run.okta_schema.as_deref().is_some_and(|schema| {
            columns.rows == RowKind::Expression
                || columns.rows == RowKind::User && columns.assigned().iter().any(|&(column, _)| {
                    is_absent(schema, columns.fields(), column)
                })
        })
    },
    row: Some(check),
    end: Some(end),
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
    match cx.columns.rows {
        RowKind::User => {}
        RowKind::Expression => return mapped(cx, schema, sink),
        RowKind::Group | RowKind::ProfileSource => return,
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

/// The custom field that an attribute of the app fills, where the org does not have it.
fn absent_field<'s>(m: &Matrix, attribute: &'s AppAttribute) -> Option<&'s str> {
    let name = attribute.external_name.as_deref().unwrap_or(&attribute.name);
    let describe = m.org.user_describe.as_ref()?;
    // Other names need not be those of fields.
    (name.ends_with("__c") && describe.field(name).is_none()).then_some(name)
}

/// An attribute that a mapping fills.
fn mapped(cx: &RowCx<'_>, schema: &OktaSchema, sink: &mut Sink<'_>) {
    let property = cx.cell(Attribute::Property).sent();
    let (Some(property), Some(_)) = (property, cx.cell(Attribute::Expression).sent()) else {
        return;
    };
    let Some(field) = schema
        .attribute(property)
        .and_then(|attribute| absent_field(cx.m, attribute))
    else {
        return;
    };
    let cause = Cause::warning(Confidence::Certain)
        .column(Attribute::Property)
        .value(property)
        .subject("field", field);
    sink.report(cause, || no_field(property, field).because(format!("the mapping fills {property}")));
}

/// What else the app would fill.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let schema = cx.run.okta_schema.as_deref();
    let Some(schema) = schema.filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    for attribute in schema.attributes() {
        let Some(field) = absent_field(cx.m, attribute) else {
            continue;
        };
        let cause = Cause::warning(Confidence::Certain).subject("field", field);
        sink.report(Place::default(), cause, || no_field(&attribute.name, field));
    }
}

fn no_field(attribute: &str, field: &str) -> Explanation {
    Explanation::new(format!(
        "Okta's attribute {attribute} fills the field {field} of User, and the org has no such field"
    ))
    .because(format!("describe(User) does not give {field}"))
    .fix(format!("make the field in Salesforce (or let the integration user see it), or take {attribute} out of the app's profile in the Profile Editor"))
}
