#![doc = include_str!("import_login_taken.md")]

use crate::rules::import_values::{cause, doubted, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::key_of_folded;
use crate::profile_source::{Format, OktaUser};
use crate::rules::{RowCx, Rule, Sink};

/// The text of a CSV import.
const TEXT: &str =
    "login: An object with this field already exists in the current organization";

pub(crate) const RULE: Rule = Rule {
    name: "import-login-taken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "import",
    row: Some(check),
    repeats: Some(repeated),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|_| pair.attribute.format == Format::Login) else {
            continue;
        };
        let key = key_of_folded(text);
        let import = cx.run.import.as_ref();
        let other = import
            .and_then(|import| import.logins.as_ref())
            .and_then(|logins| logins.user(key))
            .filter(|other| !is_same_person(cx, other));
        let Some(other) = other else {
            sink.claim(pair.column, key);
            continue;
        };
        // Of whom nothing but the login is known, that may be the imported person.
        let nameless = other.is_nameless();
        let cause = if nameless {
            doubted(pair, text)
        } else {
            cause(cx, pair, text, Confidence::Certain)
        };
        sink.report(cause, || {
            let known = match other.linked {
                None if nameless => format!(
                    "the Okta user {} has it; whether that is the same person cannot be told, because the file has neither email nor externalId",
                    other.login
                ),
                Some(id) => format!(
                    "the Okta user {} has it, and is linked to the Salesforce user {id}",
                    other.login
                ),
                None => format!(
                    "the Okta user {} has it, with another email address",
                    other.login
                ),
            };
            let who = if nameless { "an" } else { "another" };
            let words =
                Explanation::new(format!("the login '{text}' is that of {who} Okta user"))
                    .because(known);
            refusal(cx, pair, words)
                .predicts("notUniqueWithinOrg", TEXT)
                .okta_says(TEXT)
                .fix("give the user another login, or link the two users in Okta's import")
        });
    }
}

/// Whether an Okta user is the one that this Salesforce user is linked to, or would be matched with: the link decides
/// where the file has it, else the email address.
fn is_same_person(cx: &RowCx<'_>, other: &OktaUser) -> bool {
    let own = cx.row.person.user.map(|user| cx.m.org.users.id(user));
    if let (Some(linked), Some(own)) = (other.linked, own) {
        return linked == own;
    }
    let email = cx.cell(Attribute::Email).sent().map_or(0, key_of_folded);
    email != 0 && email == other.email
}

fn repeated(login: &str, _: Attribute) -> Explanation {
    Explanation::new(format!(
        "the login '{login}' would be given to two imported users"
    ))
    .because("case aside, an earlier user of the snapshot gives the same login, and logins are unique in Okta")
    .because("one value that Okta refuses stops the whole profile update of this user")
    .predicts("notUniqueWithinOrg", TEXT)
    .okta_says(TEXT)
    .fix("map login so that every user has another one, or link the users")
}
