//! Which findings do not count: the files of waivers and of the baseline that a run is given.

use super::Error;
use crate::args::{ExemptArgs, WaiverFileArgs};
use crate::env::Env;
use sfcompat::baseline::{self, Baseline};
use sfcompat::config::{Choice, Config};
use sfcompat::waivers::{self, Waivers};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The waivers of a run; `None`: there are none, or they are not to count.
pub(super) fn waivers(
    args: &ExemptArgs,
    config: &Config,
    env: &Env,
) -> Result<Option<Arc<Waivers>>, Error> {
    if args.no_waivers {
        return Ok(None);
    }
    let (path, named) = waiver_file(&args.file, config, env);
    if let (Some(files), Some(path)) = (&env.recorded, &path) {
        // Of a recorded run only what was there then counts.
        let Some(copy) = files.get(&path.to_string_lossy()) else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(copy).map_err(|source| {
            let path = copy.to_owned();
            sfcompat::evidence::Error::Read { path, source }
        })?;
        let read = Waivers::parse(&text, path, &config.waiver_policy, env.today())?;
        return Ok(Some(Arc::new(read)));
    }
    let Some(path) = path.filter(|path| named || env.folder.join(path).exists()) else {
        return Ok(None);
    };
    let read = Waivers::read(&path, &env.folder, &config.waiver_policy, env.today())?;
    Ok(Some(Arc::new(read)))
}

/// The file of waivers, and whether somebody named it: a file that is named must be there.
pub(super) fn waiver_file(
    args: &WaiverFileArgs,
    config: &Config,
    env: &Env,
) -> (Option<PathBuf>, bool) {
    if let Some(named) = args.waivers.as_ref().or(config.waivers.as_ref()) {
        return (Some(named.clone()), true);
    }
    let beside = match (&config.file, &env.config) {
        (Some(file), _) => file.parent().unwrap_or(Path::new("")).to_owned(),
        // Whoever wants no configuration does not mean what lies about.
        (None, Choice::Nothing) => return (None, false),
        (None, _) => PathBuf::new(),
    };
    (Some(beside.join(waivers::FILE)), false)
}

/// The baseline of a run. One that is named must be there.
pub(super) fn baseline(
    args: &ExemptArgs,
    config: &Config,
    env: &Env,
) -> Result<Option<Arc<Baseline>>, Error> {
    let named = args.baseline.as_ref().or(config.baseline.as_ref());
    let place = |path| env.recorded.as_ref().map_or(path, |files| files.real(path));
    let read = named.map(|path| Baseline::read(place(path), &env.folder));
    Ok(read.transpose()?.map(Arc::new))
}

/// The file that the commands of the baseline keep.
pub(super) fn baseline_file(args: &ExemptArgs, config: &Config) -> PathBuf {
    let named = args.baseline.as_ref().or(config.baseline.as_ref());
    named.map_or_else(|| PathBuf::from(baseline::FILE), Clone::clone)
}
