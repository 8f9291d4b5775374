//! Files of Okta that say who gets what: exports of its API, Terraform plans, attribute mappings.
//!
//! Each becomes a table of the same columns that an assignment file has, so that one engine judges them all; where a
//! row of the table came from is kept beside it.

pub mod expression;
