//! One logged text, cut into the messages that it holds: bodies of REST and SOAP answers, joined sentences.

use super::normal::{BREAK, start_of};
use regex::Regex;
use serde_json::Value;
use std::sync::OnceLock;

/// One message of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) code: Option<String>,
    pub(super) fields: Vec<String>,
}

/// Bytes of a text in which a body is looked for.
const MOST: usize = 1 << 20;
/// Places at which JSON may begin that are tried: a text of brackets must not cost the square of its length.
const TRIES: usize = 16;

/// The messages of the REST or SOAP body that the text is, or holds; empty: it holds none.
pub(super) fn bodies(text: &str) -> Vec<Body> {
    let text = start_of(text, MOST);
    if text.contains('<') && text.contains("</") {
        let found = of_xml(text);
        if !found.is_empty() {
            return found;
        }
    }
    if !KEYS.iter().any(|key| text.contains(key)) {
        return Vec::new();
    }
    let starts = text.match_indices(['{', '[']).map(|(at, _)| at);
    for at in starts.take(TRIES) {
        let rest = text.get(at..).unwrap_or_default();
        let first = serde_json::Deserializer::from_str(rest)
            .into_iter::<Value>()
            .next();
        if let Some(Ok(value)) = first {
            let mut found = Vec::new();
            collect(&value, &mut found);
            if !found.is_empty() {
                return found;
            }
        }
    }
    of_cut_json(text)
}

/// Keys under which answers keep their message.
const KEYS: [&str; 6] = [
    "\"message\"",
    "\"errorSummary\"",
    "\"detail\"",
    "\"error_description\"",
    "\"exceptionMessage\"",
    "\"errorMessage\"",
];

/// Every object of the value that holds a message. The reader of JSON limits how deep a value can be.
pub(super) fn collect(value: &Value, found: &mut Vec<Body>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(object) => {
            let before = found.len();
            // The parts first: the whole then only repeats them (`E0000001` with its causes).
            for (name, part) in object {
                if matches!(part, Value::Array(_) | Value::Object(_)) && name != "fields" {
                    collect(part, found);
                }
            }
            let text = |names: &[&str]| {
                names
                    .iter()
                    .find_map(|name| object.get(*name)?.as_str())
                    .filter(|text| !text.trim().is_empty())
            };
            let message = text(&[
                "message",
                "errorSummary",
                "error_description",
                "detail",
                "exceptionMessage",
                "errorMessage",
            ]);
            if let Some(message) = message.filter(|_| found.len() == before) {
                let code = text(&[
                    "errorCode",
                    "statusCode",
                    "exceptionCode",
                    "error",
                    "code",
                    "name",
                ]);
                found.push(Body {
                    text: message.to_owned(),
                    code: code.map(str::to_owned),
                    fields: object.get("fields").map(words).unwrap_or_default(),
                });
            }
        }
        _ => {}
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// The messages of JSON that ends in the middle: Okta cuts long reasons.
fn of_cut_json(text: &str) -> Vec<Body> {
    static MESSAGE: OnceLock<Option<Regex>> = OnceLock::new();
    static CODE: OnceLock<Option<Regex>> = OnceLock::new();
    let compiled = |slot: &'static OnceLock<Option<Regex>>, pattern: &str| {
        slot.get_or_init(|| Regex::new(pattern).ok()).as_ref()
    };
    let Some(message) = compiled(
        &MESSAGE,
        r#""(?:message|errorSummary|detail|error_description|exceptionMessage|errorMessage)"\s*:\s*"((?:[^"\\]|\\.)*)"#,
    ) else {
        return Vec::new();
    };
    let code = compiled(
        &CODE,
        r#""(?:errorCode|statusCode|exceptionCode)"\s*:\s*"(\w+)"#,
    )
    .and_then(|regex| regex.captures(text))
    .and_then(|found| Some(found.get(1)?.as_str().to_owned()));
    message
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .filter(|text| !text.trim().is_empty())
        .map(|text| Body {
            text: text.to_owned(),
            code: code.clone(),
            fields: Vec::new(),
        })
        .collect()
}

/// The messages of a SOAP fault, or of a save result.
fn of_xml(text: &str) -> Vec<Body> {
    static TAG: OnceLock<Option<Regex>> = OnceLock::new();
    let tag = TAG.get_or_init(|| {
        Regex::new(
            r"(?s)<(?:\w+:)?(faultstring|exceptionMessage|message|faultcode|exceptionCode|statusCode|fields)(?:\s[^>]*)?>(.*?)</",
        )
        .ok()
    });
    let Some(tag) = tag else { return Vec::new() };
    let all = |name: &str| -> Vec<String> {
        tag.captures_iter(text)
            .filter(|found| found.get(1).is_some_and(|own| own.as_str() == name))
            .filter_map(|found| Some(found.get(2)?.as_str().trim().to_owned()))
            .filter(|value| !value.is_empty())
            .collect()
    };
    let codes = [all("statusCode"), all("exceptionCode"), all("faultcode")]
        .into_iter()
        .find(|codes| !codes.is_empty())
        .unwrap_or_default();
    let messages = [all("message"), all("exceptionMessage"), all("faultstring")]
        .into_iter()
        .find(|messages| !messages.is_empty())
        .unwrap_or_default();
    let alone = messages.len() == 1;
    messages
        .into_iter()
        .enumerate()
        .map(|(n, text)| Body {
            text,
            code: codes.get(n).cloned(),
            fields: if alone { all("fields") } else { Vec::new() },
        })
        .collect()
}

/// Cuts where several messages are joined: at `; ` and at line breaks, never inside brackets.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            // A bracket that is never closed (a text that was cut) must not hide what follows its line.
            BREAK => {
                depth = 0;
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            ';' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Whether a part that no pattern knows is a message of its own, and not the rest of the one beside it.
pub(super) fn stands_alone(part: &str) -> bool {
    let starts = part.chars().next().is_some_and(char::is_uppercase);
    let label = part
        .split_once(": ")
        .is_some_and(|(name, value)| name.split(' ').count() <= 3 && !value.contains(' '));
    starts && !label && part.split(' ').count() >= 4
}

/// The fields at the end of SOAP and Apex texts (`...: [ProfileId, Alias]`) and of bulk results (`...:ProfileId --`),
/// and the text before them. A list that is the message itself stays in it.
pub(super) fn without_fields(text: &str) -> (&str, Vec<String>) {
    let (whole, text) = (text, text.trim_end_matches(['-', ' ']));
    let of_bulk = whole.ends_with("--");
    let is_field =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let names = |list: &str| -> Option<Vec<String>> {
        let names: Vec<String> = list
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        names.iter().all(|name| is_field(name)).then_some(names)
    };
    if let Some((before, list)) = text
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once('['))
        && let Some(fields) = names(list)
    {
        let message = before.trim_end_matches([':', ' ']);
        return if message.ends_with("missing") {
            (text, fields)
        } else {
            (message, fields)
        };
    }
    if of_bulk
        && let Some((message, list)) = text.rsplit_once(':')
        && !list.starts_with(' ')
        && message.contains(' ')
        && let Some(fields) = names(list)
    {
        return (message, fields);
    }
    (text, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        bodies(text).into_iter().map(|body| body.text).collect()
    }

    #[test]
    fn every_message_of_a_body_is_found() {
        let rest = r#"[{"message":"a b","errorCode":"X_Y","fields":["ProfileId"]},{"message":"c","errorCode":"Z_Z"}]"#;
        let found = bodies(rest);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found.first().map(|body| body.fields.clone()),
            Some(vec!["ProfileId".to_owned()])
        );
        assert_eq!(
            texts(&format!("Bad Request. Errors: {rest}. Error Code: null.")),
            ["a b", "c"]
        );
        let composite = r#"{"compositeResponse":[{"body":[{"errorCode":"A_B","message":"x"}],"httpStatusCode":400}]}"#;
        assert_eq!(texts(composite), ["x"]);
        let okta = r#"{"errorCode":"E0000001","errorSummary":"whole","errorCauses":[{"errorSummary":"part"}]}"#;
        assert_eq!(texts(okta), ["part"]);
        assert_eq!(
            texts(r#"{"errorCode":"E0000047","errorSummary":"whole","errorCauses":[]}"#),
            ["whole"]
        );
        assert_eq!(texts(r#"[{"message":"it ends he"#), ["it ends he"]);
        let soap = "<soapenv:Fault><faultcode>sf:X_Y</faultcode><faultstring>X_Y: it failed</faultstring></soapenv:Fault>";
        assert_eq!(texts(soap), ["X_Y: it failed"]);
        let saved = "<errors><fields>ProfileId</fields><message>m</message><statusCode>S_C</statusCode></errors>";
        assert_eq!(
            bodies(saved),
            [Body {
                text: "m".into(),
                code: Some("S_C".into()),
                fields: vec!["ProfileId".into()]
            }]
        );
        assert_eq!(texts("no [body] {here}"), Vec::<String>::new());
    }

    #[test]
    fn joined_messages_are_cut_outside_brackets() {
        assert_eq!(parts("a; b [c; d]; e"), ["a", "b [c; d]", "e"]);
        assert_eq!(parts("a [b\nc"), ["a [b", "c"]);
        assert!(
            stands_alone("Some new error text") && !stands_alone("please check your configuration")
        );
        assert!(!stands_alone("Permission Set: 0PS1"));
    }

    #[test]
    fn fields_at_the_end_are_told() {
        let fields = |text| without_fields(text);
        assert_eq!(fields("role type: []"), ("role type", vec![]));
        assert_eq!(
            fields("no: [ProfileId]"),
            ("no", vec!["ProfileId".to_owned()])
        );
        let list = vec!["Email".to_owned(), "ProfileId".to_owned()];
        assert_eq!(
            fields("Required fields are missing: [Email, ProfileId]"),
            ("Required fields are missing: [Email, ProfileId]", list)
        );
        assert_eq!(
            fields("it is bad:Email --"),
            ("it is bad", vec!["Email".to_owned()])
        );
        assert_eq!(fields("field:Mentor"), ("field:Mentor", vec![]));
    }
}
