#![doc = include_str!("site_membership.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::Attribute;
use crate::rules::external_site::entered;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "site-membership",
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
    let Some((id, profile, sites)) = entered(cx).filter(|(_, profile, sites)| !sites.is_live(profile.id)) else {
        return;
    };
    let sets = cx.m.sets_of(cx.row.sets.found().map(|(_, to)| to));
    let by_set = |set| cx.m.set(set).is_some_and(|found| sites.is_live(found.id));
    if sets.into_iter().any(by_set) {
        return;
    }
    let cause = Cause::warning(Confidence::Documented)
        .column(Attribute::Profile)
        .subject("profile", &profile.name)
        .key(u64::from(id.0))
        .unless(Witness::OutsideSites(id));
    sink.once(cause, || {
        let shown = format!("{} ({})", profile.name, profile.id);
        Explanation::new(format!(
            "profile '{}' is a member of no live site, so its users cannot log in to one",
            profile.name
        ))
        .because(format!(
            "no live site has {shown} as a member (NetworkMemberGroup.ParentId), nor a permission set of the row"
        ))
        .because("the login shows: Looks like this portal user is not a member of an experience or your experience is down.")
        .predicts("PORTAL_NO_ACCESS", "no access to portal")
        .fix("add the profile to the members of the site")
    });
}
