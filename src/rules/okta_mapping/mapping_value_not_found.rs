#![doc = include_str!("mapping_value_not_found.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FeatureRef, Resolution, RoleCell, Row, RowKind, Values};
use crate::model::nearest;
use crate::rules::{About, Need, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "mapping-value-not-found",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "mapping",
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::file("UserRole", About::Role),
        Need::file("PermissionSet", About::Sets),
        Need::optional("PermissionSetGroup", ""),
        Need::file("PermissionSetLicense", About::Psls),
        Need::file("Group", About::PublicGroups),
    ],
    speaks: |_, columns, _| columns.rows == RowKind::Expression,
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let (row, m) = (cx.row, cx.m);
    if m.org.coverage.from_metadata && is_unseen(row) {
        sink.undecided("a name that the metadata project does not hold");
    }
    if let (Some(name), Resolution::NotFound) = (row.profile_cell.sent(), row.profile) {
        let near = m.profile_names.nearest(name, 1);
        report(sink, Attribute::Profile, ("profile", name), near.first().copied());
    }
    if let RoleCell::Sent(name, Resolution::NotFound) = row.role {
        let near = m.role_names.nearest(name, 1);
        report(sink, Attribute::Role, ("role", name), near.first().copied());
    }
    for (column, name) in missing(&row.sets) {
        let near = m.set_names.nearest(name, 1);
        report(sink, column, ("permission set", name), near.first().copied());
    }
    for (column, name) in missing(&row.psls) {
        report(sink, column, ("permission set license", name), None);
    }
    for (column, name) in missing(&row.public_groups) {
        report(sink, column, ("public group", name), None);
    }
    for item in &row.features {
        if matches!(item.to, FeatureRef::Unknown | FeatureRef::Absent(_)) {
            let near = nearest(&item.text, m.feature_names.iter(), 1);
            let near = near.first().map(|name| &**name);
            report(sink, item.column, ("feature license", &item.text), near);
        }
    }
}

/// Whether a name may lead to something that the facts do not hold.
fn is_unseen(row: &Row<'_>) -> bool {
    fn any<T>(values: &Values<'_, T>) -> bool {
        let mut items = values.items.iter();
        items.any(|item| matches!(item.to, Resolution::Unseen))
    }
    matches!(row.profile, Resolution::Unseen)
        || matches!(row.role, RoleCell::Sent(_, Resolution::Unseen))
        || any(&row.sets)
        || any(&row.psls)
        || any(&row.public_groups)
}

fn missing<'a, T>(values: &'a Values<'_, T>) -> impl Iterator<Item = (Attribute, &'a str)> {
    values
        .items
        .iter()
        .filter(|item| matches!(item.to, Resolution::NotFound))
        .map(|item| (item.column, item.text.as_ref()))
}

fn report(
    sink: &mut Sink<'_>,
    column: Attribute,
    (what, name): (&'static str, &str),
    near: Option<&str>,
) {
    let cause = Cause::error(Confidence::Certain)
        .column(column)
        .value(name)
        .subject(what, name);
    sink.report(cause, || {
        let words = Explanation::new(format!(
            "the expression can result in '{name}', and the org has no {what} of that name"
        ))
        .because(format!("'{name}' is a literal in a place that can be the result"))
        .predicts_code("INVALID_CROSS_REFERENCE_KEY");
        match near {
            Some(near) => words.fix(format!("write \"{near}\" in the expression")),
            None => words.fix(format!("write the name of a {what} of this org in the expression")),
        }
    });
}
