#![doc = include_str!("site_not_live.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::external_site::entered;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "site-not-live",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "create",
    columns: &[Attribute::Profile],
    needs: &[
        Need::optional("Network", "Status"),
        Need::optional("NetworkMemberGroup", ""),
        Need::optional("Profile", "UserType"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |m, columns, _| m.sites().is_some() && columns.has(Attribute::Profile),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some((id, profile, sites)) = entered(cx) else {
        return;
    };
    let Some(closed) = sites.closed(profile.id) else {
        return;
    };
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .subject("profile", &profile.name)
        .key(u64::from(id.0));
    sink.once(cause, || {
        let names: Vec<String> = closed.iter().map(|name| format!("'{name}'")).collect();
        Explanation::new(format!(
            "no site of profile '{}' is live: {}",
            profile.name,
            names.join(", ")
        ))
        .because("Network.Status of each of them is another than Live")
        .predicts_code("PORTAL_NO_ACCESS")
        .fix("activate the site")
    });
}
