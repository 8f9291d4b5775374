#![doc = include_str!("psl_expired.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{needed_psls, phrase, psl_ended, shown_psl};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "psl-expired",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping, org",
    columns: &[
        Attribute::PermissionSets,
        Attribute::PermissionSetGroups,
        Attribute::PermissionSetLicenses,
    ],
    needs: &[
        Need::file("PermissionSetLicense", About::Psls),
        Need::column("PermissionSetLicense", "Status", About::Psls),
        Need::column("PermissionSetLicense", "ExpirationDate", About::Psls),
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::file("PermissionSetGroupComponent", About::Groups),
    ],
    row: Some(check),
    when: Occasion::PSLS.or(Occasion::HOLDS),
    speaks: |m, _, run| m.org.psls.iter().any(|(_, psl)| psl_ended(psl, run.today).is_some()),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() && cx.row.psls.items.is_empty() {
        return;
    }
    needed_psls(cx, |needed| {
        let Some(psl) = cx.m.psl(needed.psl) else {
            return;
        };
        // Cheap before the words: most licenses never end.
        if psl_ended(psl, cx.run.today).is_none() {
            return;
        }
        let cause = Cause::error(Confidence::Documented)
            .column(needed.column)
            .value(needed.text)
            .subject("permission-set-license", &psl.key);
        sink.report(cause, || {
            let name = shown_psl(cx.m, needed.psl);
            let why = psl_ended(psl, cx.run.today).unwrap_or_default();
            let words = Explanation::new(format!(
                "permission set license {name} cannot be assigned any more"
            ))
            .because(format!("{name}: {why}"));
            match needed.through {
                Some(to) => words
                    .because(format!("{} needs it", phrase(cx.m, to)))
                    .fix(format!("renew {name}, or leave {} out", phrase(cx.m, to))),
                None => words.fix(format!("renew {name}, or leave it out")),
            }
        });
    });
}
