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
/// 62 to the seventh: the first eight characters are the high part, the last seven the low one.
const LOW: u64 = 62u64.pow(7);

/// Eight bytes that are all `byte`.
const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Eight characters at a time, the first in the lowest byte: millions of ids are read, so there is no loop in here.
#[derive(Clone, Copy)]
struct Eight {
    /// What each character counts for in base 62; nonsense where `fits` is false.
    digits: u64,
    /// Bit n is set where character n is a capital.
    capitals: u32,
    /// Whether all are ASCII letters and digits.
    fits: bool,
}

impl Eight {
    #[inline]
    fn of(text: [u8; 8]) -> Self {
        let bytes = u64::from_le_bytes(text);
        let ascii = bytes & all(0x80) == 0;
        let bytes = bytes & all(0x7f);
        // ASCII: 0x30 to 0x39 are digits, 0x41 to 0x5a capitals, 0x61 to 0x7a small letters.
        let letter = (bytes >> 6) & all(1);
        let small = letter & (bytes >> 5);
        let low = bytes & all(0x1f);
        // The upper bit of a sum tells that a byte is large enough; no sum passes into the next byte.
        let no_letter = (low + all(0x80 - 27)) | !(low + all(0x80 - 1));
        let no_digit = (bytes ^ all(0x30)) + all(0x80 - 10);
        let letters = letter << 7;
        let faults = ((no_letter & letters) | (no_digit & !letters)) & all(0x80);
        // A digit is 16 too large here, a capital 1 + 9 + 16 too small or 26 more where it is small.
        let digits = (low + letter * 25 + small * 26).wrapping_sub(all(16));
        // Gathers the lowest bits of all bytes in the highest byte.
        let gathered = (letter & !small).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        Self {
            digits,
            capitals: u32::try_from(gathered).unwrap_or(0),
            fits: ascii && faults == 0,
        }
    }

    /// The number that the characters are: two at a time, then four, then all eight.
    #[inline]
    fn number(self) -> u64 {
        let joined = |lanes: u64, mask: u64, bits: u32, weight: u64| {
            (lanes & mask)
                .wrapping_mul(weight)
                .wrapping_add(lanes >> bits & mask)
        };
        let pairs = joined(self.digits, 0x00ff_00ff_00ff_00ff, 8, 62);
        let fours = joined(pairs, 0x0000_ffff_0000_ffff, 16, 62 * 62);
        joined(fours, 0xffff_ffff, 32, 62 * 62 * 62 * 62)
    }
}

impl SfId {
    /// Reads an id of 15 or 18 characters; the checksum of the longer form is verified.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let bytes = text.as_bytes();
        let length = IdFault::Length(bytes.len());
        let (Some((significant, suffix)), 15 | 18) = (bytes.split_first_chunk::<15>(), bytes.len())
        else {
            return Err(length);
        };
        // The character in the middle is in both halves.
        let (Some(head), Some(tail)) = (significant.first_chunk(), significant.last_chunk()) else {
            return Err(length);
        };
        let (head, mut tail) = (Eight::of(*head), Eight::of(*tail));
        if !(head.fits && tail.fits) {
            return Err(IdFault::Characters);
        }
        let due = checksum(head.capitals | tail.capitals << 7);
        if !suffix.is_empty() && suffix != due {
            if !suffix.iter().all(u8::is_ascii_alphanumeric) {
                return Err(IdFault::Characters);
            }
            if !suffix.eq_ignore_ascii_case(&due) {
                return Err(IdFault::Checksum);
            }
        }
        tail.digits &= !0xff;
        Ok(Self::of_packed(
            u128::from(head.number()) * u128::from(LOW) + u128::from(tail.number()),
        ))
    }

    /// The fifteen characters as one number in base 62; ids made one after the other are neighbors.
    pub(crate) fn packed(self) -> u128 {
        let mut wide = [0; 16];
        if let Some(low) = wide.last_chunk_mut() {
            *low = self.0;
        }
        u128::from_be_bytes(wide)
    }

    /// The id of a packed number, of which 96 bits count.
    pub(crate) fn of_packed(packed: u128) -> Self {
        Self(
            packed
                .to_be_bytes()
                .last_chunk()
                .copied()
                .unwrap_or_default(),
        )
    }

    /// The id that is this number; the largest one where the number is too large.
    #[cfg(feature = "net")]
    pub(crate) fn from_packed(number: u128) -> Self {
        Self::of_packed(number.min(62u128.pow(15) - 1))
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
        let capitals = (0..)
            .zip(&text)
            .filter(|(_, byte)| byte.is_ascii_uppercase())
            .fold(0, |capitals, (place, _)| capitals | 1 << place);
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
    fn every_byte_at_every_place_is_read_right() {
        for place in 0..15 {
            for byte in 0..=0x7f {
                let mut text = *b"005Ab00000zZ9aA";
                text[place] = byte;
                let text = std::str::from_utf8(&text).expect("ASCII");
                let read = SfId::parse(text);
                if byte.is_ascii_alphanumeric() {
                    let id = read.expect("letters and digits");
                    let long = id.text();
                    assert_eq!(&long[..15], text);
                    assert_eq!(SfId::parse(&long), Ok(id));
                } else {
                    assert_eq!(read, Err(IdFault::Characters), "{text}");
                }
            }
        }
        assert_eq!(SfId::parse("005Ab000000\u{e9}00"), Err(IdFault::Characters));
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
