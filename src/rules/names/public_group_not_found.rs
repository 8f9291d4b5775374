#![doc = include_str!("public_group_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution};
use crate::rules::named::looks_like_id;
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
    for item in &cx.row.public_groups.items {
        match item.to {
            Resolution::NotFound => {}
            // An id may be that of a group which the pull did not ask for; a name is among the names, if those are there.
            Resolution::Unseen
                if !looks_like_id(&item.text) || cx.m.org.coverage.from_metadata =>
            {
                sink.undecided("names of Group");
                continue;
            }
            _ => continue,
        }
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
