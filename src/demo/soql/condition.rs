//! The grammar of conditions: what stands behind WHERE.

use super::Malformed;
use super::ast::{Condition, Literal, Operator};
use super::lex::{Token, What};
use super::parse::Reader;

/// Brackets deeper than this are refused, so that no query can exhaust the stack.
const MOST_DEPTH: usize = 50;

impl Reader<'_, '_> {
    pub(super) fn any(&mut self) -> Result<Condition, Malformed> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let what = format!("a condition with more than {MOST_DEPTH} brackets in each other");
            return Err(Self::unsupported(self.peek().at, &what));
        }
        let first = self.one()?;
        let mut all = vec![first];
        // AND and OR may not stand side by side without brackets: Salesforce refuses that too.
        let wrap: fn(Vec<Condition>) -> Condition = if self.peek().is("OR") {
            while self.takes("OR") {
                all.push(self.one()?);
            }
            Condition::Or
        } else {
            while self.takes("AND") {
                all.push(self.one()?);
            }
            Condition::And
        };
        let token = self.peek();
        if token.is("AND") || token.is("OR") {
            return Err(Malformed::unexpected(token));
        }
        self.depth -= 1;
        Ok(match (all.len(), all.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                all.push(last);
                wrap(all)
            }
            (_, None) => wrap(all),
        })
    }

    fn one(&mut self) -> Result<Condition, Malformed> {
        let mut negated = false;
        while self.takes("NOT") {
            negated = !negated;
        }
        let found = if self.takes_sign("(") {
            let inner = self.any()?;
            self.expect_sign(")")?;
            inner
        } else {
            self.comparison()?
        };
        Ok(if negated {
            Condition::Not(Box::new(found))
        } else {
            found
        })
    }

    fn comparison(&mut self) -> Result<Condition, Malformed> {
        let path = self.path()?;
        let token = self.take();
        if token.is_sign("(") {
            let what = format!("the function {}()", path.text());
            return Err(Self::unsupported(path.at, &what));
        }
        let not = token.is("NOT");
        if not || token.is("IN") {
            if not {
                self.expect("IN")?;
            }
            self.expect_sign("(")?;
            if self.peek().is("SELECT") {
                return Err(Self::unsupported(self.peek().at, "a semi-join"));
            }
            let values = self.list(Self::literal)?;
            self.expect_sign(")")?;
            return Ok(Condition::In { path, not, values });
        }
        for word in ["INCLUDES", "EXCLUDES"] {
            if token.is(word) {
                return Err(Self::unsupported(token.at, word));
            }
        }
        let operator = if token.is("LIKE") {
            Operator::Like
        } else {
            operator(token)?
        };
        let value = self.literal()?;
        Ok(Condition::Compare {
            path,
            operator,
            value,
        })
    }

    fn literal(&mut self) -> Result<Literal, Malformed> {
        let token = self.take();
        match &token.what {
            What::Text(text) => Ok(Literal::Text(text.clone())),
            What::Number(number) => Ok(Literal::Number(*number)),
            What::Date => Ok(Literal::Date(token.text.to_owned())),
            What::DateTime => Ok(Literal::DateTime(token.text.to_owned())),
            What::Word if token.is("true") => Ok(Literal::Boolean(true)),
            What::Word if token.is("false") => Ok(Literal::Boolean(false)),
            What::Word if token.is("null") => Ok(Literal::Null),
            What::Word if is_date_word(token.text) => {
                let what = format!("the date literal {}", token.text);
                Err(Self::unsupported(token.at, &what))
            }
            What::Sign if token.text == ":" => Err(Self::unsupported(token.at, "a bind variable")),
            _ => Err(Malformed::unexpected(token)),
        }
    }
}

fn operator(token: &Token<'_>) -> Result<Operator, Malformed> {
    if token.what != What::Sign {
        return Err(Malformed::unexpected(token));
    }
    Ok(match token.text {
        "=" => Operator::Equal,
        "!=" | "<>" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => return Err(Malformed::unexpected(token)),
    })
}

/// `TODAY`, `LAST_N_DAYS`: what they stand for depends on the clock of the org.
fn is_date_word(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    ["TODAY", "YESTERDAY", "TOMORROW"].contains(&word.as_str())
        || ["LAST_", "THIS_", "NEXT_"]
            .iter()
            .any(|start| word.starts_with(start))
}
