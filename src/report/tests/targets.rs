//! Files, streams, and what goes wrong with them.

use super::*;
use crate::report::{Output, Target, write_all};
use std::fs;
use std::path::Path;

/// Fails like a pipe whose reader has gone, or like a full disk.
struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_appears_when_it_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    fs::write(&path, "old").expect("written");
    let target = Target::file(&path).expect("a target");
    assert_eq!(fs::read(&path).expect("read"), b"old");
    target
        .write(|out| Ok(out.write_all(b"new")?))
        .expect("written");
    assert_eq!(fs::read(&path).expect("read"), b"new");

    // A run that fails leaves what was there, and nothing beside it.
    let target = Target::file(&path).expect("a target");
    let failed = target.write(|out| {
        out.write_all(b"half")?;
        Err(Error::Replay(io::ErrorKind::UnexpectedEof.into()))
    });
    assert!(matches!(failed, Err(Error::Replay(_))));
    drop(Target::file(&folder.path().join("never.csv")).expect("a target"));
    assert_eq!(fs::read(&path).expect("read"), b"new");
    assert_eq!(names(folder.path()), ["report.json"]);
}

#[cfg(unix)]
#[test]
fn a_file_is_as_readable_as_other_files() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let plain = folder.path().join("plain");
    fs::write(&plain, "").expect("written");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
    let (path, link) = (folder.path().join("report"), folder.path().join("link"));
    let write = |path: &Path| {
        let target = Target::file(path).expect("a target");
        target
            .write(|out| Ok(out.write_all(b"x")?))
            .expect("written");
    };
    write(&path);
    assert_eq!(mode(&path), mode(&plain));
    symlink(&path, &link).expect("a link");
    fs::remove_file(&path).expect("removed");
    fs::write(&path, "old").expect("written");
    write(&link);
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert_eq!(fs::read(&path).expect("read"), b"x");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("set");
    assert!(matches!(Target::file(&path), Err(Error::Target { .. })));
    write(Path::new("/dev/null"));
    assert!(!fs::metadata("/dev/null").expect("there").is_file());
}

#[test]
fn a_target_that_cannot_be_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [
        folder.path().to_owned(),
        folder.path().join("none/report.csv"),
    ] {
        let error = Target::file(&path).expect_err("refused");
        assert!(
            error
                .to_string()
                .starts_with(&format!("cannot write {}: ", path.display()))
        );
    }
}

#[test]
fn a_closed_pipe_is_told_from_a_failure_and_files_are_written_all_the_same() {
    let run = Run::small();
    let replay = |_: &mut dyn Write| Ok(());
    let report = Report {
        head: &run.head,
        findings: Findings::new(&replay),
        tail: &run.tail,
        matrix: None,
        changes: None,
        pipeline: &Pipeline::default(),
    };
    let quote = |_: &str, _: &[u64]| Vec::new();
    let view = View {
        max_findings: None,
        min_severity: Severity::Notice,
        width: Some(40),
        color: true,
        quote: &quote,
    };
    let folder = tempfile::tempdir().expect("a folder");
    for format in Format::ALL {
        let path = folder.path().join(format.name());
        let outputs = vec![
            Output {
                format: *format,
                target: Target::stream(Failing(io::ErrorKind::BrokenPipe)),
            },
            Output {
                format: *format,
                target: Target::file(&path).expect("a target"),
            },
        ];
        assert!(matches!(
            write_all(outputs, &report, &view),
            Err(Error::ClosedPipe)
        ));
        let text = fs::read_to_string(&path).expect("written");
        assert!(!text.is_empty() && !text.contains('\u{1b}'));
        let full = vec![Output {
            format: *format,
            target: Target::stream(Failing(io::ErrorKind::StorageFull)),
        }];
        assert!(matches!(
            write_all(full, &report, &view),
            Err(Error::Write(_))
        ));
    }
}

#[test]
fn findings_that_cannot_be_read_back_are_an_error() {
    let run = Run::small();
    let replay = |out: &mut dyn Write| out.write_all(b"\n{\"rule\":1}\n");
    let report = Report {
        head: &run.head,
        findings: Findings::new(&replay),
        tail: &run.tail,
        matrix: None,
        changes: None,
        pipeline: &Pipeline::default(),
    };
    let quote = |_: &str, _: &[u64]| Vec::new();
    let view = View {
        max_findings: None,
        min_severity: Severity::Warning,
        width: None,
        color: false,
        quote: &quote,
    };
    // A list of changes holds no findings.
    let all: Vec<Format> = Format::ALL
        .iter()
        .copied()
        .filter(|format| *format != Format::Changes)
        .collect();
    for format in &all {
        let failed = write(*format, &mut io::sink(), &report, &view);
        assert!(
            matches!(failed, Err(Error::Malformed { number: 1, .. })),
            "{failed:?}"
        );
    }
    for (bytes, failure) in [
        (&b"{\"rule\":"[..], None),
        (b"", Some(io::ErrorKind::TimedOut)),
    ] {
        let replay = |out: &mut dyn Write| {
            out.write_all(bytes)?;
            failure.map_or(Ok(()), |kind| Err(kind.into()))
        };
        let report = Report {
            findings: Findings::new(&replay),
            ..report
        };
        for format in &all {
            let failed = write(*format, &mut io::sink(), &report, &view);
            assert!(matches!(failed, Err(Error::Replay(_))), "{failed:?}");
        }
    }
}
