#![doc = include_str!("required_field_missing.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "required-field-missing",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &Attribute::NEEDED,
    // Whether a row creates a user is known only where the users are.
    needs: &[Need::column("User", "Username", About::Cell(Attribute::Username))],
    row: Some(check),
    when: Occasion::LACKS_CELL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.row.person.is_create() {
        return;
    }
    let mut missing = 0u64;
    let mut first = None;
    for (n, &column) in Attribute::NEEDED.iter().enumerate() {
        if cx.cell(column) == Cell::Blank {
            missing |= 1 << n;
            first = first.or(Some(column));
        }
    }
    let Some(first) = first else { return };
    if !cx.m.org.coverage.has_column("User", "Username") {
        return sink.undecided("Username of User");
    }
    let cause = Cause::error(Confidence::Documented)
        .column(first)
        .key(missing);
    sink.report(cause, || {
        let fields: Vec<&str> = Attribute::NEEDED
            .iter()
            .enumerate()
            .filter(|(n, _)| missing & (1 << n) != 0)
            .filter_map(|(_, column)| column.user_field())
            .collect();
        let list = fields.join(", ");
        let plural = if fields.len() == 1 { "" } else { "s" };
        Explanation::new(format!("a new user needs {list}"))
            .because(format!("empty cell{plural}: {list}"))
            .because("no user of the org has this username or id, so the row creates one")
            .predicts(
                "REQUIRED_FIELD_MISSING",
                format!("Required fields are missing: [{list}]"),
            )
            .fix(format!("map a value for {list}"))
    });
}
