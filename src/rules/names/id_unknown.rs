#![doc = include_str!("id_unknown.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::SfId;
use crate::rules::named::{Lead, Named, each};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "id-unknown",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::file("UserRole", About::Role),
        Need::file("PermissionSet", About::Sets),
        Need::file("User", About::Cell(Attribute::UserId)),
        Need::optional("PermissionSetGroup", ""),
        Need::optional("PermissionSetLicense", ""),
        Need::optional("Group", ""),
        Need::optional("Contact", ""),
        Need::optional("Account", ""),
    ],
    row: Some(check),
    leavers: true,
    when: Occasion::UNCLEAR.or(Occasion::REFERENCES).or(Occasion::CONTACT),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each(cx, |named| {
        if let Lead::Unknown(id) = named.to {
            let instance = (cx.columns.linked && named.column == Attribute::UserId)
                .then(|| cx.run.made_elsewhere(cx.m, id))
                .flatten();
            match instance {
                Some(instance) => of_another_org(sink, &instance),
                None => report(cx, sink, &named),
            }
        }
    });
    let coverage = &cx.m.org.coverage;
    if let Some(id) = cx.row.contact
        && cx.m.contacts_are_full()
        && !cx.m.org.contacts.has(id)
    {
        report_sent(cx, sink, Attribute::Contact, "Contact");
    }
    if let Some(text) = cx.cell(Attribute::Account).sent()
        && text.starts_with("001")
        && let Ok(id) = SfId::parse(text)
        && !cx.m.org.account_ids.contains_key(&id)
        && coverage.is_full("Account")
    {
        report_sent(cx, sink, Attribute::Account, "Account");
    }
}

fn report_sent(cx: &RowCx<'_>, sink: &mut Sink<'_>, column: Attribute, object: &'static str) {
    if let Some(text) = cx.cell(column).sent() {
        let to = Lead::Other;
        report(
            cx,
            sink,
            &Named {
                column,
                text,
                object,
                to,
            },
        );
    }
}

fn report(cx: &RowCx<'_>, sink: &mut Sink<'_>, named: &Named<'_>) {
    // A group of sets lies in a file of its own.
    let object = if named.text.starts_with("0PG") {
        "PermissionSetGroup"
    } else {
        named.object
    };
    // What a pull asks for in part only proves nothing.
    if !cx.m.org.coverage.is_full(object) {
        return;
    }
    let cause = Cause::error(Confidence::Certain)
        .column(named.column)
        .value(named.text)
        .subject("id", named.text);
    sink.report(cause, || {
        Explanation::new(format!("the org has no {object} with the id '{}'", named.text))
            .because(format!("{object} is complete in the snapshot, and the id is not in it"))
            .because("ids differ between orgs: one of a sandbox means nothing in production")
            .predicts("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
            .fix("send the name, or the id that the record has in this org")
    });
}

/// Links of Okta into another org: one cause for all of them.
fn of_another_org(sink: &mut Sink<'_>, instance: &str) {
    let cause = Cause::error(Confidence::Certain)
        .column(Attribute::UserId)
        .subject("instance", instance);
    sink.once(cause, || {
        Explanation::new(format!("the org has no User with the ids that begin with 005{instance}"))
            .because("User is complete in the snapshot, and none of its ids begins so")
            .because("ids differ between orgs: one of a sandbox means nothing in production")
            .predicts("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
            .fix("judge the file against the org that it was exported for")
    });
}
