//! Which rules of a run can be evaluated, and what the rest is missing. The one place that turns
//! missing data into coverage or `undecided`.

use super::options::Options;
use crate::input::{Attribute, Columns, RowKind, access_column};
use crate::matrix::Matrix;
use crate::rules::{About, Command, RULES, Rule};
use std::collections::BTreeSet;

/// A line of the report's `coverage`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CoverageLine {
    /// Rule name.
    pub rule: &'static str,
    /// What is missing, for people.
    pub reason: String,
}

/// What is missing, told by the rows that it leaves undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Rows that send, or move to, what the fact is about.
    Fact(About),
    /// Creates: the file has no profile column.
    ProfileColumn,
    /// All rows: a mapping fills a column with what cannot be told.
    Mapped,
}

/// A fact that a rule needs and the snapshot lacks.
#[derive(Clone, Debug)]
pub(crate) struct Lack {
    pub(crate) rule: &'static str,
    /// Which rows it leaves undecided.
    pub(crate) about: About,
    /// File or column, for people.
    pub(crate) what: String,
}

/// The rules that run over one input, and why the others do not.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The rules with a part for rows, and whether they can say anything about any row of the input.
    pub(crate) rows: Vec<(u16, &'static Rule, bool)>,
    pub(crate) ends: Vec<(u16, &'static Rule)>,
    pub(crate) gaps: Vec<Missing>,
    pub(crate) lacks: Vec<Lack>,
    pub(crate) coverage: BTreeSet<CoverageLine>,
    /// The rules that are asked, by their numbers, even where a fact for some rows is missing.
    pub(crate) ran: BTreeSet<u16>,
}

impl Plan {
    /// Plans a run over an input with these columns; `None`: a run without an input.
    pub(crate) fn new(m: &Matrix, columns: Option<&Columns>, options: &Options) -> Self {
        let mut plan = Self::default();
        for (number, rule) in RULES.iter().enumerate() {
            let Ok(place) = u16::try_from(number) else {
                continue;
            };
            // What a rule is not about is not left out: nobody could miss it.
            let command = options.run.command;
            let judges = Judges::of(rule, columns, command).filter(|_| answers(rule, command));
            let Some(judges) = judges else {
                continue;
            };
            if let Some(columns) = columns.filter(|columns| columns.leavers) {
                plan.of_leavers(m, (place, rule), columns, (judges, options));
                continue;
            }
            if !options.selection.runs(number) {
                plan.say(rule, options.selection.reason(number));
                continue;
            }
            let missing_setting = rule
                .requires
                .iter()
                .find(|setting| !setting.is_given(&options.run));
            if let Some(setting) = missing_setting {
                plan.say(rule, setting.missing());
                continue;
            }
            if let Some(columns) = columns
                && !rule.columns.is_empty()
                && !rule.columns.iter().any(|&wanted| has(columns, wanted))
            {
                plan.say(rule, no_column(rule.columns));
                if rule.name == "profile-missing" {
                    // The one exception of the catalogue: a create needs a profile, whatever else is known.
                    plan.gaps.push(Missing::ProfileColumn);
                }
                continue;
            }
            if let Some(columns) = columns
                && !rule.partly.is_empty()
                && !rule.partly.iter().any(|&wanted| has(columns, wanted))
            {
                plan.say(rule, no_column(rule.partly));
            }
            plan.look_at_needs(m, rule);
            let of_rows = rule.row.is_some() && columns.is_some() && judges == Judges::Rows;
            if of_rows || rule.end.is_some() {
                plan.ran.insert(place);
            }
            if let (Some(_), Some(columns)) = (rule.row, columns)
                && judges == Judges::Rows
            {
                plan.rows
                    .push((place, rule, (rule.speaks)(m, columns, &options.run)));
            }
            if rule.end.is_some() {
                plan.ends.push((place, rule));
            }
        }
        if columns.is_some_and(|columns| {
            columns
                .untold
                .iter()
                .any(|name| access_column(name).is_some())
        }) {
            plan.gaps.push(Missing::Mapped);
        }
        for gap in options.run.import.iter().flat_map(|import| &import.gaps) {
            let runs = |rule: &&Rule| {
                let number = RULES.iter().position(|other| other.name == rule.name);
                number.is_some_and(|number| options.selection.runs(number))
            };
            if let Some(rule) = crate::rules::by_name(gap.rule).filter(runs) {
                plan.say(rule, gap.reason.clone());
            }
        }
        plan
    }

    /// Plans a rule over users of whom a push sends nothing but that they become inactive: whatever else an assignment
    /// says is not missing of them.
    fn of_leavers(
        &mut self,
        m: &Matrix,
        (place, rule): (u16, &'static Rule),
        columns: &Columns,
        (judges, options): (Judges, &Options),
    ) {
        let wanted = |all: &[Attribute]| all.is_empty() || all.iter().any(|&one| has(columns, one));
        let told = wanted(rule.columns);
        // A rule about other columns may have to know who leaves.
        if !(rule.leavers || told && rule.end.is_some()) {
            return;
        }
        if !options.selection.runs(usize::from(place)) {
            if told {
                self.say(rule, options.selection.reason(usize::from(place)));
            }
            return;
        }
        let missing_setting = rule.requires.iter().find(|one| !one.is_given(&options.run));
        if let Some(setting) = missing_setting {
            if told {
                self.say(rule, setting.missing());
            }
            return;
        }
        if told {
            let before = (self.gaps.len(), self.lacks.len());
            self.look_at_needs(m, rule);
            if !rule.leavers {
                self.gaps.truncate(before.0);
                self.lacks.truncate(before.1);
            }
        }
        if rule.row.is_some() && rule.leavers && judges == Judges::Rows {
            self.rows
                .push((place, rule, (rule.speaks)(m, columns, &options.run)));
        }
        if told {
            self.ran.insert(place);
            self.ends.extend(rule.end.map(|_| (place, rule)));
        }
    }

    /// Takes over what another input of the same run could not be judged for.
    pub(crate) fn add(&mut self, other: Self) {
        self.coverage.extend(other.coverage);
        self.ran.extend(other.ran);
        self.lacks.extend(other.lacks);
        for end in other.ends {
            if !self.ends.iter().any(|(number, _)| *number == end.0) {
                self.ends.push(end);
            }
        }
        self.ends.sort_by_key(|(number, _)| *number);
    }

    fn look_at_needs(&mut self, m: &Matrix, rule: &'static Rule) {
        let coverage = &m.org.coverage;
        for need in rule.needs {
            let there = if need.column.is_empty() {
                coverage.has(need.object)
            } else {
                coverage.has_column(need.object, need.column)
            };
            if there {
                continue;
            }
            let reason = match (need.column.is_empty(), coverage.has(need.object)) {
                (true, _) | (false, false) if coverage.from_metadata => {
                    format!("the metadata project does not tell {}", need.object)
                }
                (false, true) if coverage.from_metadata => {
                    format!("metadata does not tell {} of {}", need.column, need.object)
                }
                (true, _) | (false, false) => {
                    format!("the snapshot has no {}", file_of(need.object))
                }
                (false, true) if need.column.starts_with('.') => {
                    format!(
                        "{} does not give the {} of fields",
                        file_of(need.object),
                        need.column.trim_start_matches('.')
                    )
                }
                (false, true) => format!("{} has no column {}", file_of(need.object), need.column),
            };
            self.say(rule, reason);
            let gap = Missing::Fact(need.about);
            if need.about == About::Coverage {
                continue;
            }
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
            let file = file_of(need.object);
            self.lacks.push(Lack {
                rule: rule.name,
                about: need.about,
                what: match (coverage.has(need.object), need.column) {
                    (true, column) if !column.is_empty() => format!("{column} of {file}"),
                    _ => file,
                },
            });
        }
    }

    /// Notes what these rules, as far as they look at rows of this input, cannot tell.
    pub(crate) fn note(&mut self, rules: [&str; 2], reason: Option<String>) {
        let Some(reason) = reason else { return };
        let told: Vec<&'static Rule> = self
            .rows
            .iter()
            .map(|(_, rule, _)| *rule)
            .filter(|rule| rules.contains(&rule.name))
            .collect();
        for rule in told {
            self.say(rule, reason.clone());
        }
    }

    fn say(&mut self, rule: &'static Rule, reason: impl Into<String>) {
        self.coverage.insert(CoverageLine {
            rule: rule.name,
            reason: reason.into(),
        });
    }
}

/// What a rule can say about a kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judges {
    /// It looks at them, and speaks after the last.
    Rows,
    /// It speaks after the last one only: it is about the org, or about the run.
    End,
}

impl Judges {
    /// By what the catalogue says that a rule applies to; `None`: nothing.
    fn of(rule: &Rule, columns: Option<&Columns>, command: Command) -> Option<Self> {
        let applies = |to: &str| rule.applies.split(", ").any(|own| own == to);
        let about_the_run = crate::rules::is_about_the_run(rule.name);
        let end = |so: bool| so.then_some(Self::End);
        match columns.map(|columns| columns.rows) {
            _ if command == Command::ImportCheck && applies("import") => Some(Self::Rows),
            _ if command == Command::ImportCheck => end(about_the_run),
            None | Some(RowKind::User) => {
                (!only(rule, "import") && !only(rule, "mapping")).then_some(Self::Rows)
            }
            Some(RowKind::Expression) if NOT_FOUND.contains(&rule.name) => None,
            Some(RowKind::Expression) if rule.name.starts_with("group-") => None,
            Some(RowKind::Group) if EXPRESSIONS.contains(&rule.name) => None,
            Some(RowKind::Group | RowKind::Expression) if applies("mapping") => Some(Self::Rows),
            Some(RowKind::Group | RowKind::Expression) => end(only(rule, "org")),
            Some(RowKind::ProfileSource) => None,
        }
    }
}

/// Whether a rule applies to this and to nothing else.
fn only(rule: &Rule, to: &str) -> bool {
    rule.applies == to
}

/// Rules in whose place `mapping-value-not-found` speaks of the values of expressions.
const NOT_FOUND: [&str; 7] = [
    "profile-not-found",
    "role-not-found",
    "permission-set-not-found",
    "psl-not-found",
    "feature-license-not-found",
    "feature-license-absent",
    "public-group-not-found",
];

/// Rules about expressions.
const EXPRESSIONS: [&str; 5] = [
    // Of groups it says nothing.
    "okta-attribute-absent",
    "mapping-value-not-found",
    "mapping-substring-switch",
    "mapping-membership-stale",
    "mapping-not-checkable",
];

/// Whether a command asks the rule at all: `preflight` has no rows.
fn answers(rule: &Rule, command: Command) -> bool {
    let asked = rule.only.is_none_or(|only| only == command);
    asked && (command != Command::Preflight || (rule.end.is_some() && rule.applies.contains("org")))
}

fn file_of(object: &str) -> String {
    if object.contains('/') {
        format!("{object}.json")
    } else {
        format!("{object}.csv")
    }
}

/// Flags and other fields are counted per file: any of them meets the wish for one.
fn has(columns: &Columns, wanted: Attribute) -> bool {
    match wanted {
        Attribute::FeatureFlag(_) => !columns.flags().is_empty(),
        Attribute::Field(_) => columns
            .fields()
            .iter()
            .any(|field| matches!(field.attribute, Attribute::Field(_))),
        fixed => columns.has(fixed),
    }
}

fn no_column(wanted: &[Attribute]) -> String {
    let names: Vec<&str> = wanted.iter().map(|column| column.name()).collect();
    format!("the file has no {} column", names.join(" or "))
}
