#![doc = include_str!("permission_set_not_assignable.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::model::SetOwner;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-not-assignable",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[Need::file("PermissionSet", About::Sets)],
    row: Some(check),
    when: Occasion::SPECIAL_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (item, to) in cx.row.sets.found() {
        let SetRef::Set(id) = to else { continue };
        let Some(set) = cx.m.set(id).filter(|set| !set.is_assignable()) else {
            continue;
        };
        let name = item.text.as_ref();
        let cause = Cause::error(Confidence::Documented)
            .column(item.column)
            .value(name)
            .subject("permission-set", name)
            .key(u64::from(id.0));
        sink.report(cause, || match set.owner {
            SetOwner::Group(group) => {
                let words = Explanation::new(format!(
                    "'{name}' holds the permissions of a permission set group and cannot be assigned"
                ))
                .because("PermissionSet.PermissionSetGroupId is not empty");
                match group.and_then(|group| cx.m.group(group)) {
                    Some(group) => words
                        .because(format!("it belongs to the group '{}'", group.name))
                        .fix(format!("use the group '{}'", group.name)),
                    None => words.fix("use the permission set group"),
                }
            }
            SetOwner::Profile(profile) => {
                let words = Explanation::new(format!(
                    "'{name}' holds the permissions of a profile and cannot be assigned"
                ))
                .because("PermissionSet.IsOwnedByProfile is true");
                match profile.and_then(|profile| cx.m.profile(profile)) {
                    Some(profile) => words
                        .because(format!("it belongs to the profile '{}'", profile.name))
                        .fix(format!("map the profile '{}' instead", profile.name)),
                    None => words.fix("map the profile instead"),
                }
            }
            SetOwner::Nobody => Explanation::default(),
        });
    }
}
