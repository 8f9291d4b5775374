//! The list of all rules, by family. Adding a rule is one line here and its pair of files.

use super::{Family, Rule};

/// Turns the list into modules, the table of rules and the table of families.
macro_rules! rules {
    ($($family:ident $about:literal { $($rule:ident),* $(,)? })*) => {
        $(pub(crate) mod $family { $(pub(crate) mod $rule;)* })*

        /// Every rule, family by family.
        pub static RULES: &[Rule] = &[$($(Rule { docs: include_str!(concat!(stringify!($family), "/", stringify!($rule), ".md")), ..$family::$rule::RULE },)*)*];

        /// The families, with the names of their rules.
        pub static FAMILIES: &[(Family, &[&str])] =
            &[$((Family { name: stringify!($family), about: $about }, &[$($family::$rule::RULE.name),*])),*];
    };
}

rules! {
    names "Names and ids in the file lead to exactly one record of the org" {
    }
    evidence "The facts are fresh and complete enough to judge from" {
        snapshot_stale,
    }
}
