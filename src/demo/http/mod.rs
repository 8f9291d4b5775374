//! The wire: requests in, answers out, nothing about Salesforce.

mod answer;
mod request;
mod serve;

pub(super) use answer::{Answer, Body, JSON};
pub(super) use request::{Form, Request};
pub(super) use serve::{Handler, Running, start};
