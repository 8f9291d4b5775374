//! What a query says. Every name keeps its place in the text, for the errors that Salesforce writes about it.

/// A place in the text of a query: bytes from its start.
pub(in crate::demo) type Place = usize;

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Query {
    pub(in crate::demo) select: Vec<Item>,
    pub(in crate::demo) from: Name,
    pub(in crate::demo) filter: Option<Condition>,
    pub(in crate::demo) group: Vec<FieldPath>,
    pub(in crate::demo) order: Vec<Order>,
    pub(in crate::demo) limit: Option<usize>,
    pub(in crate::demo) offset: Option<usize>,
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Name {
    pub(in crate::demo) text: String,
    pub(in crate::demo) at: Place,
}

/// `Profile.UserLicense.Name`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct FieldPath {
    pub(in crate::demo) parts: Vec<String>,
    pub(in crate::demo) at: Place,
}

impl FieldPath {
    /// The path as it was written.
    pub(in crate::demo) fn text(&self) -> String {
        self.parts.join(".")
    }
}

/// One thing that is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Item {
    Field(FieldPath),
    /// `COUNT()`, which gives a number and no rows.
    CountAll,
    /// `COUNT(Id) n`
    Aggregate {
        function: Function,
        path: FieldPath,
        alias: Option<String>,
    },
    /// `FIELDS(ALL)`
    Fields {
        which: Which,
        at: Place,
    },
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Function {
    Count,
    CountDistinct,
    Min,
    Max,
}

/// Which fields `FIELDS()` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Which {
    All,
    Standard,
    Custom,
}

/// What a row must fulfill.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        path: FieldPath,
        operator: Operator,
        value: Literal,
    },
    In {
        path: FieldPath,
        not: bool,
        values: Vec<Literal>,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

/// A value as it is written in a query.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Literal {
    Text(String),
    Number(f64),
    Boolean(bool),
    Null,
    /// `2026-11-21`
    Date(String),
    /// `2026-11-21T10:00:00Z`
    DateTime(String),
}

/// One key of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Order {
    pub(in crate::demo) path: FieldPath,
    pub(in crate::demo) descending: bool,
    pub(in crate::demo) nulls_last: Option<bool>,
}
