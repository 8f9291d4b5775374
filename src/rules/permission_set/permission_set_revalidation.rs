#![doc = include_str!("permission_set_revalidation.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{kind, phrase};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-revalidation",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSet", "LicenseId"),
        Need::optional("PermissionSetAssignment", ""),
        Need::optional("Profile", "UserLicenseId"),
    ],
    row: Some(check),
    when: Occasion::SETS,
    speaks: |m, _, _| m.has_hazards(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (item, to) in cx.row.sets.found() {
        let hazards = cx.m.hazards(to);
        let Some(first) = hazards.first() else {
            continue;
        };
        let name = cx.m.shown(to);
        let cause = Cause::warning(Confidence::Inferred)
            .column(item.column)
            .subject(kind(to), &name);
        sink.once(cause, || {
            let what = phrase(cx.m, to);
            let mut words = Explanation::new(format!(
                "the next change of {what} will be refused: present holders may not have it"
            ));
            for hazard in hazards {
                let license = cx.m.shown_license(hazard.license);
                let who = match hazard.users {
                    1 => format!("1 active user of {license} holds it"),
                    more => format!("{more} active users of {license} hold it"),
                };
                words = words.because(match hazard.permission {
                    Some(permission) => format!(
                        "{who}, which that license does not allow: {}",
                        cx.m.permission_shown(permission)
                    ),
                    None => format!("{who}, and it is bound to another license"),
                });
            }
            let license = cx
                .m
                .license(first.license)
                .map_or("", |license| &license.name);
            let permission = first
                .permission
                .map_or_else(|| String::from("..."), |one| cx.m.permission_label(one));
            words
                .because("Salesforce looks at every holder again whenever a set is saved")
                .predicts_text(format!(
                    "Can't save permission set {name}, which is assigned to a user with user license {license}. The user license doesn't allow the permission: {permission}"
                ))
                .fix(format!("take {what} from these users before it is changed"))
        });
    }
}
