#![doc = include_str!("psl_expiring.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::model::{Dense, PermissionSetLicense, PslId};
use crate::rules::set_facts::{needed_psls, psl_ended};
use crate::rules::{Command, EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Run, Sink};
use fixedbitset::FixedBitSet;
use jiff::civil::Date;
use smallvec::SmallVec;

pub(crate) const RULE: Rule = Rule {
    name: "psl-expiring",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, mapping, org",
    needs: &[
        Need::optional("PermissionSetLicense", "ExpirationDate"),
        Need::optional("PermissionSetLicense", "Status"),
    ],
    row: Some(check),
    end: Some(report),
    when: Occasion::PSLS.or(Occasion::HOLDS),
    speaks: |m, _, run| m.org.psls.iter().any(|(_, psl)| ends_soon(psl, run).is_some()),
    ..Rule::TEMPLATE
};

/// The last day, if it comes soon.
fn ends_soon(psl: &PermissionSetLicense, run: &Run) -> Option<Date> {
    let last = psl.expires.get().flatten()?;
    if psl_ended(psl, run.today).is_some() {
        return None;
    }
    let left = i64::from(run.today.until(last).ok()?.get_days());
    (0..=run.expiring_within).contains(&left).then_some(last)
}

fn words(psl: &PermissionSetLicense, last: Date) -> Explanation {
    let name = psl.shown();
    Explanation::new(format!(
        "permission set license {name} ends soon: on {last}"
    ))
    .because(format!("ExpirationDate of {name} is {last}"))
    .because("afterwards its sets cannot be assigned any more")
    .fix(format!("renew {name} before {last}"))
}

fn cause(psl: &PermissionSetLicense, id: PslId) -> Cause<'_> {
    Cause::warning(Confidence::Certain)
        .subject("permission-set-license", &psl.key)
        .key(u64::from(id.0))
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() && cx.row.psls.items.is_empty() {
        return;
    }
    let mut counted = SmallVec::<[PslId; 4]>::new();
    needed_psls(cx, |needed| {
        let Some(psl) = cx.m.psl(needed.psl) else {
            return;
        };
        let Some(last) = ends_soon(psl, cx.run) else {
            return;
        };
        if !counted.contains(&needed.psl) {
            counted.push(needed.psl);
            sink.once(cause(psl, needed.psl), || words(psl, last));
        }
    });
}

/// Without an input file: every license that somebody holds.
fn report(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    if cx.run.command == Command::Check || cx.columns.is_some() {
        return;
    }
    let org = &cx.m.org;
    let mut held = FixedBitSet::with_capacity(org.psls.len());
    for user in org.users.iter() {
        for psl in org.users.psls(user) {
            held.insert(psl.index());
        }
    }
    for (id, psl) in org.psls.iter().filter(|(id, _)| held.contains(id.index())) {
        if let Some(last) = ends_soon(psl, cx.run) {
            sink.report(Place::default(), cause(psl, id), || words(psl, last));
        }
    }
}
