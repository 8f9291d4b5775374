//! Records become the file of an object: sorted, joined, counted and hashed on the way.

use super::Error;
use super::merge::{Fault, Merge};
use super::part::Part;
use crate::model::SfId;
use csv::{ByteRecord, WriterBuilder};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The file that is to be.
pub(super) struct Sheet<'a> {
    /// Where it is written.
    pub(super) path: PathBuf,
    /// Its header.
    pub(super) header: &'a [String],
    /// Only records with this value in this column are kept.
    pub(super) keep: Option<(&'a str, &'a str)>,
}

/// Records of one query.
pub(super) struct Chunk {
    pub(super) columns: Vec<String>,
    pub(super) parts: Vec<Part>,
}

/// A file that was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Records of the file.
    pub(super) rows: u64,
    /// Records that came; more than `rows` where some were not kept.
    pub(super) came: u64,
    pub(super) sha256: String,
    /// The newest `SystemModstamp`.
    pub(super) newest: Option<String>,
}

/// Why a file was not written.
#[derive(Debug)]
pub(super) enum Failed {
    /// The records do not fit together: they had better be asked for again.
    Records(Fault),
    /// The disk, or the folder.
    Disk(Error),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Records(fault)
    }
}

/// What else is done with each record: `Related` collects ids of it.
pub(super) type Look<'a> = &'a mut dyn FnMut(&ByteRecord);

/// Cells of one record.
type Cells = Vec<Vec<u8>>;

const STAMP: &str = "SystemModstamp";

impl Sheet<'_> {
    /// Writes records that have ids; those of several queries are joined by them.
    pub(super) fn by_id(&self, chunks: Vec<Chunk>, look: Look<'_>) -> Result<Written, Failed> {
        let mut merges = Vec::new();
        let mut columns = Vec::new();
        for chunk in chunks {
            let id = place(&chunk.columns, "Id").unwrap_or(0);
            merges.push((
                Merge::of_parts(chunk.parts, id)?,
                ByteRecord::new(),
                place(&chunk.columns, STAMP),
            ));
            columns.push(chunk.columns);
        }
        let places = self.places(&columns);
        let mut out = self.open()?;
        loop {
            let mut ids: Vec<Option<SfId>> = Vec::with_capacity(merges.len());
            for (merge, record, _) in &mut merges {
                ids.push(merge.next(record)?);
            }
            let stamps = |(_, record, at): &(Merge, ByteRecord, Option<usize>)| {
                at.and_then(|at| record.get(at)).map(<[u8]>::to_vec)
            };
            let first = ids.first().copied().flatten();
            if ids.iter().any(|id| *id != first) {
                return Err(Fault::Differ.into());
            }
            if first.is_none() {
                return out.finish();
            }
            let stamp = merges.first().and_then(stamps);
            if merges.len() > 1 && merges.iter().any(|merge| stamps(merge) != stamp) {
                return Err(Fault::Differ.into());
            }
            let cell = |&(chunk, at): &(usize, usize)| {
                merges
                    .get(chunk)
                    .and_then(|(_, record, _)| record.get(at))
                    .unwrap_or_default()
            };
            out.push(places.iter().map(cell), stamp.as_deref(), look)?;
        }
    }

    /// Writes an old file with what has changed since.
    pub(super) fn refreshed(
        &self,
        old: impl Read + 'static,
        changes: Chunk,
        look: Look<'_>,
    ) -> Result<Written, Failed> {
        let id = place(self.header, "Id").unwrap_or(0);
        let mut newest = None;
        let mut merge = Merge::of_layers(old, self.arranged(changes, &mut newest)?, id)?;
        let mut out = self.open()?;
        let mut record = ByteRecord::new();
        while merge.next(&mut record)?.is_some() {
            out.push(record.iter(), None, look)?;
        }
        Ok(Written {
            newest,
            ..out.finish()?
        })
    }

    /// The changes with the columns of the file, and the newest of them.
    fn arranged(&self, changes: Chunk, newest: &mut Option<String>) -> Result<Vec<Part>, Failed> {
        let stamp = place(&changes.columns, STAMP);
        let places = self.places(std::slice::from_ref(&changes.columns));
        let folder = self.path.parent().unwrap_or(Path::new(".")).to_owned();
        let mut arranged = Vec::new();
        for part in changes.parts {
            let mut reader = part.reader();
            let mut writer = super::part::PartWriter::new(&folder);
            let mut record = ByteRecord::new();
            while reader.read_byte_record(&mut record).map_err(Fault::Read)? {
                let cells = places
                    .iter()
                    .map(|&(_, at)| record.get(at).unwrap_or_default());
                note(newest, stamp.and_then(|at| record.get(at)));
                writer.push(&cells.collect()).map_err(Failed::Disk)?;
            }
            arranged.push(writer.finish().map_err(Failed::Disk)?);
        }
        Ok(arranged)
    }

    /// Writes records without ids, or not in their order: sorted here, as a whole.
    pub(super) fn sorted(&self, chunk: Chunk, look: Look<'_>) -> Result<Written, Failed> {
        let places = self.places(std::slice::from_ref(&chunk.columns));
        let (id, stamp) = (place(&chunk.columns, "Id"), place(&chunk.columns, STAMP));
        let mut rows: Vec<(Cells, Option<Vec<u8>>)> = Vec::new();
        let mut ids = std::collections::BTreeSet::new();
        for part in chunk.parts {
            let mut reader = part.reader();
            let mut record = ByteRecord::new();
            while reader.read_byte_record(&mut record).map_err(Fault::Read)? {
                if let Some(id) = id.and_then(|at| super::merge::id_of(&record, at).ok())
                    && !ids.insert(id)
                {
                    return Err(Fault::Twice(id).into());
                }
                let cells = places
                    .iter()
                    .map(|&(_, at)| record.get(at).unwrap_or_default().to_vec());
                rows.push((
                    cells.collect(),
                    stamp.and_then(|at| record.get(at)).map(<[u8]>::to_vec),
                ));
            }
        }
        rows.sort_unstable();
        let mut out = self.open()?;
        for (cells, stamp) in rows {
            out.push(cells.iter().map(Vec::as_slice), stamp.as_deref(), look)?;
        }
        out.finish()
    }

    /// Where each column of the header comes from: which chunk, and which column of it.
    fn places(&self, columns: &[Vec<String>]) -> Vec<(usize, usize)> {
        let find = |name: &String| {
            columns
                .iter()
                .enumerate()
                .find_map(|(chunk, columns)| Some((chunk, place(columns, name)?)))
                // The header is made of these columns.
                .unwrap_or((usize::MAX, usize::MAX))
        };
        self.header.iter().map(find).collect()
    }

    fn open(&self) -> Result<Out<'_>, Failed> {
        let disk = |error: io::Error| Failed::Disk(Error::write(&self.path, error));
        let file = File::create(&self.path).map_err(disk)?;
        let hashing = Hashing {
            file: BufWriter::with_capacity(1 << 16, file),
            hash: Sha256::new(),
        };
        let mut out = Out {
            path: &self.path,
            csv: WriterBuilder::new().from_writer(hashing),
            keep: self
                .keep
                .and_then(|(column, value)| Some((place(self.header, column)?, value))),
            written: Written::default(),
            record: ByteRecord::new(),
        };
        out.csv
            .write_record(self.header)
            .map_err(|error| out.disk(error))?;
        Ok(out)
    }
}

/// The file while it is written.
struct Out<'a> {
    path: &'a Path,
    csv: csv::Writer<Hashing>,
    keep: Option<(usize, &'a str)>,
    written: Written,
    record: ByteRecord,
}

impl Out<'_> {
    fn disk(&self, error: impl Into<io::Error>) -> Failed {
        Failed::Disk(Error::write(self.path, error))
    }

    fn push<'c>(
        &mut self,
        cells: impl Iterator<Item = &'c [u8]>,
        stamp: Option<&[u8]>,
        look: Look<'_>,
    ) -> Result<(), Failed> {
        self.record.clear();
        for cell in cells {
            self.record.push_field(cell);
        }
        self.written.came += 1;
        note(&mut self.written.newest, stamp);
        if self
            .keep
            .is_some_and(|(at, value)| self.record.get(at) != Some(value.as_bytes()))
        {
            return Ok(());
        }
        look(&self.record);
        self.written.rows += 1;
        self.csv
            .write_byte_record(&self.record)
            .map_err(|error| self.disk(error))
    }

    fn finish(self) -> Result<Written, Failed> {
        let disk = |error: io::Error| Failed::Disk(Error::write(self.path, error));
        let hashing = self.csv.into_inner().map_err(|error| {
            disk(io::Error::new(
                error.error().kind(),
                error.error().to_string(),
            ))
        })?;
        let mut file = hashing.file;
        file.flush().map_err(disk)?;
        file.get_ref().sync_all().map_err(disk)?;
        Ok(Written {
            sha256: hex(&hashing.hash.finalize()),
            ..self.written
        })
    }
}

/// Writes and hashes.
struct Hashing {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Keeps the newest moment. REST writes all of them in one form, in UTC, so they compare as text.
fn note(newest: &mut Option<String>, stamp: Option<&[u8]>) {
    let stamp = stamp
        .and_then(|stamp| std::str::from_utf8(stamp).ok())
        .filter(|stamp| !stamp.is_empty());
    if let Some(stamp) = stamp
        && newest.as_deref().is_none_or(|newest| newest < stamp)
    {
        *newest = Some(stamp.to_owned());
    }
}

/// 64 lower-case hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn place(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| column == name)
}
