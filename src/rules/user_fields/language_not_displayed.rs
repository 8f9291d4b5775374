#![doc = include_str!("language_not_displayed.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "language-not-displayed",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "both",
    columns: &[Attribute::Language],
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    speaks: |_, columns, _| columns.checks().picklists.iter().any(|list| list.attribute == Attribute::Language && list.choices.has_inactive()),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let lists = &cx.columns.checks().picklists;
    let Some(list) = lists
        .iter()
        .find(|list| list.attribute == Attribute::Language && list.choices.has_inactive())
    else {
        return;
    };
    let Some(language) = cx.sent_at(list.place) else {
        return;
    };
    let mut places = list.choices.places_of_value(language).iter().peekable();
    let shown = |place: &u32| list.choices.get(*place).is_none_or(|value| value.active);
    if places.peek().is_none() || places.any(shown) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Language)
        .value(language)
        .subject("language", language);
    sink.report(cause, || {
        Explanation::new(format!("the language '{language}' is not displayed in this org"))
            .because(format!("describe(User) lists '{language}' as not active"))
            .because("Salesforce may take the value all the same")
            .fix("display the language in Setup (Language Settings), or use another one")
    });
}
