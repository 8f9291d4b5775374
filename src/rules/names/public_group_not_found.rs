#![doc = include_str!("public_group_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::named::nowhere;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "public-group-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::PublicGroups],
    needs: &[Need::file("Group", About::PublicGroups)],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for found in nowhere(cx, &cx.row.public_groups) {
        let Some(item) = found else {
            sink.undecided("names of Group");
            continue;
        };
        let name = item.text.as_ref();
        let cause = Cause::error(Confidence::Certain)
            .column(item.column)
            .value(name)
            .subject("public-group", name);
        sink.report(cause, || {
            let near = cx.m.public_group_names.nearest(name, 3);
            let words = Explanation::new(format!("no public group is named '{name}'")).because(
                format!(
                    "'{name}' is neither name nor API name of any of the org's {} public groups",
                    cx.m.org.public_groups.len()
                ),
            );
            match near.as_slice() {
                [] => words.fix("use the name of a public group of this org"),
                [best, ..] => words.fix(format!("use '{best}'")),
            }
        });
    }
}
