use super::*;
use crate::auth::entry::Grant;
use crate::net::{Hosts, Secret};
use jiff::Timestamp;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    fn store(&self) -> Store {
        Store::at(Some(&self.folder.path().join("sfcompat"))).expect("a folder")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.store().path()).expect("a store")
    }

    fn put(&self, text: &str, mode: u32) {
        let path = self.store().path();
        let folder = path.parent().expect("a folder");
        fs::create_dir_all(folder).expect("a folder");
        set(folder, 0o700);
        fs::write(&path, text).expect("a file");
        set(&path, mode);
    }
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

fn entry() -> Entry {
    let url = Hosts::salesforce()
        .base("acme.my.salesforce.com")
        .expect("an address");
    Entry {
        login_url: url.clone(),
        instance_url: url,
        org_id: None,
        username: Some(String::from("ann@acme.example")),
        since: Timestamp::UNIX_EPOCH,
        grant: Grant::Web {
            client_id: String::from("3MVG9"),
            client_secret: None,
            refresh_token: Some(Secret::new(String::from("5Aep-refresh"))),
        },
        access_token: Some(Secret::new(String::from("00Dxx!access"))),
        keyring: false,
    }
}

async fn write_one(store: &Store, alias: &str) -> Result<(), Error> {
    let locked = store.lock(&Clock::system()).await?;
    locked.change(|entries| {
        entries.insert(alias.to_owned(), entry());
    })
}

#[tokio::test]
async fn what_is_written_is_read_again_and_is_the_users_alone() {
    let world = World::new();
    let store = world.store();
    assert!(store.load().expect("no store yet").is_empty());
    write_one(&store, "prod").await.expect("written");
    write_one(&store, "uat").await.expect("written");
    assert_eq!(mode(&store.path()), 0o600);
    assert_eq!(mode(store.path().parent().expect("a folder")), 0o700);
    assert_eq!(mode(&store.path().with_file_name(LOCK)), 0o600);
    let read = store.find("prod").expect("stored");
    assert_eq!(read.access_token.expect("a token").expose(), "00Dxx!access");
    let Grant::Web { refresh_token, .. } = read.grant else {
        panic!("another grant");
    };
    assert_eq!(refresh_token.expect("a token").expose(), "5Aep-refresh");
    let error = store.find("prd").expect_err("no such login").to_string();
    assert_eq!(error, "there is no login 'prd'; there are: prod, uat");
    let left: Vec<_> = fs::read_dir(world.folder.path().join("sfcompat"))
        .expect("a folder")
        .collect();
    assert_eq!(
        left.len(),
        2,
        "the store, the lock and nothing else: {left:?}"
    );
}

#[tokio::test]
async fn a_damaged_store_is_one_clear_error_and_stays_as_it_is() {
    let world = World::new();
    let store = world.store();
    write_one(&store, "prod").await.expect("written");
    let whole = world.text();
    let damages = [
        String::new(),
        whole.replace('}', ""),
        whole.chars().take(whole.len() / 2).collect(),
        whole.replace("\"00Dxx!access\"", "17"),
        whole.replace("\"since\"", "\"sinse\""),
        whole.replace("https://acme.my.salesforce.com/", "https://evil.example/"),
        String::from("\u{0}\u{0}\u{0}"),
        String::from("[]"),
    ];
    for damaged in damages {
        world.put(&damaged, 0o600);
        let error = store.load().expect_err(&damaged).to_string();
        assert!(
            error.contains("is damaged") && error.contains("log in again"),
            "{error}"
        );
        for secret in ["00Dxx!access", "5Aep", "evil"] {
            assert!(!error.contains(secret), "{error}");
        }
        assert!(
            write_one(&store, "uat").await.is_err(),
            "nothing is written over it"
        );
        assert_eq!(world.text(), damaged);
    }
    world.put(
        &whole.replace("sfcompat-tokens/1", "sfcompat-tokens/2"),
        0o600,
    );
    let error = store.load().expect_err("another version").to_string();
    assert!(error.contains("another version of sfcompat"), "{error}");
}

#[tokio::test]
async fn what_is_not_ours_alone_is_refused() {
    let world = World::new();
    let store = world.store();
    write_one(&store, "prod").await.expect("written");
    let whole = world.text();
    for open in [0o644, 0o640, 0o602] {
        world.put(&whole, open);
        let error = store.load().expect_err("open to others").to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
    world.put(&whole, 0o600);
    let folder = world.folder.path().join("sfcompat");
    for open in [0o755, 0o770, 0o701] {
        set(&folder, open);
        let error = store
            .load()
            .expect_err("a folder that others can enter")
            .to_string();
        assert!(error.contains("chmod 700"), "{error}");
        assert!(write_one(&store, "uat").await.is_err());
    }
    set(&folder, 0o700);
    // A link in the place of the store, of the lock, and of the folder.
    let elsewhere = world.folder.path().join("elsewhere");
    fs::rename(store.path(), &elsewhere).expect("moved");
    symlink(&elsewhere, store.path()).expect("a link");
    let error = store.load().expect_err("a link").to_string();
    assert!(error.contains("symbolic link"), "{error}");
    assert!(write_one(&store, "uat").await.is_err());
    assert_eq!(fs::read_to_string(&elsewhere).expect("there"), whole);
    fs::remove_file(store.path()).expect("removed");
    fs::rename(&elsewhere, store.path()).expect("moved");
    let lock = store.path().with_file_name(LOCK);
    fs::remove_file(&lock).expect("removed");
    symlink(&elsewhere, &lock).expect("a link");
    assert!(write_one(&store, "uat").await.is_err());
    assert!(!elsewhere.exists(), "nothing is made where a link leads");
    fs::remove_file(&lock).expect("removed");
    let moved = world.folder.path().join("moved");
    fs::rename(&folder, &moved).expect("moved");
    symlink(&moved, &folder).expect("a link");
    let error = store.load().expect_err("a link").to_string();
    assert!(error.contains("symbolic link"), "{error}");
}

#[tokio::test]
async fn a_store_of_another_user_is_refused() {
    let world = World::new();
    let store = world.store();
    write_one(&store, "prod").await.expect("written");
    // Only root can give a file away.
    if std::os::unix::fs::chown(store.path(), Some(4242), None).is_err() {
        return;
    }
    let error = store.load().expect_err("of another user").to_string();
    assert!(
        error.contains("belongs to another user (id 4242)"),
        "{error}"
    );
    std::os::unix::fs::chown(
        store.path(),
        Some(rustix::process::geteuid().as_raw()),
        None,
    )
    .expect("back");
    let folder = world.folder.path().join("sfcompat");
    std::os::unix::fs::chown(&folder, Some(4242), None).expect("given away");
    let error = store.load().expect_err("of another user").to_string();
    assert!(error.contains("belongs to another user"), "{error}");
}

#[tokio::test]
async fn writers_take_turns() {
    let world = World::new();
    let store = world.store();
    let held = store.lock(&Clock::system()).await.expect("the turn");
    let clock = Clock::manual(Timestamp::UNIX_EPOCH);
    let error = store
        .lock(&clock)
        .await
        .expect_err("somebody has it")
        .to_string();
    assert!(
        error.contains("tokens.lock") && error.contains("too long"),
        "{error}"
    );
    assert!(clock.slept().iter().sum::<Duration>() >= PATIENCE);
    drop(held);
    assert!(store.lock(&clock).await.is_ok());
}

#[tokio::test]
async fn a_store_that_cannot_be_written_stays_as_it_was() {
    let world = World::new();
    let store = world.store();
    write_one(&store, "prod").await.expect("written");
    let whole = world.text();
    let locked = store.lock(&Clock::system()).await.expect("the turn");
    // A key file whose name is no text cannot stand in JSON.
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(&b"\xff"[..]);
    let error = locked
        .change(|entries| {
            let mut entry = entry();
            entry.grant = Grant::Jwt {
                client_id: String::new(),
                username: String::new(),
                key_file: PathBuf::from(name),
                audience: None,
            };
            entries.insert(String::from("odd"), entry);
        })
        .expect_err("no JSON");
    assert!(
        error
            .to_string()
            .contains("cannot be written, and is as it was"),
        "{error}"
    );
    assert_eq!(world.text(), whole);
}
