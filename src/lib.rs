//! Judges an Okta assignment file against a Salesforce org's licensing facts before anything is pushed.

pub mod check;
pub mod config;
pub mod finding;
pub mod input;
pub mod knowledge;
pub mod matrix;
pub mod model;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod tabular;
