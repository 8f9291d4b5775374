//! What the manifest says of an object, whatever its records are.

use super::plan::Plan;
use super::wanted::{Part, Wanted};
use crate::api;
use crate::snapshot::manifest::{Entry, Extent};

/// The statements as the manifest tells them.
pub(super) fn soql(plan: &Plan) -> Vec<String> {
    let named = match plan.wanted.part {
        Part::Named => " WHERE Id IN (ids that other files and inputs name)",
        _ => "",
    };
    plan.queries
        .iter()
        .map(|query| {
            if named.is_empty() {
                query.text()
            } else {
                format!("{}{named}", query.text().replace(" ORDER BY Id", ""))
            }
        })
        .collect()
}

/// What the manifest says of an object whatever its records are.
pub(super) fn entry(plan: &Plan) -> Entry {
    let gap = |field: &String| {
        format!("{field}: the org does not have this field, or does not show it to this user")
    };
    Entry {
        coverage: Some(if plan.missing.is_empty() {
            Extent::Full
        } else {
            Extent::Partial
        }),
        gaps: plan.missing.iter().map(gap).collect(),
        filtered: Some(plan.wanted.filtered),
        soql: soql(plan),
        ..Entry::default()
    }
}

/// An object that the org does not have, or does not show to this user: Salesforce does not say which.
pub(super) fn invisible(wanted: &Wanted, fault: &api::Fault) -> Entry {
    super::settings::absent(format!(
        "the org does not have it, or does not show it to this user ({}); it needs {}",
        fault.code, wanted.needs
    ))
}

pub(super) fn is_absence(fault: &api::Fault) -> bool {
    matches!(
        fault.code.as_str(),
        "INVALID_TYPE"
            | "NOT_FOUND"
            | "INSUFFICIENT_ACCESS"
            | "INSUFFICIENT_ACCESS_OR_READONLY"
            | "FUNCTIONALITY_NOT_ENABLED"
            | "INVALID_TYPE_FOR_OPERATION"
    ) || fault.status == 403
}

/// The field of `No such column 'X' on entity 'Y'`.
pub(super) fn refused_field(fault: &api::Fault) -> Option<String> {
    if fault.code != "INVALID_FIELD" {
        return None;
    }
    let (_, rest) = fault
        .message
        .split_once("No such column '")
        .or_else(|| fault.message.split_once("relationship '"))?;
    let (field, _) = rest.split_once('\'')?;
    Some(field.split('.').next().unwrap_or(field).to_owned())
}
