//! What is asked for of one object: wanted columns that the org has, in statements that fit into an address.

use super::run::UserFields;
use super::wanted::{Column, Part, Wanted};
use crate::api::{Describe, Field, Query, chunks};

/// What is asked for of one object.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) wanted: &'static Wanted,
    /// Columns of the file.
    pub(super) header: Vec<String>,
    /// Wanted fields that the org does not have, or does not show to this user.
    pub(super) missing: Vec<String>,
    /// The statements; several where the columns do not fit into one address.
    pub(super) queries: Vec<Query>,
    /// Columns that hold moments, which bulk results write in another form.
    pub(super) moments: Vec<String>,
}

/// By which parts of a cut query are joined; asked for where the object has it, and not written where nobody wants it.
const STAMP: &str = "SystemModstamp";

impl Plan {
    /// The plan for an object with these fields; without describe, all wanted fields are tried.
    pub(super) fn new(
        wanted: &'static Wanted,
        describe: Option<&Describe>,
        user_fields: &UserFields,
    ) -> Self {
        let mut header: Vec<String> = Vec::new();
        let mut missing = Vec::new();
        let mut add = |name: &str| {
            if !header.iter().any(|known| known == name) {
                header.push(name.to_owned());
            }
        };
        let own = |name: &str| match describe {
            None => Some(name.to_owned()),
            Some(describe) => describe.field(name).map(|field| field.name.clone()),
        };
        for column in wanted.columns {
            match column {
                Column::Field(name) => match own(name) {
                    Some(name) => add(&name),
                    None => missing.push((*name).to_owned()),
                },
                Column::Maybe(name) => {
                    // Without describe it is tried, and refused where the org lacks it.
                    if let Some(name) = own(name) {
                        add(&name);
                    }
                }
                Column::Parent(path, reference) => match own(reference) {
                    Some(_) => add(path),
                    None => missing.push((*path).to_owned()),
                },
                Column::Family(prefix) => {
                    described(describe, |field| field.name.starts_with(prefix), &mut add);
                }
                Column::Custom => described(describe, is_asked_for, &mut add),
            }
        }
        if wanted.name == "User" {
            match user_fields {
                UserFields::Needed => {}
                UserFields::All => described(describe, is_plain, &mut add),
                UserFields::Also(names) => {
                    for name in names {
                        match own(name) {
                            Some(name) => add(&name),
                            None => missing.push(name.clone()),
                        }
                    }
                }
            }
        }
        let mut plan = Self {
            wanted,
            header,
            missing,
            queries: Vec::new(),
            moments: moments(describe),
        };
        plan.cut(describe.is_some_and(|describe| describe.field(STAMP).is_some()));
        plan
    }

    /// The same without a field that the org refuses after all; `None` where it was not asked for, or nothing is left.
    pub(super) fn without(&self, field: &str) -> Option<Self> {
        let is_it = |name: &String| {
            name.eq_ignore_ascii_case(field)
                || name
                    .split('.')
                    .next()
                    .is_some_and(|parent| parent.eq_ignore_ascii_case(field))
        };
        let stamped = self.has_stamp() && !field.eq_ignore_ascii_case(STAMP);
        let mut plan = self.clone();
        plan.header.retain(|name| !is_it(name));
        let hidden = self.has_stamp() && field.eq_ignore_ascii_case(STAMP);
        if (plan.header.len() == self.header.len() && !hidden) || plan.header.is_empty() {
            return None;
        }
        let optional = |name: &&String| {
            self.wanted
                .columns
                .iter()
                .any(|column| matches!(column, Column::Maybe(own) if own == *name))
        };
        plan.missing.extend(
            self.header
                .iter()
                .filter(|name| is_it(name) && !optional(name))
                .cloned(),
        );
        plan.cut(stamped);
        Some(plan)
    }

    /// Whether records can be sorted and compared by their id.
    pub(super) fn by_id(&self) -> bool {
        self.wanted.by_id && self.header.iter().any(|name| name == "Id")
    }

    /// Whether it is known when a record was changed last.
    pub(super) fn has_stamp(&self) -> bool {
        self.queries
            .first()
            .is_some_and(|query| query.columns.iter().any(|name| name == STAMP))
    }

    /// The condition of the statements.
    pub(super) fn filter(&self) -> Option<&'static str> {
        match self.wanted.part {
            Part::All | Part::Named => None,
            Part::Where(filter) | Part::Kept { filter, .. } => Some(filter),
        }
    }

    fn cut(&mut self, stamped: bool) {
        let mut columns = self.header.clone();
        if stamped && self.by_id() && !columns.iter().any(|name| name == STAMP) {
            columns.push(STAMP.to_owned());
        }
        let query = Query {
            object: self.wanted.name.to_owned(),
            columns,
            filter: self.filter().map(str::to_owned),
            by_id: self.by_id(),
        };
        let keys: &[&str] = if stamped { &["Id", STAMP] } else { &["Id"] };
        self.queries = if self.by_id() {
            chunks(&query, keys)
        } else {
            vec![query]
        };
    }
}

fn described(
    describe: Option<&Describe>,
    fits: impl Fn(&Field) -> bool,
    add: &mut impl FnMut(&str),
) {
    for field in describe.into_iter().flat_map(|describe| &describe.fields) {
        if fits(field) {
            add(&field.name);
        }
    }
}

/// Custom fields that rules ask for: managers of another kind, what a create must send, what is unique.
fn is_asked_for(field: &Field) -> bool {
    let to_users = field.reference_to.iter().any(|object| object == "User");
    let required = field.createable
        && field.nillable == Some(false)
        && !field.defaulted_on_create
        && field.kind.as_deref() != Some("boolean");
    field.custom && (to_users || required || field.unique || field.external_id)
}

/// Fields of one value; an address is there a second time, part by part.
fn is_plain(field: &Field) -> bool {
    !matches!(
        field.kind.as_deref(),
        Some("address" | "location" | "base64")
    )
}

fn moments(describe: Option<&Describe>) -> Vec<String> {
    let fields = describe.into_iter().flat_map(|describe| &describe.fields);
    fields
        .filter(|field| field.kind.as_deref() == Some("datetime"))
        .map(|field| field.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::wanted::WANTED;
    use super::*;

    fn wanted(name: &str) -> &'static Wanted {
        WANTED
            .iter()
            .find(|wanted| wanted.name == name)
            .expect("an object")
    }

    fn describe(fields: &[&str]) -> Describe {
        let fields: Vec<String> = fields
            .iter()
            .map(|field| match field.split_once(' ') {
                None => format!(r#"{{"name":"{field}"}}"#),
                Some((name, more)) => format!(r#"{{"name":"{name}",{more}}}"#),
            })
            .collect();
        Describe::parse(
            "X",
            format!(r#"{{"fields":[{}]}}"#, fields.join(",")).as_bytes(),
        )
        .expect("a describe")
    }

    #[test]
    fn wanted_fields_that_the_org_has_are_asked_for_and_gaps_are_told() {
        let describe = describe(&[
            "Id",
            "Name",
            "PermissionsB",
            "PermissionsA",
            "Unwanted",
            "SystemModstamp",
            "ProfileId",
        ]);
        let plan = Plan::new(
            wanted("PermissionSet"),
            Some(&describe),
            &UserFields::Needed,
        );
        assert_eq!(
            plan.header,
            [
                "Id",
                "Name",
                "ProfileId",
                "Profile.Name",
                "PermissionsB",
                "PermissionsA"
            ]
        );
        assert!(plan.missing.contains(&String::from("LicenseId")));
        assert_eq!(
            plan.queries.first().map(Query::text).as_deref(),
            Some(
                "SELECT Id, Name, ProfileId, Profile.Name, PermissionsB, PermissionsA, SystemModstamp FROM PermissionSet ORDER BY Id"
            )
        );
        let less = plan.without("profileid").expect("another plan");
        assert!(
            !less.header.contains(&String::from("ProfileId"))
                && less.missing.contains(&String::from("ProfileId"))
        );
        assert!(plan.without("Nonsense").is_none());
    }

    #[test]
    fn custom_fields_of_users_are_chosen_by_what_they_are_for() {
        let describe = describe(&[
            "Id",
            "Boss__c \"custom\":true,\"type\":\"reference\",\"referenceTo\":[\"User\"]",
            "Must__c \"custom\":true,\"type\":\"string\",\"createable\":true,\"nillable\":false",
            "Check__c \"custom\":true,\"type\":\"boolean\",\"createable\":true,\"nillable\":false",
            "Badge__c \"custom\":true,\"unique\":true",
            "Note__c \"custom\":true,\"type\":\"string\"",
            "Address \"type\":\"address\"",
            "AboutMe \"type\":\"textarea\"",
        ]);
        let columns =
            |fields: &UserFields| Plan::new(wanted("User"), Some(&describe), fields).header;
        assert_eq!(
            columns(&UserFields::Needed),
            ["Id", "Boss__c", "Must__c", "Badge__c"]
        );
        assert_eq!(
            columns(&UserFields::All),
            [
                "Id", "Boss__c", "Must__c", "Badge__c", "Check__c", "Note__c", "AboutMe"
            ]
        );
        let also = UserFields::Also(vec![String::from("note__C"), String::from("Gone__c")]);
        let plan = Plan::new(wanted("User"), Some(&describe), &also);
        assert_eq!(plan.header.last().map(String::as_str), Some("Note__c"));
        assert!(plan.missing.contains(&String::from("Gone__c")));
    }
}
