#![doc = include_str!("profile_not_found.md")]

use super::{profile_api_name, profile_legacy_code};
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, Resolution};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Profile],
    needs: &[Need::file("Profile", About::ProfileName)],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Cell::Sent(name) = cx.row.profile_cell else {
        return;
    };
    if profile_legacy_code::is_code(name) || profile_api_name::label_of(cx.m, name).is_some() {
        return;
    }
    match cx.row.profile {
        Resolution::NotFound => {}
        Resolution::Unseen if cx.m.org.coverage.from_metadata => {
            return sink.undecided("a profile that the metadata project does not hold");
        }
        _ => return,
    }
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        let near = cx.m.profile_names.nearest(name, 3);
        let words = Explanation::new(format!("no profile is named '{name}'"))
            .because(format!(
                "profile '{name}' is not among the org's {} profiles",
                cx.m.org.profiles.len()
            ))
            .predicts("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        match near.as_slice() {
            [] => words.fix("use the name of a profile of this org"),
            [best] => words
                .fix(format!("use '{best}'"))
                .replace(Attribute::Profile, *best),
            [best, others @ ..] => words
                .because(format!("other names like it: '{}'", others.join("', '")))
                .fix(format!("use '{best}'"))
                .replace(Attribute::Profile, *best),
        }
    });
}
