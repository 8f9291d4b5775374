//! Which findings a waiver covers: its rule, and globs over the parts of a finding.

use regex::{Regex, RegexBuilder};

/// Room for one compiled pattern, in bytes: a waiver file cannot fill the memory.
const MOST_COMPILED: usize = 1 << 20;

/// A text with `*` (any run of characters, also none) and `?` (any one character); a backslash takes their meaning away.
/// It must fit the whole text.
#[derive(Clone, Debug)]
pub struct Glob {
    pattern: Regex,
    matches_all: bool,
}

impl Glob {
    /// Understands a pattern; `folded`: upper and lower case are the same.
    ///
    /// # Errors
    /// Says that the pattern is empty or too long.
    pub fn new(text: &str, folded: bool) -> Result<Self, String> {
        if text.is_empty() {
            return Err(String::from("an empty text fits nothing"));
        }
        let (mut pattern, mut matches_all) = (String::from("^"), true);
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let literal = match letter {
                '*' => {
                    pattern.push_str(".*");
                    continue;
                }
                '?' => {
                    pattern.push('.');
                    continue;
                }
                '\\' => letters.next().unwrap_or('\\'),
                other => other,
            };
            matches_all = false;
            pattern.push_str(&regex::escape(literal.encode_utf8(&mut [0; 4])));
        }
        pattern.push('$');
        RegexBuilder::new(&pattern)
            .case_insensitive(folded)
            .dot_matches_new_line(true)
            .size_limit(MOST_COMPILED)
            .build()
            .map(|pattern| Self {
                pattern,
                matches_all,
            })
            .map_err(|_| String::from("the pattern is too long"))
    }

    /// Whether the whole text fits.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.pattern.is_match(text)
    }

    /// Whether every text fits, or every text that is not empty.
    #[must_use]
    pub fn matches_all(&self) -> bool {
        self.matches_all
    }
}

/// A finding as a waiver looks at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// What it is about: kind and name.
    pub about: Option<(&'a str, &'a str)>,
    /// The marked column, as the report names it.
    pub column: Option<&'a str>,
    /// The offending value.
    pub value: Option<&'a str>,
    /// The username of its row; `None` also for a finding that stands for the rows of several people.
    pub user: Option<&'a str>,
    /// The path of its input.
    pub input: Option<&'a str>,
}

/// Kinds of subjects that the selector `license` looks at.
const LICENSES: [&str; 4] = [
    "license",
    "permission-set-license",
    "feature-license",
    "package",
];

/// The selectors of a waiver: all that are given must fit. A part that a finding does not have fits nothing.
#[derive(Clone, Debug, Default)]
pub struct Selectors {
    /// Username of the row; upper and lower case are the same.
    pub user: Option<Glob>,
    /// The offending value.
    pub value: Option<Glob>,
    /// `kind:name`
    pub subject: Option<Glob>,
    /// The column.
    pub column: Option<Glob>,
    /// Path or name of the input file.
    pub input: Option<Glob>,
    /// Key of the license, permission set license, feature license or package that it is about: `SFDC`.
    pub license: Option<Glob>,
}

impl Selectors {
    /// The names of all selectors, as the file has them.
    pub const NAMES: [&'static str; 6] = ["user", "value", "subject", "column", "input", "license"];

    /// Those that are given.
    fn given(&self) -> impl Iterator<Item = &Glob> {
        [
            &self.user,
            &self.value,
            &self.subject,
            &self.column,
            &self.input,
            &self.license,
        ]
        .into_iter()
        .flatten()
    }

    /// Whether nothing narrows down what is covered: no selector, or only such as fit every text.
    #[must_use]
    pub fn match_everything(&self) -> bool {
        self.given().all(Glob::matches_all)
    }

    /// Whether an input of this path can have findings that fit.
    #[must_use]
    pub fn may_concern(&self, input: &str) -> bool {
        self.input
            .as_ref()
            .is_none_or(|glob| glob.matches(input) || glob.matches(file_name(input)))
    }

    /// Whether a finding is covered.
    #[must_use]
    pub fn cover(&self, finding: &Subject<'_>) -> bool {
        let fits = |glob: &Option<Glob>, part: Option<&str>| {
            glob.as_ref()
                .is_none_or(|glob| part.is_some_and(|part| glob.matches(part)))
        };
        let license = finding
            .about
            .filter(|(kind, _)| LICENSES.contains(kind))
            .map(|(_, name)| name);
        fits(&self.user, finding.user)
            && fits(&self.value, finding.value)
            && fits(&self.column, finding.column)
            && fits(&self.license, license)
            && match finding.input {
                Some(input) => self.may_concern(input),
                None => self.input.is_none(),
            }
            && self.subject.as_ref().is_none_or(|glob| {
                finding
                    .about
                    .is_some_and(|(kind, name)| glob.matches(&format!("{kind}:{name}")))
            })
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Glob {
        Glob::new(text, false).expect("a pattern")
    }

    #[test]
    fn a_glob_fits_the_whole_text() {
        assert!(glob("svc-*@example.com").matches("svc-mail@example.com"));
        assert!(!glob("svc-*@example.com").matches("svc-mail@example.com.evil.example"));
        assert!(!glob("CPQ_Admin").matches("CPQ_Admins"));
        assert!(glob("a?c").matches("a\u{e9}c") && !glob("a?c").matches("ac"));
        assert!(glob("a.c").matches("a.c") && !glob("a.c").matches("abc"));
        assert!(glob("[x](y){2}|^$").matches("[x](y){2}|^$"));
        assert!(glob(r"100\*").matches("100*") && !glob(r"100\*").matches("1000"));
        assert!(glob("a*").matches("a\nb"), "a cell may hold a line break");
        assert!(!glob("a").matches("a\n"));
    }

    #[test]
    fn letters_of_usernames_are_folded() {
        let user = Glob::new("Ann@Acme.example", true).expect("a pattern");
        assert!(user.matches("ann@acme.EXAMPLE"));
        assert!(!glob("Sales").matches("sales"));
    }

    #[test]
    fn what_fits_everything_is_known() {
        for all in ["*", "**", "?", "?*"] {
            assert!(glob(all).matches_all(), "{all}");
        }
        assert!(!glob("*@*").matches_all() && !glob(r"\*").matches_all());
        assert!(Selectors::default().match_everything());
        let narrow = Selectors {
            user: Some(glob("*")),
            value: Some(glob("x")),
            ..Selectors::default()
        };
        assert!(!narrow.match_everything());
    }

    #[test]
    fn hostile_patterns_are_refused_or_harmless() {
        assert!(Glob::new("", false).is_err());
        assert!(Glob::new(&"?".repeat(1 << 20), false).is_err());
        let many = glob(&"*a".repeat(200));
        assert!(!many.matches(&"a".repeat(150)));
    }

    #[test]
    fn a_part_that_is_not_there_fits_nothing() {
        let by = |change: fn(&mut Selectors)| {
            let mut selectors = Selectors::default();
            change(&mut selectors);
            selectors
        };
        let finding = Subject {
            about: Some(("license", "Salesforce")),
            input: Some("in/a.csv"),
            ..Subject::default()
        };
        assert!(!by(|s| s.user = Some(glob("*"))).cover(&finding));
        assert!(by(|s| s.license = Some(glob("Sales*"))).cover(&finding));
        assert!(by(|s| s.subject = Some(glob("license:*"))).cover(&finding));
        assert!(by(|s| s.input = Some(glob("a.csv"))).cover(&finding));
        assert!(by(|s| s.input = Some(glob("in/*"))).cover(&finding));
        assert!(!by(|s| s.input = Some(glob("b.csv"))).cover(&finding));
        assert!(!by(|s| s.input = Some(glob("*.csv"))).cover(&Subject::default()));
    }
}
