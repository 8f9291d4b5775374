#![doc = include_str!("profile_ambiguous.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell, Resolution};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-ambiguous",
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
    let (Cell::Sent(name), Resolution::Ambiguous(ids)) = (cx.row.profile_cell, cx.row.profile)
    else {
        return;
    };
    let present = cx
        .row
        .person
        .profile_before
        .filter(|before| ids.contains(before));
    let cause = match present {
        // Probably no change is meant.
        Some(before) => Cause::warning(Confidence::Certain).key(u64::from(before.0) + 1),
        None => Cause::error(Confidence::Certain),
    };
    let cause = cause
        .column(Attribute::Profile)
        .value(name)
        .subject("profile", name);
    sink.report(cause, || {
        let mut words = Explanation::new(format!("{} profiles are named '{name}'", ids.len()));
        for profile in ids.iter().filter_map(|&id| cx.m.profile(id)) {
            let license = profile.license.get().map_or_else(
                || "a license that is not in the snapshot".to_owned(),
                |license| cx.m.shown_license(license),
            );
            let id = cx.m.org.shown_id_or_one(profile.id);
            words = words.because(format!("{id} '{}' belongs to {license}", profile.name));
        }
        match present.and_then(|id| cx.m.profile(id)) {
            Some(profile) => words
                .because(format!("the user has {} now", profile.id))
                .fix("send the id instead of the name, if no change is meant")
                .replace(Attribute::Profile, profile.id.to_string()),
            None => words.fix("rename the custom one of them, or send the id of the one that is meant"),
        }
    });
}
