//! Why a cell says what it says: the chain of facts of one pair.

use super::roles::spell;
use super::{Item, KindOrigin, Matrix, MatrixCell, Side, Thing};
use crate::input::SetRef;
use crate::knowledge::TransitionVerdict;
use crate::model::{Known, LicenseId, ProfileId, PslId, SetLicense};

/// A verdict with the facts that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The license or profile.
    pub subject: String,
    /// What it is held against.
    pub item: String,
    /// The verdict.
    pub cell: MatrixCell,
    /// The facts, in the order of the argument.
    pub facts: Vec<String>,
}

impl Matrix {
    /// The chain of facts about a pair; `None` where no cell of the matrix is about it (two permission sets, say).
    #[must_use]
    pub fn why(&self, a: Thing, b: Thing) -> Option<Chain> {
        let (subject, item) = match (a, b) {
            (Thing::Item(_), Thing::Item(_)) => return None,
            (Thing::Item(_), _) => return self.why(b, a),
            (_, Thing::Item(item)) => (a, item),
            (_, Thing::License(to)) => (a, Item::Move(to)),
            (_, Thing::Profile(to)) => (a, Item::Move(self.license_of(to)?)),
        };
        let mut facts = Vec::new();
        let (side, name) = self.subject(subject, &mut facts)?;
        if let Thing::Profile(target) = b {
            facts.push(self.belongs(target)?);
        }
        self.side_facts(side, &mut facts);
        self.item_facts(side, item, &mut facts);
        let cell = self.cell(side, item);
        facts.push(match cell.witnesses {
            None => String::from("one snapshot holds no witness for such a pair"),
            Some(0) => format!(
                "no active user of {} holds it",
                self.shown_license(side.license)
            ),
            Some(1) => String::from("1 active user of the license holds it"),
            Some(count) => format!("{count} active users of the license hold it"),
        });
        let named = self.named_item(item);
        let item = match named.label {
            Some(label) => format!("{} {} ({label})", named.kind, named.name),
            None => format!("{} {}", named.kind, named.name),
        };
        Some(Chain {
            subject: name,
            item,
            cell,
            facts,
        })
    }

    fn subject(&self, thing: Thing, facts: &mut Vec<String>) -> Option<(Side, String)> {
        match thing {
            Thing::License(license) => Some((
                self.side_of_license(license),
                format!("license {}", self.shown_license(license)),
            )),
            Thing::Profile(profile) => {
                facts.push(self.belongs(profile)?);
                Some((
                    self.side_of_profile(profile)?,
                    format!("profile {}", self.profile(profile)?.name),
                ))
            }
            Thing::Item(_) => None,
        }
    }

    fn belongs(&self, profile: ProfileId) -> Option<String> {
        let row = self.profile(profile)?;
        let license = self.shown_license(row.license.get()?);
        Some(format!(
            "profile '{}' ({}) belongs to the license {license} (Profile.UserLicenseId)",
            row.name, row.id
        ))
    }

    fn side_facts(&self, side: Side, facts: &mut Vec<String>) {
        let license = self.shown_license(side.license);
        facts.push(match (side.kind, side.origin) {
            (Some(kind), KindOrigin::Org) => {
                format!("{license}: user type {} (Profile.UserType)", kind.name())
            }
            (Some(kind), origin) => format!(
                "{license}: user type {} ({}, {})",
                kind.name(),
                origin.source(),
                confidence_word(origin.confidence())
            ),
            (None, KindOrigin::Conflict) => {
                format!("{license}: its profiles have different user types")
            }
            (None, _) => format!("{license}: user type not known"),
        });
        facts.push(match self.facts(side.license) {
            Some(known) => format!(
                "{license}: family {} (shipped facts; {})",
                known.family.as_str(),
                known.source
            ),
            None => format!("{license}: the program ships no facts about it"),
        });
        if self
            .license(side.license)
            .is_some_and(|row| row.disabled.is(&true))
        {
            facts.push(format!("{license}: disabled (UserLicense.Status)"));
        }
    }

    fn item_facts(&self, side: Side, item: Item, facts: &mut Vec<String>) {
        match item {
            Item::Set(to) => {
                if let SetRef::Group(group) = to {
                    let members = self.group(group).and_then(|row| row.members.as_ref());
                    facts.push(members.map_or_else(
                        || String::from("the members of the group are not known"),
                        |members| format!("the group has {} member sets", members.len()),
                    ));
                }
                for set in self.sets_of(std::iter::once(to)) {
                    let name = self.shown(SetRef::Set(set));
                    let license = self.set(set).map_or(Known::Unknown, |row| row.license);
                    facts.push(format!("permission set {name}: {}", self.bound(license)));
                    if let Known::Yes(SetLicense::Psl(psl)) = license {
                        facts.push(self.psl_fact(psl));
                    }
                }
                self.enabled_facts(side.license, to, facts);
            }
            Item::Permission(permission) => {
                self.permission_facts(side.license, permission, facts);
            }
            Item::Role(_) => facts.push(match self.facts(side.license).and_then(|f| f.role) {
                Some(role) => format!("shipped facts: its users have {}", spell(role)),
                None => String::from("shipped facts: the kind of role is not known"),
            }),
            Item::Feature(feature) => {
                let field = self.org.features.get(feature).map_or("", AsRef::as_ref);
                facts.push(self.knowledge.feature(field).map_or_else(
                    || format!("{field}: the program ships no facts about it"),
                    |known| {
                        format!(
                            "{field}: known to be allowed with [{}], refused with [{}] ({})",
                            known.allowed_keys.join(", "),
                            known.rejected_keys.join(", "),
                            known.source
                        )
                    },
                ));
            }
            Item::Psl(psl) => facts.push(self.psl_fact(psl)),
            Item::Move(to) => {
                if to != side.license {
                    self.side_facts(self.side_of_license(to), facts);
                    self.pair_fact(side.license, to, facts);
                }
            }
        }
    }

    fn pair_fact(&self, from: LicenseId, to: LicenseId, facts: &mut Vec<String>) {
        let Some(pair) = self.transition(from, to) else {
            return;
        };
        facts.push(format!(
            "shipped pair of families: {}, {} ({})",
            match pair.verdict {
                TransitionVerdict::Allowed => "allowed",
                TransitionVerdict::Rejected => "rejected",
                TransitionVerdict::OneWay => "one-way",
                TransitionVerdict::Unknown => "unknown",
            },
            confidence_word(pair.confidence),
            pair.source
        ));
        if !pair.message.is_empty() {
            facts.push(format!("text to expect: {}", pair.message));
        }
    }

    fn bound(&self, license: Known<SetLicense>) -> String {
        match license {
            Known::Unknown => String::from("PermissionSet.LicenseId is not in the snapshot"),
            Known::Yes(SetLicense::None) => String::from("PermissionSet.LicenseId is empty"),
            Known::Yes(SetLicense::User(own)) => format!(
                "PermissionSet.LicenseId is the user license {}",
                self.shown_license(own)
            ),
            Known::Yes(SetLicense::Psl(psl)) => format!(
                "PermissionSet.LicenseId is the permission set license {}",
                self.psl_shown(psl)
            ),
            Known::Yes(SetLicense::UnseenLicense(id) | SetLicense::UnseenPsl(id)) => {
                format!("PermissionSet.LicenseId is {id}, which the snapshot does not hold")
            }
        }
    }

    fn psl_fact(&self, psl: PslId) -> String {
        let figure = |known: Option<Known<i64>>| {
            known
                .and_then(Known::get)
                .map_or_else(|| String::from("?"), |count| count.to_string())
        };
        let row = self.psl(psl);
        let total = match figure(row.map(|row| row.total)).as_str() {
            "-1" => String::from("no limit of"),
            other => other.to_owned(),
        };
        let key = row.map_or("", |row| row.key.as_ref());
        format!(
            "permission set license {} (key {key}): {} of {total} seats used",
            self.psl_shown(psl),
            figure(row.map(|row| row.used)),
        )
    }
}

fn confidence_word(confidence: crate::finding::Confidence) -> &'static str {
    use crate::finding::Confidence;
    match confidence {
        Confidence::Certain => "certain",
        Confidence::Documented => "documented",
        Confidence::Inferred => "inferred",
    }
}
