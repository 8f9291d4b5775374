//! The value of an expression for one user, or what keeps it from being told.
//!
//! The language is the Spring expression language with functions of Okta. Where neither documents a case (an empty value
//! in a text function, a comparison of a text with a number), the answer is that it cannot be told.

use super::functions;
use super::parse::{Expr, Kind};

/// A value that an expression has for one user.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// No value.
    Null,
    /// An empty cell of a sheet: no value, or an empty text.
    Blank,
    /// A text.
    Text(String),
    /// A cell of a sheet: of which type the attribute is, it does not tell.
    Cell(String),
    /// A number, as it is written.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// A list.
    List(Vec<Self>),
}

/// Why an expression has no value that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// What is missing, for people.
    pub why: String,
    /// Byte offset in the expression.
    pub at: usize,
}

/// What is known of one user.
pub trait Facts {
    /// An attribute of the user in Okta; `None`: it is not at hand.
    fn attribute(&self, name: &str) -> Option<Datum>;
    /// Whether the user is in a group, by a function that asks for it and its arguments; `None`: that is not at hand.
    fn is_member(&self, function: &str, arguments: &[&str]) -> Option<bool>;
}

/// The value for a user.
///
/// # Errors
/// It cannot be told, and why.
pub fn evaluate(expr: &Expr, facts: &dyn Facts) -> Result<Datum, Untold> {
    let untold = |why: String| Err(Untold { why, at: expr.at });
    let of = |part: &Expr| evaluate(part, facts);
    match &expr.kind {
        Kind::Text(text) => Ok(Datum::Text(text.clone())),
        Kind::Number(text) => Ok(Datum::Number(text.clone())),
        Kind::Flag(flag) => Ok(Datum::Flag(*flag)),
        Kind::Null => Ok(Datum::Null),
        Kind::List(all) => Ok(Datum::List(all.iter().map(of).collect::<Result<_, _>>()?)),
        Kind::Name(_) | Kind::Member(..) => match attribute_of(expr) {
            Some(name) => facts.attribute(name).ok_or_else(|| Untold {
                why: format!("user.{name} is not at hand"),
                at: expr.at,
            }),
            None => untold(format!("{} is not at hand", super::reach::shown(expr))),
        },
        Kind::If(condition, yes, no) => match truth(condition, facts) {
            Ok(true) => of(yes),
            Ok(false) => of(no),
            // Whatever the condition is: both say the same.
            Err(why) => match (of(yes), of(no)) {
                (Ok(yes), Ok(no)) if yes == no => Ok(yes),
                _ => Err(why),
            },
        },
        Kind::Else(first, otherwise) => match of(first)? {
            // Spring: an empty text counts as no value here.
            Datum::Null | Datum::Blank => of(otherwise),
            Datum::Text(text) if text.is_empty() => of(otherwise),
            value => Ok(value),
        },
        Kind::Not(part) => truth(part, facts).map(|so| Datum::Flag(!so)),
        Kind::Binary(sign, one, two) => binary(expr, sign, (one, two), facts),
        Kind::Call(None, name, arguments) => call(name, arguments, (expr.at, facts)),
        Kind::Call(Some(_), name, _) => untold(format!(
            "the result of {name} on a value is not evaluated here"
        )),
        Kind::Index(..) | Kind::Each(..) | Kind::Where(..) | Kind::Minus(_) => untold(format!(
            "the result of {} is not evaluated here",
            super::reach::shown(expr)
        )),
    }
}

/// The attribute of the user in Okta that a part names: `user.department`, `source.department`, `user.profile.department`.
#[must_use]
pub(super) fn attribute_of(expr: &Expr) -> Option<&str> {
    let Kind::Member(target, name) = &expr.kind else {
        return None;
    };
    let is_user = |part: &Expr| matches!(&part.kind, Kind::Name(of) if matches!(of.as_str(), "user" | "source"));
    let of_profile =
        matches!(&target.kind, Kind::Member(of, word) if word == "profile" && is_user(of));
    (is_user(target) || of_profile).then_some(name)
}

/// The attributes of the user that an expression reads, each once, in the order of the text.
#[must_use]
pub fn attributes(expr: &Expr) -> Vec<&str> {
    fn walk<'e>(expr: &'e Expr, found: &mut Vec<&'e str>) {
        if let Some(name) = attribute_of(expr) {
            if !found.contains(&name) {
                found.push(name);
            }
            return;
        }
        for part in expr.parts() {
            walk(part, found);
        }
    }
    let mut found = Vec::new();
    walk(expr, &mut found);
    found
}

/// A condition.
fn truth(expr: &Expr, facts: &dyn Facts) -> Result<bool, Untold> {
    let untold = |why: &str| {
        Err(Untold {
            why: why.to_owned(),
            at: expr.at,
        })
    };
    match evaluate(expr, facts)? {
        Datum::Flag(flag) => Ok(flag),
        Datum::Cell(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Datum::Cell(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Datum::Null | Datum::Blank => untold("what an empty condition comes to is not documented"),
        _ => untold("a condition that is neither true nor false"),
    }
}

fn binary(
    expr: &Expr,
    sign: &str,
    (one, two): (&Expr, &Expr),
    facts: &dyn Facts,
) -> Result<Datum, Untold> {
    let untold = |why: String| Untold { why, at: expr.at };
    let decided = |ends: bool| {
        // The side that ends it decides, whatever the other one is.
        match (truth(one, facts), truth(two, facts)) {
            (Ok(so), _) | (_, Ok(so)) if so == ends => Ok(Datum::Flag(ends)),
            (Ok(_), Ok(_)) => Ok(Datum::Flag(!ends)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        }
    };
    match sign {
        "&&" | "and" => return decided(false),
        "||" | "or" => return decided(true),
        _ => {}
    }
    let values = (evaluate(one, facts)?, evaluate(two, facts)?);
    match sign {
        "==" | "eq" | "!=" | "ne" => equal(&values.0, &values.1)
            .map(|same| Datum::Flag(same == matches!(sign, "==" | "eq")))
            .ok_or_else(|| {
                untold(String::from(
                    "whether these two are equal depends on the types of the attributes, or on what Okta does not document",
                ))
            }),
        "<" | "lt" | ">" | "gt" | "<=" | "le" | ">=" | "ge" => {
            let (Datum::Number(one), Datum::Number(two)) = &values else {
                return Err(untold(format!("{sign} between values that are no numbers")));
            };
            let (Ok(one), Ok(two)) = (one.parse::<f64>(), two.parse::<f64>()) else {
                return Err(untold(format!("{sign} between values that are no numbers")));
            };
            Ok(Datum::Flag(match sign {
                "<" | "lt" => one < two,
                ">" | "gt" => one > two,
                "<=" | "le" => one <= two,
                _ => one >= two,
            }))
        }
        "+" => match (&values.0, &values.1) {
            (Datum::Number(_), Datum::Number(_)) => {
                Err(untold(String::from("a sum of numbers is not evaluated here")))
            }
            (one, two) => functions::text(one)
                .zip(functions::text(two))
                .map(|(one, two)| Datum::Text(format!("{one}{two}")))
                .ok_or_else(|| {
                    untold(String::from("+ with an empty value or a list is not documented"))
                }),
        },
        other => Err(untold(format!("{other} is not evaluated here"))),
    }
}

/// Whether two values are equal; `None`: that cannot be told.
pub(super) fn equal(one: &Datum, two: &Datum) -> Option<bool> {
    use Datum::{Blank, Cell, Flag, List, Null, Number, Text};
    match (one, two) {
        (Null, Null) => Some(true),
        (Null, Text(_) | Cell(_) | Number(_) | Flag(_) | List(_))
        | (Text(_) | Cell(_) | Number(_) | Flag(_) | List(_), Null)
        | (Blank, Number(_) | Flag(_))
        | (Number(_) | Flag(_), Blank) => Some(false),
        (Blank, Text(text) | Cell(text)) | (Text(text) | Cell(text), Blank) => {
            (!text.is_empty()).then_some(false)
        }
        (Text(one) | Cell(one), Text(two) | Cell(two)) => {
            // Whether `==` minds the case of letters is not documented.
            let same = one == two;
            (same || one.to_lowercase() != two.to_lowercase()).then_some(same)
        }
        (Number(one), Number(two)) => {
            let (one, two) = (one.parse::<f64>().ok()?, two.parse::<f64>().ok()?);
            Some(one.total_cmp(&two).is_eq())
        }
        (Flag(one), Flag(two)) => Some(one == two),
        _ => None,
    }
}

fn call(name: &str, arguments: &[Expr], (at, facts): (usize, &dyn Facts)) -> Result<Datum, Untold> {
    let untold = |why: String| Untold { why, at };
    let last = name.rsplit('.').next().unwrap_or(name);
    let of = |part: &Expr| evaluate(part, facts);
    if last == "stringSwitch" {
        // Only what is taken need be told.
        let input = arguments.first().map(of).transpose()?;
        let Some(input) = input.as_ref().and_then(functions::text) else {
            return Err(untold(String::from(
                "what String.stringSwitch makes of an empty value is not documented",
            )));
        };
        for pair in arguments.get(2..).unwrap_or_default().chunks(2) {
            let [key, value] = pair else { break };
            let key = of(key)?;
            let Some(key) = functions::text(&key) else {
                return Err(untold(String::from(
                    "a key of String.stringSwitch is empty",
                )));
            };
            if input.contains(&*key) {
                return of(value);
            }
            if input.to_lowercase().contains(&key.to_lowercase()) {
                return Err(untold(format!(
                    "whether the key \"{key}\" of String.stringSwitch minds the case of letters is not documented"
                )));
            }
        }
        return match arguments.get(1) {
            Some(otherwise) => of(otherwise),
            None => Err(untold(String::from(
                "String.stringSwitch without a default",
            ))),
        };
    }
    let values: Vec<Datum> = arguments.iter().map(of).collect::<Result<_, _>>()?;
    if super::traps::is_membership(last) {
        let texts: Option<Vec<_>> = values.iter().map(functions::text).collect();
        let texts = texts.unwrap_or_default();
        let names: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let member = facts.is_member(last, &names);
        return member
            .map(Datum::Flag)
            .ok_or_else(|| untold(format!("the groups that {last} asks for are not at hand")));
    }
    functions::call(name, &values)
        .unwrap_or_else(|| Err(String::from("which is not evaluated here")))
        .map_err(|why| untold(format!("the result of {name}, {why}")))
}

impl Datum {
    /// The value as a cell of an assignment file: of a list (JSON) or of a single value. `None`: it is not of that kind.
    #[must_use]
    pub fn cell(&self, list: bool) -> Option<String> {
        Some(match self {
            Self::Null | Self::Blank => String::new(),
            Self::Text(text) if text.is_empty() => String::new(),
            Self::Text(text) | Self::Number(text) if list => serde_json::to_string(&[text]).ok()?,
            // A sheet writes lists in its own way.
            Self::Text(text) | Self::Number(text) | Self::Cell(text) => text.clone(),
            Self::Flag(flag) if !list => flag.to_string(),
            Self::List(all) if list => {
                let all: Option<Vec<_>> = all.iter().map(functions::text).collect();
                let all = all?;
                if all.is_empty() {
                    String::new()
                } else {
                    serde_json::to_string(&all).ok()?
                }
            }
            Self::Flag(_) | Self::List(_) => return None,
        })
    }

    /// For people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Null => String::from("null"),
            Self::Blank => String::from("empty"),
            Self::Text(text) | Self::Cell(text) => format!("\"{text}\""),
            Self::Number(text) => text.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(all) => {
                let all: Vec<String> = all.iter().map(Self::shown).collect();
                format!("{{{}}}", all.join(", "))
            }
        }
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
