//! A request, read to its end.

use axum::http::HeaderMap;
use std::borrow::Cow;

/// A request, read to its end; a chunked body was put together.
#[derive(Clone, Debug, Default)]
pub(in crate::demo) struct Request {
    /// In upper case.
    pub(in crate::demo) method: String,
    /// Decoded, with a slash in front and none at the end.
    pub(in crate::demo) path: String,
    /// The parameters of the address, decoded.
    pub(in crate::demo) query: Vec<(String, String)>,
    pub(in crate::demo) headers: HeaderMap,
    pub(in crate::demo) body: Vec<u8>,
}

impl Request {
    /// Takes an address apart: `/services/data/v65.0/query/?q=SELECT+Id`.
    pub(in crate::demo) fn new(method: &str, address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        // The Salesforce CLI keeps the org's address with a slash at its end and puts paths behind it.
        let path = decode(&format!("/{}", path.trim_start_matches('/')));
        // Two slashes in a row lead nowhere, at the end neither.
        let one = path.strip_suffix('/').filter(|rest| !rest.ends_with('/'));
        let path = one.unwrap_or(&path).to_owned();
        Self {
            method: method.to_ascii_uppercase(),
            path,
            query: pairs(query.as_bytes()),
            ..Self::default()
        }
    }

    /// A parameter of the address.
    pub(in crate::demo) fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// A header, if it is text.
    pub(in crate::demo) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as a form.
    pub(in crate::demo) fn form(&self) -> Form {
        Form(pairs(&self.body))
    }

    /// The parts of the path between the slashes; the first slash is left out.
    pub(in crate::demo) fn parts(&self) -> Vec<&str> {
        self.path
            .strip_prefix('/')
            .unwrap_or(&self.path)
            .split('/')
            .collect()
    }
}

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub(in crate::demo) struct Form(Vec<(String, String)>);

impl Form {
    /// A field; an empty one is none.
    pub(in crate::demo) fn get(&self, name: &str) -> Option<&str> {
        find(&self.0, name).filter(|value| !value.is_empty())
    }
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.as_str())
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// `%20` and the like; a plus sign stays, as it does in paths.
fn decode(text: &str) -> String {
    let plus = text.replace('+', "%2B");
    let mut decoded = url::form_urlencoded::parse(plus.as_bytes());
    let whole: Option<(Cow<'_, str>, Cow<'_, str>)> = decoded.next();
    match whole {
        // A path holds neither `=` nor `&`; where it does, nothing lies there anyway.
        Some((name, value)) if value.is_empty() => name.into_owned(),
        _ => text.to_owned(),
    }
}
