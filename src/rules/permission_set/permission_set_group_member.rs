#![doc = include_str!("permission_set_group_member.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, SetRef};
use crate::model::{LicenseId, PermissionSetId, SetLicense};
use crate::rules::set_ceilings::{
    Faulty, Permissions, contradiction, count, each_faulty, is_proved, refusal, shown, with_gates,
};
use crate::rules::set_facts::{bound_elsewhere, members, psl_ended, shown_bond, shown_psl};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-group-member",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        // A value that leads to nothing without the file is permission-set-not-found's to leave open.
        Need::file("PermissionSetGroup", About::Groups),
        Need::file("PermissionSetGroupComponent", About::Groups),
        Need::column("PermissionSet", "LicenseId", About::Groups),
        Need::file("PermissionSetLicense", About::Psls),
        Need::column("Profile", "UserLicenseId", About::Groups),
        Need::optional("PermissionSet", "Permissions*"),
        Need::file("ObjectPermissions", About::ObjectRights),
        Need::optional("SetupEntityAccess", ""),
        Need::optional("PermissionSetLicense", "MaximumPermissions*"),
        Need::optional("PermissionSetLicenseAssign", ""),
    ],
    row: Some(check),
    when: Occasion::GROUPS.or(Occasion::DOUBTFUL_SETS),
    ..Rule::TEMPLATE
};

/// What is wrong with a member.
fn fault(cx: &RowCx<'_>, id: PermissionSetId, license: Option<LicenseId>) -> Option<String> {
    let set = cx.m.set(id)?;
    if license.is_some_and(|license| bound_elsewhere(set, license)) {
        return Some(format!(
            "member {} is bound to {}",
            set.full_name(),
            shown_bond(cx.m, set)
        ));
    }
    let SetLicense::Psl(psl) = set.license.get()? else {
        return None;
    };
    let why = psl_ended(cx.m.psl(psl)?, cx.run.today)?;
    Some(format!(
        "member {} needs permission set license {}: {why}",
        set.full_name(),
        shown_psl(cx.m, psl)
    ))
}

fn is_faulty(cx: &RowCx<'_>, id: PermissionSetId, license: Option<LicenseId>) -> bool {
    cx.m.set(id).is_some_and(|set| match set.license.get() {
        Some(SetLicense::Psl(psl)) => {
            cx.m.psl(psl)
                .is_some_and(|psl| psl_ended(psl, cx.run.today).is_some())
        }
        _ => license.is_some_and(|license| bound_elsewhere(set, license)),
    })
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    check_members(cx, sink);
    each_faulty(cx, |faulty| {
        if matches!(faulty.to, SetRef::Group(_)) {
            check_aggregate(cx, sink, faulty);
        }
    });
}

/// What the group as a whole enables, after muting.
fn check_aggregate(cx: &RowCx<'_>, sink: &mut Sink<'_>, faulty: &Faulty<'_>) {
    let excluded = faulty.excluded(cx.m);
    let gates = faulty.gated(cx.m);
    let closed: Permissions = gates.iter().map(|gate| gate.permission).collect();
    if excluded.is_empty() && closed.is_empty() {
        return;
    }
    let proved = is_proved(cx.m, faulty, &gates);
    let told =
        cx.row.person.is_create() || cx.m.org.coverage.has("PermissionSetLicenseAssign");
    if excluded.is_empty() && proved && !told {
        sink.undecided("PermissionSetLicenseAssign.csv");
        return;
    }
    let all: Permissions = excluded.iter().chain(&closed).copied().collect();
    let name = cx.m.shown(faulty.to);
    let cause = if excluded.is_empty() && !proved {
        Cause::warning(Confidence::Documented)
    } else {
        Cause::error(Confidence::Documented)
    };
    let mut cause = faulty
        .marked(cause, &name)
        .key(faulty.key(all.iter().copied()));
    // A gate that the org's own data proves is not contradicted by people who hold the license for it.
    if !proved && let Some(witness) = contradiction(cx.m, faulty, &excluded) {
        cause = cause.unless(witness);
    }
    sink.report(cause, || {
        let license = cx.m.shown_license(faulty.license);
        let mut words = Explanation::new(format!(
            "permission set group {name} has {} that {license} does not give: {}",
            count(&all),
            shown(cx.m, &all)
        ))
        .because(format!("the user is on {license}; what is muted in {name} is not counted"));
        if !excluded.is_empty() {
            words = words.because(format!(
                "refusals for this kind of license were published: {}",
                shown(cx.m, &excluded)
            ));
        }
        with_gates(words, cx.m, faulty, &gates)
            .predicts("FIELD_INTEGRITY_EXCEPTION", refusal(cx.m, &name, &all))
            .fix(if excluded.is_empty() {
                format!("assign the permission set license first, or mute the permission in {name}")
            } else {
                format!("mute the permission in {name}, take the member out, or change the license")
            })
    });
}

fn check_members(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let license = cx.row.person.license;
    for (item, to) in cx.row.sets.found() {
        if matches!(to, SetRef::Set(_)) {
            continue;
        }
        let faulty = || {
            members(cx.m, &to)
                .iter()
                .copied()
                .filter(|&set| is_faulty(cx, set, license))
        };
        // The member that the org contradicts least decides about the group.
        let witness = |set| license.map(|license| Witness::PermissionSet(license, set));
        let expired = |set: PermissionSetId| {
            matches!(
                cx.m.set(set).and_then(|set| set.license.get()),
                Some(SetLicense::Psl(_))
            )
        };
        let Some(worst) = faulty().min_by_key(|&set| {
            if expired(set) {
                0
            } else {
                witness(set).map_or(0, |witness| cx.m.witnesses(witness))
            }
        }) else {
            continue;
        };
        let mut cause = Cause::error(Confidence::Documented)
            .column(item.column)
            .value(&item.text)
            .key(license.map_or(0, |license| u64::from(license.0) + 1));
        if let Some(witness) = witness(worst).filter(|_| !expired(worst)) {
            cause = cause.unless(witness);
        }
        sink.report(cause, || {
            let group = cx.m.shown(to);
            let mut words = Explanation::new(format!(
                "permission set group {group} has members that this user cannot get"
            ));
            for reason in faulty().filter_map(|set| fault(cx, set, license)) {
                words = words.because(reason);
            }
            if let Some(license) = license {
                words = words.because(format!("the user is on {}", cx.m.shown_license(license)));
            }
            let first = faulty().next().and_then(|set| cx.m.set(set));
            let name = first.map(crate::model::PermissionSet::full_name).unwrap_or_default();
            let words = if expired(worst) {
                words
            } else {
                words.predicts(
                    "FIELD_INTEGRITY_EXCEPTION",
                    format!("Can't assign permission set {name} to user ... The user license doesn't allow the permission: ..."),
                )
            };
            words.fix(format!(
                "leave {group} out for this user, or take {name} out of the group"
            ))
        });
    }
}
