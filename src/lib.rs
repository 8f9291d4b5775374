//! Judges an Okta assignment file against a Salesforce org's licensing facts before anything is pushed.

#[cfg(feature = "net")]
pub mod api;
#[cfg(feature = "net")]
pub mod auth;
pub mod baseline;
pub mod check;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod explain;
pub mod finding;
pub mod input;
pub mod knowledge;
pub mod matrix;
pub mod model;
#[cfg(feature = "net")]
pub mod net;
pub mod okta;
pub mod profile_source;
#[cfg(feature = "net")]
pub mod pull;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod tabular;
pub mod waivers;
