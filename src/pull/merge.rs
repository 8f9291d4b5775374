//! Many runs of records, each in the order of ids, become one.

use super::part::Part;
use crate::model::SfId;
use csv::{ByteRecord, Reader};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Read;

/// What is wrong with the records.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// One id came twice.
    #[error("the record {0} came twice")]
    Twice(SfId),
    /// A cell that is no id where one is due.
    #[error("'{0}' is no Salesforce id")]
    NoId(String),
    /// The parts of a query that was cut hold different records, or records of different moments.
    #[error("its records changed while its columns were read in parts")]
    Differ,
    /// A temporary file or the last snapshot cannot be read.
    #[error("{0}")]
    Read(#[from] csv::Error),
}

/// A run of records.
type Source = Reader<Box<dyn Read>>;

/// Runs of records with ids, merged. Of records with one id the one of the last run counts where runs are layers, else it
/// is a fault.
pub(super) struct Merge {
    sources: Vec<Source>,
    heads: Vec<ByteRecord>,
    heap: BinaryHeap<Reverse<(SfId, Reverse<usize>)>>,
    /// Where the id is.
    id: usize,
    layered: bool,
    last: Option<SfId>,
}

impl Merge {
    /// Merges the parts of one read. A part that is not in order shows as a record that comes twice or too late.
    pub(super) fn of_parts(parts: Vec<Part>, id: usize) -> Result<Self, Fault> {
        let sources = parts
            .into_iter()
            .map(|part| boxed(part.reader().into_inner(), false))
            .collect();
        Self::new(sources, id, false)
    }

    /// Merges an old file, which has a header, with what has changed since.
    pub(super) fn of_layers(
        old: impl Read + 'static,
        changes: Vec<Part>,
        id: usize,
    ) -> Result<Self, Fault> {
        let newer = changes
            .into_iter()
            .map(|part| boxed(part.reader().into_inner(), false));
        let sources = std::iter::once(boxed(old, true)).chain(newer).collect();
        Self::new(sources, id, true)
    }

    fn new(sources: Vec<Source>, id: usize, layered: bool) -> Result<Self, Fault> {
        let mut merge = Self {
            heads: vec![ByteRecord::new(); sources.len()],
            sources,
            heap: BinaryHeap::new(),
            id,
            layered,
            last: None,
        };
        for n in 0..merge.sources.len() {
            merge.advance(n)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, n: usize) -> Result<(), Fault> {
        if let (Some(source), Some(head)) = (self.sources.get_mut(n), self.heads.get_mut(n))
            && source.read_byte_record(head)?
        {
            let id = id_of(head, self.id)?;
            self.heap.push(Reverse((id, Reverse(n))));
        }
        Ok(())
    }

    /// The next record in the order of ids.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> Result<Option<SfId>, Fault> {
        loop {
            let Some(Reverse((id, Reverse(n)))) = self.heap.pop() else {
                return Ok(None);
            };
            let repeated = self.last == Some(id);
            let ordered = self.last.is_none_or(|last| last < id);
            if let Some(head) = self.heads.get_mut(n) {
                if repeated && self.layered {
                    // A later layer has given it already.
                    self.advance(n)?;
                    continue;
                }
                if !ordered {
                    return Err(Fault::Twice(id));
                }
                std::mem::swap(record, head);
            }
            self.advance(n)?;
            self.last = Some(id);
            return Ok(Some(id));
        }
    }
}

fn boxed(source: impl Read + 'static, has_headers: bool) -> Source {
    let source: Box<dyn Read> = Box::new(source);
    csv::ReaderBuilder::new()
        .has_headers(has_headers)
        .flexible(false)
        .buffer_capacity(1 << 16)
        .from_reader(source)
}

/// The id of a record.
pub(super) fn id_of(record: &ByteRecord, at: usize) -> Result<SfId, Fault> {
    let cell = record.get(at).unwrap_or_default();
    std::str::from_utf8(cell)
        .ok()
        .and_then(|text| SfId::parse(text).ok())
        .ok_or_else(|| Fault::NoId(String::from_utf8_lossy(cell).chars().take(40).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::part::PartWriter;
    use super::*;

    fn id(n: u32) -> String {
        SfId::parse(&format!("005{n:012}")).expect("an id").text()
    }

    fn part(rows: &[(u32, &str)]) -> Part {
        let mut writer = PartWriter::new(&std::env::temp_dir());
        for (n, name) in rows {
            writer
                .push(&ByteRecord::from(vec![*name, &id(*n)]))
                .expect("written");
        }
        writer.finish().expect("finished")
    }

    fn all(merge: Result<Merge, Fault>) -> Result<String, String> {
        let text = |fault: Fault| fault.to_string();
        let mut merge = merge.map_err(text)?;
        let (mut names, mut record) = (String::new(), ByteRecord::new());
        while merge.next(&mut record).map_err(text)?.is_some() {
            names += std::str::from_utf8(record.get(0).expect("a name")).expect("text");
        }
        Ok(names)
    }

    #[test]
    fn runs_become_one() {
        let parts = vec![
            part(&[(3, "c"), (9, "d")]),
            part(&[]),
            part(&[(1, "a"), (2, "b")]),
            part(&[(12, "e")]),
        ];
        assert_eq!(all(Merge::of_parts(parts, 1)), Ok(String::from("abcde")));
    }

    #[test]
    fn a_record_that_comes_twice_or_too_late_is_told() {
        let twice = all(Merge::of_parts(
            vec![part(&[(1, "a"), (3, "b")]), part(&[(3, "b")])],
            1,
        ));
        assert_eq!(twice, Err(format!("the record {} came twice", id(3))));
        assert!(all(Merge::of_parts(vec![part(&[(5, "a"), (3, "b")])], 1)).is_err());
        assert!(
            all(Merge::of_parts(vec![part(&[(1, "a")])], 0))
                .is_err_and(|text| text.contains("'a' is no"))
        );
    }

    #[test]
    fn later_layers_count() {
        let old = format!("Name,Id\na,{}\nb,{}\nd,{}\n", id(1), id(2), id(4));
        let merged = all(Merge::of_layers(
            std::io::Cursor::new(old.into_bytes()),
            vec![part(&[(2, "B"), (3, "C")]), part(&[(9, "E")])],
            1,
        ));
        assert_eq!(merged, Ok(String::from("aBCdE")));
    }
}
