//! The world outside: streams, terminal, clock, environment. Nothing else of the program asks for them.

use crate::args::{Cli, LoopbackArgs};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sfcompat::auth::Surroundings;
use sfcompat::check::Files;
use sfcompat::config::Choice;
use sfcompat::evidence::{Circumstances, sha256_of};
use sfcompat::net::{Clock, Hosts, Secret};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Streams and facts that commands are given.
pub(crate) struct Env {
    /// Data goes here. Buffered: commands need not.
    pub(crate) out: Box<dyn Write>,
    /// Everything else.
    pub(crate) err: Box<dyn Write>,
    /// Columns of the terminal that stdout is; `None`: it is none.
    pub(crate) width: Option<u16>,
    /// Whether colors are wanted on stdout.
    pub(crate) color: bool,
    /// Whether a progress bar may be shown.
    pub(crate) progress: bool,
    /// Whether stderr is for errors and the last line only.
    pub(crate) quiet: bool,
    /// The moment of the run.
    pub(crate) now: Timestamp,
    /// The same where it was given: reports may name it and still be the same each time.
    pub(crate) pinned: Option<Timestamp>,
    /// Where GitHub Actions takes the summary of a job from.
    pub(crate) step_summary: Option<PathBuf>,
    /// The folder in which the program was started.
    pub(crate) folder: PathBuf,
    /// Which configuration is meant.
    pub(crate) config: Choice,
    /// Where files lie that a recorded run was given; `None`: the run is not recorded, and files lie where they are named.
    pub(crate) recorded: Option<Files>,
    /// Options of the command whose value comes from the environment.
    pub(crate) from_environment: Vec<String>,
    /// The same with their values, for whoever performs the run again.
    pub(crate) environment: BTreeMap<String, String>,
    /// The arguments as given, for `run.command`.
    pub(crate) arguments: Vec<String>,
}

impl Env {
    /// The real world.
    ///
    /// # Errors
    /// `SOURCE_DATE_EPOCH` is set and is no number of seconds; the current folder is gone.
    pub(crate) fn new(
        cli: &Cli,
        environment: BTreeMap<String, String>,
        arguments: Vec<String>,
    ) -> Result<Self, String> {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
        let now = moment(cli.today, epoch.as_deref())?;
        let given = cli.today.is_some() || epoch.is_some_and(|epoch| !epoch.is_empty());
        let width = terminal.then(|| {
            terminal_size::terminal_size_of(&stdout).map_or(80, |(terminal_size::Width(w), _)| w)
        });
        Ok(Self {
            out: Box::new(BufWriter::with_capacity(1 << 16, stdout)),
            err: Box::new(io::stderr()),
            width,
            color: wants_color(|name| std::env::var(name).ok(), terminal),
            quiet: cli.quiet,
            progress: !cli.quiet && !cli.no_progress && io::stderr().is_terminal(),
            now,
            pinned: given.then_some(now),
            step_summary: std::env::var_os("GITHUB_STEP_SUMMARY")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            folder: std::env::current_dir()
                .map_err(|error| format!("the current folder: {error}"))?,
            config: choice(cli, std::env::var_os("SFCOMPAT_CONFIG")),
            recorded: None,
            from_environment: environment.keys().cloned().collect(),
            environment,
            arguments,
        })
    }

    /// Where the value of an option of the command comes from, as people would write it.
    pub(crate) fn origin(&self, option: &str) -> String {
        if self.from_environment.iter().any(|name| name == option) {
            format!("SFCOMPAT_{}", option.to_uppercase())
        } else {
            format!("--{}", option.replace('_', "-"))
        }
    }

    /// What surrounds the run, for its evidence: who started it, where, and for which change.
    pub(crate) fn circumstances(&self, ticket: Option<String>) -> Circumstances {
        let text = |name: &str| {
            std::env::var(name)
                .ok()
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let first = |names: &[&str]| names.iter().find_map(|name| text(name));
        let file = |path: &str| {
            let read = std::fs::read_to_string(path).ok();
            read.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let binary = std::env::current_exe().ok();
        Circumstances {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            binary_sha256: binary.and_then(|path| sha256_of(&path).ok()),
            started: self.now.to_string(),
            command: self.arguments.clone(),
            environment: self.environment.clone(),
            config: None,
            os_user: first(&["USER", "LOGNAME", "USERNAME"]),
            host: first(&["HOSTNAME", "COMPUTERNAME"])
                .or_else(|| file("/proc/sys/kernel/hostname"))
                .or_else(|| file("/etc/hostname")),
            pipeline: pipeline(&text),
            commit: first(&[
                "GITHUB_SHA",
                "CI_COMMIT_SHA",
                "BUILD_SOURCEVERSION",
                "GIT_COMMIT",
            ]),
            actor: first(&["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR"]),
            ticket,
            origin: None,
            redacted_before: false,
        }
    }

    /// Whether somebody sits at a terminal that stderr is, and could use a browser.
    pub(crate) fn is_attended() -> bool {
        io::stderr().is_terminal()
    }

    /// What logins take from the world. The clock is the machine's: tokens expire by that, whatever day a test says.
    pub(crate) fn surroundings(loopback: LoopbackArgs) -> Surroundings {
        let text = |name| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        };
        Surroundings {
            hosts: if loopback.allow_loopback_http {
                Hosts::with_loopback_http()
            } else {
                Hosts::salesforce()
            },
            clock: Clock::system(),
            store: store_folder(|name| std::env::var_os(name), std::env::home_dir()),
            access_token: text("SFCOMPAT_ACCESS_TOKEN")
                .map(|token| Secret::new(token.trim().to_owned())),
            instance_url: text("SFCOMPAT_INSTANCE_URL"),
            search_path: std::env::var_os("PATH")
                .map(|path| std::env::split_paths(&path).collect())
                .unwrap_or_default(),
        }
    }

    /// The root of the repository, if the program was started in one.
    pub(crate) fn repository(&self) -> Option<PathBuf> {
        let mut above = self.folder.ancestors();
        above
            .find(|folder| folder.join(".git").exists())
            .map(PathBuf::from)
    }

    /// The day of the run, in UTC, so that it does not depend on where it runs.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }
}

/// The page of the pipeline run: GitHub Actions, GitLab CI, Azure Pipelines, Jenkins.
fn pipeline(text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let github = || {
        let [server, repository, run] =
            ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(text);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, run?))
    };
    let azure = || {
        let [server, project, build] = [
            "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
            "SYSTEM_TEAMPROJECT",
            "BUILD_BUILDID",
        ]
        .map(text);
        Some(format!(
            "{}{}/_build/results?buildId={}",
            server?, project?, build?
        ))
    };
    github()
        .or_else(|| text("CI_JOB_URL"))
        .or_else(azure)
        .or_else(|| text("BUILD_URL"))
}

/// Which configuration is meant: the command line first, then the environment.
fn choice(cli: &Cli, variable: Option<OsString>) -> Choice {
    if cli.no_config {
        return Choice::Nothing;
    }
    let named = variable.filter(|path| !path.is_empty()).map(PathBuf::from);
    cli.config
        .clone()
        .or(named)
        .map_or(Choice::Search, Choice::File)
}

/// The folder of the token store: `SFCOMPAT_HOME`, else where the system keeps such things of a user.
fn store_folder(var: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    // A relative path would be another folder after each `cd`; the XDG rules say to ignore such a one.
    let absolute = |name| {
        var(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if var("SFCOMPAT_HOME").is_some_and(|own| !own.is_empty()) {
        // Whoever names a folder does not mean another one.
        return absolute("SFCOMPAT_HOME");
    }
    let home = home.filter(|path| path.is_absolute());
    let parent = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home.map(|home| home.join("Library/Application Support"))
    } else {
        absolute("XDG_STATE_HOME").or_else(|| home.map(|home| home.join(".local/state")))
    };
    parent.map(|parent| parent.join("sfcompat"))
}

/// The moment of the run: the day that a test gives, `SOURCE_DATE_EPOCH`, or now.
fn moment(today: Option<Date>, epoch: Option<&str>) -> Result<Timestamp, String> {
    if let Some(day) = today {
        return day
            .to_zoned(TimeZone::UTC)
            .map(|zoned| zoned.timestamp())
            .map_err(|error| format!("--today {day}: {error}"));
    }
    match epoch.filter(|text| !text.is_empty()) {
        None => Ok(Timestamp::now()),
        Some(text) => text
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .ok_or_else(|| format!("SOURCE_DATE_EPOCH: `{text}` is no number of seconds")),
    }
}

/// <https://no-color.org> first, then the two variables that force colors, then the terminal.
fn wants_color(var: impl Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let set = |name| var(name).is_some_and(|value| !value.is_empty());
    let forced = |name| set(name) && var(name).as_deref() != Some("0");
    if set("NO_COLOR") {
        false
    } else if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") {
        true
    } else {
        terminal && var("TERM").as_deref() != Some("dumb")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(vars: &[(&str, &str)], terminal: bool) -> bool {
        wants_color(
            |name| {
                vars.iter()
                    .find(|(own, _)| *own == name)
                    .map(|(_, value)| (*value).to_owned())
            },
            terminal,
        )
    }

    #[test]
    fn colors_follow_the_terminal_unless_told_otherwise() {
        assert!(color(&[], true) && !color(&[], false));
        assert!(!color(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true));
        assert!(color(&[("CLICOLOR_FORCE", "1")], false));
        assert!(!color(&[("FORCE_COLOR", "0")], false));
        assert!(color(&[("NO_COLOR", "")], true));
        assert!(!color(&[("TERM", "dumb")], true));
    }

    #[test]
    fn the_store_has_a_place_of_its_own() {
        let folder = |vars: &[(&str, &str)], home: Option<&str>| {
            store_folder(
                |name| {
                    vars.iter()
                        .find(|(own, _)| *own == name)
                        .map(|(_, value)| OsString::from(value))
                },
                home.map(PathBuf::from),
            )
        };
        if cfg!(target_os = "linux") {
            let path = |text: &str| Some(PathBuf::from(text));
            assert_eq!(
                folder(&[], Some("/home/ann")),
                path("/home/ann/.local/state/sfcompat")
            );
            assert_eq!(
                folder(&[("XDG_STATE_HOME", "/state")], Some("/home/ann")),
                path("/state/sfcompat")
            );
            assert_eq!(
                folder(&[("XDG_STATE_HOME", "state")], Some("/home/ann")),
                path("/home/ann/.local/state/sfcompat")
            );
            assert_eq!(
                folder(
                    &[("SFCOMPAT_HOME", "/own"), ("XDG_STATE_HOME", "/state")],
                    None
                ),
                path("/own")
            );
            assert_eq!(folder(&[], None), None);
            assert_eq!(folder(&[("SFCOMPAT_HOME", "own")], Some("/home/ann")), None);
            assert_eq!(folder(&[], Some("ann")), None);
        }
    }

    #[test]
    fn the_clock_can_be_set() {
        let day = "2026-11-21".parse().expect("a day");
        let at = moment(Some(day), Some("0")).expect("a moment");
        assert_eq!(at.to_string(), "2026-11-21T00:00:00Z");
        let at = moment(None, Some("1700000000")).expect("a moment");
        assert_eq!(at.as_second(), 1_700_000_000);
        assert!(moment(None, Some("yesterday")).is_err());
    }
}
