#![doc = include_str!("federation_id_not_enabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, Columns};
use crate::matrix::Matrix;
use crate::model::{Field, Known};
use crate::rules::{Need, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "federation-id-not-enabled",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::FederationId],
    needs: &[
        Need::optional("describe/User", ""),
        Need::optional("describe/User", ".updateable"),
    ],
    row: Some(check),
    speaks: |m, columns, _| field(m, columns).is_none_or(|field| field.updateable == Known::Yes(false)),
    ..Rule::TEMPLATE
};

/// The field of federation ids in describe.
fn field<'a>(m: &'a Matrix, columns: &'a Columns) -> Option<&'a Field> {
    let mut fields = columns.fields().iter();
    match fields.find(|column| column.attribute == Attribute::FederationId) {
        Some(column) => column.described.as_deref(),
        None => m.org.user_describe.as_ref()?.field("FederationIdentifier"),
    }
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(_) = cx.cell(Attribute::FederationId) else {
        return;
    };
    if cx.m.org.user_describe.is_none() {
        return;
    }
    let field = field(cx.m, cx.columns);
    let absent = field.is_none();
    if field.is_some_and(|field| field.updateable != Known::Yes(false)) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::FederationId)
        .subject("field", "FederationIdentifier");
    sink.once(cause, || {
        Explanation::new("the org does not take federation ids")
            .because(if absent {
                "describe(User) lacks FederationIdentifier: single sign-on with SAML is not enabled"
            } else {
                "describe(User) says that FederationIdentifier cannot be updated"
            })
            .fix("turn on SAML single sign-on in the org, or take the column out")
    });
}
