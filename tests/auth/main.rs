//! Logins, and what is done with them: the ways in, what goes wrong, the fake org's whole way, and pulls by a login.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::missing_panics_doc,
    clippy::format_push_string,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on ends and says why"
)]

#[cfg(feature = "demo")]
#[path = "../support/company.rs"]
mod company;
mod faults;
#[path = "../support/http.rs"]
mod http;
#[path = "../support/oauth.rs"]
mod oauth;
mod opening;
#[cfg(feature = "demo")]
mod org;
#[cfg(feature = "demo")]
mod pull;
#[path = "../support/mod.rs"]
mod support;
mod ways;
