//! How one person comes to what they get: groups by priority, blanks, combined lists, an assignment of their own.

use super::groups::{Group, Groups, SCALARS};
use super::join::given;
use super::members::Standing;
use crate::input::Attribute;
use serde::Serialize;
use std::collections::BTreeMap;

/// What decides for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Decides {
    /// The groups that the person is in.
    Groups,
    /// Groups decide profile, role and lists; the rest comes from the user of the app.
    Joined,
    /// An assignment of their own, which beats every group.
    Individual,
    /// Okta has taken the app away from the person: a push makes the Salesforce user inactive, if Okta is linked to one, and
    /// sends nothing else.
    Gone,
}

/// One group of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Share {
    /// Name.
    pub group: String,
    /// Priority; the lowest number counts first.
    pub priority: Option<i64>,
    /// What it sets; an empty text: it leaves the attribute blank.
    pub sets: BTreeMap<&'static str, String>,
}

/// One attribute of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Derived {
    /// `profile`, `role`, `permissionSets` ...
    pub attribute: &'static str,
    /// What the person gets; a list has its elements.
    pub values: Vec<String>,
    /// The groups that give it.
    pub from: Vec<String>,
    /// Groups that count before and leave it blank.
    pub blank_in: Vec<String>,
    /// The list is combined over groups (`union` in the schema of the app).
    pub combined: bool,
    /// Another group of the same priority, or of none, gives something else: which one counts is not documented.
    pub tied_with: Vec<String>,
    /// No group gives it, so what the user of the app has of it stands.
    #[serde(skip)]
    pub stands: bool,
}

/// The derivation of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Derivation {
    /// Login in Okta.
    pub login: String,
    /// Username in Salesforce.
    pub username: String,
    /// What decides.
    pub decides: Decides,
    /// The groups, in the order in which they count.
    pub groups: Vec<Share>,
    /// What they give together; for an individual assignment, and for somebody without the app: would give.
    pub derived: Vec<Derived>,
}

impl Groups {
    /// How a person comes to what they get, by login or username; `None`: a member of no group of the run.
    #[must_use]
    pub fn derivation(&self, login: &str) -> Option<Derivation> {
        let members = self.members.as_ref()?;
        let person = members.person(members.find(login)?)?;
        let of = person.in_order(self);
        let columns = given(self);
        let sets = |group: &Group| {
            columns
                .iter()
                .filter_map(|column| Some((column.name(), group.text(*column)?.to_owned())))
                .collect()
        };
        Some(Derivation {
            login: person.login.to_string(),
            username: person.username().to_owned(),
            decides: match person.standing {
                Standing::Member => Decides::Groups,
                Standing::Joined => Decides::Joined,
                Standing::Individual => Decides::Individual,
                Standing::Gone => Decides::Gone,
            },
            groups: of
                .iter()
                .map(|group| Share {
                    group: group.name.to_string(),
                    priority: group.priority,
                    sets: sets(group),
                })
                .collect(),
            derived: columns
                .iter()
                .map(|column| {
                    let derived = self.derived(&of, *column);
                    let stands = derived.values.is_empty() && person.standing == Standing::Joined;
                    Derived { stands, ..derived }
                })
                .collect(),
        })
    }

    fn derived(&self, of: &[&Group], column: Attribute) -> Derived {
        let names = |groups: &[&Group]| groups.iter().map(|group| group.name.to_string()).collect();
        if self.combined.contains(&column) {
            let giving: Vec<&Group> = of
                .iter()
                .copied()
                .filter(|group| !group.list(column).is_empty())
                .collect();
            let mut values: Vec<String> = Vec::new();
            for element in giving.iter().flat_map(|group| group.list(column)) {
                if !values.iter().any(|held| **held == **element) {
                    values.push(element.to_string());
                }
            }
            return Derived {
                attribute: column.name(),
                values,
                from: names(&giving),
                blank_in: Vec::new(),
                combined: true,
                tied_with: Vec::new(),
                stands: false,
            };
        }
        let giver = super::priority::deciding(of, column, self);
        let place = giver.and_then(|giver| of.iter().position(|group| std::ptr::eq(*group, giver)));
        let before = of.get(..place.unwrap_or(of.len())).unwrap_or_default();
        let blank: Vec<&Group> = before
            .iter()
            .copied()
            .filter(|group| group.text(column).is_some())
            .collect();
        let values = match giver {
            None => Vec::new(),
            Some(group) if SCALARS.contains(&column) => group
                .scalar(column)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .into_iter()
                .collect(),
            Some(group) => group.list(column).iter().map(ToString::to_string).collect(),
        };
        let tied: Vec<&Group> = of
            .iter()
            .copied()
            .filter(|group| {
                giver.is_some_and(|giver| {
                    !std::ptr::eq(*group, giver)
                        && group.priority == giver.priority
                        && group.text(column).is_some()
                        && group.differing(giver).contains(&column)
                })
            })
            .collect();
        Derived {
            attribute: column.name(),
            values,
            from: names(giver.as_slice()),
            blank_in: names(&blank),
            combined: false,
            tied_with: names(&tied),
            stands: false,
        }
    }
}
