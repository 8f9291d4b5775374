//! The application username that Okta makes of a login: the template of the app, as far as the login decides it.

use super::expression::{Expr, Kind, parse};

/// `credentials.userNameTemplate` of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The template: `${source.login}`, or an expression.
    pub text: String,
    /// What comes after it.
    pub suffix: String,
}

impl Template {
    /// The username for a login; `None`: something else than the login decides it, or it is not understood.
    #[must_use]
    pub fn apply(&self, login: &str) -> Option<String> {
        let mut name = if self.text.is_empty() {
            login.to_owned()
        } else if self.text.contains("${") {
            embedded(&self.text, login)?
        } else {
            text(&parse(&self.text).ok()?, login)?
        };
        name.push_str(&self.suffix);
        Some(name)
    }
}

/// Text with expressions in `${ }`.
fn embedded(template: &str, login: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        name.push_str(before);
        let (inner, after) = after.split_once('}')?;
        // Built-in templates mark functions so.
        let inner = inner.strip_prefix("fn:").unwrap_or(inner);
        name.push_str(&text(&parse(inner).ok()?, login)?);
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

/// The value of an expression in which nothing but the login varies.
fn text(expr: &Expr, login: &str) -> Option<String> {
    match &expr.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Member(target, name) => match &target.kind {
            Kind::Name(of) if matches!(of.as_str(), "user" | "source") && name == "login" => {
                Some(login.to_owned())
            }
            _ => None,
        },
        Kind::Binary(sign, one, two) if sign == "+" => Some(text(one, login)? + &text(two, login)?),
        Kind::Call(target, name, arguments) => {
            let name = name.strip_prefix("String.").unwrap_or(name);
            if target.is_some() {
                return None;
            }
            let all: Option<Vec<String>> = arguments.iter().map(|one| text(one, login)).collect();
            function(name, &all?)
        }
        _ => None,
    }
}

fn function(name: &str, arguments: &[String]) -> Option<String> {
    match (name, arguments) {
        ("append", [one, two]) => Some(format!("{one}{two}")),
        ("substringBefore", [one, mark]) => Some(
            one.split_once(&**mark)
                .map_or(one.as_str(), |cut| cut.0)
                .to_owned(),
        ),
        ("substringAfter", [one, mark]) => {
            Some(one.split_once(&**mark).map_or("", |cut| cut.1).to_owned())
        }
        ("toLowerCase", [one]) => Some(one.to_lowercase()),
        ("toUpperCase", [one]) => Some(one.to_uppercase()),
        ("replace", [one, from, to]) if !from.is_empty() => Some(one.replace(&**from, to)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn a_template_says_the_username_or_that_it_cannot() {
        let apply = |text: &str, suffix: &str| {
            let template = Template {
                text: text.to_owned(),
                suffix: suffix.to_owned(),
            };
            template.apply("Ann@acme.example")
        };
        for (text, suffix, username) in [
            ("", "", Some("Ann@acme.example")),
            ("${source.login}", "", Some("Ann@acme.example")),
            ("${source.login}", ".dev", Some("Ann@acme.example.dev")),
            ("${source.login}.uat", "", Some("Ann@acme.example.uat")),
            (
                "${fn:substringBefore(source.login, \"@\")}@sf.example",
                "",
                Some("Ann@sf.example"),
            ),
            ("user.login + \".dev\"", "", Some("Ann@acme.example.dev")),
            (
                "String.toLowerCase(String.append(user.login, \".X\"))",
                "",
                Some("ann@acme.example.x"),
            ),
            ("${source.email}", "", None),
            ("${source.login", "", None),
            ("user.login +", "", None),
            ("Guess.at(user.login)", "", None),
        ] {
            assert_eq!(apply(text, suffix).as_deref(), username, "{text}");
        }
    }
}
