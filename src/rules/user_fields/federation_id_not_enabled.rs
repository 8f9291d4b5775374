#![doc = include_str!("federation_id_not_enabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::Known;
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
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(_) = cx.cell(Attribute::FederationId) else {
        return;
    };
    let Some(describe) = &cx.m.org.user_describe else {
        return;
    };
    let column = cx
        .columns
        .fields()
        .iter()
        .find(|column| column.attribute == Attribute::FederationId);
    let field = match column {
        Some(column) => column.described.as_deref(),
        None => describe.field("FederationIdentifier"),
    };
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
