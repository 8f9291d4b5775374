//! The folder in which a snapshot grows, and the one step by which it takes its place.

use super::Error;
use super::wanted::{SETTINGS, names};
use crate::snapshot::manifest::{self, Manifest};
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

/// The folder in which a snapshot grows, beside its target. It goes away when it is dropped.
#[derive(Debug)]
pub(crate) struct Staging {
    dir: PathBuf,
    /// The snapshot inside; after the exchange the old one lies there.
    new: PathBuf,
    target: PathBuf,
    /// Refuses a target that holds what no pull of this kind wrote.
    check: fn(&Path) -> Result<(), Error>,
    /// Held while the pull runs, so that a later one can tell a leftover from a folder in use.
    lock: Option<File>,
}

/// Names inside.
const LOCK: &str = ".lock";
const LOCK_TO_BE: &str = ".lock-to-be";
const NEW: &str = "new";

impl Staging {
    /// Makes the folder, and clears away what killed pulls left beside it.
    ///
    /// # Errors
    /// The target holds what no pull wrote, or nothing can be written beside it.
    pub(super) fn new(target: &Path) -> Result<Self, Error> {
        Self::beside(target, check)
    }

    /// The same for a folder of another kind, which `check` tells from what others wrote.
    ///
    /// # Errors
    /// As [`Staging::new`].
    pub(crate) fn beside(
        target: &Path,
        check: fn(&Path) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        // A link is followed: its target is replaced, not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        check(&target)?;
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(|error| Error::write(&parent, error))?;
        let name = target
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let prefix = format!(".{name}.pull-");
        clear(&parent, &prefix);
        let random = RandomState::new().hash_one(std::process::id());
        let dir = parent.join(format!("{prefix}{random:016x}"));
        fs::create_dir(&dir).map_err(|error| Error::write(&dir, error))?;
        let mut staging = Self {
            new: dir.join(NEW),
            dir,
            target,
            check,
            lock: None,
        };
        staging.lock = Some(locked(&staging.dir)?);
        fs::create_dir(&staging.new).map_err(|error| Error::write(&staging.new, error))?;
        Ok(staging)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.new
    }

    /// A file that people put into a pulled folder by hand stays in it.
    pub(super) fn keep_settings(&self) -> Result<(), Error> {
        let file = format!("{SETTINGS}.csv");
        let (old, new) = (self.target.join(&file), self.new.join(&file));
        if new.exists()
            || !old.is_file()
            || last(&self.target).is_some_and(|last| {
                last.objects
                    .get(SETTINGS)
                    .is_some_and(|entry| entry.sha256.is_some())
            })
        {
            return Ok(());
        }
        fs::copy(&old, &new)
            .map(|_| ())
            .map_err(|error| Error::write(&new, error))
    }

    /// Puts the folder into the place of the target; whoever looks sees the old snapshot or the new one.
    pub(crate) fn place(self) -> Result<(), Error> {
        sync(&self.new).map_err(|error| Error::write(&self.new, error))?;
        (self.check)(&self.target)?;
        replace(&self.new, &self.target).map_err(|error| Error::write(&self.target, error))?;
        if let Some(parent) = self.dir.parent() {
            // The snapshot is in its place; a folder that cannot be synced is no reason to say otherwise.
            let _ = sync(parent);
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed is cleared away by the next pull.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The manifest of a folder that a pull wrote.
pub(super) fn last(dir: &Path) -> Option<Manifest> {
    let text = fs::read_to_string(dir.join(manifest::FILE)).ok()?;
    Manifest::parse(manifest::FILE, &text)
        .ok()
        .filter(|last| last.schema.as_deref() == Some(manifest::SCHEMA))
}

/// A target may be absent, empty, or a snapshot that a pull wrote.
fn check(target: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::write(target, error)),
    };
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let own = |name: &str| {
        name == manifest::FILE
            || name == "describe"
            || names().any(|object| name.strip_suffix(".csv") == Some(object))
    };
    let strange = if last(target).is_some() {
        found.iter().find(|name| !own(name))
    } else {
        found.first()
    };
    match strange {
        None => Ok(()),
        Some(name) => Err(Error::Occupied {
            dir: target.to_owned(),
            found: name.clone(),
        }),
    }
}

/// The lock of a folder. It gets its name when it is held: a free one would be taken for a leftover by whoever starts at
/// the same moment.
fn locked(dir: &Path) -> Result<File, Error> {
    let made = dir.join(LOCK_TO_BE);
    let lock = File::create(&made).map_err(|error| Error::write(&made, error))?;
    // File systems without locks only lose the clearing away.
    let _ = lock.try_lock();
    fs::rename(&made, dir.join(LOCK)).map_err(|error| Error::write(&made, error))?;
    Ok(lock)
}

/// Removes what killed pulls left: folders whose lock nobody holds.
fn clear(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
    {
        let free = match File::open(entry.path().join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            // Without a lock: one that is being made this moment, or was when the machine went down.
            Err(_) => entry
                .metadata()
                .and_then(|facts| facts.modified())
                .is_ok_and(|moment| moment.elapsed().is_ok_and(|age| age.as_secs() > 3600)),
        };
        if free {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

fn replace(new: &Path, target: &Path) -> io::Result<()> {
    if !target.exists() {
        match fs::rename(new, target) {
            // Another pull was quicker: its snapshot is replaced as any other.
            Err(_) if target.exists() => {}
            done => return done,
        }
    }
    // An empty folder is replaced by a rename on every system.
    if fs::rename(new, target).is_ok() {
        return Ok(());
    }
    match exchange(new, target) {
        Some(done) => done,
        None => aside(new, target),
    }
}

/// Exchanges two folders in one step, where the system can.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, target: &Path) -> Option<io::Result<()>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Some(Ok(())),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => None,
        Err(error) => Some(Err(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> Option<io::Result<()>> {
    None
}

/// Two renames: for a moment there is no snapshot, but never half of one.
fn aside(new: &Path, target: &Path) -> io::Result<()> {
    let old = new.with_extension("old");
    fs::rename(target, &old)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&old, target)?;
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(dir: &Path, files: &[(&str, &str)]) {
        fs::create_dir_all(dir).expect("a folder");
        for (name, text) in files {
            fs::write(dir.join(name), text).expect("a file");
        }
    }

    const OURS: (&str, &str) = ("manifest.json", r#"{"schema":"sfcompat-snapshot/1"}"#);

    #[test]
    fn a_snapshot_takes_its_place_or_leaves_no_trace() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("org");
        for text in ["one", "two"] {
            let staging = Staging::new(&target).expect("staging");
            folder(staging.path(), &[OURS, ("User.csv", text)]);
            staging.place().expect("placed");
            assert_eq!(
                fs::read_to_string(target.join("User.csv")).expect("there"),
                text
            );
        }
        let staging = Staging::new(&target).expect("staging");
        folder(staging.path(), &[("User.csv", "three")]);
        drop(staging);
        assert_eq!(
            fs::read_to_string(target.join("User.csv")).expect("there"),
            "two"
        );
        let left: Vec<_> = fs::read_dir(home.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1);
    }

    #[test]
    fn two_renames_do_it_too() {
        let home = tempfile::tempdir().expect("a folder");
        let (new, target) = (home.path().join("new"), home.path().join("org"));
        folder(&new, &[("a", "new")]);
        folder(&target, &[("a", "old")]);
        aside(&new, &target).expect("replaced");
        assert_eq!(fs::read_to_string(target.join("a")).expect("there"), "new");
        assert!(!new.exists());
    }

    #[test]
    fn what_no_pull_wrote_is_not_replaced() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("org");
        folder(&target, &[("Profile.csv", "by hand")]);
        assert!(matches!(Staging::new(&target), Err(Error::Occupied { .. })));
        folder(&target, &[OURS]);
        assert!(Staging::new(&target).is_ok());
        folder(&target, &[("thesis.docx", "")]);
        assert!(
            matches!(Staging::new(&target), Err(Error::Occupied { found, .. }) if found == "thesis.docx")
        );
    }

    #[test]
    fn leftovers_of_killed_pulls_are_cleared_away_and_running_ones_are_not() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("org");
        let running = Staging::new(&target).expect("staging");
        folder(
            &home.path().join(".org.pull-dead"),
            &[(".lock", ""), ("User.csv", "")],
        );
        // One that starts this moment, and holds its lock before the lock has its name.
        let begun = home.path().join(".org.pull-begun");
        folder(&begun, &[(LOCK_TO_BE, "")]);
        let other = Staging::new(&target).expect("staging");
        assert!(!home.path().join(".org.pull-dead").exists());
        assert!(begun.exists() && running.path().exists() && other.path().exists());
    }
}
