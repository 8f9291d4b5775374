//! Changes wait here, packed, until a report reads them: in memory while they are few, in a temporary file beyond.

use super::super::packed::{Packed, Trail, Unpacked};
use super::super::spool::Source;
use super::{AFTER, BEFORE, SENT, Sheet, Sum};
use crate::check::InputReport;
use crate::finding::{Change, Effect};
use crate::input::Attribute;
use crate::okta::groups::Groups;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 8 << 20;

/// Changes of rows, packed, one stretch for each block.
#[derive(Debug, Default)]
pub(crate) struct ChangeSpool {
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    /// Length of each stretch, and rows of the inputs before its own.
    stretches: Vec<(u64, u64)>,
    pub(crate) sum: Sum,
}

impl ChangeSpool {
    /// Takes what one block changes: `(rows, lines)` stand before it in the run and in its file, `first_row` rows in
    /// the inputs before its own.
    pub(crate) fn append(
        &mut self,
        sheet: &mut Sheet,
        (rows, lines): (u64, u64),
        first_row: u64,
    ) -> io::Result<()> {
        self.sum.add(&mut sheet.sum);
        let (mut packed, mut trail) = (Packed::default(), Trail::default());
        for (at, text) in sheet.iter() {
            let place = (rows + u64::from(at.row) + 1, lines + u64::from(at.line));
            trail.write(&mut packed, place, false);
            packed.push_text(text);
        }
        let packed = packed.as_bytes();
        if packed.is_empty() {
            return Ok(());
        }
        self.stretches.push((packed.len() as u64, first_row));
        if self.file.is_none() && self.memory.len() + packed.len() > IN_MEMORY {
            let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(packed)
        } else {
            self.memory.extend_from_slice(packed);
            Ok(())
        }
    }

    /// Ends the writing. Call it once, after the last row.
    pub(crate) fn finish(mut self, groups: Option<Arc<Groups>>) -> io::Result<KeptChanges> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(KeptChanges {
            spool: self,
            groups,
        })
    }
}

/// All changes of a run, in input order.
#[derive(Debug)]
pub(crate) struct KeptChanges {
    spool: ChangeSpool,
    groups: Option<Arc<Groups>>,
}

impl KeptChanges {
    /// Hands every change to `take`. One reading at a time: they share the temporary file.
    pub(crate) fn each(
        &self,
        inputs: &[InputReport],
        take: &mut dyn FnMut(&Change) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut source = match &self.spool.file {
            Some(file) => {
                let mut file = file.get_ref().try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Source::File(file)
            }
            None => Source::Memory(&self.spool.memory),
        };
        let mut held = Vec::new();
        for &(length, first_row) in &self.spool.stretches {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let piece = match &mut source {
                Source::Memory(bytes) => {
                    let (piece, rest) = bytes.split_at_checked(length).ok_or_else(torn)?;
                    *bytes = rest;
                    piece
                }
                Source::File(file) => {
                    held.resize(length, 0);
                    file.read_exact(&mut held)?;
                    &held
                }
            };
            // An input without rows has no changes; the one after it begins at the same row.
            let input = inputs.iter().rfind(|input| input.first_row == first_row);
            self.each_of(piece, input.ok_or_else(torn)?, take)?;
        }
        Ok(())
    }

    fn each_of(
        &self,
        piece: &[u8],
        input: &InputReport,
        take: &mut dyn FnMut(&Change) -> io::Result<()>,
    ) -> io::Result<()> {
        let (mut packed, mut trail) = (Unpacked::new(piece), Trail::default());
        while !packed.is_empty() {
            let (row, line, _) = trail.read(&mut packed).ok_or_else(torn)?;
            let row = row - input.first_row;
            let mut own = Unpacked::new(packed.text().ok_or_else(torn)?);
            let (shown, line) = input.shown(row).unwrap_or((row, line));
            let mut change = Change {
                input: input.input.path.to_string(),
                row: shown,
                line,
                user: text(&mut own)?,
                attribute: String::new(),
                before: None,
                after: None,
                effect: Effect::None,
                group: None,
            };
            while !own.is_empty() {
                let sent = read(&mut own, &mut change)?;
                change.group = self.group(input, row, &change, sent.as_deref());
                take(&change)?;
            }
        }
        Ok(())
    }

    /// The group that a row of people has a value from.
    fn group(
        &self,
        input: &InputReport,
        row: u64,
        change: &Change,
        sent: Option<&str>,
    ) -> Option<String> {
        if change.effect == Effect::None {
            return None;
        }
        let groups = self.groups.as_deref()?;
        let members = groups.members.as_ref()?;
        let person = members.person_of(&input.input.path, input.input.part, row)?;
        let column = Attribute::FIXED
            .into_iter()
            .find(|column| column.name() == change.attribute);
        // The license comes with the profile.
        let column = column.or((change.attribute == "license").then_some(Attribute::Profile))?;
        let element = sent.or(change.after.as_deref());
        // Permission sets and their groups are accepted in each other's column.
        let other = match column {
            Attribute::PermissionSets => Attribute::PermissionSetGroups,
            Attribute::PermissionSetGroups => Attribute::PermissionSets,
            other => other,
        };
        let giver = |column| members.giver(person, groups, column, element);
        Some(giver(column).or_else(|| giver(other))?.name.to_string())
    }
}

/// Reads the next change of a row. Says the element as the row has it, where that differs.
fn read(packed: &mut Unpacked<'_>, change: &mut Change) -> io::Result<Option<String>> {
    let head = packed.next().ok_or_else(torn)?;
    let effect = usize::try_from(head >> 3).ok();
    change.effect = effect
        .and_then(|n| Effect::ALL.get(n).copied())
        .ok_or_else(torn)?;
    change.attribute = text(packed)?;
    let mut told = |flag| (head & flag != 0).then(|| text(&mut *packed)).transpose();
    (change.before, change.after) = (told(BEFORE)?, told(AFTER)?);
    told(SENT)
}

fn text(packed: &mut Unpacked<'_>) -> io::Result<String> {
    let bytes = packed.text().ok_or_else(torn)?;
    String::from_utf8(bytes.to_owned()).map_err(|_| torn())
}

/// What was kept is not what was written: the disk or somebody else changed it.
fn torn() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "changes that were kept for the report cannot be read again",
    )
}
