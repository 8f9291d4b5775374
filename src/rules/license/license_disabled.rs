#![doc = include_str!("license_disabled.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "license-disabled",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    needs: &[
        Need::file("Profile", About::Seat),
        Need::column("Profile", "UserLicenseId", About::Seat),
        Need::file("UserLicense", About::Seat),
        Need::column("UserLicense", "Status", About::Seat),
    ],
    row: Some(check),
    when: Occasion::ODD_PROFILE,
    speaks: |m, _, _| {
        m.org.licenses.iter().any(|(_, license)| license.disabled.is(&true)) || m.org.profiles.iter().any(|(_, profile)| profile.license.get().is_none())
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (true, Some(profile)) = (person.active, person.profile) else {
        return;
    };
    let Some(id) = person.license else {
        if About::Seat.concerns(cx) {
            sink.undecided("UserLicense of the profile");
        }
        return;
    };
    let Some(license) =
        cx.m.license(id)
            .filter(|license| license.disabled.is(&true))
    else {
        return;
    };
    let cause = Cause::error(Confidence::Documented)
        .subject("license", &license.name)
        .key(u64::from(id.0) << 32 | u64::from(profile.0));
    let cause = match cx.row.profile_cell.sent() {
        Some(name) => cause.column(Attribute::Profile).value(name),
        None if cx.columns.has(Attribute::Active) => cause.column(Attribute::Active),
        None => cause,
    };
    sink.report(cause, || {
        let name = cx.m.profile(profile).map_or("", |found| &found.name);
        let shown = cx.m.shown_license(id);
        Explanation::new(format!(
            "profile '{name}' belongs to {shown}, which is disabled in this org"
        ))
        .because(format!("UserLicense {} has Status Disabled", license.id))
        .predicts_code("LICENSE_LIMIT_EXCEEDED")
        .fix(format!(
            "use a profile of an active license, or enable or buy {shown}"
        ))
    });
}
