#![doc = include_str!("license_seats_order.md")]

use crate::check::SeatKind;
use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::shortage::{about, count, marking, now, plan, report_rows, shown};
use crate::rules::{EndCx, EndSink, Need, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "license-seats-order",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, org",
    needs: &[Need::optional("UserLicense", "TotalLicenses")],
    end: Some(report),
    ..Rule::TEMPLATE
};

fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    for account in &cx.ledger.accounts {
        if !matches!(account.kind, SeatKind::License(_)) || account.shortfall() > 0 {
            continue;
        }
        let cause = marking(
            about(Cause::warning(Confidence::Certain), account),
            cx,
            Attribute::Profile,
        );
        report_rows(sink, account.failing(0), cause, |rows| {
            let license = shown(account);
            Explanation::new(format!(
                "only after other rows of the file gave theirs back is there {} of {license}",
                count(rows, "seat")
            ))
            .because(format!("{license}: {}", now(account)))
            .because(plan(account))
            .because("the order in which Okta pushes users is not guaranteed")
            .predicts("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded")
            .fix("push the rows that release a seat first, or use Retry Selected after the first pass")
        });
    }
}
