#![doc = include_str!("profile_api_name.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, Resolution};
use crate::matrix::Matrix;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-api-name",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Profile],
    needs: &[Need::file("Profile", About::ProfileName)],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

/// The name of the org's profile whose metadata file is called so.
pub(crate) fn label_of<'m>(m: &'m Matrix, name: &str) -> Option<&'m str> {
    let shipped = m.knowledge.profile_by_metadata_name(name)?;
    m.profile_names.spelled(shipped.label)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    // In a metadata project an unknown name proves nothing, but the name of a file in it is no name of a profile.
    let (Cell::Sent(name), Resolution::NotFound | Resolution::Unseen) =
        (cx.row.profile_cell, cx.row.profile)
    else {
        return;
    };
    let Some(label) = label_of(cx.m, name) else {
        return;
    };
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        Explanation::new(format!(
            "'{name}' is the metadata name of the profile '{label}', not its name"
        ))
        .because(format!("no profile of the org is named '{name}'"))
        .because(format!(
            "the metadata file of the standard profile '{label}' is called '{name}'"
        ))
        .predicts("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        .fix(format!("use '{label}'"))
        .replace(Attribute::Profile, label)
    });
}
