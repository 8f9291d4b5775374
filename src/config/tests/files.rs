//! Which file counts, and where the paths in it begin.

use super::*;
use std::fs;

#[test]
fn paths_begin_at_the_folder_of_the_file() {
    let snapshot = |text: &str, file: &str| {
        let config = Config::parse(text, Path::new(file)).expect("a configuration");
        config.snapshot.expect("a snapshot")
    };
    let text = "source.snapshot = \"org\"";
    assert_eq!(snapshot(text, "sfcompat.toml"), Path::new("org"));
    assert_eq!(snapshot(text, "/a/b.toml"), Path::new("/a/org"));
    let text = "source.snapshot = \"/org\"";
    assert_eq!(snapshot(text, "/a/b.toml"), Path::new("/org"));
}

#[test]
fn the_nearest_file_upwards_counts_up_to_the_repository() {
    let top = tempfile::tempdir().expect("a folder");
    let at = |path: &str| top.path().join(path);
    fs::create_dir_all(at("repo/.git")).expect("a folder");
    fs::create_dir_all(at("repo/a/b")).expect("a folder");
    fs::create_dir_all(at("repo/.config")).expect("a folder");
    let start = at("repo/a/b");
    let found = || find(&start);

    fs::write(at("sfcompat.toml"), "").expect("a file");
    assert_eq!(found(), None, "above the repository");
    fs::write(at("repo/.config/sfcompat.toml"), "").expect("a file");
    assert_eq!(found(), Some(at("repo/.config/sfcompat.toml")));
    fs::write(at("repo/sfcompat.toml"), "").expect("a file");
    assert_eq!(found(), Some(at("repo/sfcompat.toml")));
    fs::write(at("repo/a/sfcompat.toml"), "").expect("a file");
    assert_eq!(found(), Some(at("repo/a/sfcompat.toml")));
    fs::create_dir(at("repo/a/b/sfcompat.toml")).expect("a folder");
    assert_eq!(
        found(),
        Some(at("repo/a/sfcompat.toml")),
        "a folder is no file"
    );
    fs::create_dir(at("repo/a/b/.config")).expect("a folder");
    fs::write(at("repo/a/b/.config/sfcompat.toml"), "").expect("a file");
    assert_eq!(found(), Some(PathBuf::from(".config/sfcompat.toml")));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let top = tempfile::tempdir().expect("a folder");
    let load = |path: &str| Config::load(&Choice::File(PathBuf::from(path)), top.path());
    assert!(matches!(load("absent.toml"), Err(Error::Missing { .. })));
    assert!(matches!(load("."), Err(Error::Unreadable { .. })));
    fs::write(top.path().join("latin.toml"), b"# \xe4\n").expect("a file");
    assert!(matches!(
        load("latin.toml"),
        Err(Error::NotUtf8 { offset: 2, .. })
    ));
    assert_eq!(
        Config::load(&Choice::Nothing, top.path()).expect("nothing"),
        Config::default()
    );
}
