#![doc = include_str!("picklist_value.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, PicklistCheck};
use crate::model::nearest;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "picklist-value",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    needs: &[
        Need::optional("describe/User", ""),
        Need::optional("describe/User", ".restrictedPicklist"),
    ],
    row: Some(check),
    when: Occasion::UNLISTED_CELL,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for list in &cx.columns.checks().picklists {
        let Some(text) = cx.sent_at(list.place) else {
            continue;
        };
        if list.multiple {
            for value in text.split(';').map(str::trim) {
                if !value.is_empty() && !list.choices.has_value(value) {
                    report(sink, list, value);
                }
            }
        } else if !list.choices.has_value(text) {
            report(sink, list, text);
        }
    }
}

fn report(sink: &mut Sink<'_>, list: &PicklistCheck, value: &str) {
    let cause = Cause::error(Confidence::Certain)
        .column(list.attribute)
        .value(value)
        .subject("field", &list.field);
    sink.report(cause, || {
        let label = &list.label;
        let words = Explanation::new(format!("'{value}' is no value of {label}"))
            .because(format!(
                "'{value}' is not among the {} values that describe(User) gives for {}",
                list.choices.len(),
                list.field
            ))
            .predicts(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                format!("{label}: bad value for restricted picklist field: {value}"),
            );
        match answer(list, value) {
            Some(best) if list.multiple => words.fix(format!("use '{best}'")),
            Some(best) => words
                .fix(format!("use '{best}'"))
                .replace(list.attribute, best),
            None => words.fix(format!("use one of the values of {label} in this org")),
        }
    });
}

/// The value that was probably meant: by its label, by another way to write it, else the nearest one.
fn answer<'a>(list: &'a PicklistCheck, text: &str) -> Option<&'a str> {
    let choices = &list.choices;
    let value = |place: &u32| choices.get(*place).map(|choice| choice.value.as_str());
    if let Some(labelled) = choices.places_of_label(text).first().and_then(value) {
        return Some(labelled);
    }
    // `(GMT-07:00) Mountain Daylight Time (America/Denver)`: the label of another season or language.
    let bracketed = text
        .strip_suffix(')')
        .and_then(|head| head.rsplit_once('('))
        .map(|(_, inner)| inner)
        .and_then(|inner| choices.places_of_value(inner).first().and_then(value));
    if bracketed.is_some() {
        return bracketed;
    }
    let wanted = text.replace('-', "_");
    let mut all = choices.all().iter().map(|choice| choice.value.as_str());
    let locale = matches!(list.attribute, Attribute::Locale | Attribute::Language);
    if let Some(same) = all.clone().find(|value| value.eq_ignore_ascii_case(text)) {
        return Some(same);
    }
    if locale {
        if let Some(same) = all
            .clone()
            .find(|value| value.eq_ignore_ascii_case(&wanted))
        {
            return Some(same);
        }
        return language(list, &wanted).or_else(|| nearest(text, &mut all, 1).first().copied());
    }
    if list.attribute == Attribute::TimeZone {
        return near_city(list, text);
    }
    nearest(text, all, 1).first().copied()
}

/// The time zone whose city is spelled much like the one of the text: `Europe/` alone makes no two zones alike.
fn near_city<'a>(list: &'a PicklistCheck, text: &str) -> Option<&'a str> {
    fn city(zone: &str) -> &str {
        zone.rsplit('/').next().unwrap_or(zone)
    }
    let zones = || {
        list.choices
            .all()
            .iter()
            .map(|choice| choice.value.as_str())
    };
    let near = nearest(city(text), zones().map(city), 1);
    let best = *near.first()?;
    zones().find(|zone| city(zone) == best)
}

/// `en` to `en_US`, `de` to `de_DE`; a language with a country that the list lacks to the language alone.
fn language<'a>(list: &'a PicklistCheck, text: &str) -> Option<&'a str> {
    let language = text.split('_').next()?.to_ascii_lowercase();
    if language.len() != 2 {
        return None;
    }
    let home = match language.as_str() {
        "en" => "en_US".to_owned(),
        own => format!("{own}_{}", own.to_ascii_uppercase()),
    };
    let values = || {
        list.choices
            .all()
            .iter()
            .map(|choice| choice.value.as_str())
    };
    values()
        .find(|value| *value == home)
        .or_else(|| values().find(|value| *value == language))
        .or_else(|| values().find(|value| value.split('_').next() == Some(&language)))
}
