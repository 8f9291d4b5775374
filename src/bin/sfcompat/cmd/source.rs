//! Where the facts about the org come from: a snapshot folder, a metadata project, or an org that is pulled now.

use super::{Error, pull};
use crate::args::SnapshotArgs;
use crate::env::Env;
use sfcompat::config::Config;
use sfcompat::evidence::Origin;
use sfcompat::metadata::{Project, commit, is_snapshot};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The facts about the org: a folder, or what was made into one.
pub(super) enum Source {
    /// A folder of the user.
    Folder(PathBuf),
    /// What was pulled just now; it goes away with this.
    Pulled(tempfile::TempDir),
    /// What a metadata project tells, which goes away with this, and where the project lies.
    Metadata(tempfile::TempDir, Origin),
}

impl std::ops::Deref for Source {
    type Target = Path;

    fn deref(&self) -> &Path {
        match self {
            Self::Folder(dir) => dir,
            Self::Pulled(dir) | Self::Metadata(dir, _) => dir.path(),
        }
    }
}

impl Source {
    /// Refuses a metadata project, where a command is about users.
    pub(super) fn with_users(self, command: &str) -> Result<Self, Error> {
        match self {
            Self::Metadata(..) => Err(Error::usage(format!(
                "{command} is about users, and a metadata project tells none: give --snapshot DIR or --org ALIAS"
            ))),
            other => Ok(other),
        }
    }

    /// The metadata project, where the facts come from one.
    pub(super) fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Metadata(_, origin) => Some(origin),
            _ => None,
        }
    }
}

/// A source as it is named.
enum Named<'a> {
    Snapshot(&'a PathBuf),
    Metadata(&'a PathBuf),
    Org(&'a String),
}

/// The source that is meant: the command line first, then the environment, then the file. An org is pulled now, with
/// what the inputs name.
pub(super) fn snapshot(
    args: &SnapshotArgs,
    inputs: &[String],
    config: &Config,
    env: &mut Env,
) -> Result<Source, Error> {
    let named = [
        ("snapshot", args.snapshot.as_ref().map(Named::Snapshot)),
        ("metadata", args.metadata.as_ref().map(Named::Metadata)),
        ("org", args.org.as_ref().map(Named::Org)),
    ];
    let file = &config.raw.source;
    let of_file = [
        config.snapshot.as_ref().map(Named::Snapshot),
        config.metadata.as_ref().map(Named::Metadata),
        file.org.as_ref().map(Named::Org),
    ];
    let (from_environment, given): (Vec<_>, Vec<_>) = named
        .into_iter()
        .filter_map(|(name, source)| Some((name, source?)))
        .partition(|(name, _)| env.from_environment.iter().any(|known| known == name));
    let levels: [Vec<Named<'_>>; 3] = [
        given.into_iter().map(|(_, one)| one).collect(),
        from_environment.into_iter().map(|(_, one)| one).collect(),
        of_file.into_iter().flatten().collect(),
    ];
    let mut meant = levels.into_iter().find(|level| !level.is_empty());
    let one = meant.as_mut().and_then(Vec::pop);
    if meant.is_some_and(|others| !others.is_empty()) {
        return Err(Error::usage(
            "one source of facts: --snapshot DIR, --metadata DIR or --org ALIAS, not two of them",
        ));
    }
    match one {
        Some(Named::Snapshot(dir)) => Ok(Source::Folder(dir.clone())),
        Some(Named::Metadata(dir)) => metadata(dir, env),
        Some(Named::Org(alias)) => {
            pull::into_temporary(Some(alias), args.loopback, inputs, config, env)
                .map(Source::Pulled)
        }
        None => Err(Error::usage(
            "a snapshot is needed: --snapshot DIR, --metadata DIR, --org ALIAS, SFCOMPAT_SNAPSHOT, SFCOMPAT_METADATA, SFCOMPAT_ORG, or [source] of sfcompat.toml",
        )),
    }
}

/// A folder that holds a snapshot, or a metadata project, whichever it is.
pub(super) fn folder(dir: &Path, env: &mut Env) -> Result<Source, Error> {
    if !dir.is_dir() || is_snapshot(dir) {
        return Ok(Source::Folder(dir.to_owned()));
    }
    metadata(dir, env)
}

/// Reads a metadata project into a folder of the moment.
pub(super) fn metadata(dir: &Path, env: &mut Env) -> Result<Source, Error> {
    let failed = |source| Error::Metadata {
        dir: dir.to_owned(),
        source: Box::new(source),
    };
    let project = Project::read(dir).map_err(failed)?;
    let folder = tempfile::tempdir().map_err(Error::Temporary)?;
    project.write(folder.path()).map_err(failed)?;
    if !env.quiet {
        for link in project.links() {
            // Whoever closed stderr does not want to read it.
            let _ = writeln!(
                env.err,
                "metadata {}: {link}: a symbolic link, which is not followed: what lies behind it is not known",
                dir.display()
            );
        }
    }
    let origin = Origin {
        project: dir.display().to_string(),
        commit: commit(dir),
    };
    Ok(Source::Metadata(folder, origin))
}
