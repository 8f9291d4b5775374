//! Records on their way to a file: a run of them, in memory while it is small, else in a nameless temporary file.

use super::Error;
use csv::{ByteRecord, Reader, ReaderBuilder, Writer, WriterBuilder};
use std::io::{self, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Bytes that stay in memory.
const SMALL: usize = 1 << 18;
/// Bytes that are put together before they are written.
const TOGETHER: usize = 1 << 16;

/// Records as lines of CSV, and where each of them ends.
pub(super) struct Sheaf {
    lines: Writer<Vec<u8>>,
    ends: Vec<usize>,
}

impl Sheaf {
    /// A sheaf without records.
    pub(super) fn new() -> Self {
        Self {
            lines: WriterBuilder::new()
                .has_headers(false)
                .from_writer(Vec::new()),
            ends: Vec::new(),
        }
    }

    /// A sheaf of these records.
    pub(super) fn of<'r>(records: impl IntoIterator<Item = &'r ByteRecord>) -> io::Result<Self> {
        let mut sheaf = Self::new();
        for record in records {
            sheaf.push(record)?;
        }
        Ok(sheaf)
    }

    fn push(&mut self, record: &ByteRecord) -> io::Result<()> {
        self.lines.write_byte_record(record)?;
        self.lines.flush()?;
        self.ends.push(self.lines.get_ref().len());
        Ok(())
    }

    /// How many records there are.
    pub(super) fn records(&self) -> usize {
        self.ends.len()
    }

    /// The lines of the first so many records.
    fn first(&self, records: usize) -> &[u8] {
        let end = records.checked_sub(1).and_then(|last| self.ends.get(last));
        let lines = self.lines.get_ref();
        match (records, end) {
            (0, _) => &[],
            (_, Some(&end)) => lines.get(..end).unwrap_or_default(),
            (_, None) => lines,
        }
    }
}

/// Records that are being added; each range of a read has its own.
pub(super) struct PartWriter {
    file: SpooledTempFile,
    /// Records that were added one by one and are not written yet.
    held: Sheaf,
    folder: PathBuf,
}

impl PartWriter {
    /// A part whose temporary file, if it comes to one, lies in a folder.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            file: tempfile::spooled_tempfile_in(SMALL, folder),
            held: Sheaf::new(),
            folder: folder.to_owned(),
        }
    }

    /// Adds the first so many records of a sheaf.
    pub(super) fn append(&mut self, sheaf: &Sheaf, records: usize) -> Result<(), Error> {
        self.put_down()?;
        self.file
            .write_all(sheaf.first(records))
            .map_err(|error| Error::write(&self.folder, error))
    }

    /// Adds a record.
    pub(super) fn push(&mut self, record: &ByteRecord) -> Result<(), Error> {
        self.held
            .push(record)
            .map_err(|error| Error::write(&self.folder, error))?;
        if self.held.first(usize::MAX).len() >= TOGETHER {
            self.put_down()?;
        }
        Ok(())
    }

    fn put_down(&mut self) -> Result<(), Error> {
        if self.held.records() == 0 {
            return Ok(());
        }
        let held = std::mem::replace(&mut self.held, Sheaf::new());
        self.file
            .write_all(held.first(usize::MAX))
            .map_err(|error| Error::write(&self.folder, error))
    }

    /// The records, from the first on.
    pub(super) fn finish(mut self) -> Result<Part, Error> {
        self.put_down()?;
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|error| Error::write(&self.folder, error))?;
        Ok(Part { file: self.file })
    }
}

/// Records that are complete.
pub(super) struct Part {
    file: SpooledTempFile,
}

impl Part {
    pub(super) fn reader(self) -> Reader<SpooledTempFile> {
        ReaderBuilder::new()
            .has_headers(false)
            .buffer_capacity(1 << 14)
            .from_reader(self.file)
    }
}
