//! Salesforce record ids: 15 characters that compare exactly, 18 with a checksum of their capitals.

use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

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

/// What a byte counts for in base 62, with [`CAPITAL`] for capitals; [`NO_DIGIT`] for all others.
static DIGITS: [u8; 256] = digits();
const CAPITAL: u8 = 0x40;
const NO_DIGIT: u8 = 0x80;

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which would refuse it"
)]
const fn digits() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut n = 0;
    while n < ALPHABET.len() {
        let byte = ALPHABET[n];
        let capital = if byte.is_ascii_uppercase() {
            CAPITAL
        } else {
            0
        };
        // The alphabet has 62 letters, so the number fits.
        #[expect(clippy::cast_possible_truncation, reason = "below 62")]
        let digit = n as u8;
        table[byte as usize] = digit | capital;
        n += 1;
    }
    table
}

/// The number that a text is, where its capitals are (bit n for character n), and whether all of it are digits.
///
/// Millions of ids are read, so nothing branches in here.
#[inline]
fn number<const N: usize>(text: &[u8; N]) -> (u64, u32, bool) {
    let (mut sum, mut capitals, mut all) = (0u64, 0u32, 0u8);
    for (n, &byte) in text.iter().enumerate() {
        let digit = DIGITS.get(usize::from(byte)).copied().unwrap_or(NO_DIGIT);
        all |= digit;
        sum = sum.wrapping_mul(62).wrapping_add(u64::from(digit & 0x3f));
        capitals |= u32::from(digit & CAPITAL != 0) << n;
    }
    (sum, capitals, all & NO_DIGIT == 0)
}

impl SfId {
    /// Reads an id of 15 or 18 characters; the checksum of the longer form is verified.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let bytes = text.as_bytes();
        let (Some((head, rest)), 15 | 18) = (bytes.split_first_chunk::<6>(), bytes.len()) else {
            return Err(IdFault::Length(bytes.len()));
        };
        let Some((tail, suffix)) = rest.split_first_chunk::<9>() else {
            return Err(IdFault::Length(bytes.len()));
        };
        let (head, capitals, head_fits) = number(head);
        let (tail, tail_capitals, tail_fits) = number(tail);
        if !(head_fits && tail_fits) {
            return Err(IdFault::Characters);
        }
        let due = checksum(capitals | (tail_capitals << 6));
        if !suffix.is_empty() && suffix != due {
            if !suffix.iter().all(u8::is_ascii_alphanumeric) {
                return Err(IdFault::Characters);
            }
            if !suffix.eq_ignore_ascii_case(&due) {
                return Err(IdFault::Checksum);
            }
        }
        let packed = u128::from(head) * LOW + u128::from(tail);
        let wide = packed.to_be_bytes();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(wide.get(4..).unwrap_or(&[0; 12]));
        Ok(Self(bytes))
    }

    /// The fifteen characters as one number in base 62; ids made one after the other are neighbors.
    pub(crate) fn packed(self) -> u128 {
        self.0
            .iter()
            .fold(0u128, |sum, &byte| (sum << 8) | u128::from(byte))
    }

    /// The id that is this number; the largest one where the number is too large.
    #[cfg(feature = "net")]
    pub(crate) fn from_packed(number: u128) -> Self {
        let wide = number.min(62u128.pow(15) - 1).to_be_bytes();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(wide.get(4..).unwrap_or(&[0; 12]));
        Self(bytes)
    }

    /// The 64-bit key under which the id is found again (see [`super::KeyIndex`]).
    pub(crate) fn key(self) -> u64 {
        xxh3_64(&self.0).max(1)
    }

    /// The low end of the number that the id is: records made one after the other are neighbors.
    pub(crate) fn ordinal(self) -> u64 {
        let (_, low) = self.0.split_at(4);
        u64::from_be_bytes(low.try_into().unwrap_or_default())
    }

    /// The 18 characters, checksum included.
    #[must_use]
    pub fn text(self) -> String {
        let mut rest = self.packed();
        let mut text = [b'0'; 15];
        for place in text.iter_mut().rev() {
            let digit = usize::try_from(rest % 62).unwrap_or(0);
            *place = ALPHABET.get(digit).copied().unwrap_or(b'0');
            rest /= 62;
        }
        let (_, capitals, _) = number(&text);
        let suffix = checksum(capitals);
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

/// Three characters, one for each block of five: bit n of a block is set where its character n is a capital.
fn checksum(capitals: u32) -> [u8; 3] {
    [0, 5, 10].map(|from| {
        let block = (capitals >> from) & 0x1f;
        let place = usize::try_from(block).unwrap_or(0);
        SUFFIX.get(place).copied().unwrap_or(b'A')
    })
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
    /// A row of MutingPermissionSet.
    MutingSetId,
    /// An object that ObjectPermissions names.
    ObjectId,
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
