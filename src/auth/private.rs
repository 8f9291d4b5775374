//! Files that only their owner may see: keys, secrets, the token store.
//!
//! Each is opened first and looked at then, through its handle, so that nobody can put another one in its place between.

use crate::net::Secret;
use secrecy::zeroize::Zeroizing;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest file that can hold one secret, in bytes: keys have a few thousand.
const LONGEST: u64 = 64 * 1024;

/// What is wrong with a file or folder that should be private.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct NotPrivate {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl NotPrivate {
    pub(crate) fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Reads a secret from a file that only its owner can read. `-` is stdin.
///
/// Symbolic links are followed, as key stores of servers are made of them; what they lead to is looked at, and so is the
/// way there: who can exchange a folder can exchange the file.
///
/// # Errors
/// The file cannot be read, is open to others, is too long, is no text, or is empty.
pub fn read_secret(path: &Path, stdin: &mut dyn Read) -> Result<Secret, NotPrivate> {
    let wrong = |reason: String| NotPrivate::new(path, reason);
    let bytes = if path == Path::new("-") {
        read(stdin).map_err(|error| NotPrivate::new(Path::new("stdin"), error.to_string()))?
    } else {
        let mut file = File::open(path).map_err(|error| wrong(error.to_string()))?;
        check_file(path, &file, Follow::Links)?;
        let real = path
            .canonicalize()
            .map_err(|error| wrong(error.to_string()))?;
        check_way(&real)?;
        read(&mut file).map_err(|error| wrong(error.to_string()))?
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong(String::from("it is no text")))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(String::from("it is empty")));
    }
    Ok(Secret::new(text.to_owned()))
}

fn read(from: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
    from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(io::Error::other("it is too long for one secret"));
    }
    Ok(bytes)
}

/// Whether a symbolic link to a file is taken for the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// Keys: the user says where they are.
    Links,
    /// The store: we made it, and made no link.
    Nothing,
}

/// Opens a file without following a symbolic link at its end.
pub(super) fn open_here(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    no_follow(&mut options);
    options.open(path)
}

/// Makes a file of the owner's alone, or opens the one that is there.
pub(super) fn create_here(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    no_follow(&mut options);
    private_mode(&mut options);
    options.open(path)
}

#[cfg(unix)]
fn no_follow(options: &mut std::fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    // A pipe in its place would hold us up for ever.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(unix)]
fn private_mode(options: &mut std::fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn no_follow(_options: &mut std::fs::OpenOptions) {}

#[cfg(not(unix))]
fn private_mode(_options: &mut std::fs::OpenOptions) {}

/// A file is private when it is a plain one, ours, and closed to group and world.
pub(super) fn check_file(path: &Path, file: &File, follow: Follow) -> Result<(), NotPrivate> {
    let meta = file
        .metadata()
        .map_err(|error| NotPrivate::new(path, error.to_string()))?;
    if !meta.is_file() {
        return Err(NotPrivate::new(path, "it is no plain file"));
    }
    owner_and_mode(path, &meta, follow)
}

#[cfg(unix)]
fn owner_and_mode(path: &Path, meta: &std::fs::Metadata, follow: Follow) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    // A key may belong to root: a server's administrator put it there for us to read.
    let trusted = meta.uid() == own || (follow == Follow::Links && meta.uid() == 0);
    if !trusted {
        return Err(NotPrivate::new(
            path,
            format!("it belongs to another user (id {})", meta.uid()),
        ));
    }
    let mode = meta.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(NotPrivate::new(
            path,
            format!(
                "others can read or write it (mode {mode:04o}): chmod 600 it, and think of it as known to others"
            ),
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn owner_and_mode(
    _path: &Path,
    _meta: &std::fs::Metadata,
    _follow: Follow,
) -> Result<(), NotPrivate> {
    Ok(())
}

/// A folder of ours that nobody else can look into. Made if it is not there.
pub(super) fn private_folder(path: &Path) -> Result<(), NotPrivate> {
    let wrong = |error: io::Error| NotPrivate::new(path, error.to_string());
    match path.symlink_metadata() {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(path).map_err(wrong)?;
        }
        Err(error) => return Err(wrong(error)),
    }
    check_folder(path)
}

/// As [`private_folder`], without making it.
pub(super) fn check_folder(path: &Path) -> Result<(), NotPrivate> {
    let meta = path
        .symlink_metadata()
        .map_err(|error| NotPrivate::new(path, error.to_string()))?;
    if !meta.is_dir() {
        let what = if meta.is_symlink() {
            "it is a symbolic link; the token store wants a folder of its own"
        } else {
            "it is no folder"
        };
        return Err(NotPrivate::new(path, what));
    }
    folder_mode(path, &meta)
}

#[cfg(unix)]
fn folder_mode(path: &Path, meta: &std::fs::Metadata) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(NotPrivate::new(
            path,
            format!("it belongs to another user (id {})", meta.uid()),
        ));
    }
    let mode = meta.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(NotPrivate::new(
            path,
            format!("others can enter it (mode {mode:04o}): chmod 700 it"),
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn folder_mode(_path: &Path, _meta: &std::fs::Metadata) -> Result<(), NotPrivate> {
    Ok(())
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// No folder on the way may be writable by others, unless it is one like `/tmp`, where only owners remove files.
#[cfg(unix)]
fn check_way(real: &Path) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    for folder in real.ancestors().skip(1) {
        let meta = folder
            .metadata()
            .map_err(|error| NotPrivate::new(folder, error.to_string()))?;
        let (open, sticky) = (meta.mode() & 0o022 != 0, meta.mode() & 0o1000 != 0);
        if open && !sticky {
            return Err(NotPrivate::new(
                real,
                format!(
                    "others can exchange it: they can write in {} (mode {:04o})",
                    folder.display(),
                    meta.mode() & 0o7777
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_way(_real: &Path) -> Result<(), NotPrivate> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
