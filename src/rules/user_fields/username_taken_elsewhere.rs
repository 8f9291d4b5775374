#![doc = include_str!("username_taken_elsewhere.md")]

use super::username_taken::TEXT;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::matrix::Matrix;
use crate::model::Known;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "username-taken-elsewhere",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Username],
    needs: &[Need::optional("Organization", "IsSandbox")],
    row: Some(check),
    when: Occasion::CREATE,
    speaks: |m, _, _| is_sandbox(m),
    ..Rule::TEMPLATE
};

fn is_sandbox(m: &Matrix) -> bool {
    let organization = m.org.organization.as_ref();
    organization.is_some_and(|org| org.is_sandbox == Known::Yes(true))
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !is_sandbox(cx.m) || !cx.row.person.is_create() {
        return;
    }
    let Cell::Sent(username) = cx.row.username else {
        return;
    };
    // A bare address: the username is the mail address itself, or, in a file without one, lies in a domain of the company.
    let bare = match cx.cell(Attribute::Email) {
        Cell::Sent(email) => email.eq_ignore_ascii_case(username),
        _ => username.rsplit_once('@').is_some_and(|(_, domain)| {
            let domains = &cx.run.email_domains;
            domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
        }),
    };
    if !bare {
        return;
    }
    sink.once(
        Cause::warning(Confidence::Documented).column(Attribute::Username),
        || {
            Explanation::new("usernames of this sandbox are the plain mail addresses of the people")
                .because("a username is unique across all Salesforce orgs; production or another sandbox may have these already")
                .because("other orgs cannot be seen from here")
                .predicts("DUPLICATE_USERNAME", TEXT)
                .fix("add a suffix to the application username in Okta, for example .sandboxname")
        },
    );
}
