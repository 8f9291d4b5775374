#![doc = include_str!("email_domain.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::rules::{Rule, RowCx, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "email-domain",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both",
    columns: &[Attribute::Email],
    requires: &[Setting::EmailDomains],
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let domains = &cx.run.email_domains;
    let Cell::Sent(email) = cx.cell(Attribute::Email) else {
        return;
    };
    // An address without a domain is what email-format speaks of.
    let Some((_, domain)) = email.rsplit_once('@') else {
        return;
    };
    let allowed = |own: &String| own.trim_start_matches('@').eq_ignore_ascii_case(domain);
    if domains.iter().any(allowed) {
        return;
    }
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::Email)
        .value(email)
        .subject("email", email);
    sink.report(cause, || {
        let list = domains.join(", ");
        Explanation::new(format!("the org takes no addresses of '{domain}'"))
            .because(format!("allowed domains, as configured: {list}"))
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                format!("Invalid Email Address: Must be in domain(s) {list}: Email"),
            )
            .fix("use an address of an allowed domain")
    });
}
