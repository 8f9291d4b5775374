#![doc = include_str!("permission_set_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::file("PermissionSet", About::Sets),
        Need::optional("PermissionSetGroup", ""),
    ],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for item in &cx.row.sets.items {
        match item.to {
            Resolution::NotFound => {}
            Resolution::Unseen => {
                sink.undecided("PermissionSet or PermissionSetGroup");
                continue;
            }
            _ => continue,
        }
        let name = item.text.as_ref();
        let cause = Cause::error(Confidence::Certain)
            .column(item.column)
            .value(name)
            .subject("permission-set", name);
        sink.report(cause, || {
            let near = cx.m.set_names.nearest(name, 3);
            let words = Explanation::new(format!("no permission set or group is named '{name}'"))
                .because(format!(
                    "'{name}' is no API name, ns__Name or label of an assignable permission set or of one of the {} permission set groups",
                    cx.m.org.permission_set_groups.len()
                ));
            if let Some(unknown) = unknown_parts(cx, name) {
                return words
                    .because(format!(
                        "cut at its commas it is a list of which '{}' is not known: a comma separates only where every part is",
                        unknown.join("', '")
                    ))
                    .fix(format!("correct '{}'", unknown.join("', '")));
            }
            match near.as_slice() {
                [] => words.fix("use the API name of a permission set of this org"),
                [best] => words.fix(format!("use '{best}'")),
                [best, others @ ..] => words
                    .because(format!("other names like it: '{}'", others.join("', '")))
                    .fix(format!("use '{best}'")),
            }
        });
    }
}

/// Parts of a list with commas that are not known, where others are.
fn unknown_parts<'t>(cx: &RowCx<'_>, text: &'t str) -> Option<Vec<&'t str>> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_known = |part: &str| !cx.m.set_names.exact(part).is_empty();
    let unknown: Vec<&str> = parts.iter().copied().filter(|part| !is_known(part)).collect();
    (parts.len() > 1 && unknown.len() < parts.len()).then_some(unknown)
}
