#![doc = include_str!("deactivate_hierarchy_field.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, Cell};
use crate::model::{Field, SfId, UserId};
use crate::rules::{EndCx, EndSink, Need, NullMeaning, Occasion, Place, RowCx, Rule, Sink};
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) const RULE: Rule = Rule {
    name: "deactivate-hierarchy-field",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::Active],
    // Rows that are undecided for want of such a column of User are told one by one below.
    needs: &[Need::optional("describe/User", "")],
    row: Some(check),
    leavers: true,
    end: Some(end),
    when: Occasion::UPDATE,
    speaks: |m, columns, _| columns.has(Attribute::Active) && fields(m).next().is_some(),
    ..Rule::TEMPLATE
};

/// What is kept of a row beside its user: that it deactivates the user; any higher number: that it clears or changes
/// the hierarchy field of that number, less one, of the user.
const DEACTIVATES: u32 = 0;

/// The custom hierarchy fields of the org. Describe has no mark for them: any custom reference User -> User counts.
fn fields(m: &crate::matrix::Matrix) -> impl Iterator<Item = &Field> {
    let described = m.org.user_describe.as_ref().into_iter();
    described.flat_map(crate::model::Describe::hierarchy_fields)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let Some(user) = person.user.filter(|_| cx.columns.has(Attribute::Active)) else {
        return;
    };
    let deactivates = person.active_before && !person.active;
    let mut any = false;
    for (number, field) in (1..).zip(fields(cx.m)) {
        any = true;
        let Some(column) = cx.m.org.users.reference_column(&field.name) else {
            if deactivates {
                sink.undecided("a custom hierarchy field that User.csv has no column for");
            }
            continue;
        };
        if let Some(stored) = column.get(user)
            && changes(cx, field, stored)
        {
            sink.keep(user.0, number);
        }
    }
    if deactivates && any {
        sink.keep(user.0, DEACTIVATES);
    }
}

/// Whether the row gives the field another value than the stored one.
fn changes(cx: &RowCx<'_>, field: &Field, stored: SfId) -> bool {
    let cell = cx
        .fields()
        .find(|(column, _)| *column.field == *field.name)
        .map_or(Cell::Absent, |(_, cell)| cell);
    match cell {
        Cell::Absent => false,
        Cell::Blank => cx.run.nulls == NullMeaning::Pushed,
        Cell::Sent(text) => SfId::parse(text).is_ok_and(|id| id != stored),
    }
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let users = &cx.m.org.users;
    let leavers: FxHashMap<SfId, UserId> = cx
        .kept
        .iter()
        .filter(|kept| kept.b == DEACTIVATES)
        .map(|kept| (users.id(UserId(kept.a)), UserId(kept.a)))
        .collect();
    if leavers.is_empty() {
        return;
    }
    let cleared: FxHashSet<(u32, u32)> = cx.kept.iter().map(|kept| (kept.a, kept.b)).collect();
    // Who names a leaver, and in which field.
    let mut named: FxHashMap<UserId, Vec<(&Field, UserId)>> = FxHashMap::default();
    for (number, field) in (1..).zip(fields(cx.m)) {
        let Some(column) = users.reference_column(&field.name) else {
            continue;
        };
        for (holder, value) in column.iter() {
            if let Some(&leaver) = leavers.get(&value)
                && holder != leaver
                && !cleared.contains(&(holder.0, number))
            {
                named.entry(leaver).or_default().push((field, holder));
            }
        }
    }
    for kept in cx.kept.iter().filter(|kept| kept.b == DEACTIVATES) {
        let leaver = UserId(kept.a);
        let Some(holders) = named.get(&leaver) else {
            continue;
        };
        let place = Place {
            row: Some((kept.row, kept.line)),
            user: users.username(leaver).map(str::to_owned),
            ..Place::default()
        };
        let subject = users.id(leaver).text();
        let cause = Cause::error(Confidence::Documented)
            .column(Attribute::Active)
            .subject("user", &subject);
        sink.report(place, cause, || explain(cx, leaver, holders));
    }
}

fn explain(cx: &EndCx<'_>, leaver: UserId, holders: &[(&Field, UserId)]) -> Explanation {
    let users = &cx.m.org.users;
    let first = holders.first().map_or("", |(field, _)| &field.name);
    let mut words = Explanation::new(format!(
        "{} is the value of a hierarchy field of other users and cannot be deactivated",
        users.shown(leaver)
    ));
    let mut names: Vec<&str> = holders.iter().map(|(field, _)| &*field.name).collect();
    names.dedup();
    for name in names {
        let mut of = holders.iter().filter(|(field, _)| field.name == name);
        let (count, shown) = (
            of.clone().count(),
            of.next().map(|(_, holder)| users.shown(*holder)),
        );
        let more = match count {
            0 | 1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        words = words.because(format!(
            "{name} of {}{more} names this user, and the file does not clear it",
            shown.unwrap_or_default()
        ));
    }
    words
        .predicts_text(format!(
            "Cannot inactivate user that is the value of a hierarchy field:{first}"
        ))
        .fix("erase the value in these users first, active or not; deleting the field is not enough")
}
