#![doc = include_str!("field_too_long.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, LengthCheck};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "field-too-long",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    needs: &[
        Need::optional("describe/User", ""),
        Need::optional("describe/User", ".length"),
    ],
    row: Some(check),
    when: Occasion::LONG_CELL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for length in &cx.columns.checks().lengths {
        // Bytes first: no text has more characters than bytes.
        if cx.cells.bytes(usize::from(length.place)).len() <= length.longest as usize {
            continue;
        }
        let Some(text) = cx.sent_at(length.place) else {
            continue;
        };
        if text.len() > length.longest as usize && text.chars().count() > length.longest as usize {
            report(sink, length, text);
        }
    }
}

fn report(sink: &mut Sink<'_>, length: &LengthCheck, text: &str) {
    let cause = Cause::error(Confidence::Certain)
        .column(length.attribute)
        .value(text)
        .subject("field", &length.label);
    sink.report(cause, || {
        let (label, longest) = (&length.label, length.longest);
        let words = Explanation::new(format!(
            "{label} takes {longest} characters, and this has {}",
            text.chars().count()
        ))
        .because(if length.described {
            format!("the length of {label} is {longest} in describe(User)")
        } else {
            format!("the length of {label} is {longest} by default; the snapshot has no description of the field")
        })
        .predicts(
            "STRING_TOO_LONG",
            format!("{label}: data value too large: {text} (max length={longest})"),
        );
        // Only an alias means nothing: a shorter one is as good.
        if length.attribute == Attribute::Alias {
            let short: String = text.chars().take(longest as usize).collect();
            let short = short.trim_end();
            words
                .fix(format!("shorten it, for example to '{short}'"))
                .replace(Attribute::Alias, short)
        } else {
            words.fix(format!("shorten it to {longest} characters"))
        }
    });
}
