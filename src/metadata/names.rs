//! Names of metadata files: which component a file is of.

use std::borrow::Cow;

/// Kinds of components that tell about access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Profile,
    PermissionSet,
    PermissionSetGroup,
    MutingPermissionSet,
    Role,
    PublicGroup,
    Settings,
    /// Of User; other objects are passed over.
    ValidationRule,
    /// The object User as one file, with its validation rules in it.
    User,
}

impl Kind {
    /// What a message calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Profile => "the profile",
            Self::PermissionSet => "the permission set",
            Self::PermissionSetGroup => "the permission set group",
            Self::MutingPermissionSet => "the muting permission set",
            Self::Role => "the role",
            Self::PublicGroup => "the public group",
            Self::Settings => "the settings",
            Self::ValidationRule => "the validation rule",
            Self::User => "the object",
        }
    }
}

/// The settings that are read.
const SETTINGS: [&str; 2] = ["Communities", "UserManagement"];

/// Kind and full name of a file, by its path inside the project (with `/`); `None` for a file that says nothing about
/// access. The source format adds `-meta.xml` to the names of the metadata format.
pub(super) fn component(path: &str) -> Option<(Kind, String)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let file = file.strip_suffix("-meta.xml").unwrap_or(file);
    let (stem, ending) = file.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    let of_user = || format!("/{folder}").ends_with("/objects/User/validationRules");
    let kind = match ending {
        "profile" => Kind::Profile,
        "permissionset" => Kind::PermissionSet,
        "permissionsetgroup" => Kind::PermissionSetGroup,
        "mutingpermissionset" => Kind::MutingPermissionSet,
        "role" => Kind::Role,
        "group" => Kind::PublicGroup,
        // Other settings say nothing about access, so nothing in them is a reason to refuse a project.
        "settings" if SETTINGS.contains(&stem) => Kind::Settings,
        "validationRule" if of_user() => Kind::ValidationRule,
        "object" if stem == "User" => Kind::User,
        _ => return None,
    };
    Some((kind, decode(stem).into_owned()))
}

/// A file name without its percent signs: `Force%2Ecom - Free User` is `Force.com - Free User`.
pub(super) fn decode(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%')
            .then(|| std::str::from_utf8(tail.get(..2)?).ok())
            .flatten()
            .filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    // What is no text when it is decoded was not encoded.
    String::from_utf8(bytes).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// Namespace and name: `ns__Name` is of a managed package.
pub(super) fn namespace(full: &str) -> (&str, &str) {
    match full.split_once("__") {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => (namespace, name),
        _ => ("", full),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, component, decode, namespace};

    #[test]
    fn file_names_are_decoded() {
        for (name, decoded) in [
            ("Admin", "Admin"),
            ("Force%2Ecom - Free User", "Force.com - Free User"),
            ("Custom%3A Sales Profile", "Custom: Sales Profile"),
            ("100%", "100%"),
            ("%zz%+1", "%zz%+1"),
            ("Caf%C3%A9", "Café"),
            ("%ff", "%ff"),
        ] {
            assert_eq!(decode(name), decoded);
        }
    }

    #[test]
    fn endings_tell_kinds() {
        let kind = component;
        let named = |kind, name: &str| Some((kind, name.to_owned()));
        assert_eq!(
            kind("a/profiles/Admin.profile"),
            named(Kind::Profile, "Admin")
        );
        assert_eq!(
            kind("profiles/Work%2Ecom Only User.profile-meta.xml"),
            named(Kind::Profile, "Work.com Only User")
        );
        assert_eq!(
            kind("objects/User/validationRules/Boss.validationRule-meta.xml"),
            named(Kind::ValidationRule, "Boss")
        );
        assert_eq!(
            kind("objects/Account/validationRules/Boss.validationRule-meta.xml"),
            None
        );
        assert_eq!(kind("objects/Account.object"), None);
        assert_eq!(kind("objects/User.object"), named(Kind::User, "User"));
        assert_eq!(kind("profiles/.profile"), None);
        assert_eq!(kind("package.xml"), None);
        assert_eq!(kind("settings/Sharing.settings-meta.xml"), None);
        assert_eq!(
            kind("settings/Communities.settings-meta.xml"),
            named(Kind::Settings, "Communities")
        );
    }

    #[test]
    fn two_underscores_end_a_namespace() {
        assert_eq!(namespace("acme__Sales"), ("acme", "Sales"));
        assert_eq!(namespace("Sales_Ops"), ("", "Sales_Ops"));
        assert_eq!(namespace("__x"), ("", "__x"));
    }
}
