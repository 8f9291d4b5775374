//! The checklist of `preflight`: what its rules found, what they found in order, and what cannot be told.

use super::{CoverageLine, Options};
use crate::finding::Severity;
use crate::matrix::Matrix;
use crate::rules::{Answer, Command, RULES, Rule, Told, org_settings, reader};
use std::collections::{BTreeMap, BTreeSet};

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The rule that asks, if one does.
    pub rule: Option<&'static str>,
    /// What was checked, and the result.
    pub told: Told,
}

/// What the rules of a preflight said, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Answers(BTreeMap<u16, Vec<Told>>);

impl Answers {
    /// Takes over what a rule told, and its findings with their severities and messages.
    pub(crate) fn add(
        &mut self,
        number: u16,
        rule: &Rule,
        told: Vec<Told>,
        found: Vec<(Severity, String)>,
    ) {
        let answers = self.0.entry(number).or_default();
        for (severity, message) in found {
            answers.push(Told {
                check: rule.asks.to_owned(),
                answer: Answer::Fail,
                severity: Some(severity),
                detail: message,
            });
        }
        answers.extend(told);
    }

    /// What cannot be told, as lines of coverage.
    pub(crate) fn untold(&self) -> impl Iterator<Item = CoverageLine> + '_ {
        self.0.iter().flat_map(|(number, told)| {
            let rule = RULES.get(usize::from(*number));
            let untold = told.iter().filter(|told| told.answer == Answer::CannotTell);
            untold.filter_map(move |told| {
                Some(CoverageLine {
                    rule: rule?.name,
                    reason: told.detail.clone(),
                })
            })
        })
    }

    /// Whether a rule that is asked by `preflight` only has passed, with nothing left open.
    pub(crate) fn passed(&self, rule: &str) -> bool {
        self.0.iter().any(|(number, told)| {
            let asked = RULES
                .get(usize::from(*number))
                .is_some_and(|own| own.name == rule && own.only == Some(Command::Preflight));
            asked && !told.is_empty() && told.iter().all(|told| told.answer == Answer::Pass)
        })
    }

    /// The checklist: the integration user, the Okta app, the other rules in the order of the catalogue, the settings
    /// of the org, and the reader.
    pub(crate) fn checklist(
        mut self,
        m: &Matrix,
        options: &Options,
        coverage: &BTreeSet<CoverageLine>,
    ) -> Vec<Check> {
        if options.run.command != Command::Preflight {
            return Vec::new();
        }
        let mut all = Vec::new();
        let place = |rule: &Rule| {
            let families = ["api-user-", "okta-"];
            let family = families
                .iter()
                .position(|start| rule.name.starts_with(start));
            family.unwrap_or(families.len())
        };
        let mut rules: Vec<(usize, &'static Rule)> = RULES.iter().enumerate().collect();
        rules.sort_by_key(|(number, rule)| (place(rule), *number));
        for (number, rule) in rules {
            let asked = !rule.asks.is_empty() && options.selection.runs(number);
            let Some(number) = u16::try_from(number).ok().filter(|_| asked) else {
                continue;
            };
            let mut told = self.0.remove(&number).unwrap_or_default();
            if told.is_empty() {
                told.push(silence(rule, coverage));
            }
            all.extend(told.into_iter().map(|told| Check {
                rule: Some(rule.name),
                told,
            }));
        }
        let plain = |told| Check { rule: None, told };
        all.extend(org_settings(m).into_iter().map(plain));
        if options.run.reader {
            all.extend(reader(m).into_iter().map(plain));
        }
        all
    }
}

/// A rule that said nothing found nothing, unless something was missing.
fn silence(rule: &Rule, coverage: &BTreeSet<CoverageLine>) -> Told {
    let gaps: Vec<&str> = coverage
        .iter()
        .filter(|line| line.rule == rule.name)
        .map(|line| line.reason.as_str())
        .collect();
    if gaps.is_empty() {
        Told::new(rule.asks, Answer::Pass, "")
    } else {
        Told::new(rule.asks, Answer::CannotTell, gaps.join("; "))
    }
}
