//! Records on their way to a file: a run of them, in memory while it is small, else in a nameless temporary file.

use super::Error;
use csv::{ByteRecord, Reader, ReaderBuilder, Writer, WriterBuilder};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Bytes that stay in memory.
const SMALL: usize = 1 << 18;

/// Records that are being added; each range of a read has its own.
pub(super) struct PartWriter {
    writer: Writer<SpooledTempFile>,
    folder: PathBuf,
}

impl PartWriter {
    /// A part whose temporary file, if it comes to one, lies in a folder.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            writer: WriterBuilder::new()
                .has_headers(false)
                .from_writer(tempfile::spooled_tempfile_in(SMALL, folder)),
            folder: folder.to_owned(),
        }
    }

    /// Adds a record.
    pub(super) fn push(&mut self, record: &ByteRecord) -> Result<(), Error> {
        self.writer
            .write_byte_record(record)
            .map_err(|error| Error::write(&self.folder, error))
    }

    /// The records, from the first on.
    pub(super) fn finish(self) -> Result<Part, Error> {
        let folder = self.folder;
        let mut file = self
            .writer
            .into_inner()
            .map_err(|error| Error::write(&folder, std::io::Error::other(error.to_string())))?;
        file.seek(SeekFrom::Start(0))
            .map_err(|error| Error::write(&folder, error))?;
        Ok(Part { file })
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
