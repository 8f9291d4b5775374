//! The values that Okta would take over from a user, one for each pair of field and attribute.

use crate::finding::{Cause, Confidence, Explanation};
use crate::profile_source::Pair;
use crate::rules::RowCx;

/// The pairs of the map with their texts, without outer white space; `None`: the field is empty.
pub(crate) fn values<'a>(
    cx: &RowCx<'a>,
) -> impl Iterator<Item = (&'a Pair, Option<&'a str>)> + use<'a> {
    let (columns, cells) = (cx.columns, cx.cells);
    let pairs = cx.run.import.iter().flat_map(|import| &import.pairs);
    pairs.map(move |pair| (pair, columns.cell(pair.column, cells).sent()))
}

/// The cause of a value that Okta refuses.
pub(crate) fn cause<'c>(pair: &'c Pair, value: &'c str, confidence: Confidence) -> Cause<'c> {
    Cause::error(confidence)
        .column(pair.column)
        .value(value)
        .subject("attribute", &pair.attribute.name)
}

/// Adds what holds for every refusal: which field fills which attribute, and that one value stops them all.
pub(crate) fn refusal(pair: &Pair, words: Explanation) -> Explanation {
    words
        .because(format!(
            "{} fills Okta's attribute {}",
            pair.field, pair.attribute.name
        ))
        .because("one value that Okta refuses stops the whole profile update of this user")
}

/// Where the limits of this run come from.
pub(crate) fn origin<'a>(cx: &RowCx<'a>) -> &'a str {
    cx.run
        .import
        .as_ref()
        .map_or("Okta's base user schema", |import| &import.origin)
}
