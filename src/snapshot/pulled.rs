//! What `manifest.json` says of a pull beside its files: who pulled, what the org counted, what is missing.
//!
//! Read leniently: what is not there, or not in this form, is not known.

use super::Manifest;
use super::objects;
use crate::model::Pulled;
use serde_json::Value;

/// Objects that an org lacks without the feature: their absence is no gap of the pull.
const FEATURES: [&str; 2] = ["Network", "NetworkMemberGroup"];

/// Where no reason is told.
const NOT_PULLED: &str = "not pulled";

/// What the text of a manifest says.
pub(super) fn pulled(text: &str, typed: Option<&Manifest>) -> Pulled {
    let manifest: Value = serde_json::from_str(text).unwrap_or_default();
    let mut all = Pulled {
        user: user(at(&manifest, "user")),
        integration_user: user(at(&manifest, "integration_user")),
        ..Pulled::default()
    };
    for (object, entry) in at(&manifest, "objects").as_object().into_iter().flatten() {
        if let Some(count) = at(entry, "count").as_u64() {
            all.counts.insert(object.clone(), count);
        }
        if !is_wanted(object) {
            continue;
        }
        if at(entry, "coverage").as_str() == Some("absent") {
            let reason = at(entry, "reason").as_str().unwrap_or(NOT_PULLED);
            all.gaps.push((object.clone(), reason.to_owned()));
        }
        let missing = texts(at(entry, "missing")).map(|field| (object.clone(), field));
        all.missing.extend(missing);
    }
    // What is told in words says more than that a file is not there.
    for (object, gap) in typed.map(Manifest::gaps).unwrap_or_default() {
        if is_wanted(&object) {
            all.gaps
                .retain(|(known, reason)| *known != object || reason != NOT_PULLED);
            all.gaps.push((object, gap));
        }
    }
    all
}

/// Whether the absence of an object says anything of the pull.
fn is_wanted(object: &str) -> bool {
    let optional = objects::all().any(|known| known.name == object && known.optional);
    !optional && !FEATURES.contains(&object)
}

/// A member of an object.
fn at<'a>(object: &'a Value, key: &str) -> &'a Value {
    object.get(key).unwrap_or(&Value::Null)
}

/// A user by name, or as an object with its username.
fn user(user: &Value) -> Option<String> {
    let name = user.as_str().or_else(|| at(user, "username").as_str());
    name.map(str::to_owned)
}

/// The texts of a list.
fn texts(list: &Value) -> impl Iterator<Item = String> + '_ {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::pulled;

    #[test]
    fn what_a_manifest_says_of_its_pull() {
        let said = pulled(
            r#"{"user":{"id":"005000000000001AAA","username":"reader@acme.example"},"objects":{
            "UserRole":{"coverage":"absent","reason":"INVALID_TYPE"},
            "Network":{"coverage":"absent","reason":"INVALID_TYPE"},
            "Settings":{"coverage":"absent","reason":"not asked for"},
            "User":{"coverage":"partial","missing":["PasswordExpirationDate"],"rows":3,"count":4}}}"#,
            None,
        );
        assert_eq!(said.user.as_deref(), Some("reader@acme.example"));
        assert_eq!(said.integration_user, None);
        assert_eq!(said.counts.get("User"), Some(&4));
        let role = (String::from("UserRole"), String::from("INVALID_TYPE"));
        assert_eq!(said.gaps, [role]);
        let field = (String::from("User"), String::from("PasswordExpirationDate"));
        assert_eq!(said.missing, [field]);
    }

    #[test]
    fn anything_else_says_nothing() {
        for text in ["", "[]", "3", r#"{"objects":[1],"user":7}"#] {
            assert_eq!(
                pulled(text, None),
                crate::model::Pulled::default(),
                "{text}"
            );
        }
    }
}
