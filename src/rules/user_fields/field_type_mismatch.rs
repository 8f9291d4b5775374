#![doc = include_str!("field_type_mismatch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, TypeCheck, Unsupported};
use crate::model::{FieldType, SfId};
use crate::rules::named::looks_like_id;
use crate::rules::{Need, Occasion, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "field-type-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    when: Occasion::UNTYPED_CELL,
    speaks: |_, columns, _| !columns.checks().types.is_empty(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for column in &cx.columns.checks().types {
        let Some(text) = cx.sent_at(column.place) else {
            continue;
        };
        if let Some(why) = column.unsupported {
            unsupported(sink, column, why);
        } else if !fits(column, text) {
            report(sink, column, text);
        }
    }
}

fn fits(column: &TypeCheck, text: &str) -> bool {
    match column.kind {
        FieldType::Boolean => is_boolean(text) || is_activity(column.attribute, text),
        FieldType::Date => is_date(text),
        FieldType::DateTime => is_date_time(text),
        FieldType::Integer => number(text).is_some_and(|number| number.fract() == 0.0),
        FieldType::Number => number(text).is_some(),
        // What looks like an id and is none: id-malformed.
        FieldType::Reference => SfId::parse(text).is_ok() || looks_like_id(text),
        _ => true,
    }
}

/// The words that Salesforce's own loaders take for a checkbox.
fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "true", "false", "1", "0", "yes", "no", "y", "n", "on", "off",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The active column may also hold the status of a person in Okta.
fn is_activity(attribute: Attribute, text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "active",
        "inactive",
        "provisioned",
        "deprovisioned",
        "deactivated",
        "suspended",
        "staged",
        "password_expired",
    ];
    attribute == Attribute::Active && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_date(text: &str) -> bool {
    let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    day.len() == 10
        && day.parse::<jiff::civil::Date>().is_ok()
        && (rest.is_empty() || is_date_time(text))
}

/// `2026-11-21T10:00:00Z`, with fractions of a second, with an offset (`+0000` too); a day alone is midnight.
fn is_date_time(text: &str) -> bool {
    let Some((day, rest)) = text.split_at_checked(10) else {
        return false;
    };
    if day.parse::<jiff::civil::Date>().is_err() {
        return false;
    }
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty();
    };
    let clock = time
        .find(['Z', 'z', '+', '-'])
        .map_or(time, |at| time.get(..at).unwrap_or(time));
    let zone = time.get(clock.len()..).unwrap_or_default();
    let digits = zone.bytes().filter(u8::is_ascii_digit).count();
    let zone_fits = matches!(zone, "" | "Z" | "z")
        || (matches!(digits, 2 | 4)
            && zone
                .bytes()
                .skip(1)
                .all(|byte| byte.is_ascii_digit() || byte == b':'));
    zone_fits && clock.parse::<jiff::civil::Time>().is_ok()
}

/// A number as JSON writes it, or with a plus sign; no thousands separators.
fn number(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    plain
        .then(|| text.parse::<f64>().ok())
        .flatten()
        .filter(|number| number.is_finite())
}

fn report(sink: &mut Sink<'_>, column: &TypeCheck, text: &str) {
    let cause = Cause::error(Confidence::Documented)
        .column(column.attribute)
        .value(text)
        .subject("field", &column.field);
    sink.report(cause, || {
        let (field, type_name) = (&column.field, &column.type_name);
        let example = match column.kind {
            FieldType::Boolean => "true or false",
            FieldType::Date => "a day such as 2026-11-21",
            FieldType::DateTime => "a time such as 2026-11-21T10:00:00Z",
            FieldType::Integer => "a whole number",
            FieldType::Number => "a number with a point, without thousands separators",
            _ => "a Salesforce id of 15 or 18 characters",
        };
        Explanation::new(format!("'{text}' is no {type_name}"))
            .because(format!("the type of {field} is {type_name} in describe(User)"))
            .because("Okta's REST integration refuses the whole user for one wrong value")
            .predicts_text(format!("Cannot deserialize instance of {type_name} from ..."))
            .fix(format!("send {example}"))
    });
}

fn unsupported(sink: &mut Sink<'_>, column: &TypeCheck, why: Unsupported) {
    let cause = Cause::error(Confidence::Documented)
        .column(column.attribute)
        .subject("field", &column.field)
        .key(1);
    sink.once(cause, || {
        let field = &column.field;
        let (kind, fact) = match why {
            Unsupported::AutoNumber => ("an auto number", "autoNumber is true"),
            Unsupported::Calculated => ("a formula or roll-up", "calculated is true"),
            Unsupported::Hierarchy => (
                "a hierarchy field",
                "it is a custom reference from User to User",
            ),
        };
        Explanation::new(format!("{field} is {kind}, which Okta's Salesforce app does not support"))
            .because(format!("{fact} in describe(User)"))
            .because("supported custom types: checkbox, date, date/time, email, number, phone, text, text area, encrypted text")
            .fix("take the column out")
    });
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_date_time, number};

    #[test]
    fn dates_and_times_in_the_forms_that_apis_write() {
        for text in ["2026-11-21", "2026-11-21T10:00:00Z"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["21.11.2026", "11/21/2026", "2026-13-01", "2026-11-2", "soon"] {
            assert!(!is_date(text), "{text}");
        }
        for text in [
            "2026-11-21T10:00:00.000+0000",
            "2026-11-21T10:00:00Z",
            "2026-11-21T10:00:00-05:00",
            "2026-11-21",
        ] {
            assert!(is_date_time(text), "{text}");
        }
        for text in ["2026-11-21T25:00:00Z", "2026-11-21T10:00:00 CET", "now"] {
            assert!(!is_date_time(text), "{text}");
        }
    }

    #[test]
    fn numbers_have_a_point_and_no_separators() {
        assert_eq!(number("-12.5"), Some(-12.5));
        for text in ["1,234", "12 %", "inf", "nan", "", "1e999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
