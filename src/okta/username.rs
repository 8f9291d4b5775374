//! The application username that Okta makes of a login: the template of the app, as far as the login decides it.

use super::expression::{Datum, Facts, evaluate, parse};

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
        self.of(&|attribute| (attribute == "login").then(|| login.to_owned()))
    }

    /// The username for a user of whom these attributes are known; `None` as above.
    #[must_use]
    pub fn of(&self, user: User<'_>) -> Option<String> {
        let mut name = if self.text.is_empty() {
            user("login")?
        } else if self.text.contains("${") {
            embedded(&self.text, user)?
        } else {
            text(&self.text, user)?
        };
        name.push_str(&self.suffix);
        Some(name)
    }

    /// Whether usernames are the logins.
    #[must_use]
    pub fn is_login(&self) -> bool {
        let plain = [
            "",
            "${source.login}",
            "${user.login}",
            "source.login",
            "user.login",
        ];
        plain.contains(&self.text.trim()) && self.suffix.is_empty()
    }
}

/// The attributes of a user in Okta, as far as they are known.
type User<'u> = &'u dyn Fn(&str) -> Option<String>;

/// Text with expressions in `${ }`.
fn embedded(template: &str, user: User<'_>) -> Option<String> {
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        name.push_str(before);
        let (inner, after) = after.split_once('}')?;
        name.push_str(&text(&without_marks(inner), user)?);
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

/// An expression without the `fn:` before its functions, as built-in templates write it.
fn without_marks(expression: &str) -> String {
    let mut plain = String::new();
    let mut rest = expression;
    while let Some((before, after)) = rest.split_once("fn:") {
        plain.push_str(before);
        if plain.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '"' | '\'')) {
            plain.push_str("fn:");
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// What is known of a user, as expressions ask for it.
struct Known<'u>(User<'u>);

impl Facts for Known<'_> {
    fn attribute(&self, name: &str) -> Option<Datum> {
        (self.0)(name).map(Datum::Text)
    }

    fn is_member(&self, _: &str, _: &[&str]) -> Option<bool> {
        None
    }
}

/// The text that an expression has for a user.
fn text(expression: &str, user: User<'_>) -> Option<String> {
    match evaluate(&parse(expression).ok()?, &Known(user)).ok()? {
        Datum::Text(text) | Datum::Cell(text) | Datum::Number(text) => Some(text),
        Datum::Null | Datum::Blank | Datum::Flag(_) | Datum::List(_) => None,
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
                "${fn:toLowerCase(fn:substringBefore(source.login, \"@\"))}@sf.example",
                "",
                Some("ann@sf.example"),
            ),
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
        let template = |text: &str, suffix: &str| Template {
            text: text.to_owned(),
            suffix: suffix.to_owned(),
        };
        let known = |name: &str| (name == "email").then(|| String::from("a@b.example"));
        assert_eq!(
            template("${source.email}", ".uat").of(&known).as_deref(),
            Some("a@b.example.uat")
        );
        assert_eq!(template("${source.login}", "").of(&known), None);
        assert!(template("${source.login}", "").is_login());
        assert!(!template("${source.login}", ".uat").is_login());
        assert!(!template("${source.email}", "").is_login());
    }
}
