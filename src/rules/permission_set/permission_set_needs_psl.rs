#![doc = include_str!("permission_set_needs_psl.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::rules::set_ceilings::{
    Permissions, count, each_faulty, is_proved, openers, refusal, shown, with_gates,
};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-needs-psl",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::optional("PermissionSet", "Permissions*"),
        Need::optional("PermissionSetLicense", "MaximumPermissions*"),
        // Rows that are undecided without it are told one by one below.
        Need::optional("PermissionSetLicenseAssign", ""),
        Need::optional("ObjectPermissions", ""),
        Need::column("Profile", "UserLicenseId", About::Sets),
    ],
    row: Some(check),
    when: Occasion::DOUBTFUL_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each_faulty(cx, |faulty| {
        // Groups are permission-set-group-member's.
        if matches!(faulty.to, SetRef::Group(_)) {
            return;
        }
        let gates = faulty.gated(cx.m);
        if gates.is_empty() {
            return;
        }
        let proved = is_proved(cx.m, faulty, &gates);
        let told = cx.row.person.is_create()
            || cx.m.org.coverage.has("PermissionSetLicenseAssign");
        if proved && !told {
            sink.undecided("PermissionSetLicenseAssign.csv");
            return;
        }
        let left: Permissions = gates.iter().map(|gate| gate.permission).collect();
        let name = cx.m.shown(faulty.to);
        let cause = if proved {
            Cause::error(Confidence::Documented)
        } else {
            Cause::warning(Confidence::Documented)
        };
        let cause = faulty
            .marked(cause, &name)
            .key(faulty.key(left.iter().copied()));
        sink.report(cause, || {
            let words = Explanation::new(format!(
                "permission set {name} has {} that the user gets only with a permission set license: {}",
                count(&left),
                shown(cx.m, &left)
            ));
            let who = gates
                .first()
                .map(|gate| openers(cx.m, faulty.license, gate))
                .unwrap_or_default();
            with_gates(words, cx.m, faulty, &gates)
                .because("the user does not have it, and the row does not give it")
                .predicts(
                    "FIELD_INTEGRITY_EXCEPTION",
                    refusal(cx.m, &name, &left),
                )
                .fix(format!(
                    "assign permission set license {who} first, or rebuild {name} on it"
                ))
        });
    });
}
