//! Waivers: findings that somebody accepts for a while, with a reason and an end.
//!
//! A waiver changes what counts, never what is shown, and never the verdict of a row: the push would
//! still fail. What cannot be read or has ended covers nothing.

mod selector;

pub use selector::{Glob, Selectors, Subject};

use crate::finding::WaivedBy;

/// A waiver that counts on the day of the run.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Number of its rule.
    pub rule: usize,
    /// Which findings of the rule.
    pub selectors: Selectors,
    /// What reports say of it.
    pub note: WaivedBy,
    /// Line of the file where it begins, from 1.
    pub line: usize,
}

/// The waivers of a run.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// Those that count.
    pub active: Vec<Waiver>,
}
