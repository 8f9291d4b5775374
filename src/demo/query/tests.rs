//! Queries against small tables.
