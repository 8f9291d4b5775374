//! Where reports go. Every target is opened before the work starts, and a file appears under its
//! name only when it is complete.

use super::{Error, Format, Report, View, write};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Bytes collected before the system is asked to write.
const BUFFER: usize = 1 << 16;

/// A stream or a file that a report will be written to.
pub struct Target<'a>(Kind<'a>);

enum Kind<'a> {
    /// Written to as it is: stdout, a device, a named pipe.
    Stream {
        out: Box<dyn Write + 'a>,
        path: Option<PathBuf>,
    },
    /// A file beside `real`, renamed at the end.
    File {
        part: NamedTempFile,
        real: PathBuf,
        path: PathBuf,
    },
}

impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = match &self.0 {
            Kind::Stream { path, .. } => path.as_deref(),
            Kind::File { path, .. } => Some(path.as_path()),
        };
        f.debug_tuple("Target").field(&path).finish()
    }
}

impl<'a> Target<'a> {
    /// A stream that the caller owns, such as stdout.
    #[must_use]
    pub fn stream(out: impl Write + 'a) -> Self {
        Self(Kind::Stream {
            out: Box::new(out),
            path: None,
        })
    }

    /// Prepares a file. Nothing is there under its name, or the old content stays, until [`Target::write`] has ended well.
    ///
    /// [`Error::Target`]: it is a folder, it is write-protected, or its folder cannot be written to.
    pub fn file(path: &Path) -> Result<Self, Error> {
        prepare(path).map_err(|source| Error::Target {
            path: path.to_owned(),
            source,
        })
    }

    /// A file that belongs to somebody else and grows: the report is added at its end.
    ///
    /// [`Error::Target`]: it cannot be opened.
    pub fn append(path: &Path) -> Result<Self, Error> {
        let opened = File::options().append(true).create(true).open(path);
        match opened {
            Ok(out) => Ok(Self(Kind::Stream {
                out: Box::new(out),
                path: Some(path.to_owned()),
            })),
            Err(source) => Err(Error::Target {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Writes a report of any kind, and puts a file under its name.
    pub fn write(
        self,
        report: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self.0 {
            Kind::Stream { out, path } => {
                let mut out = BufWriter::with_capacity(BUFFER, out);
                report(&mut out)
                    .and_then(|()| Ok(out.flush()?))
                    .map_err(|error| match &path {
                        Some(path) => error.at(path),
                        None => error,
                    })
            }
            Kind::File { part, real, path } => {
                let mut out = BufWriter::with_capacity(BUFFER, part);
                report(&mut out)
                    .and_then(|()| {
                        let part = out
                            .into_inner()
                            .map_err(|error| Error::Write(error.into_error()))?;
                        part.persist(real)
                            .map_err(|error| Error::Write(error.error))?;
                        Ok(())
                    })
                    .map_err(|error| error.at(&path))
            }
        }
    }
}

fn prepare<'a>(path: &Path) -> io::Result<Target<'a>> {
    // Through a symbolic link the file behind it is replaced, not the link.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = match fs::metadata(&real) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(old) = &old {
        if old.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !old.is_file() {
            // A device or a named pipe has no name to be renamed to.
            let out = File::options().write(true).open(&real)?;
            return Ok(Target(Kind::Stream {
                out: Box::new(out),
                path: Some(path.to_owned()),
            }));
        }
        if old.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    let folder = match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sfcompat-").suffix(".part");
    // A report is as readable as any other new file, or as the one it replaces; temporary files are private by default.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(old.as_ref().map_or_else(
            || fs::Permissions::from_mode(0o666),
            fs::Metadata::permissions,
        ));
    }
    let part = builder.tempfile_in(folder)?;
    Ok(Target(Kind::File {
        part,
        real,
        path: path.to_owned(),
    }))
}

/// One report that was asked for.
#[derive(Debug)]
pub struct Output<'a> {
    /// In which form.
    pub format: Format,
    /// Where to.
    pub target: Target<'a>,
}

/// Writes one run to several targets, in the order given. Streams of the caller are written as `view`
/// says, files without width and color. All are tried; the first error is returned.
///
/// Put stdout last: then a closed pipe does not keep files from being written.
pub fn write_all(
    outputs: Vec<Output<'_>>,
    report: &Report<'_>,
    view: &View<'_>,
) -> Result<(), Error> {
    let plain = view.plain();
    let mut result = Ok(());
    for Output { format, target } in outputs {
        let view = match &target.0 {
            Kind::Stream { path: None, .. } => view,
            _ => &plain,
        };
        let written = target.write(|out| write(format, out, report, view));
        result = result.and(written);
    }
    result
}
