//! The grammar: one function for each part of a query.

use super::ast::{FieldPath, Function, Item, Name, Order, Query, Which};
use super::lex::{Token, What, tokens};
use super::{Malformed, Place};

/// Salesforce allows five relationships in a path; the fake org follows two, as its clients do.
const MOST_DOTS: usize = 2;
/// The longest query, in characters.
const LONGEST: usize = 100_000;

/// Reads a query.
///
/// # Errors
/// The first thing that is not understood, with its place.
pub(in crate::demo) fn parse(text: &str) -> Result<Query, Malformed> {
    if text.chars().count() > LONGEST {
        return Err(Malformed {
            at: None,
            message: format!("SOQL statements cannot be longer than {LONGEST} characters."),
        });
    }
    let tokens = tokens(text)?;
    let mut reader = Reader {
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    reader.query()
}

pub(super) struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    next: usize,
    /// Brackets that are open.
    pub(super) depth: usize,
}

/// What stands where there are no tokens at all; the lexer always gives one.
static NOTHING: Token<'static> = Token {
    what: What::End,
    text: "",
    at: 0,
};

impl<'t> Reader<'t, '_> {
    pub(super) fn peek(&self) -> &'t Token<'t> {
        let last = self.tokens.last().unwrap_or(&NOTHING);
        self.tokens.get(self.next).unwrap_or(last)
    }

    pub(super) fn take(&mut self) -> &'t Token<'t> {
        let token = self.peek();
        self.next += 1;
        token
    }

    pub(super) fn takes(&mut self, keyword: &str) -> bool {
        let found = self.peek().is(keyword);
        self.next += usize::from(found);
        found
    }

    pub(super) fn takes_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_sign(sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, keyword: &str) -> Result<(), Malformed> {
        if self.takes(keyword) {
            return Ok(());
        }
        Err(Malformed::unexpected(self.peek()))
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Result<(), Malformed> {
        if self.takes_sign(sign) {
            return Ok(());
        }
        let token = self.peek();
        Err(match token.what {
            What::End => Malformed::new(token.at, format!("expecting '{sign}', found '<EOF>'")),
            _ => Malformed::new(
                token.at,
                format!("expecting '{sign}', found '{}'", token.text),
            ),
        })
    }

    /// Something of SOQL that exists in Salesforce and not here: said as such, so that nobody looks for a typing error.
    pub(super) fn unsupported(at: Place, what: &str) -> Malformed {
        Malformed::new(at, format!("{what} is not understood by this test org"))
    }

    fn query(&mut self) -> Result<Query, Malformed> {
        self.expect("SELECT")?;
        let select = self.list(Self::item)?;
        self.expect("FROM")?;
        let from = self.name()?;
        if from.text.contains('.') {
            return Err(Malformed::new(
                from.at,
                format!("unexpected token: '{}'", from.text),
            ));
        }
        let filter = if self.takes("WHERE") {
            Some(self.any()?)
        } else {
            None
        };
        let mut group = Vec::new();
        if self.takes("GROUP") {
            self.expect("BY")?;
            group = self.list(Self::path)?;
        }
        let mut order = Vec::new();
        if self.takes("ORDER") {
            self.expect("BY")?;
            order = self.list(Self::order)?;
        }
        let limit = if self.takes("LIMIT") {
            Some(self.whole()?)
        } else {
            None
        };
        let offset = if self.takes("OFFSET") {
            Some(self.whole()?)
        } else {
            None
        };
        self.end()?;
        Ok(Query {
            select,
            from,
            filter,
            group,
            order,
            limit,
            offset,
        })
    }

    fn end(&mut self) -> Result<(), Malformed> {
        let token = self.peek();
        if token.what == What::End {
            return Ok(());
        }
        for clause in ["USING", "WITH", "HAVING", "FOR", "UPDATE", "ALL", "AS"] {
            if token.is(clause) {
                return Err(Self::unsupported(token.at, &format!("the clause {clause}")));
            }
        }
        Err(Malformed::unexpected(token))
    }

    pub(super) fn list<T>(
        &mut self,
        one: impl Fn(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let mut found = vec![one(self)?];
        while self.takes_sign(",") {
            found.push(one(self)?);
        }
        Ok(found)
    }

    fn name(&mut self) -> Result<Name, Malformed> {
        let token = self.take();
        if token.what != What::Word || is_reserved(token.text) {
            return Err(Malformed::unexpected(token));
        }
        Ok(Name {
            text: token.text.to_owned(),
            at: token.at,
        })
    }

    pub(super) fn path(&mut self) -> Result<FieldPath, Malformed> {
        let Name { text, at } = self.name()?;
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            return Err(Malformed::new(at, format!("unexpected token: '{text}'")));
        }
        if parts.len() > MOST_DOTS + 1 {
            let what = format!("a path over more than {MOST_DOTS} relationships ('{text}')");
            return Err(Self::unsupported(at, &what));
        }
        Ok(FieldPath { parts, at })
    }

    fn item(&mut self) -> Result<Item, Malformed> {
        let token = self.peek();
        if token.is_sign("(") {
            return Err(Self::unsupported(token.at, "a subquery"));
        }
        if token.is("TYPEOF") {
            return Err(Self::unsupported(token.at, "TYPEOF"));
        }
        let path = self.path()?;
        if !self.takes_sign("(") {
            return Ok(Item::Field(path));
        }
        let item = self.function(&path)?;
        Ok(item)
    }

    /// The inside of the brackets of a function, and the name behind it.
    fn function(&mut self, name: &FieldPath) -> Result<Item, Malformed> {
        let called = name.text().to_ascii_uppercase();
        if called == "FIELDS" {
            let token = self.take();
            let which = [
                ("ALL", Which::All),
                ("STANDARD", Which::Standard),
                ("CUSTOM", Which::Custom),
            ];
            let Some((_, which)) = which.into_iter().find(|(word, _)| token.is(word)) else {
                return Err(Malformed::unexpected(token));
            };
            self.expect_sign(")")?;
            return Ok(Item::Fields { which, at: name.at });
        }
        if called == "COUNT" && self.takes_sign(")") {
            return Ok(Item::CountAll);
        }
        let function = match called.as_str() {
            "COUNT" => Function::Count,
            "COUNT_DISTINCT" => Function::CountDistinct,
            "MIN" => Function::Min,
            "MAX" => Function::Max,
            other => {
                return Err(Self::unsupported(
                    name.at,
                    &format!("the function {other}()"),
                ));
            }
        };
        let path = self.path()?;
        self.expect_sign(")")?;
        let token = self.peek();
        let alias = (token.what == What::Word && !is_reserved(token.text)).then(|| {
            self.next += 1;
            token.text.to_owned()
        });
        Ok(Item::Aggregate {
            function,
            path,
            alias,
        })
    }

    fn order(&mut self) -> Result<Order, Malformed> {
        let path = self.path()?;
        let descending = if self.takes("DESC") {
            true
        } else {
            self.takes("ASC");
            false
        };
        let mut nulls_last = None;
        if self.takes("NULLS") {
            nulls_last = Some(if self.takes("LAST") {
                true
            } else {
                self.expect("FIRST")?;
                false
            });
        }
        Ok(Order {
            path,
            descending,
            nulls_last,
        })
    }

    fn whole(&mut self) -> Result<usize, Malformed> {
        let token = self.take();
        match (&token.what, token.text.parse()) {
            (What::Number(_), Ok(number)) => Ok(number),
            _ => Err(Malformed::unexpected(token)),
        }
    }
}

/// Words that cannot be the name of anything. `Group` is an object and so is not among them.
fn is_reserved(word: &str) -> bool {
    [
        "AND", "ASC", "DESC", "FROM", "HAVING", "IN", "LIKE", "LIMIT", "NOT", "NULL", "NULLS",
        "OFFSET", "OR", "SELECT", "WHERE", "WITH", "TRUE", "FALSE",
    ]
    .iter()
    .any(|reserved| word.eq_ignore_ascii_case(reserved))
}
