#![doc = include_str!("permission_set_license_mismatch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, SetRef};
use crate::rules::set_facts::{bound_elsewhere, is_bound_to_license, shown_bond};
use crate::model::PermissionSet;
use crate::rules::mapped_groups::keep;
use crate::rules::meetings::{Meeting, meetings};
use crate::rules::{About, EndCx, EndSink, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-license-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::file("PermissionSet", About::Sets),
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::column("Profile", "UserLicenseId", About::Sets),
    ],
    row: Some(check),
    end: Some(end),
    when: Occasion::FOREIGN_SETS.or(Occasion::GROUP),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    keep(cx, sink);
    for (item, to) in cx.row.sets.found() {
        let SetRef::Set(id) = to else { continue };
        // Sets of profiles and groups cannot be assigned to anybody: another rule says so.
        let Some(set) =
            cx.m.set(id)
                .filter(|set| is_bound_to_license(set) && set.is_assignable())
        else {
            continue;
        };
        let Some(license) = cx.row.person.license else {
            // A profile that was not found has its own finding.
            if cx.row.person.profile.is_some() {
                sink.undecided("UserLicense of the profile");
            }
            continue;
        };
        if !bound_elsewhere(set, license) {
            continue;
        }
        let cause = Cause::error(Confidence::Documented)
            .column(item.column)
            .value(&item.text)
            .key(u64::from(license.0))
            .unless(Witness::PermissionSet(license, id));
        sink.report(cause, || {
            let name = set.full_name();
            let words = Explanation::new(format!(
                "permission set {name} is for another license than the user's"
            ))
            .because(format!("{name} is bound to {}", shown_bond(cx.m, set)))
            .because(format!("the user is on {}", cx.m.shown_license(license)));
            refused(words, &name).fix(format!(
                "leave {name} out for users of {}, or clone it with license None",
                cx.m.shown_license(license)
            ))
        });
    }
}

fn refused(words: Explanation, name: &str) -> Explanation {
    words.predicts(
        "FIELD_INTEGRITY_EXCEPTION",
        format!("Can't assign permission set {name} to user ... The user license doesn't allow the permission: ..."),
    )
}

/// Sets of one group that do not fit the profile of another one.
fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for column in [Attribute::PermissionSets, Attribute::PermissionSetGroups] {
        for meeting in meetings(cx, column) {
            for text in meeting.giving.group.list(column) {
                meet(cx, &meeting, (column, text), sink);
            }
        }
    }
}

fn meet(
    cx: &EndCx<'_>,
    meeting: &Meeting<'_>,
    (column, text): (Attribute, &str),
    sink: &mut EndSink<'_>,
) {
    let license = meeting.license;
    let &[SetRef::Set(id)] = cx.m.set_names.exact(text) else {
        return;
    };
    let set = cx.m.set(id);
    let bound = |set: &&PermissionSet| is_bound_to_license(set) && set.is_assignable();
    let Some(set) = set.filter(bound).filter(|set| bound_elsewhere(set, license)) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented)
        .column(column)
        .value(text)
        .subject("group", &meeting.counting.group.name)
        .unless(Witness::PermissionSet(license, id));
    sink.report(meeting.giving.place(None), cause, || {
        let (name, shown) = (set.full_name(), cx.m.shown_license(license));
        let words = Explanation::new(format!(
            "permission set {name} is for another license than the one that members of '{}' are on",
            meeting.counting.group.name
        ))
        .because(format!("{name} is bound to {}", shown_bond(cx.m, set)))
        .because(format!("that group gives a profile of {shown}"));
        refused(meeting.explain(words, column), &name).fix(format!(
            "keep the members of the two groups apart, or leave {name} out; with --members those who are in both are judged"
        ))
    });
}
