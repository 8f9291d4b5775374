#![doc = include_str!("role_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Resolution, RoleCell};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "role-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[Attribute::Role],
    needs: &[Need::file("UserRole", About::Role)],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let RoleCell::Sent(name, to) = cx.row.role else {
        return;
    };
    match to {
        Resolution::NotFound => {}
        Resolution::Unseen if cx.m.org.coverage.from_metadata => {
            return sink.undecided("a role that the metadata project does not hold");
        }
        Resolution::Unseen if !cx.m.org.coverage.has_column("UserRole", "DeveloperName") => {
            return sink.undecided("DeveloperName of UserRole");
        }
        _ => return,
    }
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Role)
        .value(name)
        .subject("role", name);
    sink.report(cause, || {
        let near = cx.m.role_names.nearest(name, 3);
        let words = Explanation::new(format!("no role is named '{name}'"))
            .because(format!(
                "'{name}' is neither name nor API name of any of the org's {} roles",
                cx.m.org.roles.len()
            ))
            .predicts_code("INVALID_CROSS_REFERENCE_KEY");
        match near.as_slice() {
            [] => words.fix("use the name of a role of this org, or leave the role out"),
            [best] => words
                .fix(format!("use '{best}'"))
                .replace(Attribute::Role, *best),
            [best, others @ ..] => words
                .because(format!("other names like it: '{}'", others.join("', '")))
                .fix(format!("use '{best}'"))
                .replace(Attribute::Role, *best),
        }
    });
}
