//! What `preflight` checked: a finding says what is wrong, an answer also what is right, and what cannot be told.

use super::EndSink;
use crate::finding::Severity;

/// The result of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// As it should be.
    Pass,
    /// It does not hold. How much that weighs is the severity of the finding.
    Fail,
    /// Something is missing that would tell it.
    CannotTell,
}

impl Answer {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// One line of the checklist, as a rule gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was checked, as a statement that is to hold.
    pub check: String,
    /// The result.
    pub answer: Answer,
    /// Severity of the finding that failed it, if one did.
    pub severity: Option<Severity>,
    /// The fact behind the result, or what would settle it.
    pub detail: String,
}

impl Told {
    /// A line without a finding.
    pub(crate) fn new(check: impl Into<String>, answer: Answer, detail: impl Into<String>) -> Self {
        Self {
            check: check.into(),
            answer,
            severity: None,
            detail: detail.into(),
        }
    }
}

impl EndSink<'_> {
    /// Says that something was checked and is as it should be.
    pub fn passes(&mut self, check: &str, detail: impl Into<String>) {
        self.told.push(Told::new(check, Answer::Pass, detail));
    }

    /// Says that a part of what a finding is about does not hold; the finding itself is reported as well.
    pub fn fails(&mut self, check: &str, detail: impl Into<String>) {
        self.told.push(Told {
            severity: Some(self.rule.severity),
            ..Told::new(check, Answer::Fail, detail)
        });
    }

    /// Says that something cannot be told for want of a fact that few orgs have or few readers see: a line of coverage.
    pub fn cannot_tell(&mut self, check: &str, why: impl Into<String>) {
        self.told.push(Told::new(check, Answer::CannotTell, why));
    }

    /// Says that something cannot be told for want of a file or an ordinary column: the evidence of the run is incomplete.
    pub fn undecided(&mut self, check: &str, why: impl Into<String>) {
        self.undecided = true;
        self.cannot_tell(check, why);
    }
}
