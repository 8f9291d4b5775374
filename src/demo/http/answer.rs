//! An answer before it is sent.

use crate::demo::refusal::Refusal;
use serde_json::Value;
use std::time::Duration;

/// How a body is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::demo) enum Body {
    #[default]
    Whole,
    /// The connection breaks after so many bytes.
    Cut(usize),
    /// It goes on after its end, for so many bytes.
    Padded(u64),
}

/// An answer before it is sent.
#[derive(Clone, Debug, Default)]
pub(in crate::demo) struct Answer {
    pub(in crate::demo) status: u16,
    pub(in crate::demo) content_type: &'static str,
    pub(in crate::demo) headers: Vec<(&'static str, String)>,
    pub(in crate::demo) body: Vec<u8>,
    pub(in crate::demo) sent: Body,
    /// How long it is held back.
    pub(in crate::demo) delay: Duration,
}

/// What Salesforce says about every JSON answer.
pub(in crate::demo) const JSON: &str = "application/json;charset=UTF-8";

impl Answer {
    /// An answer with bytes that are JSON already.
    pub(in crate::demo) fn bytes(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type: JSON,
            body,
            ..Self::default()
        }
    }

    /// An answer with JSON.
    pub(in crate::demo) fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            ..Self::bytes(value.to_string().into_bytes())
        }
    }

    /// An answer with text of another type.
    pub(in crate::demo) fn text(
        status: u16,
        content_type: &'static str,
        text: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            status,
            content_type,
            body: text.into(),
            ..Self::default()
        }
    }

    /// An answer without a body.
    pub(in crate::demo) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// Adds a header.
    pub(in crate::demo) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::json(refusal.status, &refusal.body())
    }
}
