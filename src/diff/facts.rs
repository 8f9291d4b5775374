//! The list of changes while it is being written, record by record.

use super::kept::Notes;
use super::{Change, What};
use crate::matrix::Matrix;
use crate::model::{Dense, Known, PermissionSetGroupId, PermissionSetId, PslId, SfId};

/// Collects changes.
pub(super) struct Sheet<'a, 'n> {
    pub(super) old: &'a Matrix,
    pub(super) new: &'a Matrix,
    pub(super) notes: &'n mut Notes<'a>,
    pub(super) changes: Vec<Change>,
}

impl<'a> Sheet<'a, '_> {
    /// A record that came or went.
    pub(super) fn record(&mut self, object: &str, what: What, id: SfId, name: &str) {
        let org = match what {
            What::Removed => &self.old.org,
            _ => &self.new.org,
        };
        let id = org.shown_id(id);
        self.changes.push(Change {
            id,
            ..plain(object, what, name)
        });
    }

    /// A record without an id that came or went.
    pub(super) fn plain(&mut self, object: &str, what: What, name: &str) {
        self.changes.push(plain(object, what, name));
    }

    /// A record that is in both.
    pub(super) fn at<'s>(&'s mut self, object: &'s str, id: SfId, name: &str) -> At<'s, 'a> {
        let id = self.new.org.shown_id(id);
        At {
            object,
            id,
            name: name.to_owned(),
            notes: self.notes,
            changes: &mut self.changes,
        }
    }

    /// A record that is in both and has no id.
    pub(super) fn without_id<'s>(&'s mut self, object: &'s str, name: &str) -> At<'s, 'a> {
        At {
            object,
            id: None,
            name: name.to_owned(),
            notes: self.notes,
            changes: &mut self.changes,
        }
    }
}

fn plain(object: &str, what: What, name: &str) -> Change {
    Change {
        object: object.to_owned(),
        change: what,
        id: None,
        name: name.to_owned(),
        attribute: None,
        before: None,
        after: None,
    }
}

/// A record that is in both.
pub(super) struct At<'s, 'a> {
    object: &'s str,
    id: Option<String>,
    name: String,
    notes: &'s mut Notes<'a>,
    changes: &'s mut Vec<Change>,
}

impl At<'_, '_> {
    pub(super) fn push(
        &mut self,
        what: What,
        attribute: &str,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.changes.push(Change {
            id: self.id.clone(),
            attribute: Some(attribute.to_owned()),
            before,
            after,
            ..plain(self.object, what, &self.name)
        });
    }

    /// The name: another one for the same record is a rename.
    pub(super) fn name(&mut self, before: &str, after: &str) {
        if before != after {
            let texts = (Some(before.to_owned()), Some(after.to_owned()));
            self.push(What::Renamed, "Name", texts.0, texts.1);
        }
    }

    /// A text of a column that both must have.
    pub(super) fn told(&mut self, attribute: &str, before: &str, after: &str) {
        if before != after && self.notes.both_have_column(self.object, attribute) {
            let texts = (Some(before.to_owned()), Some(after.to_owned()));
            self.push(What::Changed, attribute, texts.0, texts.1);
        }
    }

    /// A fact that both may know.
    pub(super) fn known<T: PartialEq>(
        &mut self,
        attribute: &str,
        before: &Known<T>,
        after: &Known<T>,
        words: impl Fn(&T) -> String,
    ) {
        if let Some((before, after)) = self.notes.both(self.object, attribute, before, after)
            && before != after
        {
            let texts = (Some(words(before)), Some(words(after)));
            self.push(What::Changed, attribute, texts.0, texts.1);
        }
    }

    /// A number of things, where both tell it.
    pub(super) fn count(&mut self, attribute: &str, counts: Option<(u64, u64)>) {
        if let Some((before, after)) = counts.filter(|(before, after)| before != after) {
            let texts = (Some(before.to_string()), Some(after.to_string()));
            self.push(What::Changed, attribute, texts.0, texts.1);
        }
    }

    /// Items of a list that went and came, one by one, sorted.
    pub(super) fn items(
        &mut self,
        attribute: &str,
        lost: impl Iterator<Item = String>,
        gained: impl Iterator<Item = String>,
    ) {
        let (mut lost, mut gained): (Vec<_>, Vec<_>) = (lost.collect(), gained.collect());
        lost.sort();
        gained.sort();
        for item in lost {
            self.push(What::Changed, attribute, Some(item), None);
        }
        for item in gained {
            self.push(What::Changed, attribute, None, Some(item));
        }
    }
}

/// How many users hold what, where both tell it.
pub(super) struct Tally(Option<(Held, Held)>);

/// Live assignments by place in the table.
struct Held {
    sets: Vec<u64>,
    groups: Vec<u64>,
    psls: Vec<u64>,
}

impl Held {
    fn of(m: &Matrix) -> Self {
        let org = &m.org;
        let mut held = Self {
            sets: vec![0; org.permission_sets.len()],
            groups: vec![0; org.permission_set_groups.len()],
            psls: vec![0; org.psls.len()],
        };
        let add = |counts: &mut Vec<u64>, place: usize| {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        };
        for user in org.users.iter() {
            for held_now in org.users.assignments(user).iter().filter(|one| one.live) {
                match (held_now.group, held_now.set) {
                    (Some(group), _) => add(&mut held.groups, group.index()),
                    (None, Some(set)) => add(&mut held.sets, set.index()),
                    (None, None) => {}
                }
            }
            for psl in org.users.psls(user) {
                add(&mut held.psls, psl.index());
            }
        }
        held
    }
}

impl Tally {
    /// Counts, where both have the object and users.
    pub(super) fn of(sheet: &mut Sheet<'_, '_>, object: &str) -> Self {
        let told = sheet.notes.both_have(object) && sheet.notes.both_have("User");
        Self(told.then(|| (Held::of(sheet.old), Held::of(sheet.new))))
    }

    fn pair(&self, of: impl Fn(&Held) -> &Vec<u64>, old: usize, new: usize) -> Option<(u64, u64)> {
        let (before, after) = self.0.as_ref()?;
        Some((*of(before).get(old)?, *of(after).get(new)?))
    }

    pub(super) fn sets(&self, old: PermissionSetId, new: PermissionSetId) -> Option<(u64, u64)> {
        self.pair(|held| &held.sets, old.index(), new.index())
    }

    pub(super) fn groups(
        &self,
        old: PermissionSetGroupId,
        new: PermissionSetGroupId,
    ) -> Option<(u64, u64)> {
        self.pair(|held| &held.groups, old.index(), new.index())
    }

    pub(super) fn psls(&self, old: PslId, new: PslId) -> Option<(u64, u64)> {
        self.pair(|held| &held.psls, old.index(), new.index())
    }
}
