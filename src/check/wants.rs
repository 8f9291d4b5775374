//! What a run needs of the users, by the columns of its inputs: the rest is not even kept.

use super::Options;
use super::changes::{Stored, stored};
use crate::input::{Attribute, Columns, FieldColumn};
use crate::matrix::Matrix;
use crate::model::{FEDERATION_ID_FOLDED, Org};
use crate::rules::{Command, is_digested};
use crate::snapshot::{Holding, Wants};

/// The columns of User that the rules will ask for.
pub(super) fn of(inputs: &[&Columns], org: &Org, options: &Options) -> Wants {
    let any = |attribute| inputs.iter().any(|columns| columns.has(attribute));
    let packages = any(Attribute::Packages) || options.run.command != Command::Check;
    let holdings = [
        (packages, Holding::Packages),
        (any(Attribute::PublicGroups), Holding::PublicGroups),
    ];
    let holdings = holdings
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, holding)| holding)
        .collect();
    // External users are judged by the owner of their account.
    let owners = !org.accounts.is_empty() && (any(Attribute::Contact) || any(Attribute::Profile));
    let mut wants = Wants {
        by_id: any(Attribute::UserId) || any(Attribute::Manager) || owners,
        holdings,
        hash: options.hash,
        threads: options.workers(),
        ..Wants::new(options.run.today)
    };
    let mut key = |field: &str, fold: bool| {
        if !wants.keyed.iter().any(|(known, _)| known == field) {
            wants.keyed.push((field.to_owned(), fold));
        }
    };
    if any(Attribute::FederationId) {
        key("FederationIdentifier", false);
        key(FEDERATION_ID_FOLDED, true);
    }
    if any(Attribute::Nickname) {
        key("CommunityNickname", true);
    }
    if any(Attribute::Manager) {
        key("Name", true);
    }
    for unique in inputs.iter().flat_map(|columns| &columns.checks().uniques) {
        key(&unique.field, true);
    }
    wants.references = references(&any, org);
    if org
        .user_describe
        .as_ref()
        .is_some_and(|describe| describe.field("CountryCode").is_some())
    {
        wants
            .texts
            .extend(["Country".to_owned(), "State".to_owned()]);
    }
    if options.run.command == Command::Check {
        compared(inputs, &mut wants);
    }
    if options.changes {
        told_before(inputs, &mut wants);
    }
    let pulled = &org.pulled;
    if options.integration_user.is_some()
        || pulled.integration_user.is_some()
        || options.run.command == Command::Preflight
    {
        wants.texts.push("LanguageLocaleKey".to_owned());
    }
    if options.run.command == Command::Preflight {
        let fields = ["PasswordExpirationDate", "LastPasswordChangeDate"];
        wants.texts.extend(fields.map(str::to_owned));
    }
    for field in ["ForecastEnabled", "IsPortalEnabled"] {
        if inputs.iter().any(|columns| {
            columns
                .fields()
                .iter()
                .any(|column| column.field.eq_ignore_ascii_case(field))
        }) {
            wants.texts.push(field.to_owned());
        }
    }
    wants
}

/// The fields of which is asked whether a row changes them.
fn compared(inputs: &[&Columns], wants: &mut Wants) {
    let columns = inputs.iter().flat_map(|columns| columns.fields());
    for column in columns.filter(|column| is_digested(column)) {
        let known = |fields: &[String]| fields.iter().any(|field| **field == *column.field);
        if !known(&wants.digests) && !known(&wants.references) {
            wants.digests.push(column.field.to_string());
        }
    }
}

/// What cannot be compared because the org has too many users: a line of coverage.
pub(super) fn not_compared(m: &Matrix, columns: &Columns, options: &Options) -> Option<String> {
    let org = &m.org;
    let left_out = |column: &&FieldColumn| {
        is_digested(column)
            && org.coverage.has_column("User", &column.field)
            && !org.users.has_digests(&column.field)
            && !org.users.has_reference(&column.field)
    };
    let mut left = columns.fields().iter().filter(left_out);
    (options.run.command == Command::Check && left.next().is_some()).then(|| {
        String::from("in an org of so many users only references, federation ids and nicknames are compared with what Salesforce has")
    })
}

/// What stands in the fields that the inputs fill, for whoever asks what changes.
fn told_before(inputs: &[&Columns], wants: &mut Wants) {
    for column in inputs.iter().flat_map(|columns| columns.fields()) {
        let field = column.field.to_string();
        let list = match stored(column.attribute) {
            Stored::Reference => &mut wants.references,
            Stored::Text => &mut wants.texts,
            Stored::Always => continue,
        };
        if !list.contains(&field) {
            list.push(field);
        }
    }
}

/// The reference fields that are followed.
fn references(any: &impl Fn(Attribute) -> bool, org: &Org) -> Vec<String> {
    let mut followed = Vec::new();
    let mut follow = |field: &str| followed.push(field.to_owned());
    let leavers = any(Attribute::Active);
    if any(Attribute::Contact) || any(Attribute::Profile) || any(Attribute::Role) || leavers {
        follow("ContactId");
    }
    if any(Attribute::Role) || leavers {
        // Who owns accounts with external users matters only where a role can be taken away or belongs to an account.
        follow("AccountId");
    }
    if any(Attribute::Manager) {
        follow("ManagerId");
    }
    if leavers {
        // A leaver must not stand in a hierarchy field of anybody.
        let described = org.user_describe.iter();
        let fields = described.flat_map(crate::model::Describe::hierarchy_fields);
        fields.for_each(|field| follow(&field.name));
    }
    followed
}
