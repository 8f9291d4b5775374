#![doc = include_str!("profile_legacy_code.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, Resolution};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-legacy-code",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::Profile],
    needs: &[Need::optional("Profile", "")],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

/// `PT1` to `PT14`.
pub(crate) fn is_code(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        [b'P', b'T', b'1'..=b'9'] | [b'P', b'T', b'1', b'0'..=b'4']
    )
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (Cell::Sent(name), Resolution::NotFound) = (cx.row.profile_cell, cx.row.profile) else {
        return;
    };
    if !is_code(name) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        let words = Explanation::new(format!(
            "'{name}' is an old code of a standard profile, not a name"
        ))
        .because(format!("no profile of the org is named '{name}'"))
        .predicts("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        let label = cx
            .m
            .knowledge
            .profile_by_legacy_code(name)
            .map(|profile| profile.label)
            .filter(|label| !label.is_empty());
        match label {
            Some(label) if cx.m.profile_names.spelled(label).is_some() => words
                .because(format!("formulas print '{name}' for '{label}'"))
                .fix(format!("use '{label}'"))
                .replace(Attribute::Profile, label),
            Some(label) => words
                .because(format!("formulas print '{name}' for '{label}', which this org lacks"))
                .fix("use the name of a profile of this org"),
            None => words.fix("use the name of a profile of this org"),
        }
    });
}
