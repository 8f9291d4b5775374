//! The values that Okta would take over from a user, one for each pair of field and attribute.

use crate::finding::{Cause, Confidence, Explanation};
use crate::model::UserType;
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

/// Whether Salesforce made the user for itself: a site guest, a process, an integration. Whether Okta imports such
/// users at all is not documented.
fn is_made_by_salesforce(cx: &RowCx<'_>) -> bool {
    let person = &cx.row.person;
    let of_user = person.user.and_then(|user| cx.m.org.users.user_type(user));
    matches!(
        of_user.or(person.kind),
        Some(UserType::Guest | UserType::AutomatedProcess | UserType::CloudIntegrationUser)
    )
}

/// The cause of a value that Okta refuses.
pub(crate) fn cause<'c>(
    cx: &RowCx<'_>,
    pair: &'c Pair,
    value: &'c str,
    confidence: Confidence,
) -> Cause<'c> {
    let own = is_made_by_salesforce(cx);
    let cause = if own {
        Cause::warning(Confidence::Inferred)
    } else {
        Cause::error(confidence)
    };
    cause
        .key(u64::from(own))
        .column(pair.column)
        .value(value)
        .subject("attribute", &pair.attribute.name)
}

/// The cause of a value of which it cannot be told whether Okta refuses it.
pub(crate) fn doubted<'c>(pair: &'c Pair, value: &'c str) -> Cause<'c> {
    Cause::warning(Confidence::Inferred)
        .key(2)
        .column(pair.column)
        .value(value)
        .subject("attribute", &pair.attribute.name)
}

/// Adds what holds for every refusal: which field fills which attribute, and that one value stops them all.
pub(crate) fn refusal(cx: &RowCx<'_>, pair: &Pair, words: Explanation) -> Explanation {
    let words = if is_made_by_salesforce(cx) {
        words.because("Salesforce made this user for itself; whether Okta imports such users is not documented")
    } else {
        words
    };
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

/// The words of a value that is longer or shorter than the schema lets it be: `facet` is the name of the limit there,
/// `does` what the attribute does with so many characters.
pub(crate) fn wrong_length(
    cx: &RowCx<'_>,
    pair: &Pair,
    (facet, limit, does): (&str, u32, &str),
    length: usize,
) -> Explanation {
    let name = &pair.attribute.name;
    let words = Explanation::new(format!(
        "Okta's {name} {does} {limit} characters, and {} has {length}",
        pair.field
    ))
    .because(format!("{facet} of {name} is {limit} in {}", origin(cx)));
    refusal(cx, pair, words)
}
