//! Salesforce record ids: 15 characters that compare exactly, 18 with a checksum of their capitals.

use std::fmt;

/// A Salesforce record id, packed: the 15 significant characters as one number in base 62.
///
/// Fifteen characters need 90 bits; twelve bytes hold them without padding, which matters for
/// millions of users. The byte order is that of the text, so ids sort as Salesforce sorts them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SfId([u8; 12]);

/// Why a text is not a Salesforce id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// Neither 15 nor 18 characters long.
    Length(usize),
    /// Holds something else than ASCII letters and digits.
    Characters,
    /// The last three of 18 characters are not the checksum of the first fifteen.
    Checksum,
}

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// 62 to the ninth: the first six characters are the high part, the last nine the low one.
const LOW: u128 = 62u128.pow(9);

const fn digit(byte: u8) -> Option<u64> {
    match byte {
        b'0'..=b'9' => Some((byte - b'0') as u64),
        b'A'..=b'Z' => Some((byte - b'A') as u64 + 10),
        b'a'..=b'z' => Some((byte - b'a') as u64 + 36),
        _ => None,
    }
}

fn number(text: &[u8]) -> Option<u64> {
    text.iter()
        .try_fold(0u64, |sum, &byte| Some(sum * 62 + digit(byte)?))
}

impl SfId {
    /// Reads an id of 15 or 18 characters; the checksum of the longer form is verified.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let bytes = text.as_bytes();
        let (body, suffix) = match bytes.len() {
            15 => (bytes, None),
            18 => {
                let (body, suffix) = bytes.split_at(15);
                (body, Some(suffix))
            }
            other => return Err(IdFault::Length(other)),
        };
        let (head, tail) = body.split_at(6);
        let (head, tail) = (
            number(head).ok_or(IdFault::Characters)?,
            number(tail).ok_or(IdFault::Characters)?,
        );
        if let Some(suffix) = suffix {
            if !suffix.iter().all(u8::is_ascii_alphanumeric) {
                return Err(IdFault::Characters);
            }
            if !suffix.eq_ignore_ascii_case(&checksum(body)) {
                return Err(IdFault::Checksum);
            }
        }
        let packed = u128::from(head) * LOW + u128::from(tail);
        let wide = packed.to_be_bytes();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(wide.get(4..).unwrap_or(&[0; 12]));
        Ok(Self(bytes))
    }

    /// The packed number.
    fn packed(self) -> u128 {
        self.0
            .iter()
            .fold(0u128, |sum, &byte| (sum << 8) | u128::from(byte))
    }

    /// The 18 characters, checksum included.
    #[must_use]
    pub fn text(self) -> String {
        let mut number = self.packed();
        let mut text = [b'0'; 15];
        for place in text.iter_mut().rev() {
            let digit = usize::try_from(number % 62).unwrap_or(0);
            *place = ALPHABET.get(digit).copied().unwrap_or(b'0');
            number /= 62;
        }
        let suffix = checksum(&text);
        text.iter()
            .chain(&suffix)
            .map(|&byte| char::from(byte))
            .collect()
    }

    /// The three characters that tell the object: `005` is a User, `00e` a Profile.
    #[must_use]
    pub fn prefix(self) -> String {
        self.text().chars().take(3).collect()
    }

    /// The null id that some exporters write for an empty reference.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == [0; 12]
    }
}

/// Three characters, one for each block of five: bit n is set where character n is a capital.
fn checksum(body: &[u8]) -> [u8; 3] {
    let mut suffix = [b'A'; 3];
    for (place, block) in suffix.iter_mut().zip(body.chunks(5)) {
        let bits = block
            .iter()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_uppercase())
            .fold(0usize, |bits, (n, _)| bits | (1 << n));
        *place = SUFFIX.get(bits).copied().unwrap_or(b'A');
    }
    suffix
}

impl fmt::Display for SfId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for SfId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Declares dense, typed indexes into the tables of one org, so that a role is never used as a profile.
macro_rules! dense_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $crate::model::Dense for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

dense_ids! {
    /// A row of UserLicense.
    LicenseId,
    /// A row of Profile.
    ProfileId,
    /// A row of UserRole.
    RoleId,
    /// A row of PermissionSet, the ones owned by profiles and groups included.
    PermissionSetId,
    /// A row of PermissionSetGroup.
    PermissionSetGroupId,
    /// A row of PermissionSetLicense.
    PslId,
    /// A feature license flag of User (`UserPermissions...`).
    FeatureId,
    /// A public group (Group of Type Regular).
    PublicGroupId,
    /// A row of PackageLicense.
    PackageId,
    /// A permission column (`Permissions...`) of Profile or PermissionSet.
    PermissionId,
    /// A row of User.
    UserId,
    /// A row of Contact.
    ContactId,
    /// A row of Account.
    AccountId,
}

#[cfg(test)]
mod tests {
    use super::{IdFault, SfId};

    #[test]
    fn fifteen_and_eighteen_characters_are_one_id() {
        let short = SfId::parse("005Ab0000000011").expect("15 characters");
        let long = SfId::parse("005Ab0000000011IAA").expect("18 characters");
        assert_eq!(short, long);
        assert_eq!(short.to_string(), "005Ab0000000011IAA");
        assert_eq!(short.prefix(), "005");
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(SfId::parse("005Ab000000001"), Err(IdFault::Length(14)));
        assert_eq!(SfId::parse("005Ab0000000-11"), Err(IdFault::Characters));
        assert_eq!(SfId::parse("005Ab0000000011ZZZ"), Err(IdFault::Checksum));
        assert!(SfId::parse("000000000000000AAA").is_ok_and(SfId::is_null));
    }

    #[test]
    fn ids_sort_as_text() {
        let mut ids = ["00eZ00000000001", "00e000000000001", "00ea00000000001"]
            .map(|t| SfId::parse(t).expect("an id"));
        ids.sort();
        assert_eq!(
            ids.map(|id| id.text().chars().nth(3).expect("fourth")),
            ['0', 'Z', 'a']
        );
    }
}
