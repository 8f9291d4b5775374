//! What `manifest.json` says of a pull beside its files: who pulled, what the org counted, what is missing.

use super::manifest::{Extent, Manifest, Reader};
use super::objects;
use crate::model::Pulled;

/// Objects that an org lacks without the feature: their absence is no gap of the pull.
const FEATURES: [&str; 2] = ["Network", "NetworkMemberGroup"];

/// Where no reason is told.
const NOT_PULLED: &str = "not pulled";

/// What a manifest says.
pub(super) fn pulled(manifest: &Manifest) -> Pulled {
    let name = |user: &Option<Reader>| user.as_ref().and_then(|user| user.username.clone());
    let mut all = Pulled {
        user: name(&manifest.user),
        integration_user: name(&manifest.integration_user),
        ..Pulled::default()
    };
    let told = manifest.gaps();
    for (object, entry) in &manifest.objects {
        if let Some(count) = entry.count {
            all.counts.insert(object.clone(), count);
        }
        if !is_wanted(object) {
            continue;
        }
        if entry.coverage == Some(Extent::Absent) {
            // What is told in words says more than that a file is not there.
            let in_words = told.iter().any(|(known, _)| known == object);
            match &entry.reason {
                Some(reason) => all.gaps.push((object.clone(), reason.clone())),
                None if in_words => {}
                None => all.gaps.push((object.clone(), NOT_PULLED.to_owned())),
            }
        }
        let missing = entry.missing.iter().cloned();
        all.missing
            .extend(missing.map(|field| (object.clone(), field)));
    }
    all.gaps
        .extend(told.into_iter().filter(|(object, _)| is_wanted(object)));
    all
}

/// Whether the absence of an object says anything of the pull.
fn is_wanted(object: &str) -> bool {
    let optional = objects::all().any(|known| known.name == object && known.optional);
    !optional && !FEATURES.contains(&object)
}

#[cfg(test)]
mod tests {
    use crate::model::Pulled;
    use crate::snapshot::Manifest;

    fn pulled(text: &str) -> Pulled {
        super::pulled(&Manifest::parse("manifest.json", text).expect("a manifest"))
    }

    #[test]
    fn what_a_manifest_says_of_its_pull() {
        let said = pulled(
            r#"{"user":{"id":"005000000000001AAA","username":"reader@acme.example"},"objects":{
            "UserRole":{"coverage":"absent","reason":"INVALID_TYPE"},
            "Network":{"coverage":"absent","reason":"INVALID_TYPE"},
            "Settings":{"coverage":"absent","reason":"not asked for"},
            "User":{"coverage":"partial","missing":["PasswordExpirationDate"],"rows":3,"count":4}}}"#,
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
    fn what_has_another_form_says_nothing() {
        for text in [
            "{}",
            r#"{"user":7,"integration_user":null}"#,
            r#"{"objects":{"UserRole":{"count":"many","missing":3,"reason":[]}}}"#,
        ] {
            assert_eq!(pulled(text), Pulled::default(), "{text}");
        }
    }

    #[test]
    fn words_are_told_once() {
        let said = pulled(
            r#"{"integration_user":"okta@acme.example","objects":{
            "UserRole":{"coverage":"absent","gaps":["no right"]},
            "PermissionSet":{"coverage":"absent"}}}"#,
        );
        let gap = |object: &str, reason: &str| (object.to_owned(), reason.to_owned());
        assert_eq!(
            said.gaps,
            [
                gap("PermissionSet", "not pulled"),
                gap("UserRole", "no right")
            ]
        );
        assert_eq!(said.integration_user.as_deref(), Some("okta@acme.example"));
    }
}
