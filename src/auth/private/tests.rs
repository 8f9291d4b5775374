use super::*;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

fn secret(path: &Path) -> Result<String, String> {
    read_secret(path, &mut io::empty())
        .map(|secret| secret.expose().to_owned())
        .map_err(|error| error.to_string())
}

#[test]
fn a_secret_comes_from_a_file_that_is_closed_to_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.pem");
    fs::write(&path, " hunter2 \n").expect("a file");
    for mode in [0o644, 0o640, 0o604, 0o620, 0o660] {
        set(&path, mode);
        let error = secret(&path).expect_err("open to others");
        assert!(
            error.contains("chmod 600") && !error.contains("hunter2"),
            "{error}"
        );
    }
    for mode in [0o600, 0o400] {
        set(&path, mode);
        assert_eq!(secret(&path).as_deref(), Ok("hunter2"));
    }
    let link = folder.path().join("link");
    symlink(&path, &link).expect("a link");
    assert_eq!(secret(&link).as_deref(), Ok("hunter2"));
    set(&path, 0o644);
    assert!(
        secret(&link).is_err(),
        "the mode of what it leads to counts"
    );
}

#[test]
fn who_can_exchange_the_folder_can_exchange_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (open, inner) = (folder.path().join("open"), folder.path().join("open/inner"));
    fs::create_dir_all(&inner).expect("folders");
    let path = inner.join("key.pem");
    fs::write(&path, "hunter2").expect("a file");
    set(&path, 0o600);
    set(&open, 0o777);
    let error = secret(&path).expect_err("a folder that all can write in");
    assert!(error.contains("open (mode 0777)"), "{error}");
    set(&open, 0o1777);
    assert!(secret(&path).is_ok(), "as /tmp is");
    set(&open, 0o755);
    assert!(secret(&path).is_ok());
}

#[test]
fn no_secret_is_made_of_what_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        set(&path, 0o600);
        path
    };
    assert!(
        secret(&write("empty", b"\n \n"))
            .expect_err("empty")
            .ends_with("it is empty")
    );
    assert!(
        secret(&write("bytes", b"\xff\xfe"))
            .expect_err("bytes")
            .ends_with("it is no text")
    );
    let long = vec![b'a'; 70_000];
    assert!(
        secret(&write("long", &long))
            .expect_err("long")
            .contains("too long")
    );
    assert!(secret(folder.path()).is_err(), "a folder");
    assert!(secret(&folder.path().join("none")).is_err());
    let from_stdin = read_secret(Path::new("-"), &mut &b"piped\n"[..]).expect("stdin");
    assert_eq!(from_stdin.expose(), "piped");
}
