//! From words to a tree. Precedence as in the Spring expression language, on which Okta's is built.

use super::Error;
use super::token::{Token, TokenKind, tokens};

/// A part of an expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Byte offset in the text.
    pub at: usize,
}

/// What a part of an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// `null`.
    Null,
    /// `{a, b}`
    List(Vec<Expr>),
    /// A name: `user`, `appuser`.
    Name(String),
    /// `user.department`
    Member(Box<Expr>, String),
    /// `name(...)` or `target.name(...)`; the name with its dots where the target is a plain name: `String.append`.
    Call(Option<Box<Expr>>, String, Vec<Expr>),
    /// `target[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `target.![part]`: the part of every element.
    Each(Box<Expr>, Box<Expr>),
    /// `target.?[condition]`: the elements for which it holds.
    Where(Box<Expr>, Box<Expr>),
    /// `condition ? yes : no`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `value ?: otherwise`
    Else(Box<Expr>, Box<Expr>),
    /// An operator between two parts, in lower case.
    Binary(String, Box<Expr>, Box<Expr>),
    /// `!part`
    Not(Box<Expr>),
    /// `-part`
    Minus(Box<Expr>),
}

/// Brackets in brackets, so deep at most.
const DEEPEST: usize = 100;

/// Reads an expression.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn parse(text: &str) -> Result<Expr, Error> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    if parser.tokens.is_empty() {
        return Err(Error::at(text, 0, "the expression is empty"));
    }
    let expr = parser.expression()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected("the end of the expression")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

/// Operators from the loosest to the tightest, each as a sign or as a word in lower case.
const LEVELS: [&[&str]; 5] = [
    &["||", "or"],
    &["&&", "and"],
    &[
        "==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge", "matches",
    ],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn at(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.at)
    }

    fn unexpected(&self, wanted: &str) -> Error {
        let met = match self.peek().map(|token| &token.kind) {
            None => "the expression ends here".to_owned(),
            Some(TokenKind::Text(text)) => format!("\"{text}\" stands here"),
            Some(TokenKind::Number(word) | TokenKind::Name(word)) => {
                format!("'{word}' stands here")
            }
            Some(TokenKind::Sign(sign)) => format!("'{sign}' stands here"),
        };
        Error::at(self.text, self.at(), format!("{met}, expected is {wanted}"))
    }

    fn takes(&mut self, sign: &str) -> bool {
        let met = matches!(self.peek().map(|token| &token.kind), Some(TokenKind::Sign(own)) if *own == sign);
        self.next += usize::from(met);
        met
    }

    fn needs(&mut self, sign: &str) -> Result<(), Error> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("'{sign}'")))
        }
    }

    fn expression(&mut self) -> Result<Expr, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::at(
                self.text,
                self.at(),
                "brackets are nested too deeply",
            ));
        }
        let at = self.at();
        let condition = self.binary(0)?;
        let expr = if self.takes("?:") {
            let otherwise = self.expression()?;
            Kind::Else(Box::new(condition), Box::new(otherwise)).at(at)
        } else if self.takes("?") {
            let yes = self.expression()?;
            self.needs(":")?;
            let no = self.expression()?;
            Kind::If(Box::new(condition), Box::new(yes), Box::new(no)).at(at)
        } else {
            condition
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn operator(&self, level: usize) -> Option<String> {
        let word = match &self.peek()?.kind {
            TokenKind::Sign(sign) => (*sign).to_owned(),
            TokenKind::Name(name) => name.to_ascii_lowercase(),
            _ => return None,
        };
        LEVELS.get(level)?.contains(&word.as_str()).then_some(word)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Error> {
        if level == LEVELS.len() {
            return self.unary();
        }
        let at = self.at();
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(level) {
            self.next += 1;
            let right = self.binary(level + 1)?;
            left = Kind::Binary(operator, Box::new(left), Box::new(right)).at(at);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let at = self.at();
        let not_word = matches!(self.peek().map(|token| &token.kind), Some(TokenKind::Name(name)) if name.eq_ignore_ascii_case("not"));
        let not = not_word
            || matches!(
                self.peek().map(|token| &token.kind),
                Some(TokenKind::Sign("!"))
            );
        let minus = matches!(
            self.peek().map(|token| &token.kind),
            Some(TokenKind::Sign("-"))
        );
        if !not && !minus {
            return self.postfix();
        }
        self.next += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::at(self.text, at, "signs are nested too deeply"));
        }
        let part = Box::new(self.unary()?);
        self.depth -= 1;
        Ok(if not {
            Kind::Not(part)
        } else {
            Kind::Minus(part)
        }
        .at(at))
    }

    fn postfix(&mut self) -> Result<Expr, Error> {
        let at = self.at();
        let mut expr = self.primary()?;
        loop {
            if self.takes(".![") {
                let part = self.expression()?;
                self.needs("]")?;
                expr = Kind::Each(Box::new(expr), Box::new(part)).at(at);
            } else if self.takes(".?[") {
                let part = self.expression()?;
                self.needs("]")?;
                expr = Kind::Where(Box::new(expr), Box::new(part)).at(at);
            } else if self.takes("[") {
                let index = self.expression()?;
                self.needs("]")?;
                expr = Kind::Index(Box::new(expr), Box::new(index)).at(at);
            } else if self.takes(".") || self.takes("?.") {
                let name = self.name()?;
                expr = if self.takes("(") {
                    let arguments = self.list(")")?;
                    match expr.kind {
                        // `String.append`: the name of a class is a part of the function's name.
                        Kind::Name(class) if class.starts_with(char::is_uppercase) => {
                            Kind::Call(None, format!("{class}.{name}"), arguments).at(at)
                        }
                        _ => Kind::Call(Some(Box::new(expr)), name, arguments).at(at),
                    }
                } else {
                    Kind::Member(Box::new(expr), name).at(at)
                };
            } else {
                return Ok(expr);
            }
        }
    }

    fn name(&mut self) -> Result<String, Error> {
        match self.peek().map(|token| token.kind.clone()) {
            Some(TokenKind::Name(name)) => {
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Expr>, Error> {
        let mut all = Vec::new();
        if self.takes(end) {
            return Ok(all);
        }
        loop {
            all.push(self.expression()?);
            // A map, `{"group.type": {"OKTA_GROUP"}}`, is a list of its keys and values here: no result comes from one.
            if end == "}" && self.takes(":") {
                all.push(self.expression()?);
            }
            if self.takes(end) {
                return Ok(all);
            }
            if !self.takes(",") {
                return Err(self.unexpected(&format!("',' or '{end}'")));
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Error> {
        let at = self.at();
        let Some(token) = self.peek().cloned() else {
            return Err(self.unexpected("a value"));
        };
        self.next += 1;
        let kind = match token.kind {
            TokenKind::Text(text) => Kind::Text(text),
            TokenKind::Number(number) => Kind::Number(number),
            TokenKind::Sign("(") => {
                let expr = self.expression()?;
                self.needs(")")?;
                return Ok(expr);
            }
            TokenKind::Sign("{") => Kind::List(self.list("}")?),
            TokenKind::Name(name) => match name.as_str() {
                "null" => Kind::Null,
                "true" => Kind::Flag(true),
                "false" => Kind::Flag(false),
                _ if self.takes("(") => Kind::Call(None, name, self.list(")")?),
                _ => Kind::Name(name),
            },
            TokenKind::Sign(_) => {
                self.next -= 1;
                return Err(self.unexpected("a value"));
            }
        };
        Ok(kind.at(at))
    }
}

impl Kind {
    fn at(self, at: usize) -> Expr {
        Expr { kind: self, at }
    }
}

impl Expr {
    /// Looks at this part and all parts in it.
    pub fn visit(&self, look: &mut impl FnMut(&Self)) {
        look(self);
        for part in self.parts() {
            part.visit(look);
        }
    }

    /// The parts that it is made of.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Flag(_) | Kind::Null | Kind::Name(_) => {
                Vec::new()
            }
            Kind::List(all) => all.iter().collect(),
            Kind::Call(target, _, all) => target.as_deref().into_iter().chain(all).collect(),
            Kind::Member(one, _) | Kind::Not(one) | Kind::Minus(one) => vec![one],
            Kind::Index(one, two)
            | Kind::Each(one, two)
            | Kind::Where(one, two)
            | Kind::Else(one, two)
            | Kind::Binary(_, one, two) => vec![one, two],
            Kind::If(one, two, three) => vec![one, two, three],
        }
    }

    /// The text, where the part is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}
