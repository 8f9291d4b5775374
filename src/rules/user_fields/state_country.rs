#![doc = include_str!("state_country.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::{Choices, Known, Places, nearest};
use crate::rules::{Need, Rule, RowCx, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "state-country",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    speaks: |_, columns, _| !columns.checks().address.is_empty(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let columns = &cx.columns.checks().address;
    if columns.is_empty() {
        return;
    }
    let describe = cx.m.org.user_describe.as_ref();
    let Some(places) = describe.and_then(|describe| describe.places()) else {
        return;
    };
    let sent = |column: Option<Attribute>| {
        let column = column?;
        Some((column, cx.cell(column).sent()?))
    };
    let (country, country_code) = (sent(columns.country), sent(columns.country_code));
    if let Some(countries) = &places.countries {
        if let Some((column, text)) = country
            && !countries.has_label(text)
        {
            report(sink, column, text, &Fault::Country(countries), places);
        }
        if let Some((column, code)) = country_code
            && !countries.has_value(code)
        {
            report(sink, column, code, &Fault::CountryCode(countries), places);
        }
    }
    let Some(states) = &places.states else { return };
    let chosen = chosen_country(cx, places, country, country_code);
    if let Some((column, text)) = sent(columns.state) {
        let held = states.places_of_label(text);
        let unknown = Fault::State(states);
        state(sink, column, text, (states, held, unknown), chosen, places);
    }
    if let Some((column, code)) = sent(columns.state_code) {
        let held = states.places_of_value(code);
        let unknown = Fault::StateCode(states);
        state(sink, column, code, (states, held, unknown), chosen, places);
    }
}

/// Place of the row's country in the list: by code, by label, or the stored one of a user whose country stays.
fn chosen_country(
    cx: &RowCx<'_>,
    places: &Places,
    country: Option<(Attribute, &str)>,
    code: Option<(Attribute, &str)>,
) -> Option<u32> {
    let countries = places.countries.as_ref()?;
    let found = match (country, code) {
        (_, Some((_, code))) => countries.places_of_value(code),
        (Some((_, label)), None) => countries.places_of_label(label),
        (None, None) => {
            let stored = cx.m.org.users.text("Country", cx.row.person.user?)?;
            countries.places_of_label(stored)
        }
    };
    match found {
        [one] => Some(*one),
        _ => None,
    }
}

fn state(
    sink: &mut Sink<'_>,
    column: Attribute,
    text: &str,
    (states, held, unknown): (&Choices, &[u32], Fault<'_>),
    country: Option<u32>,
    places: &Places,
) {
    if held.is_empty() {
        report(sink, column, text, &unknown, places);
        return;
    }
    let Some(country) = country else { return };
    let elsewhere = |place: &u32| {
        states
            .get(*place)
            .is_some_and(|value| value.is_valid_for(country as usize) == Known::Yes(false))
    };
    if held.iter().all(elsewhere) {
        report(sink, column, text, &Fault::OtherCountry(country), places);
    }
}

enum Fault<'a> {
    Country(&'a Choices),
    CountryCode(&'a Choices),
    State(&'a Choices),
    StateCode(&'a Choices),
    OtherCountry(u32),
}

fn report(sink: &mut Sink<'_>, column: Attribute, text: &str, fault: &Fault<'_>, places: &Places) {
    let key = match fault {
        Fault::OtherCountry(country) => u64::from(*country) + 1,
        _ => 0,
    };
    let cause = Cause::error(Confidence::Documented)
        .column(column)
        .value(text)
        .subject("address", text)
        .key(key);
    sink.report(cause, || {
        let (thing, things, label) = match fault {
            Fault::Country(_) | Fault::CountryCode(_) => {
                ("country", "countries", &places.country_label)
            }
            _ => ("state", "states", &places.state_label),
        };
        let words = reason(text, fault, places).predicts(
            "FIELD_INTEGRITY_EXCEPTION",
            format!("There's a problem with this {thing}, even though it may appear correct. Please select a {thing} from the list of valid {things}.: {label}"),
        );
        let near = match fault {
            Fault::Country(list) | Fault::State(list) => near(text, list, false),
            Fault::CountryCode(list) | Fault::StateCode(list) => near(text, list, true),
            Fault::OtherCountry(_) => None,
        };
        match near {
            Some(best) => words.fix(format!("use '{best}'")).replace(column, best),
            None => words.fix(format!("use a {thing} of the org's list, as it is written there")),
        }
    });
}

fn reason(text: &str, fault: &Fault<'_>, places: &Places) -> Explanation {
    match fault {
        Fault::Country(list) => Explanation::new(format!("'{text}' is not in the list of countries"))
            .because(format!("'{text}' is no label of the {} values of CountryCode in describe(User)", list.len())),
        Fault::CountryCode(list) => Explanation::new(format!("'{text}' is no country code of the org"))
            .because(format!("'{text}' is none of the {} values of CountryCode in describe(User)", list.len())),
        Fault::State(list) => Explanation::new(format!("'{text}' is not in the list of states"))
            .because(format!("'{text}' is not among the {} values of StateCode in describe(User)", list.len())),
        Fault::StateCode(list) => Explanation::new(format!("'{text}' is no state code of the org"))
            .because(format!("'{text}' is none of the {} values of StateCode in describe(User)", list.len())),
        Fault::OtherCountry(country) => {
            let name = places.countries.as_ref().and_then(|list| list.get(*country));
            let name = name.map_or("the country", |value| value.label.as_str());
            Explanation::new(format!("'{text}' is no state of {name}"))
                .because(format!("StateCode of describe(User) does not give '{text}' for {name} (validFor)"))
        }
    }
}

/// The value that was probably meant: a code where a name belongs, or the reverse, else the nearest spelling.
fn near<'a>(text: &str, list: &'a Choices, codes: bool) -> Option<&'a str> {
    let crossed = if codes {
        list.places_of_label(text)
    } else {
        list.places_of_value(text)
    };
    let written = |place: &u32| {
        list.get(*place).map(|value| {
            if codes {
                value.value.as_str()
            } else {
                value.label.as_str()
            }
        })
    };
    if let [one] = crossed {
        return written(one);
    }
    if codes {
        // Codes are too short to be alike: only their case may differ.
        let mut all = list.all().iter().map(|value| value.value.as_str());
        return all.find(|code| code.eq_ignore_ascii_case(text));
    }
    let labels = list.all().iter().map(|value| value.label.as_str());
    nearest(text, labels, 1).first().copied()
}
