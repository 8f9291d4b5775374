//! The commit that is checked out where a project lies, read from the files of git: no process is started.

use std::fs;
use std::path::{Path, PathBuf};

/// Reference in reference: git itself makes one step, and a circle never ends.
const STEPS: usize = 5;
/// A file of git beyond this is none that names a commit.
const LARGEST: u64 = 64 << 20;

/// The commit of the work tree that a folder lies in; `None`: it lies in none, or nothing is committed yet.
#[must_use]
pub fn commit(dir: &Path) -> Option<String> {
    let dir = fs::canonicalize(dir).ok()?;
    let own = dir.ancestors().find_map(git_folder)?;
    let common =
        text(&own.join("commondir")).map_or_else(|| own.clone(), |path| own.join(path.trim()));
    let mut name = String::from("HEAD");
    for _ in 0..STEPS {
        let found = [&own, &common]
            .into_iter()
            .find_map(|folder| text(&folder.join(&name)))
            .or_else(|| packed(&common, &name))?;
        let found = found.trim();
        let Some(next) = found.strip_prefix("ref:") else {
            return is_hash(found).then(|| found.to_ascii_lowercase());
        };
        next.trim().clone_into(&mut name);
        // A name leads to a file: nothing outside the folder is one.
        if !name.starts_with("refs/") || name.split('/').any(|part| part == "..") {
            return None;
        }
    }
    None
}

/// `.git` is a folder, or in work trees and submodules a file that names one.
fn git_folder(dir: &Path) -> Option<PathBuf> {
    let git = dir.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let named = text(&git)?;
    Some(dir.join(named.trim().strip_prefix("gitdir:")?.trim()))
}

fn text(path: &Path) -> Option<String> {
    let about = fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > LARGEST {
        return None;
    }
    fs::read_to_string(path).ok()
}

/// `packed-refs`: a commit and a name on each line.
fn packed(common: &Path, name: &str) -> Option<String> {
    let all = text(&common.join("packed-refs"))?;
    all.lines().find_map(|line| {
        let (commit, own) = line.split_once(' ')?;
        (own.trim() == name).then(|| commit.to_owned())
    })
}

fn is_hash(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0123456789abcdef0123456789abcdef01234567";
    const B: &str = "89abcdef0123456789abcdef0123456789abcdef";

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        dir
    }

    fn of(files: &[(&str, &str)], at: &str) -> Option<String> {
        let dir = tree(files);
        fs::create_dir_all(dir.path().join(at)).expect("a folder");
        commit(&dir.path().join(at))
    }

    #[test]
    fn every_way_in_which_git_names_a_commit() {
        let branch = ("repo/.git/HEAD", "ref: refs/heads/main\n");
        let loose = ("repo/.git/refs/heads/main", &*format!("{A}\n"));
        let packed_refs = format!("# pack-refs with: peeled\n{B} refs/heads/main\n^{A}\n");
        let packed = ("repo/.git/packed-refs", packed_refs.as_str());
        for (files, commit) in [
            (vec![("repo/.git/HEAD", A)], Some(A)),
            (vec![branch, loose], Some(A)),
            (vec![branch, packed], Some(B)),
            // A loose reference is newer than a packed one.
            (vec![branch, packed, loose], Some(A)),
            (vec![branch], None),
            (vec![("repo/.git/HEAD", "")], None),
            (vec![("repo/.git/HEAD", "ref: ../../secret")], None),
            (
                vec![
                    ("repo/.git/HEAD", "ref: refs/../../secret"),
                    ("repo/secret", A),
                ],
                None,
            ),
            (
                vec![
                    ("repo/.git/HEAD", "ref: refs/a"),
                    ("repo/.git/refs/a", "ref: refs/a"),
                ],
                None,
            ),
            (
                vec![(
                    "repo/.git/HEAD",
                    "not a commit at all, but as long as one is",
                )],
                None,
            ),
        ] {
            assert_eq!(
                of(&files, "repo/force-app/main").as_deref(),
                commit,
                "{files:?}"
            );
        }
        assert_eq!(of(&[], "repo"), None);
    }

    #[test]
    fn a_work_tree_has_its_head_elsewhere() {
        let files = [
            ("main/.git/HEAD", "ref: refs/heads/main"),
            ("main/.git/refs/heads/main", A),
            ("main/.git/refs/heads/topic", B),
            ("main/.git/worktrees/topic/HEAD", "ref: refs/heads/topic"),
            ("main/.git/worktrees/topic/commondir", "../.."),
            ("topic/.git", "gitdir: ../main/.git/worktrees/topic\n"),
        ];
        assert_eq!(of(&files, "topic/force-app").as_deref(), Some(B));
        assert_eq!(of(&files, "main").as_deref(), Some(A));
    }
}
