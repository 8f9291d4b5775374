//! Texts that look like Salesforce ids.

use crate::model::Record;

/// The objects whose ids a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Profile,
    Role,
    Set,
    Group,
    Psl,
    License,
    User,
    Contact,
    Account,
    PublicGroup,
}

impl Object {
    /// API name, which is the name of the file in a snapshot.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Role => "UserRole",
            Self::Set => "PermissionSet",
            Self::Group => "PermissionSetGroup",
            Self::Psl => "PermissionSetLicense",
            Self::License => "UserLicense",
            Self::User => "User",
            Self::Contact => "Contact",
            Self::Account => "Account",
            Self::PublicGroup => "Group",
        }
    }

    /// The object of a text that is an id, or wants to be one: it starts with a known prefix and
    /// has 12 to 20 letters and digits only. Anything else is a name.
    pub(super) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let [first @ (b'0' | b'1'), second, third, ..] = bytes else {
            return None;
        };
        let object = match (first, second, third) {
            (b'0', b'0', b'e') => Self::Profile,
            (b'0', b'0', b'E') => Self::Role,
            (b'0', b'P', b'S') => Self::Set,
            (b'0', b'P', b'G') => Self::Group,
            (b'0', b'P', b'L') => Self::Psl,
            (b'1', b'0', b'0') => Self::License,
            (b'0', b'0', b'5') => Self::User,
            (b'0', b'0', b'3') => Self::Contact,
            (b'0', b'0', b'1') => Self::Account,
            (b'0', b'0', b'G') => Self::PublicGroup,
            _ => return None,
        };
        ((12..=20).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric))
            .then_some(object)
    }
}

/// A record as the id of its own kind.
pub(super) trait FromRecord: Copy {
    fn from_record(record: Record) -> Option<Self>;
}

macro_rules! from_record {
    ($($id:ty: $variant:ident),+ $(,)?) => {$(
        impl FromRecord for $id {
            fn from_record(record: Record) -> Option<Self> {
                match record {
                    Record::$variant(id) => Some(id),
                    _ => None,
                }
            }
        }
    )+};
}

from_record! {
    crate::model::ProfileId: Profile,
    crate::model::RoleId: Role,
    crate::model::PslId: Psl,
    crate::model::PublicGroupId: PublicGroup,
    crate::model::PackageId: Package,
}

impl FromRecord for crate::input::SetRef {
    fn from_record(record: Record) -> Option<Self> {
        match record {
            Record::PermissionSet(id) => Some(Self::Set(id)),
            Record::PermissionSetGroup(id) => Some(Self::Group(id)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Object;

    #[test]
    fn prefix_length_and_letters_decide() {
        assert_eq!(Object::of("00e000000000001"), Some(Object::Profile));
        assert_eq!(Object::of("00E000000000001AAA"), Some(Object::Role));
        assert_eq!(Object::of("005000000000"), Some(Object::User));
        assert_eq!(Object::of("00500000000"), None);
        assert_eq!(Object::of("005000000000000000000"), None);
        assert_eq!(Object::of("0PSx00000 000001"), None);
        assert_eq!(Object::of("0ps000000000001"), None);
        assert_eq!(Object::of("100"), None);
        assert_eq!(Object::of("\u{e9}00e00000000001"), None);
    }
}
