//! Usernames by user. Very large orgs do not keep them in memory; then the file is read again, alongside.

use super::Side;
use crate::model::{Dense, SfId, UserId};
use std::fs::File;
use std::path::Path;

/// Tells usernames of users that are asked for in file order.
pub(super) struct Logins<'a> {
    side: Side<'a>,
    file: Option<Reader>,
}

/// `User.csv`, and where its reading stands.
struct Reader {
    records: csv::Reader<File>,
    id: usize,
    username: usize,
    record: csv::StringRecord,
    /// Records that were read.
    read: usize,
}

impl<'a> Logins<'a> {
    pub(super) fn of(side: Side<'a>) -> Self {
        let users = &side.m.org.users;
        let kept = users
            .iter()
            .next()
            .is_none_or(|first| users.username(first).is_some());
        Self {
            side,
            file: (!kept).then(|| Reader::open(side.folder)).flatten(),
        }
    }

    /// The username; `None` where the snapshot does not tell it.
    pub(super) fn name(&mut self, user: UserId) -> Option<String> {
        let users = &self.side.m.org.users;
        if let Some(name) = users.username(user) {
            return Some(name.to_owned());
        }
        self.file.as_mut()?.name(user, users.id(user))
    }
}

impl Reader {
    fn open(folder: &Path) -> Option<Self> {
        let mut records = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(folder.join("User.csv"))
            .ok()?;
        let header = records.headers().ok()?;
        let column = |name: &str| {
            header
                .iter()
                .position(|own| own.trim_start_matches('\u{feff}') == name)
        };
        let (id, username) = (column("Id")?, column("Username")?);
        Some(Self {
            records,
            id,
            username,
            record: csv::StringRecord::new(),
            read: 0,
        })
    }

    fn name(&mut self, user: UserId, id: SfId) -> Option<String> {
        while self.read <= user.index() {
            if !self.records.read_record(&mut self.record).ok()? {
                return None;
            }
            self.read += 1;
        }
        // A file that changed under the run names nobody wrongly.
        let own = SfId::parse(self.record.get(self.id)?).ok()?;
        let name = self.record.get(self.username)?;
        (own == id && !name.is_empty()).then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;
    use crate::model::{SfId, UserId};

    #[test]
    fn names_are_read_from_the_file_in_its_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "\u{feff}Username,Id\r\n\"a,b@x.example\",005000000000001\r\n\r\n,005000000000002\r\nc@x.example,005000000000003\r\n";
        std::fs::write(folder.path().join("User.csv"), text).expect("a file");
        let id = |n: u8| SfId::parse(&format!("00500000000000{n}")).expect("an id");
        let mut reader = Reader::open(folder.path()).expect("both columns are there");
        assert_eq!(
            reader.name(UserId(0), id(1)).as_deref(),
            Some("a,b@x.example")
        );
        // Asked again, empty, and past one: each user is told or not told, never another one.
        assert_eq!(
            reader.name(UserId(0), id(1)).as_deref(),
            Some("a,b@x.example")
        );
        assert_eq!(reader.name(UserId(1), id(2)), None);
        assert_eq!(reader.name(UserId(0), id(1)), None);
        assert_eq!(reader.name(UserId(2), id(9)), None);
        assert_eq!(
            reader.name(UserId(2), id(3)).as_deref(),
            Some("c@x.example")
        );
        assert_eq!(reader.name(UserId(3), id(4)), None);
        std::fs::write(folder.path().join("User.csv"), "Id\n").expect("a file");
        assert!(Reader::open(folder.path()).is_none());
    }
}
