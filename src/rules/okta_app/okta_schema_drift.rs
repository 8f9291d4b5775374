#![doc = include_str!("okta_schema_drift.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, FeatureRef, Resolution, RoleCell};
use crate::rules::okta_lists::{Meant, OktaList};
use crate::rules::{Command, EndCx, EndSink, Place, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "okta-schema-drift",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, org",
    columns: &[
        Attribute::Profile,
        Attribute::Role,
        Attribute::PermissionSets,
        Attribute::FeatureLicenses,
        Attribute::PublicGroups,
    ],
    requires: &[Setting::OktaSchema],
    asks: "Okta's lists of profiles, roles and sets are those of the org",
    speaks: |_, columns, run| {
        run.okta_schema
            .as_deref()
            .is_some_and(|schema| schema.lists.iter().any(|list| columns.has(list.column)))
    },
    row: Some(check),
    end: Some(end),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let Some(schema) = cx.run.okta_schema.as_deref() else {
        return;
    };
    let row = cx.row;
    if let (Some(list), Some(text)) = (schema.list(Attribute::Profile), row.profile_cell.sent()) {
        look(sink, list, text, one(&row.profile).map(Meant::Profile), missing(&row.profile));
    }
    if let (Some(list), RoleCell::Sent(text, to)) = (schema.list(Attribute::Role), &row.role) {
        look(sink, list, text, one(to).map(Meant::Role), missing(to));
    }
    if let Some(list) = schema.list(Attribute::PermissionSets) {
        for item in row.sets.items.iter().filter(|item| item.column == list.column) {
            look(sink, list, &item.text, one(&item.to).map(Meant::Set), missing(&item.to));
        }
    }
    if let Some(list) = schema.list(Attribute::PublicGroups) {
        for item in &row.public_groups.items {
            look(sink, list, &item.text, one(&item.to).map(Meant::PublicGroup), missing(&item.to));
        }
    }
    if let Some(list) = schema.list(Attribute::FeatureLicenses) {
        for item in row.features.iter().filter(|item| item.column == list.column) {
            let meant = match item.to {
                FeatureRef::Feature(id) => Some(Meant::Feature(id)),
                _ => None,
            };
            let missing = matches!(item.to, FeatureRef::Unknown | FeatureRef::Absent(_));
            look(sink, list, &item.text, meant, missing);
        }
    }
}

fn one<I: Copy>(to: &Resolution<'_, I>) -> Option<I> {
    match to {
        Resolution::Found(id) | Resolution::Folded(id) => Some(*id),
        Resolution::Ambiguous(several) => several.first().copied(),
        _ => None,
    }
}

fn missing<I>(to: &Resolution<'_, I>) -> bool {
    matches!(to, Resolution::NotFound | Resolution::UnknownId(_))
}

/// A value that a row uses: Okta cannot choose it, or chooses what is no more.
fn look(sink: &mut Sink<'_>, list: &OktaList, text: &str, meant: Option<Meant>, missing: bool) {
    let text = text.trim();
    let offered = list.offers(text, meant);
    if offered && !(missing && list.has(text)) {
        return;
    }
    let cause = Cause::warning(Confidence::Certain)
        .column(list.column)
        .value(text)
        .subject("okta-value", text)
        .key(u64::from(offered));
    let attribute = &list.attribute;
    sink.once(cause, || {
        if offered {
            Explanation::new(format!(
                "Okta still offers '{text}' for {attribute}, and the org has it no more"
            ))
            .because(format!("'{text}' is among the values of {attribute} in the app's schema"))
            .because("nothing in the snapshot has this name")
            .fix("choose another value, then Applications > More > Refresh Application Data in Okta")
        } else {
            Explanation::new(format!(
                "Okta's list of values for {attribute} does not have '{text}': it cannot be chosen there"
            ))
            .because(format!("the values of {attribute} in the app's schema lack '{text}'"))
            .because("Okta keeps a copy of Salesforce's lists, and learns of changes when it is told to")
            .fix("Applications > More > Refresh Application Data in Okta; else use a value that Okta offers")
        }
    });
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let schema = cx.run.okta_schema.as_deref();
    let Some(schema) = schema.filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    if schema.lists.is_empty() {
        return sink.cannot_tell(RULE.asks, "the app's schema has no list of values for any of them");
    }
    let (mut told, mut known) = (false, true);
    for list in &schema.lists {
        let Some(gone) = &list.gone else {
            known = false;
            sink.cannot_tell(
                RULE.asks,
                format!("{}: not all that the org has is in the snapshot", list.attribute),
            );
            continue;
        };
        let missing = list.missing.as_deref().unwrap_or_default();
        for (names, what) in [
            (gone.as_slice(), "Okta offers, and the org has no more"),
            (missing, "the org has, and Okta does not offer"),
        ] {
            if names.is_empty() {
                continue;
            }
            told = true;
            let cause = Cause::notice(Confidence::Certain)
                .subject("okta-attribute", &list.attribute)
                .key(u64::from(what.starts_with("Okta")));
            sink.report(Place::default(), cause, || {
                Explanation::new(format!("{}: {} that {what}", list.attribute, many(names.len())))
                    .because(listed(names))
                    .fix("Applications > More > Refresh Application Data in Okta")
            });
        }
    }
    if known && !told {
        sink.passes(RULE.asks, "no value more, no value less");
    }
}

fn many(count: usize) -> String {
    format!("{count} value{}", if count == 1 { "" } else { "s" })
}

/// The first names, and how many more there are.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("'{name}'")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
