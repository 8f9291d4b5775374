#![doc = include_str!("psl_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::named::nowhere;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSetLicenses],
    needs: &[Need::file(
        "PermissionSetLicense",
        About::Cell(Attribute::PermissionSetLicenses),
    )],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for found in nowhere(cx, &cx.row.psls) {
        let Some(item) = found else {
            sink.undecided("names of PermissionSetLicense");
            continue;
        };
        let name = item.text.as_ref();
        let cause = Cause::error(Confidence::Certain)
            .column(item.column)
            .value(name)
            .subject("permission-set-license", name);
        sink.report(cause, || {
            let near = cx.m.psl_names.nearest(name, 3);
            let words = Explanation::new(format!("the org has no permission set license '{name}'"))
                .because(format!(
                    "'{name}' is no id, name, key or label of any of the org's {} permission set licenses",
                    cx.m.org.psls.len()
                ));
            match near.as_slice() {
                [] => words.fix("buy the license, or take it out of the file"),
                [best, ..] => words.fix(format!(
                    "use '{best}'; or buy the license, if another one is meant"
                )),
            }
        });
    }
}
