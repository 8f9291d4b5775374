//! Conditions of a query, with values of the type that the field has.

use super::path::Path;
use crate::demo::refusal::Refusal;
use crate::demo::sight::Sight;
use crate::demo::soql::{Condition, FieldPath, Literal, Operator};
use crate::demo::store::{Kind, RowNo, Store, moment};
use crate::model::SfId;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// A condition that can be asked of a record.
#[derive(Clone, Debug)]
pub(super) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// The field compared with a value; `None` = null.
    Compare(Path, Operator, Option<Operand>),
    /// The field is like a pattern.
    Like(Path, Vec<Piece>),
    Ids(Path, FxHashSet<SfId>, bool),
    Values(Path, Vec<Option<Operand>>, bool),
}

/// A value of a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Id(SfId),
    /// Folded: Salesforce compares texts without regard to case.
    Text(String),
    Boolean(bool),
    Number(f64),
    Date(jiff::civil::Date),
    Moment(jiff::Timestamp),
}

/// A part of a LIKE pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    One,
    Any,
}

/// Makes a test of a condition.
///
/// # Errors
/// A field that is not there, or a value that does not fit its type.
pub(super) fn test(
    sight: &Sight<'_>,
    soql: &str,
    table: usize,
    condition: &Condition,
) -> Result<Test, Refusal> {
    let each = |all: &[Condition]| {
        all.iter()
            .map(|one| test(sight, soql, table, one))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match condition {
        Condition::And(all) => Test::And(each(all)?),
        Condition::Or(all) => Test::Or(each(all)?),
        Condition::Not(one) => Test::Not(Box::new(test(sight, soql, table, one)?)),
        Condition::Compare {
            path: written,
            operator,
            value,
        } => {
            let path = Path::resolve(sight, soql, table, written)?;
            comparison(soql, written, path, *operator, value)?
        }
        Condition::In {
            path: written,
            not,
            values,
        } => {
            let path = Path::resolve(sight, soql, table, written)?;
            let values = values
                .iter()
                .map(|value| operand(soql, written, &path, value))
                .collect::<Result<Vec<_>, _>>()?;
            let ids: Option<FxHashSet<SfId>> = values
                .iter()
                .map(|value| match value {
                    Some(Operand::Id(id)) => Some(*id),
                    _ => None,
                })
                .collect();
            match ids {
                Some(ids) => Test::Ids(path, ids, *not),
                None => Test::Values(path, values, *not),
            }
        }
    })
}

fn comparison(
    soql: &str,
    written: &FieldPath,
    path: Path,
    operator: Operator,
    value: &Literal,
) -> Result<Test, Refusal> {
    let refuse = |code, message: String| Err(Refusal::at(code, soql, written.at, &message));
    if operator == Operator::Like {
        return match value {
            Literal::Text(pattern) if path.kind == Kind::Text => {
                Ok(Test::Like(path, pieces(pattern)))
            }
            _ => refuse(
                "INVALID_QUERY_FILTER_OPERATOR",
                "invalid operator on field".to_owned(),
            ),
        };
    }
    let value = operand(soql, written, &path, value)?;
    let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
    if ordered && (value.is_none() || path.kind == Kind::Boolean) {
        return refuse(
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on field".to_owned(),
        );
    }
    Ok(Test::Compare(path, operator, value))
}

/// A literal as a value of the type of the field.
fn operand(
    soql: &str,
    written: &FieldPath,
    path: &Path,
    value: &Literal,
) -> Result<Option<Operand>, Refusal> {
    let wrong = |expected: &str| {
        let quotes = if matches!(value, Literal::Text(_)) {
            " and should not be enclosed in quotes"
        } else if expected == "string" {
            " and should be enclosed in quotes"
        } else {
            ""
        };
        let message = format!(
            "value of filter criterion for field '{}' must be of type {expected}{quotes}",
            written.text()
        );
        Refusal::at("INVALID_FIELD", soql, written.at, &message)
    };
    Ok(Some(match (path.kind, value) {
        (_, Literal::Null) => return Ok(None),
        (Kind::Id | Kind::Reference, Literal::Text(text)) => match SfId::parse(text) {
            Ok(id) => Operand::Id(id),
            // Nothing, and objects that are pointed to by name.
            Err(_) if text.is_empty() => return Ok(None),
            Err(_) if path.name == "EntityDefinitionId" => Operand::Text(fold(text)),
            Err(_) => {
                let message = format!("invalid ID field: {text}");
                return Err(Refusal::at(
                    "INVALID_QUERY_FILTER_OPERATOR",
                    soql,
                    written.at,
                    &message,
                ));
            }
        },
        (Kind::Text, Literal::Text(text)) if text.is_empty() => return Ok(None),
        (Kind::Text, Literal::Text(text)) => Operand::Text(fold(text)),
        (Kind::Boolean, Literal::Boolean(flag)) => Operand::Boolean(*flag),
        (Kind::Number, Literal::Number(number)) => Operand::Number(*number),
        (Kind::Date, Literal::Date(text)) => {
            Operand::Date(text.parse().map_err(|_| wrong("date"))?)
        }
        (Kind::DateTime, Literal::DateTime(text)) => {
            Operand::Moment(text.parse().map_err(|_| wrong("dateTime"))?)
        }
        (Kind::Id | Kind::Reference | Kind::Text, _) => return Err(wrong("string")),
        (Kind::Boolean, _) => return Err(wrong("boolean")),
        (Kind::Number, _) => return Err(wrong("double")),
        (Kind::Date, _) => return Err(wrong("date")),
        (Kind::DateTime, _) => return Err(wrong("dateTime")),
    }))
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The value of a record; `None` = null.
pub(super) fn read(kind: Kind, text: &str) -> Option<Operand> {
    if text.is_empty() {
        return None;
    }
    Some(match kind {
        Kind::Id | Kind::Reference => {
            SfId::parse(text).map_or_else(|_| Operand::Text(fold(text)), Operand::Id)
        }
        Kind::Text => Operand::Text(fold(text)),
        Kind::Boolean => Operand::Boolean(text.eq_ignore_ascii_case("true")),
        Kind::Number => Operand::Number(text.parse().ok()?),
        Kind::Date => Operand::Date(text.get(..10)?.parse().ok()?),
        Kind::DateTime => Operand::Moment(moment(text)?),
    })
}

impl Operand {
    /// How it sorts against another of its type.
    pub(super) fn against(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Id(one), Self::Id(two)) => one.cmp(two),
            (Self::Text(one), Self::Text(two)) => one.cmp(two),
            (Self::Boolean(one), Self::Boolean(two)) => one.cmp(two),
            (Self::Number(one), Self::Number(two)) => one.total_cmp(two),
            (Self::Date(one), Self::Date(two)) => one.cmp(two),
            (Self::Moment(one), Self::Moment(two)) => one.cmp(two),
            _ => return None,
        })
    }
}

impl Test {
    /// Whether a record fulfills it.
    pub(super) fn holds(&self, store: &Store, table: usize, row: RowNo) -> bool {
        match self {
            Self::And(all) => all.iter().all(|test| test.holds(store, table, row)),
            Self::Or(any) => any.iter().any(|test| test.holds(store, table, row)),
            Self::Not(test) => !test.holds(store, table, row),
            Self::Compare(path, operator, value) => {
                let text = path.value(store, table, row);
                compare(read(path.kind, &text).as_ref(), *operator, value.as_ref())
            }
            Self::Like(path, pieces) => like(&fold(&path.value(store, table, row)), pieces),
            Self::Ids(path, ids, not) => {
                let own = SfId::parse(&path.value(store, table, row)).ok();
                own.is_some_and(|id| ids.contains(&id)) != *not
            }
            Self::Values(path, values, not) => {
                let own = read(path.kind, &path.value(store, table, row));
                values.contains(&own) != *not
            }
        }
    }
}

/// Null is equal to null only, unequal to everything else, and neither greater nor smaller than anything.
fn compare(own: Option<&Operand>, operator: Operator, value: Option<&Operand>) -> bool {
    match (own, value) {
        (Some(own), Some(value)) => {
            let order = own.against(value);
            match operator {
                Operator::Equal => order == Some(Ordering::Equal),
                Operator::NotEqual => order != Some(Ordering::Equal),
                Operator::Less => order == Some(Ordering::Less),
                Operator::LessOrEqual => order.is_some_and(Ordering::is_le),
                Operator::Greater => order == Some(Ordering::Greater),
                Operator::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
                Operator::Like => false,
            }
        }
        (None, None) => operator == Operator::Equal,
        _ => operator == Operator::NotEqual,
    }
}

/// The parts of a pattern, folded.
fn pieces(pattern: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let folded = fold(pattern);
    let mut characters = folded.chars();
    while let Some(c) = characters.next() {
        found.push(match c {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => Piece::Char(characters.next().unwrap_or('\\')),
            other => Piece::Char(other),
        });
    }
    found
}

/// Whether a text fits a pattern: greedy, with one step back to the last `%`, so never more than length times length.
fn like(text: &str, pattern: &[Piece]) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut piece) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while let Some(c) = text.get(at) {
        match pattern.get(piece) {
            Some(Piece::Any) => {
                back = Some((at, piece));
                piece += 1;
                continue;
            }
            Some(Piece::One) => {}
            Some(Piece::Char(own)) if own == c => {}
            _ => {
                let Some((from, any)) = back else {
                    return false;
                };
                back = Some((from + 1, any));
                at = from + 1;
                piece = any + 1;
                continue;
            }
        }
        at += 1;
        piece += 1;
    }
    pattern
        .get(piece..)
        .is_some_and(|rest| rest.iter().all(|piece| *piece == Piece::Any))
}

/// What the condition says about the id of the record itself: it saves reading the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IdRange {
    /// The least id, and whether it belongs to the range.
    pub(super) low: Option<(SfId, bool)>,
    /// The greatest id, and whether it belongs to the range.
    pub(super) high: Option<(SfId, bool)>,
    /// The only ids, sorted.
    pub(super) only: Option<Vec<SfId>>,
}

impl IdRange {
    /// What a test demands of the id, whatever else it demands.
    pub(super) fn of(test: &Test) -> Self {
        let mut range = Self::default();
        range.add(test);
        range
    }

    fn add(&mut self, test: &Test) {
        match test {
            Test::And(all) => all.iter().for_each(|test| self.add(test)),
            Test::Ids(path, ids, false) if path.is_own_id() && self.only.is_none() => {
                let mut ids: Vec<SfId> = ids.iter().copied().collect();
                ids.sort_unstable();
                self.only = Some(ids);
            }
            Test::Compare(path, operator, Some(Operand::Id(id))) if path.is_own_id() => {
                match operator {
                    Operator::Equal => {
                        if self.only.is_none() {
                            self.only = Some(vec![*id]);
                        }
                    }
                    Operator::Greater => {
                        self.low = Some(self.low.map_or((*id, false), |old| old.max((*id, false))));
                    }
                    Operator::GreaterOrEqual => {
                        self.low = Some(self.low.map_or((*id, true), |old| old.max((*id, true))));
                    }
                    Operator::Less => {
                        self.high =
                            Some(self.high.map_or((*id, false), |old| old.min((*id, false))));
                    }
                    Operator::LessOrEqual => {
                        self.high = Some(self.high.map_or((*id, true), |old| old.min((*id, true))));
                    }
                    Operator::NotEqual | Operator::Like => {}
                }
            }
            _ => {}
        }
    }
}
