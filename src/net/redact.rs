//! The last net under secrets: what looks like one is taken out of a text before it reaches a log or a message.
//!
//! Secrets do not get here, because [`Secret`](super::Secret) does not print. Texts of others may hold them: an answer of
//! a server, the output of another program, the trace of a library.

use std::borrow::Cow;

/// What stands in the place of a secret.
const MARK: &str = "[redacted]";

/// Words before a value that is a secret, up to the end of the value.
const BEFORE: &[&str] = &[
    "access_token",
    "refresh_token",
    "client_secret",
    "code_verifier",
    // Okta's words about an assertion are no secret.
    "assertion=",
    "assertion\"",
    "oauth_token",
    "sessionid",
    "token=",
    "code=",
    "Bearer ",
    "OAuth ",
    "SSWS ",
    "force://",
];

/// Beginnings of tokens of Salesforce and of JWTs, with the fewest characters that make one.
const BEGINNINGS: &[(&str, usize)] = &[("5Aep", 12), ("eyJ", 20)];

/// The text without what looks like a token, a secret of a form, or a login address.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let inside = text
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(is_of_token);
        match secret_at(rest, inside) {
            Some((keep, length)) if length > 0 => {
                out.push_str(text.get(kept..at + keep).unwrap_or_default());
                out.push_str(MARK);
                at += keep + length;
                kept = at;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where a secret begins here: how many bytes before it stay, and how long it is. `inside`: a token goes on here.
fn secret_at(rest: &str, inside: bool) -> Option<(usize, usize)> {
    for word in BEFORE {
        if rest
            .get(..word.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        {
            let keep = word.len() + between(rest.get(word.len()..)?)?;
            return Some((keep, value(rest.get(keep..)?)));
        }
    }
    if inside {
        return None;
    }
    let length = run(rest, is_of_token);
    let session = rest.starts_with("00D")
        && rest
            .get(..length)
            .and_then(|token| token.find('!'))
            .is_some_and(|mark| (15..=18).contains(&mark) && length > mark + 20);
    let begins = BEGINNINGS
        .iter()
        .any(|(begin, fewest)| rest.starts_with(begin) && length >= *fewest);
    (session || begins).then_some((0, length))
}

/// What may stand between a name and its value: `=`, or the punctuation of JSON and XML. `None`: this is no such pair.
fn between(rest: &str) -> Option<usize> {
    let punctuation = run(rest, |letter| {
        matches!(letter, '"' | '\\' | ':' | '=' | '>' | ' ' | '\'')
    });
    (punctuation > 0 || rest.chars().next().is_some_and(is_of_token)).then_some(punctuation)
}

/// A value ends with a blank, a quote or a separator.
fn value(rest: &str) -> usize {
    run(rest, |letter| {
        !letter.is_whitespace()
            && !matches!(
                letter,
                '"' | '\'' | '&' | ',' | '<' | '>' | '}' | ')' | ']' | '\\'
            )
    })
}

fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '!' | '.' | '_' | '-' | '%')
}

/// Bytes of the longest beginning whose characters all fit.
fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !fits(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_taken_out() {
        for (text, wanted) in [
            (
                "the token 00D000000000001!AQ0A.BbCcDdEeFfGgHhIiJj is",
                "the token [redacted] is",
            ),
            ("00D000000000001AAA!AQ0A.BbCcDdEeFfGgHhIiJj", "[redacted]"),
            ("kept 5Aep861TSESvWeug_xvF", "kept [redacted]"),
            (
                "Authorization: Bearer abc.def",
                "Authorization: Bearer [redacted]",
            ),
            ("SSWS 00abc, next", "SSWS [redacted], next"),
            (
                "grant_type=x&client_secret=s3cret&a=b",
                "grant_type=x&client_secret=[redacted]&a=b",
            ),
            (
                "/callback?code=aPrx.1%3D&state=abc",
                "/callback?code=[redacted]&state=abc",
            ),
            (
                r#"{"access_token":"00Dx","scope":"api"}"#,
                r#"{"access_token":"[redacted]","scope":"api"}"#,
            ),
            (
                r#"{\"refresh_token\": \"5A\"}"#,
                r#"{\"refresh_token\": \"[redacted]\"}"#,
            ),
            (
                "<sessionId>00Dx</sessionId>",
                "<sessionId>[redacted]</sessionId>",
            ),
            (
                "force://ck:cs:5Aep@acme.my.salesforce.com now",
                "force://[redacted] now",
            ),
            (
                "assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIzTVZHIn0.c2ln",
                "assertion=[redacted]",
            ),
            (
                "a eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIzTVZHIn0.c2ln b",
                "a [redacted] b",
            ),
        ] {
            assert_eq!(redact(text), wanted);
        }
    }

    #[test]
    fn all_else_stays() {
        for text in [
            "",
            "user hasn't approved this consumer",
            "expired access/refresh token",
            "00D000000000001AAA is an org",
            "invalid_client_id: client identifier invalid",
            "unsupported_grant_type",
            "eyJ",
            "Größe: ungültig",
            "missing required code challenge",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
