//! Exit codes. They are a promise: the table in `--help`, and one reason line on stderr for each run.

use sfcompat::finding::Severity;
use std::process::ExitCode;

/// How a run ends. The code never depends on the format of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: everything required was checked; nothing at or above what fails.
    Clean(String),
    /// 1: findings at or above what fails.
    Findings(String),
    /// 2: wrong usage or configuration.
    Usage(String),
    /// 3: an input cannot be used.
    Input(String),
    /// 4: the way to Salesforce is closed: not reached, or not logged in.
    Unreachable(String),
    /// 5: incomplete evidence.
    Incomplete(String),
    /// 6: a report cannot be written.
    Output(String),
    /// 130, as a shell says it: Ctrl-C. Nothing is said about it.
    Interrupted,
    /// 141, as a shell says it: the reader of stdout is gone. Nothing is said about it.
    ClosedPipe,
    /// Help or version was asked for and printed. Nothing is added to it.
    Shown,
}

impl Exit {
    /// The number that the shell sees.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Clean(_) | Self::Shown => 0,
            Self::Findings(_) => 1,
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::Unreachable(_) => 4,
            Self::Incomplete(_) => 5,
            Self::Output(_) => 6,
            Self::Interrupted => 130,
            Self::ClosedPipe => 141,
        }
    }

    /// The last line on stderr; `None` where silence is the custom.
    pub(crate) fn line(&self) -> Option<String> {
        let reason = self.reason()?;
        Some(format!("sfcompat: exit {}: {reason}", self.code()))
    }

    /// Why the program ends like this, in one line.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Clean(reason)
            | Self::Findings(reason)
            | Self::Usage(reason)
            | Self::Input(reason)
            | Self::Unreachable(reason)
            | Self::Incomplete(reason)
            | Self::Output(reason) => {
                // One line, whatever an error text holds, and no `##` that an agent would take for a command.
                let reason: Vec<&str> = reason.split_whitespace().collect();
                Some(reason.join(" ").replace("##", "#\\u{23}"))
            }
            Self::Interrupted | Self::ClosedPipe | Self::Shown => None,
        }
    }
}

impl From<&Exit> for ExitCode {
    fn from(exit: &Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What was found, as far as it decides the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) errors: u64,
    pub(crate) warnings: u64,
    pub(crate) notices: u64,
    /// Rows that could not be judged.
    pub(crate) undecided: u64,
    /// Findings that a waiver covers: said, never counted.
    pub(crate) waived: u64,
    /// Findings of the baseline: said, never counted.
    pub(crate) baselined: u64,
}

/// What decides the code of a judged run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// The least severity that fails; `None`: nothing fails.
    pub(crate) fail_on: Option<Severity>,
    /// Whether 1 is mapped to 0.
    pub(crate) exit_zero: bool,
}

impl Gate {
    /// The end of a run with these counts. Incomplete evidence beats 0 and loses to 1.
    pub(crate) fn judge(self, counts: Tally, incomplete: bool) -> Exit {
        let fails = match self.fail_on {
            None => 0,
            Some(Severity::Error) => counts.errors,
            Some(Severity::Warning) => counts.errors + counts.warnings,
            Some(Severity::Notice) => counts.errors + counts.warnings + counts.notices,
        } > 0;
        let found = self.found(counts);
        if fails && !self.exit_zero {
            return Exit::Findings(found);
        }
        // `--exit-zero` maps 1 to 0 and nothing else: a run that would be 1 is not 5 now.
        if incomplete && !fails {
            return Exit::Incomplete(if counts.undecided > 0 {
                format!(
                    "incomplete evidence: {} undecided; {found}",
                    number(counts.undecided, "row", "rows")
                )
            } else {
                format!("incomplete evidence; {found}")
            });
        }
        Exit::Clean(if fails {
            format!("{found}, --exit-zero")
        } else {
            found
        })
    }

    /// `12 errors, 3 warnings (fails on: error)`
    fn found(self, counts: Tally) -> String {
        let parts: Vec<String> = [
            (counts.errors, "error", "errors"),
            (counts.warnings, "warning", "warnings"),
            (counts.notices, "notice", "notices"),
            (counts.waived, "waived", "waived"),
            (counts.baselined, "in the baseline", "in the baseline"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| number(count, one, many))
        .collect();
        let parts = if parts.is_empty() {
            String::from("no findings")
        } else {
            parts.join(", ")
        };
        let fail_on = self.fail_on.map_or("never", Severity::as_str);
        format!("{parts} (fails on: {fail_on})")
    }
}

fn number(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(errors: u64, warnings: u64, undecided: u64) -> Tally {
        Tally {
            errors,
            warnings,
            undecided,
            ..Tally::default()
        }
    }

    fn gate(fail_on: Option<Severity>, exit_zero: bool) -> Gate {
        Gate { fail_on, exit_zero }
    }

    fn line(exit: &Exit) -> String {
        exit.line().expect("a line")
    }

    #[test]
    fn findings_fail_from_the_chosen_severity_on() {
        let error = gate(Some(Severity::Error), false);
        assert_eq!(
            line(&error.judge(counts(12, 3, 0), false)),
            "sfcompat: exit 1: 12 errors, 3 warnings (fails on: error)"
        );
        assert_eq!(
            line(&error.judge(counts(0, 1, 0), false)),
            "sfcompat: exit 0: 1 warning (fails on: error)"
        );
        let warning = gate(Some(Severity::Warning), false);
        assert_eq!(warning.judge(counts(0, 1, 0), false).code(), 1);
        assert_eq!(gate(None, false).judge(counts(9, 9, 0), false).code(), 0);
        assert_eq!(
            line(&error.judge(counts(0, 0, 0), false)),
            "sfcompat: exit 0: no findings (fails on: error)"
        );
    }

    #[test]
    fn incomplete_evidence_beats_clean_and_loses_to_findings() {
        let error = gate(Some(Severity::Error), false);
        assert_eq!(
            line(&error.judge(counts(0, 0, 1), true)),
            "sfcompat: exit 5: incomplete evidence: 1 row undecided; no findings (fails on: error)"
        );
        assert_eq!(error.judge(counts(1, 0, 1), true).code(), 1);
        assert_eq!(gate(None, false).judge(counts(1, 0, 1), true).code(), 5);
    }

    #[test]
    fn exit_zero_maps_one_and_nothing_else() {
        let zero = gate(Some(Severity::Error), true);
        assert_eq!(
            line(&zero.judge(counts(2, 0, 0), false)),
            "sfcompat: exit 0: 2 errors (fails on: error), --exit-zero"
        );
        assert_eq!(zero.judge(counts(2, 0, 1), true).code(), 0);
        assert_eq!(zero.judge(counts(0, 0, 1), true).code(), 5);
    }

    #[test]
    fn a_reason_is_one_line() {
        let exit = Exit::Input(String::from("a.csv: line 3\n  is\tbroken"));
        assert_eq!(line(&exit), "sfcompat: exit 3: a.csv: line 3 is broken");
        assert_eq!(Exit::ClosedPipe.line(), None);
        assert_eq!(Exit::ClosedPipe.code(), 141);
    }
}
