#![doc = include_str!("permission_set_ambiguous.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution, SetRef};
use crate::matrix::Matrix;
use crate::model::{Known, PermissionSet, SetLicense};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-ambiguous",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSet", ""),
        Need::optional("PermissionSetGroup", ""),
        Need::optional("PermissionSet", "LicenseId"),
    ],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for item in &cx.row.sets.items {
        let Resolution::Ambiguous(candidates) = item.to else {
            continue;
        };
        let name = item.text.as_ref();
        let differ = licenses_differ(cx.m, candidates);
        let cause = if differ {
            Cause::error(Confidence::Certain)
        } else {
            Cause::warning(Confidence::Certain)
        };
        let cause = cause
            .column(item.column)
            .value(name)
            .subject("permission-set", name);
        sink.report(cause, || {
            let mut words = Explanation::new(format!(
                "{} permission sets or groups are called '{name}'",
                candidates.len()
            ));
            for &to in candidates {
                words = words.because(described(cx.m, to));
            }
            if differ {
                words = words.because("they are bound to different licenses");
            }
            words.fix("use the API name with its namespace (ns__Name), or the id, of the one that is meant")
        });
    }
}

/// Whether two of the sets are known to have different `LicenseId`s; groups have none of their own.
fn licenses_differ(m: &Matrix, candidates: &[SetRef]) -> bool {
    let mut licenses = candidates.iter().filter_map(|to| match to {
        SetRef::Set(set) => m.set(*set)?.license.get(),
        SetRef::Group(_) => None,
    });
    licenses
        .next()
        .is_some_and(|first| licenses.any(|license| license != first))
}

fn described(m: &Matrix, to: SetRef) -> String {
    match to {
        SetRef::Group(group) => m.group(group).map_or_else(String::new, |group| {
            let id = m.org.shown_id_or_one(group.id);
            format!("{id} is the group {} ('{}')", m.shown(to), group.label)
        }),
        SetRef::Set(set) => m.set(set).map_or_else(String::new, |set| {
            let bound = bound_to(m, set);
            let id = m.org.shown_id_or_one(set.id);
            format!("{id} is the set {} ('{}'){bound}", m.shown(to), set.label)
        }),
    }
}

fn bound_to(m: &Matrix, set: &PermissionSet) -> String {
    match set.license {
        Known::Yes(SetLicense::User(license)) => {
            format!(", bound to the license {}", m.shown_license(license))
        }
        Known::Yes(SetLicense::Psl(psl)) => m.psl(psl).map_or_else(String::new, |psl| {
            format!(", bound to the permission set license {}", psl.shown())
        }),
        Known::Yes(SetLicense::None) => ", bound to no license".to_owned(),
        _ => String::new(),
    }
}
