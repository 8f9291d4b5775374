#![doc = include_str!("account_owner_without_role.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::model::UserType;
use crate::rules::portal_account::{Behind, account, marked, owner, shown};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "account-owner-without-role",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    applies: "create, update",
    columns: &[Attribute::Contact, Attribute::Profile],
    // Rows that are undecided without them are told one by one below: creates that send a contact.
    needs: &[
        Need::optional("Contact", "AccountId"),
        Need::optional("Account", "OwnerId"),
        Need::optional("User", "UserRoleId"),
    ],
    row: Some(check),
    when: Occasion::EXTERNAL,
    speaks: |_, columns, run| {
        columns.has(Attribute::Contact) || columns.has(Attribute::Profile) || run.account_id.is_some()
    },
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.kind.is_some_and(UserType::is_external) {
        return;
    }
    // Of other updates nothing is published: the user was made external while the owner had a role.
    let creates = person.is_create();
    let upgrades = person.kind_before.is_some_and(UserType::is_lite)
        && person.kind.is_some_and(UserType::is_power);
    if !creates && !upgrades {
        return;
    }
    let mut undecided = |fact| {
        if creates && cx.m.org.coverage.has("User") {
            sink.undecided(fact);
        }
    };
    let account = match account(cx) {
        Behind::Here(account) => account,
        Behind::Nobody => return,
        Behind::Untold(fact) => return undecided(fact),
    };
    let owner = match owner(cx, account) {
        Behind::Here(owner) => owner,
        Behind::Nobody => return,
        Behind::Untold(fact) => return undecided(fact),
    };
    if !cx.m.org.coverage.has_column("User", "UserRoleId") {
        return undecided("User.UserRoleId");
    }
    if cx.m.org.users.has_role(owner) {
        return;
    }
    let cause = if creates {
        Cause::error(Confidence::Certain)
    } else {
        Cause::warning(Confidence::Inferred)
    };
    sink.report(marked(cause, cx, account), || {
        let shown = shown(account);
        let owner = cx.m.org.users.shown(owner);
        let words = Explanation::new(format!(
            "the owner of account {shown} has no role, and external users need one above them"
        ))
        .because(format!("Account.OwnerId is {owner}, whose UserRoleId is empty"));
        let words = if creates {
            words.predicts("UNKNOWN_EXCEPTION", "portal account owner must have a role")
        } else {
            words
                .because("the upgrade gives the user a role below that of the owner; that it is refused is inferred from what happens to new users")
                .predicts_text("portal account owner must have a role")
        };
        words.fix(format!("give {owner} a role, or {shown} an owner who has one"))
    });
}
