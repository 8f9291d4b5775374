//! Columns of which only one question is asked: is it the same value? Four bytes a user, whatever the texts.

use crate::model::{Dense, SfId, UserId, key_of, trimmed};

/// The digest of each user's value in one column.
#[derive(Clone, Debug, Default)]
pub struct DigestColumn(Vec<u32>);

/// The digest of a value: 0 is empty. Ids of 15 and of 18 characters have the same one, and so have truth values and
/// addresses in capitals and without. Two different values have the same one in one of four billion cases.
#[must_use]
pub fn digest_of(text: &str) -> u32 {
    let text = trimmed(text);
    if text.is_empty() {
        return 0;
    }
    let ignores_case = text.contains('@')
        || text.eq_ignore_ascii_case("true")
        || text.eq_ignore_ascii_case("false");
    let key = match SfId::parse(text) {
        Ok(id) => id.key(),
        Err(_) if ignores_case => key_of(&text.to_lowercase()),
        Err(_) => key_of(text),
    };
    // The low half of a good hash is as good.
    u32::try_from(key & u64::from(u32::MAX)).unwrap_or(1).max(1)
}

impl DigestColumn {
    /// Adds the next user's value.
    pub fn push(&mut self, text: &str) {
        self.0.push(digest_of(text));
    }

    /// Adds the users of another column, which is empty afterwards.
    pub fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    /// The digest of a user's value.
    #[must_use]
    pub fn get(&self, user: UserId) -> Option<u32> {
        self.0.get(user.index()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{DigestColumn, digest_of};
    use crate::model::UserId;

    #[test]
    fn what_is_the_same_value_has_the_same_digest() {
        for (one, other) in [
            ("005000000000001", "005000000000001AAA"),
            ("Ann@Acme.example", "ann@acme.example"),
            ("TRUE", "true"),
            (" Clerk ", "Clerk"),
            ("", "  "),
        ] {
            assert_eq!(digest_of(one), digest_of(other), "{one}");
        }
        assert_ne!(digest_of("clerk"), digest_of("Clerk"));
        assert_eq!((digest_of(""), digest_of("x") == 0), (0, false));
        let (mut all, mut more) = (DigestColumn::default(), DigestColumn::default());
        all.push("a");
        more.push("");
        all.append(&mut more);
        assert_eq!((all.get(UserId(1)), all.get(UserId(2))), (Some(0), None));
    }
}
