//! The functions of Okta that make a value of values, as far as their documentation says what comes out.

use super::evaluate::{Datum, equal};
use std::borrow::Cow;

/// The text of a value that has one; `None`: it is empty or a list.
pub(super) fn text(value: &Datum) -> Option<Cow<'_, str>> {
    Some(match value {
        Datum::Text(text) | Datum::Cell(text) | Datum::Number(text) => text.as_str().into(),
        Datum::Flag(flag) => if *flag { "true" } else { "false" }.into(),
        Datum::Null | Datum::Blank | Datum::List(_) => return None,
    })
}

/// The result of a function. `None`: it is not known here; `Err`: it cannot be told for these values, and why.
pub(super) fn call(name: &str, values: &[Datum]) -> Option<Result<Datum, String>> {
    if let Some(of_list) = name.strip_prefix("Arrays.") {
        return list_function(of_list, values);
    }
    let name = name.strip_prefix("String.").unwrap_or(name);
    if !TEXT_FUNCTIONS.contains(&name) {
        return None;
    }
    let texts: Option<Vec<Cow<'_, str>>> = values.iter().map(text).collect();
    let Some(texts) = texts else {
        return Some(Err(String::from(
            "which is not documented for empty values and lists",
        )));
    };
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    Some(
        text_function(name, &texts)
            .ok_or_else(|| String::from("which is not documented for these values")),
    )
}

const TEXT_FUNCTIONS: [&str; 13] = [
    "append",
    "join",
    "len",
    "removeSpaces",
    "replace",
    "replaceFirst",
    "stringContains",
    "startsWith",
    "substring",
    "substringAfter",
    "substringBefore",
    "toUpperCase",
    "toLowerCase",
];

fn text_function(name: &str, texts: &[&str]) -> Option<Datum> {
    let told = match (name, texts) {
        ("append", [one, two]) => format!("{one}{two}"),
        ("join", [separator, parts @ ..]) => parts.join(separator),
        ("len", [one]) => return Some(Datum::Number(one.chars().count().to_string())),
        ("removeSpaces", [one]) => one.replace(' ', ""),
        ("replace", [one, from, to]) if !from.is_empty() => one.replace(from, to),
        ("replaceFirst", [one, from, to]) if !from.is_empty() => one.replacen(from, to, 1),
        ("stringContains" | "startsWith", [one, part]) => {
            let whole = |one: &str, part: &str| match name {
                "startsWith" => one.starts_with(part),
                _ => one.contains(part),
            };
            let so = whole(one, part);
            // Whether the case of letters counts is not documented.
            let loosely = whole(&one.to_lowercase(), &part.to_lowercase());
            return (so == loosely).then_some(Datum::Flag(so));
        }
        ("substring", [one, start, end]) => {
            let (start, end) = (start.parse::<usize>().ok()?, end.parse::<usize>().ok()?);
            let long = end.checked_sub(start)?;
            if end > one.chars().count() {
                return None;
            }
            one.chars().skip(start).take(long).collect()
        }
        ("substringBefore", [one, mark]) if !mark.is_empty() => {
            one.split_once(mark).map_or(*one, |cut| cut.0).to_owned()
        }
        ("substringAfter", [one, mark]) if !mark.is_empty() => {
            one.split_once(mark).map_or("", |cut| cut.1).to_owned()
        }
        ("toUpperCase", [one]) => one.to_uppercase(),
        ("toLowerCase", [one]) => one.to_lowercase(),
        _ => return None,
    };
    Some(Datum::Text(told))
}

fn list_function(name: &str, values: &[Datum]) -> Option<Result<Datum, String>> {
    let empty = matches!(values.first(), Some(Datum::Null));
    let list = match values.first() {
        Some(Datum::List(all)) => Some(all),
        _ => None,
    };
    let told = match (name, list, values.get(1..).unwrap_or_default()) {
        ("add", Some(list), [one]) => Datum::List(list.iter().chain([one]).cloned().collect()),
        ("remove", Some(list), [one]) => match places_of(one, list) {
            Ok(found) => {
                let left = list.iter().zip(found).filter(|(_, found)| !found);
                Datum::List(left.map(|(held, _)| held.clone()).collect())
            }
            Err(why) => return Some(Err(why)),
        },
        ("clear", Some(_), []) => Datum::List(Vec::new()),
        ("get", Some(list), [Datum::Number(place)]) => {
            let place = place.parse::<usize>().ok();
            match place.and_then(|place| list.get(place)) {
                Some(one) => one.clone(),
                None => {
                    return Some(Err(String::from(
                        "which asks for an element that is not there",
                    )));
                }
            }
        }
        ("flatten", _, _) => {
            let mut all = Vec::new();
            for value in values {
                match value {
                    Datum::List(own) => all.extend(own.iter().cloned()),
                    other => all.push(other.clone()),
                }
            }
            Datum::List(all)
        }
        ("contains", Some(list), [one]) => match places_of(one, list) {
            Ok(found) => Datum::Flag(found.contains(&true)),
            Err(why) => return Some(Err(why)),
        },
        ("size", Some(list), []) => Datum::Number(list.len().to_string()),
        ("size", None, []) if empty => Datum::Number(String::from("0")),
        ("isEmpty", Some(list), []) => Datum::Flag(list.is_empty()),
        ("isEmpty", None, []) if empty => Datum::Flag(true),
        ("toCsvString", Some(list), []) => {
            let texts: Option<Vec<_>> = list.iter().map(text).collect();
            Datum::Text(texts?.join(","))
        }
        (
            "add" | "remove" | "clear" | "get" | "contains" | "size" | "isEmpty" | "toCsvString",
            ..,
        ) => {
            return Some(Err(String::from(
                "which is not documented for these values",
            )));
        }
        _ => return None,
    };
    Some(Ok(told))
}

/// Which elements of a list are a value; `Err`: of one of them it cannot be told.
fn places_of(one: &Datum, list: &[Datum]) -> Result<Vec<bool>, String> {
    let found: Option<Vec<bool>> = list.iter().map(|held| equal(held, one)).collect();
    found.ok_or_else(|| {
        String::from(
            "which asks whether values are equal that differ in type or in upper and lower case",
        )
    })
}
