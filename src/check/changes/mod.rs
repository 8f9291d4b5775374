//! What the rows of a run would change, before and after: kept in input order, only where somebody asks for it.

mod keep;
mod lists;
mod row;
mod values;

pub(crate) use keep::{ChangeSpool, KeptChanges};
pub(crate) use values::{Stored, stored};

use super::packed::Packed;
use crate::check::outbox::RowAt;
use crate::finding::{Effect, Impact, Move};
use crate::input::RowKind;
use crate::matrix::Matrix;
use crate::model::ProfileId;
use crate::rules::RowCx;
use std::collections::BTreeMap;

/// What the rows of one block change.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The rows, and where the text of each ends in `packed`.
    rows: Vec<(RowAt, usize)>,
    packed: Packed,
    pub(crate) sum: Sum,
}

/// Counts of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    created: u64,
    changed: u64,
    unchanged: u64,
    losing: u64,
    deactivated: u64,
    reactivated: u64,
    /// Profile now and after the push.
    moves: BTreeMap<(Option<ProfileId>, Option<ProfileId>), u64>,
}

impl Sheet {
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.packed.clear();
        self.sum = Sum::default();
    }

    /// Notes what a row changes, where it is asked for; rows that are no users change nothing by themselves.
    #[inline]
    pub(crate) fn note(&mut self, asked: bool, cx: &RowCx<'_>, at: RowAt) {
        if !asked || cx.columns.rows != RowKind::User {
            return;
        }
        let changed = row::write(cx, &mut Noted(&mut self.packed, false));
        self.rows.push((at, self.packed.as_bytes().len()));
        self.sum.note(cx, changed);
    }

    /// The rows with what was packed of each.
    fn iter(&self) -> impl Iterator<Item = (RowAt, &[u8])> {
        let mut start = 0;
        self.rows.iter().map(move |&(at, end)| {
            let text = self.packed.as_bytes().get(start..end).unwrap_or_default();
            start = end;
            (at, text)
        })
    }
}

/// Takes the changes of one row.
pub(super) struct Noted<'s>(&'s mut Packed, bool);

/// Which of the texts of a change are there.
const BEFORE: u64 = 1;
const AFTER: u64 = 2;
const SENT: u64 = 4;

impl Noted<'_> {
    /// Notes one change. `sent`: the element of the row behind it, where that is not how the org writes it.
    fn put(
        &mut self,
        effect: Effect,
        attribute: &str,
        (before, after): (Option<&str>, Option<&str>),
        sent: Option<&str>,
    ) {
        self.1 |= effect != Effect::None;
        let sent = sent.filter(|sent| Some(*sent) != after);
        let held = [(before, BEFORE), (after, AFTER), (sent, SENT)];
        let flags = held
            .iter()
            .filter(|(text, _)| text.is_some())
            .fold(0, |flags, (_, flag)| flags | flag);
        self.0.push((effect as u64) << 3 | flags);
        self.0.push_text(attribute.as_bytes());
        for text in held.iter().filter_map(|(text, _)| *text) {
            self.0.push_text(text.as_bytes());
        }
    }

    /// Notes that one value comes after another, unless they are the same.
    fn value(&mut self, attribute: &str, before: Option<&str>, after: Option<&str>) {
        let effect = match (before, after) {
            (before, after) if before == after => return,
            (None, _) => Effect::Grant,
            (_, None) => Effect::Revoke,
            _ => Effect::Replace,
        };
        self.put(effect, attribute, (before, after), None);
    }
}

impl Sum {
    fn note(&mut self, cx: &RowCx<'_>, changed: bool) {
        let person = &cx.row.person;
        if person.is_create() {
            self.created += 1;
            return;
        }
        *(if changed {
            &mut self.changed
        } else {
            &mut self.unchanged
        }) += 1;
        self.losing += u64::from(cx.loses());
        self.deactivated += u64::from(person.active_before && !person.active);
        self.reactivated += u64::from(!person.active_before && person.active);
        if cx.row.profile_cell.sent().is_some() && person.profile != person.profile_before {
            *self
                .moves
                .entry((person.profile_before, person.profile))
                .or_default() += 1;
        }
    }

    /// Adds the counts of another part of the run.
    pub(crate) fn add(&mut self, other: &mut Self) {
        self.created += other.created;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.losing += other.losing;
        self.deactivated += other.deactivated;
        self.reactivated += other.reactivated;
        for (ends, users) in std::mem::take(&mut other.moves) {
            *self.moves.entry(ends).or_default() += users;
        }
    }

    /// The counts with names.
    pub(crate) fn impact(self, m: &Matrix) -> Impact {
        let profile = |id: Option<ProfileId>| Some(m.profile(id?)?.name.to_string());
        let license = |id: Option<ProfileId>| {
            let license = m.license(m.license_of(id?)?)?;
            Some(license.name.to_string())
        };
        let mut moves: Vec<Move> = self
            .moves
            .into_iter()
            .map(|((from, to), users)| Move {
                from_profile: profile(from),
                from_license: license(from),
                to_profile: profile(to),
                to_license: license(to),
                users,
            })
            .collect();
        moves.sort_by(|a, b| b.users.cmp(&a.users).then_with(|| a.cmp(b)));
        Impact {
            created: self.created,
            changed: self.changed,
            unchanged: self.unchanged,
            losing: self.losing,
            deactivated: self.deactivated,
            reactivated: self.reactivated,
            moves,
        }
    }
}
