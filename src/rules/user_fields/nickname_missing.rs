#![doc = include_str!("nickname_missing.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "nickname-missing",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Nickname],
    row: Some(check),
    when: Occasion::CREATE,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.row.person.is_create() || cx.cell(Attribute::Nickname) != Cell::Blank {
        return;
    }
    sink.once(
        Cause::notice(Confidence::Documented).column(Attribute::Nickname),
        || {
            Explanation::new("new users have no nickname")
                .because("Salesforce makes one up where none is given")
                .fix("nothing to do; map a nickname if people shall see a certain one")
        },
    );
}
