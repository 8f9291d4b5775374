//! Every value that an expression can result in.

use super::parse::{Expr, Kind};

/// A value that can result, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The text.
    pub text: String,
    /// Byte offset of the literal that it comes from.
    pub at: usize,
}

/// A result that the expression alone does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What decides it, for people.
    pub why: String,
    /// Byte offset.
    pub at: usize,
}

/// What an expression can result in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Texts; of a list: its elements.
    pub values: Vec<Value>,
    /// What is not told.
    pub open: Vec<Open>,
    /// Whether it can be null or an empty text.
    pub empty: bool,
}

/// More combinations of literals than this are not told apart.
const MOST: usize = 256;

/// Collects the values that can result, branches and defaults included.
#[must_use]
pub fn reach(expr: &Expr) -> Reach {
    let mut reach = of(expr);
    let mut seen = std::collections::HashSet::new();
    reach.values.retain(|value| seen.insert(value.text.clone()));
    reach
}

fn of(expr: &Expr) -> Reach {
    match &expr.kind {
        Kind::Text(text) | Kind::Number(text) => literal(text, expr.at),
        Kind::Flag(flag) => literal(if *flag { "true" } else { "false" }, expr.at),
        Kind::Null => Reach {
            empty: true,
            ..Reach::default()
        },
        Kind::List(all) => all.iter().map(of).fold(
            Reach {
                empty: all.is_empty(),
                ..Reach::default()
            },
            Reach::and,
        ),
        Kind::If(_, yes, no) => of(yes).and(of(no)),
        Kind::Else(first, otherwise) => {
            let mut first = of(first);
            first.empty = false;
            first.and(of(otherwise))
        }
        Kind::Binary(sign, one, two) if sign == "+" => joined(&[of(one), of(two)], expr.at),
        Kind::Binary(..) | Kind::Not(_) => literal("true", expr.at).and(literal("false", expr.at)),
        Kind::Call(target, name, arguments) => call(target.as_deref(), name, arguments, expr.at),
        Kind::Name(_) | Kind::Member(..) => open(format!("the value of {}", shown(expr)), expr.at),
        Kind::Index(..) | Kind::Each(..) | Kind::Where(..) | Kind::Minus(_) => {
            open(format!("the result of {}", shown(expr)), expr.at)
        }
    }
}

fn literal(text: &str, at: usize) -> Reach {
    Reach {
        values: if text.is_empty() {
            Vec::new()
        } else {
            vec![Value {
                text: text.to_owned(),
                at,
            }]
        },
        open: Vec::new(),
        empty: text.is_empty(),
    }
}

fn open(why: String, at: usize) -> Reach {
    Reach {
        open: vec![Open { why, at }],
        ..Reach::default()
    }
}

impl Reach {
    fn and(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.open.extend(other.open);
        self.empty |= other.empty;
        self
    }

    /// Every value changed; what is open stays open.
    fn map(mut self, change: impl Fn(&str) -> String) -> Self {
        for value in &mut self.values {
            value.text = change(&value.text);
        }
        self.empty |= self.values.iter().any(|value| value.text.is_empty());
        self.values.retain(|value| !value.text.is_empty());
        self
    }

    /// The one text that it is, where it is one.
    fn only(&self) -> Option<&str> {
        match self.values.as_slice() {
            [one] if self.open.is_empty() && !self.empty => Some(&one.text),
            [] if self.open.is_empty() && self.empty => Some(""),
            _ => None,
        }
    }
}

/// Texts side by side: every combination of what each part can be.
fn joined(parts: &[Reach], at: usize) -> Reach {
    let mut texts = vec![String::new()];
    for part in parts {
        if let Some(open) = part.open.first() {
            return Reach {
                open: vec![open.clone()],
                ..Reach::default()
            };
        }
        let mut choices: Vec<&str> = part
            .values
            .iter()
            .map(|value| value.text.as_str())
            .collect();
        if part.empty || choices.is_empty() {
            choices.push("");
        }
        if texts.len() * choices.len() > MOST {
            return open("more combinations than are told apart".to_owned(), at);
        }
        texts = texts
            .iter()
            .flat_map(|start| choices.iter().map(move |end| format!("{start}{end}")))
            .collect();
    }
    texts
        .iter()
        .map(|text| literal(text, at))
        .fold(Reach::default(), Reach::and)
}

/// The result of a function. One that is not known here is open, never guessed.
fn call(target: Option<&Expr>, name: &str, arguments: &[Expr], at: usize) -> Reach {
    let results: Vec<Reach> = target.into_iter().chain(arguments).map(of).collect();
    let unknown = || {
        open(
            format!("the result of {name}, which is not evaluated here"),
            at,
        )
    };
    let name = name
        .strip_prefix("String.")
        .or(name.strip_prefix("Arrays."))
        .unwrap_or(name);
    let first = || results.first().cloned().unwrap_or_default();
    let fixed = |n: usize| results.get(n).and_then(Reach::only);
    match name {
        "stringSwitch" => {
            // input, default, key, value, key, value ...
            let mut all = results.get(1).cloned().unwrap_or_default();
            for value in results.iter().skip(3).step_by(2) {
                all = all.and(value.clone());
            }
            all
        }
        "append" => joined(&results, at),
        "join" => match (fixed(0), results.get(1..)) {
            (Some(separator), Some(parts)) => {
                let separator = literal(separator, at);
                let mut all = Vec::new();
                for (n, part) in parts.iter().enumerate() {
                    if n > 0 {
                        all.push(separator.clone());
                    }
                    all.push(part.clone());
                }
                joined(&all, at)
            }
            _ => unknown(),
        },
        "toUpperCase" => first().map(str::to_uppercase),
        "toLowerCase" => first().map(str::to_lowercase),
        "removeSpaces" => first().map(|text| text.replace(' ', "")),
        "replace" | "replaceFirst" | "substringBefore" | "substringAfter" => {
            changed(name, &results).unwrap_or_else(unknown)
        }
        // Lists: what can be in them.
        "add" | "flatten" | "remove" => {
            let take = if name == "remove" { 1 } else { results.len() };
            results
                .into_iter()
                .take(take)
                .fold(Reach::default(), Reach::and)
        }
        "toString" => first(),
        "stringContains" | "startsWith" | "contains" | "isEmpty" | "hasDirectoryUser"
        | "hasWorkdayUser" => literal("true", at).and(literal("false", at)),
        _ if super::traps::is_membership(name) && !name.starts_with("get") => {
            literal("true", at).and(literal("false", at))
        }
        _ => unknown(),
    }
}

/// The texts that a function makes of its first argument by fixed ones; `None`: those are not fixed.
fn changed(name: &str, results: &[Reach]) -> Option<Reach> {
    let fixed = |n: usize| results.get(n).and_then(Reach::only);
    let first = results.first().cloned().unwrap_or_default();
    let mark = fixed(1)?;
    Some(match name {
        "substringBefore" => first.map(|text| {
            let before = text.split_once(mark).map_or(text, |(before, _)| before);
            before.to_owned()
        }),
        "substringAfter" => first.map(|text| {
            let after = text.split_once(mark).map_or("", |(_, after)| after);
            after.to_owned()
        }),
        "replace" => {
            let to = fixed(2)?;
            first.map(|text| text.replace(mark, to))
        }
        _ => {
            let to = fixed(2)?;
            first.map(|text| text.replacen(mark, to, 1))
        }
    })
}

/// An access path as it is written.
pub(super) fn shown(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Name(name) => name.clone(),
        Kind::Member(target, name) => format!("{}.{name}", shown(target)),
        Kind::Call(_, name, _) => format!("{name}(...)"),
        Kind::Index(target, _) => format!("{}[...]", shown(target)),
        Kind::Each(target, _) | Kind::Where(target, _) => format!("{}.[...]", shown(target)),
        _ => "an expression".to_owned(),
    }
}
