#![doc = include_str!("profile_missing.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-missing",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Profile],
    // Whether a row creates a user is known only where the users are.
    needs: &[Need::column("User", "Username", About::Cell(Attribute::Username))],
    row: Some(check),
    when: Occasion::LACKS_CELL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    // Without a profile column the creates are undecided, which is said once for the file.
    if !cx.row.person.is_create() || cx.row.profile_cell != Cell::Blank {
        return;
    }
    if !cx.m.org.coverage.has_column("User", "Username") {
        return sink.undecided("Username of User");
    }
    let cause = Cause::error(Confidence::Documented).column(Attribute::Profile);
    sink.report(cause, || {
        Explanation::new("a new user has no profile")
            .because("the profile cell is empty, and no user of the org has this username or id")
            .predicts(
                "REQUIRED_FIELD_MISSING",
                "Required fields are missing: [ProfileId]",
            )
            .fix("map a profile for this person")
    });
}
