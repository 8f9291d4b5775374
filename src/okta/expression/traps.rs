//! What is legal in an expression and seldom meant.

use super::parse::{Expr, Kind};

/// Two keys of a `String.stringSwitch` of which the first takes what the second is for: keys match substrings, and the
/// first one in argument order wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The key that matches too much.
    pub key: String,
    /// The key that it hides; empty where the first key is empty and takes everything.
    pub hidden: String,
    /// Byte offset of the key.
    pub at: usize,
}

/// All traps of `String.stringSwitch` in an expression.
#[must_use]
pub fn switches(expr: &Expr) -> Vec<Switch> {
    let mut found = Vec::new();
    expr.visit(&mut |part| {
        let Kind::Call(_, name, arguments) = &part.kind else {
            return;
        };
        if name != "String.stringSwitch" && name != "stringSwitch" {
            return;
        }
        let keys: Vec<&Expr> = arguments.iter().skip(2).step_by(2).collect();
        for (n, key) in keys.iter().enumerate() {
            let Some(text) = key.text() else { continue };
            let trap = |hidden: &str| Switch {
                key: text.to_owned(),
                hidden: hidden.to_owned(),
                at: key.at,
            };
            if text.is_empty() {
                found.push(trap(""));
                continue;
            }
            let later = keys.iter().skip(n + 1).filter_map(|later| later.text());
            found.extend(later.filter(|later| later.contains(text)).map(trap));
        }
    });
    found
}

/// Whether a function asks for the groups of a user.
pub(super) fn is_membership(name: &str) -> bool {
    name.starts_with("isMemberOf")
        || matches!(
            name,
            "getGroups" | "getFilteredGroups" | "getInternalGroups"
        )
}

/// The first function that asks for the groups of a user, with its place.
#[must_use]
pub fn membership(expr: &Expr) -> Option<(String, usize)> {
    let mut found = None;
    expr.visit(&mut |part| {
        if let Kind::Call(_, name, _) = &part.kind {
            let last = name.rsplit('.').next().unwrap_or(name);
            if found.is_none() && is_membership(last) {
                found = Some((name.clone(), part.at));
            }
        }
    });
    found
}
