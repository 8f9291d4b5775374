//! Which field of User fills which attribute of Okta, and what of it this run can judge.

use super::{Attribute, Error, Format, Logins, Schema};
use crate::input::{Attribute as Column, Columns};
use crate::knowledge::shipped;
use std::collections::BTreeMap;

/// A field of User and the attribute that it fills.
#[derive(Clone, Debug)]
pub struct Pair {
    /// API name of the field.
    pub field: String,
    /// The column of User.csv.
    pub column: Column,
    /// What Okta asks of the values.
    pub attribute: Attribute,
}

/// A part that cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Name of the rule that cannot speak of it.
    pub rule: &'static str,
    /// What is missing.
    pub reason: String,
}

/// Okta's side of an import check: pairs, taken logins, gaps.
#[derive(Clone, Debug)]
pub struct Import {
    /// What is compared.
    pub pairs: Vec<Pair>,
    /// Logins of Okta users; `None`: not given.
    pub logins: Option<Logins>,
    /// Where the limits come from, for reasons.
    pub origin: String,
    /// What cannot be judged.
    pub gaps: Vec<Gap>,
}

/// The fields that could fill an attribute, the first one that the org has counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    fields: Vec<String>,
    attribute: String,
}

/// The default pairs, changed by `[okta.import_map]`.
///
/// A key of the map is a field of Salesforce and its value an attribute of Okta. The other way round is understood too
/// where it cannot be meant otherwise: the key is an attribute that Okta has and the value is none. An empty text takes
/// a pair out.
fn wishes(schema: &Schema, changes: &[(String, String)]) -> Result<Vec<Wish>, Error> {
    let mut wishes: Vec<Wish> = shipped()
        .okta_attributes()
        .iter()
        .filter(|known| !known.salesforce_fields.is_empty())
        .map(|known| Wish {
            fields: known
                .salesforce_fields
                .iter()
                .map(|&field| field.to_owned())
                .collect(),
            attribute: known.attribute.to_owned(),
        })
        .collect();
    let is_attribute = |name: &str| schema.attribute(name).is_some() || wishes_name(name).is_some();
    for (key, value) in changes {
        let (key, value) = (key.trim(), value.trim());
        let reversed = is_attribute(key) && !is_attribute(value);
        let (field, attribute) = if reversed { (value, key) } else { (key, value) };
        if attribute.is_empty() || field.is_empty() {
            let named = |wish: &Wish| {
                wish.attribute.eq_ignore_ascii_case(key)
                    || wish
                        .fields
                        .iter()
                        .any(|field| field.eq_ignore_ascii_case(key))
            };
            if !wishes.iter().any(named) {
                return Err(Error::Map {
                    field: key.to_owned(),
                    attribute: value.to_owned(),
                    reason: "no pair of the map has this field".to_owned(),
                });
            }
            wishes.retain(|wish| !named(wish));
            continue;
        }
        if !is_attribute(attribute) {
            return Err(Error::Map {
                field: key.to_owned(),
                attribute: value.to_owned(),
                reason: format!("Okta's user schema has no attribute {attribute}"),
            });
        }
        wishes.retain(|wish| {
            !wish.attribute.eq_ignore_ascii_case(attribute)
                && (reversed
                    || !wish
                        .fields
                        .iter()
                        .any(|own| own.eq_ignore_ascii_case(field)))
        });
        wishes.push(Wish {
            fields: vec![field.to_owned()],
            attribute: attribute.to_owned(),
        });
    }
    Ok(wishes)
}

/// The shipped attribute with this name.
fn wishes_name(name: &str) -> Option<&'static crate::knowledge::OktaAttribute> {
    shipped()
        .okta_attributes()
        .iter()
        .find(|known| known.attribute.eq_ignore_ascii_case(name))
}

/// The fields of User that an import check reads, by API name.
///
/// # Errors
/// The map names what does not exist.
pub fn fields(schema: &Schema, changes: &[(String, String)]) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> = wishes(schema, changes)?
        .into_iter()
        .flat_map(|wish| wish.fields)
        .collect();
    all.push("Username".to_owned());
    all.sort();
    all.dedup();
    Ok(all)
}

impl Import {
    /// Lays the map over the columns of User.csv.
    ///
    /// # Errors
    /// The map names what does not exist.
    pub fn new(
        schema: &Schema,
        logins: Option<Logins>,
        changes: &[(String, String)],
        columns: &Columns,
    ) -> Result<Self, Error> {
        let mut import = Self {
            pairs: Vec::new(),
            logins,
            origin: schema.origin.clone(),
            gaps: Vec::new(),
        };
        let mut absent = Vec::new();
        for wish in wishes(schema, changes)? {
            let column = wish.fields.iter().find_map(|field| {
                columns
                    .fields()
                    .iter()
                    .find(|column| column.field.eq_ignore_ascii_case(field))
            });
            match (schema.attribute(&wish.attribute), column) {
                (Some(attribute), Some(column)) => {
                    import.note_limits(attribute);
                    import.pairs.push(Pair {
                        field: column.field.to_string(),
                        column: column.attribute,
                        attribute: attribute.clone(),
                    });
                }
                (Some(attribute), None) => import.gap(
                    rule_of(attribute),
                    format!(
                        "User.csv has no column {}, which fills Okta's attribute {}",
                        wish.fields.join(" or "),
                        attribute.name
                    ),
                ),
                (None, _) => absent.push(wish.attribute),
            }
        }
        for (rule, names) in by_rule(&absent) {
            import.gap(rule, format!("{} has no attribute {names}", schema.origin));
        }
        let unfilled: Vec<&Attribute> = schema
            .attributes
            .values()
            .filter(|attribute| attribute.required)
            .filter(|attribute| {
                let own = |pair: &Pair| pair.attribute.name == attribute.name;
                !import.pairs.iter().any(own)
            })
            .collect();
        for attribute in unfilled {
            import.gap(
                "import-required-missing",
                format!(
                    "no field of User.csv fills {}, which {} requires: whether something else does is not known",
                    attribute.name, schema.origin
                ),
            );
        }
        if import.logins.is_none() {
            import.gap(
                "import-login-taken",
                "no Okta users were given (--okta-users): only repetitions among the imported users are found"
                    .to_owned(),
            );
        }
        Ok(import)
    }

    fn gap(&mut self, rule: &'static str, reason: String) {
        let gap = Gap { rule, reason };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// Says which limits of an attribute no rule holds values against.
    fn note_limits(&mut self, attribute: &Attribute) {
        if let Some(pattern) = &attribute.pattern
            && pattern.regex.is_none()
        {
            let reason = format!(
                "the pattern '{}' of {} is none that can be evaluated here",
                pattern.text, attribute.name
            );
            let rule = match attribute.format {
                Format::Login => "import-login-format",
                _ => "import-value-not-allowed",
            };
            self.gap(rule, reason);
        }
    }
}

fn rule_of(attribute: &Attribute) -> &'static str {
    match attribute.format {
        Format::Login => "import-login-format",
        Format::Email => "import-email-format",
        Format::Locale => "import-locale-format",
        Format::Timezone => "import-timezone-format",
        Format::Text if attribute.required => "import-required-missing",
        Format::Text => "import-too-long",
    }
}

/// Names of attributes, gathered under the rule that would have judged them.
fn by_rule(names: &[String]) -> BTreeMap<&'static str, String> {
    let mut gathered: BTreeMap<&'static str, String> = BTreeMap::new();
    for name in names {
        let all = gathered.entry(rule_of_name(name)).or_default();
        if !all.is_empty() {
            all.push_str(", ");
        }
        all.push_str(name);
    }
    gathered
}

fn rule_of_name(name: &str) -> &'static str {
    match wishes_name(name).map(|known| known.format) {
        Some(Format::Login) => "import-login-format",
        Some(Format::Email) => "import-email-format",
        Some(Format::Locale) => "import-locale-format",
        Some(Format::Timezone) => "import-timezone-format",
        _ => "import-too-long",
    }
}
