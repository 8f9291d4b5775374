//! Errors as Salesforce's REST API writes them: a status, and an array of code and message.

use super::soql::{Malformed, drawn};

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status.
    pub(super) status: u16,
    /// `errorCode`
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// The text of a query is wrong at a place.
    pub(super) fn at(code: &'static str, soql: &str, at: usize, message: &str) -> Self {
        Self::new(400, code, drawn(soql, at, message))
    }

    /// The text of a query is not understood.
    pub(super) fn malformed(soql: &str, fault: &Malformed) -> Self {
        match fault.at {
            Some(at) => Self::at("MALFORMED_QUERY", soql, at, &fault.message),
            None => Self::new(400, "MALFORMED_QUERY", fault.message.clone()),
        }
    }

    /// The object is not there, or the caller may not see it: Salesforce does not tell which.
    pub(super) fn no_object(soql: &str, name: &str, at: usize) -> Self {
        let message = format!(
            "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
        );
        Self::at("INVALID_TYPE", soql, at, &message)
    }

    /// The field is not there, or the caller may not see it.
    pub(super) fn no_field(soql: &str, object: &str, name: &str, at: usize) -> Self {
        let message = format!(
            "No such column '{name}' on entity '{object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
        );
        Self::at("INVALID_FIELD", soql, at, &message)
    }

    /// The relationship is not there.
    pub(super) fn no_relation(soql: &str, name: &str, path: &str, at: usize) -> Self {
        let message = format!(
            "Didn't understand relationship '{name}' in field path '{path}'. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
        );
        Self::at("INVALID_FIELD", soql, at, &message)
    }

    /// Nothing lies under this address.
    pub(super) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// The address is right, the verb is not.
    pub(super) fn method(method: &str) -> Self {
        let message = format!("HTTP Method '{method}' not allowed.");
        Self::new(405, "METHOD_NOT_ALLOWED", message)
    }

    /// The body, as JSON.
    pub(super) fn body(&self) -> serde_json::Value {
        serde_json::json!([{ "message": self.message, "errorCode": self.code }])
    }
}
