//! What formats for pipelines say of a run beside its findings: how it ended, which rules ran, and where files lie.

use super::summary::{Head, Summary};
use super::visible::visible;
use crate::finding::{Finding, Severity, Status};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// How a run ended, and where it ran. [`Default`] is a clean run of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// Exit code of the program.
    pub code: u8,
    /// The reason of the code, in one line.
    pub reason: String,
    /// Findings of this severity or above fail the run; `None`: nothing fails.
    pub fail_on: Option<Severity>,
    /// Whether the evidence is incomplete: what was not told has not passed.
    pub incomplete: bool,
    /// `check`, `preflight`, `import-check`.
    pub command: &'static str,
    /// The name of the login to the org, where there is one.
    pub alias: Option<String>,
    /// The rules that were asked, by name, in the order of the catalogue.
    pub ran: Vec<&'static str>,
    /// The file at whose first line findings are shown that have no file of their own: the configuration, else an input.
    pub anchor: Option<PathBuf>,
    /// The folder in which the program was started.
    pub folder: PathBuf,
    /// The root of the repository, where the folder lies in one.
    pub root: Option<PathBuf>,
    /// The moment that reports may name without being different each time (`SOURCE_DATE_EPOCH`), RFC 3339 in UTC.
    pub moment: Option<String>,
    /// How test cases are made.
    pub junit: JunitCases,
}

/// What a test case of the JUnit report is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JunitCases {
    /// One case for each finding, instead of one for each cause.
    pub rows: bool,
    /// Whether cases have the attribute `file`, which GitLab reads and the schema of Jenkins does not know.
    pub file: bool,
}

impl Pipeline {
    /// Whether findings like this one fail the run.
    pub(super) fn fails(&self, finding: &Finding) -> bool {
        finding.status == Status::Open
            && self.fail_on.is_some_and(|least| finding.severity >= least)
    }

    /// Open findings that fail the run, of all that were counted.
    pub(super) fn failing(&self, summary: &Summary) -> u64 {
        match self.fail_on {
            None => 0,
            Some(Severity::Error) => summary.errors,
            Some(Severity::Warning) => summary.errors + summary.warnings,
            Some(Severity::Notice) => summary.errors + summary.warnings + summary.notices,
        }
    }

    /// A path as it is written from the root of the repository, with `/` between its parts; never absolute.
    ///
    /// What lies outside of the repository is its bare name: other paths would tell of the machine, and nobody could open them.
    pub(super) fn relative(&self, path: &str) -> String {
        if path == "-" {
            return "stdin".to_owned();
        }
        let root = self.root.as_deref().unwrap_or(&self.folder);
        let full = plain(&self.folder.join(path));
        let below = full.strip_prefix(plain(root)).map(Path::to_owned);
        let below =
            below.unwrap_or_else(|_| full.file_name().map(PathBuf::from).unwrap_or_default());
        let parts: Vec<_> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        parts.join("/")
    }

    /// The same as a URI reference.
    pub(super) fn uri(&self, path: &str) -> String {
        let mut uri = String::new();
        for byte in self.relative(path).bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/!$'()*+,=@".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
        uri
    }

    /// The file at which a finding is shown.
    pub(super) fn file(&self, finding: &Finding, head: &Head) -> String {
        let anchor = || self.anchor.as_ref().map(|path| path.to_string_lossy());
        match (&finding.input, head.inputs.first()) {
            (Some(input), _) => input.clone(),
            (None, first) => anchor()
                .map(std::borrow::Cow::into_owned)
                .or_else(|| first.map(|input| input.path.clone()))
                .unwrap_or_else(|| "sfcompat.toml".to_owned()),
        }
    }

    /// The org, as it is told apart from others: the name of its login, else its id.
    pub(super) fn org(&self, head: &Head) -> String {
        let org = self.alias.as_ref().or(head.org.id.as_ref());
        org.map_or_else(|| "org".to_owned(), |name| visible(name).replace('/', "-"))
    }
}

/// The path without `.` and `..`, whatever links lie on its way.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipeline() -> Pipeline {
        Pipeline {
            folder: PathBuf::from("/home/ann/repo/hr"),
            root: Some(PathBuf::from("/home/ann/repo")),
            ..Pipeline::default()
        }
    }

    #[test]
    fn paths_begin_at_the_root_of_the_repository() {
        let here = pipeline();
        for (path, relative) in [
            ("assign.csv", "hr/assign.csv"),
            ("./a/../b/assign.csv", "hr/b/assign.csv"),
            ("../assign.csv", "assign.csv"),
            ("/home/ann/repo/x/y.csv", "x/y.csv"),
            ("../../elsewhere/assign.csv", "assign.csv"),
            ("/tmp/assign.csv", "assign.csv"),
            ("../../../../../../etc/passwd", "passwd"),
            ("-", "stdin"),
        ] {
            assert_eq!(here.relative(path), relative, "{path}");
        }
        let alone = Pipeline {
            root: None,
            ..pipeline()
        };
        assert_eq!(alone.relative("assign.csv"), "assign.csv");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(
            pipeline().uri("Zuweisung für 100%:#?.csv"),
            "hr/Zuweisung%20f%C3%BCr%20100%25%3A%23%3F.csv"
        );
        assert_eq!(pipeline().uri("a\n::error::b"), "hr/a%0A%3A%3Aerror%3A%3Ab");
    }
}
