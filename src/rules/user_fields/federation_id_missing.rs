#![doc = include_str!("federation_id_missing.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "federation-id-missing",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "create",
    columns: &[Attribute::FederationId],
    needs: &[
        Need::optional("User", "FederationIdentifier"),
        Need::optional("User", "ProfileId"),
        Need::optional("User", "IsActive"),
    ],
    row: Some(check),
    when: Occasion::LACKS_CELL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.row.person.is_create() || cx.cell(Attribute::FederationId) != Cell::Blank {
        return;
    }
    let Some(license) = cx.row.person.license else {
        return;
    };
    if !cx.m.mostly_federated(license) {
        return;
    }
    sink.once(
        Cause::notice(Confidence::Certain).column(Attribute::FederationId),
        || {
            Explanation::new("new users have no federation id, although most users of their license do")
                .because("more than half of the active users of the license have a FederationIdentifier")
                .because("single sign-on by federation id does not find users without one")
                .fix("send the federation id")
        },
    );
}
