//! The facts that ship with the program: licenses, license moves, feature licenses, standard
//! profiles, permissions, field lengths, keys of permission set licenses, and texts of errors.
//!
//! Each subject is one CSV file beside this module, and every line of it names its source, so a
//! reader can check a fact without reading code and a correction is a one-line change. The facts
//! were collected from public documentation, published code and public org metadata, none of them
//! from a live org; **the data of an org beats every one of them**. A license, label or permission
//! that is missing here is unknown, never wrong.
//!
//! The files are compiled into the program and cut into borrowed cells on first use, table by
//! table: a run that never asks for the observed permissions never pays for them.

mod error;
mod error_pattern;
mod exclusion;
mod feature;
mod license;
mod okta_attribute;
mod permission;
mod profile;
mod psl_key;
mod sheet;
#[cfg(test)]
mod tests;
mod transition;
mod user_field;

use std::sync::OnceLock;

pub use error::Error;
pub use error_pattern::{ErrorPattern, PatternKind, Predictable, Retry};
pub use exclusion::{Exclusion, ObjectRight, ObjectScope, PermissionKind};
pub use feature::FeatureFacts;
pub use license::{ContactNeed, Family, LicenseFacts, RoleKind};
pub use okta_attribute::{AttributeFormat, OktaAttribute};
pub use permission::Observed;
pub use profile::StandardProfile;
pub use psl_key::PslKind;
pub use sheet::ShippedTable;
pub use transition::{Transition, TransitionVerdict};
pub use user_field::FieldDefault;

/// The month that the shipped facts describe.
const VERSION: &str = "2026-11";

/// How well a verdict is founded. Ordered: a later one is the stronger.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// By analogy, from a third party, or general knowledge. Also stands for a fact of which
    /// nothing is known; the fact itself is then empty.
    Inferred,
    /// Published by Salesforce or Okta, or a refusal published by somebody who met it.
    Documented,
    /// Proved by the data of the org itself. No shipped line says so.
    Certain,
}

/// The tables, each cut on first use. One static holds them, so rows can be borrowed for as long
/// as the program runs.
#[derive(Debug)]
struct Tables {
    licenses: OnceLock<license::Licenses>,
    transitions: OnceLock<transition::Transitions>,
    features: OnceLock<Vec<FeatureFacts>>,
    profiles: OnceLock<profile::Profiles>,
    labels: OnceLock<permission::Labels>,
    observations: OnceLock<permission::Observations>,
    exclusions: OnceLock<Vec<Exclusion>>,
    fields: OnceLock<Vec<FieldDefault>>,
    psl_keys: OnceLock<Vec<psl_key::KeyPattern>>,
    okta_attributes: OnceLock<Vec<OktaAttribute>>,
    error_patterns: OnceLock<Vec<ErrorPattern>>,
}

static TABLES: Tables = Tables {
    licenses: OnceLock::new(),
    transitions: OnceLock::new(),
    features: OnceLock::new(),
    profiles: OnceLock::new(),
    labels: OnceLock::new(),
    observations: OnceLock::new(),
    exclusions: OnceLock::new(),
    fields: OnceLock::new(),
    psl_keys: OnceLock::new(),
    okta_attributes: OnceLock::new(),
    error_patterns: OnceLock::new(),
};

static SHIPPED: Knowledge = Knowledge { tables: &TABLES };

/// The shipped facts. See [`shipped`].
#[derive(Clone, Copy, Debug)]
pub struct Knowledge {
    tables: &'static Tables,
}

/// The facts compiled into the program.
///
/// A table with a malformed line would be empty here instead of ending the run: all that it says
/// then counts as unknown, which is what an unknown fact means everywhere else. A unit test calls
/// [`load`], so no such table ships.
#[must_use]
pub fn shipped() -> &'static Knowledge {
    &SHIPPED
}

/// Reads every shipped table strictly.
///
/// # Errors
/// The first line that has no source, a wrong number of cells, an unknown word, or is about the
/// same thing as a line before it.
pub fn load() -> Result<Knowledge, Error> {
    license::parse(license::SHEET)?;
    transition::parse(transition::SHEET)?;
    feature::parse(feature::SHEET)?;
    profile::parse(profile::SHEET)?;
    permission::parse_labels(permission::LABELS)?;
    permission::parse_observations(permission::OBSERVED)?;
    exclusion::parse(exclusion::SHEET)?;
    user_field::parse(user_field::SHEET)?;
    psl_key::parse(psl_key::SHEET)?;
    okta_attribute::parse(okta_attribute::SHEET)?;
    error_pattern::parse(error_pattern::SHEET)?;
    error_pattern::compile(error_pattern::SHEET)?;
    Ok(SHIPPED)
}

impl Knowledge {
    /// Month of the facts, `2026-11`. Part of every report that rests on them.
    #[must_use]
    pub fn version(&self) -> &'static str {
        VERSION
    }

    /// What is known of a user license of the org, from its `LicenseDefinitionKey` (`None` or
    /// empty where the org data has no such value) and its `Name`.
    ///
    /// Names are not unique, so a name decides only where there is no key, and only if one known
    /// license bears it; or where the known license of that name is one whose key was never found.
    #[must_use]
    pub fn license(&self, key: Option<&str>, name: &str) -> Option<&'static LicenseFacts> {
        self.licenses().find(key, name)
    }

    /// All known user licenses, in the order of the file.
    #[must_use]
    pub fn known_licenses(&self) -> &'static [LicenseFacts] {
        self.licenses().all()
    }

    /// What happens when a profile change moves a user from a license of one family to a
    /// *different* license of the other (or of the same) family.
    #[must_use]
    pub fn transition(&self, from: Family, to: Family) -> Option<&'static Transition> {
        self.tables
            .transitions
            .get_or_init(|| transition::parse(transition::SHEET).unwrap_or_default())
            .get(from, to)
    }

    /// The flags of User that look like feature licenses, in the order of the file. Those with
    /// `seat_bearing` false are none, and are listed so that nobody counts them.
    #[must_use]
    pub fn features(&self) -> &'static [FeatureFacts] {
        self.tables
            .features
            .get_or_init(|| feature::parse(feature::SHEET).unwrap_or_default())
    }

    /// The feature license with this User field, `FeatureType`, label or former label, exactly as
    /// written.
    #[must_use]
    pub fn feature(&self, field_or_type_or_label: &str) -> Option<&'static FeatureFacts> {
        self.features()
            .iter()
            .find(|feature| feature.is_called(field_or_type_or_label))
    }

    /// The standard profile with this metadata file name (`Admin`, `Force%2Ecom - Free User`);
    /// the case of percent escapes does not matter.
    #[must_use]
    pub fn profile_by_metadata_name(&self, name: &str) -> Option<&'static StandardProfile> {
        self.profiles().by_metadata_name(name)
    }

    /// The standard profile with this code of `$Profile.Name` (`PT1` is System Administrator).
    #[must_use]
    pub fn profile_by_legacy_code(&self, code: &str) -> Option<&'static StandardProfile> {
        self.profiles().by_legacy_code(code)
    }

    /// Whether this is the English label of a standard profile. An org can translate them.
    #[must_use]
    pub fn is_standard_profile_label(&self, label: &str) -> bool {
        self.profiles().has_label(label)
    }

    /// English label of a permission, as error texts print it: `ManageUsers` and
    /// `PermissionsManageUsers` give `Manage Users`.
    #[must_use]
    pub fn permission_label(&self, permission: &str) -> Option<&'static str> {
        self.labels().label(permission)
    }

    /// Permission with this English label, surrounding space aside. A label that several
    /// permissions share gives none of them.
    #[must_use]
    pub fn permission_by_label(&self, label: &str) -> Option<&'static str> {
        self.labels().permission(label)
    }

    /// In how many profiles of public org exports this permission (with or without the prefix
    /// `Permissions`) is enabled under the license of this name. A lower bound of what the license
    /// allows: `None` proves nothing.
    #[must_use]
    pub fn observed(&self, license_name: &str, permission: &str) -> Option<Observed> {
        self.tables
            .observations
            .get_or_init(|| {
                permission::parse_observations(permission::OBSERVED).unwrap_or_default()
            })
            .get(license_name, permission)
    }

    /// Permissions that a license of this family was literally refused.
    pub fn exclusions(&self, family: Family) -> impl Iterator<Item = &'static Exclusion> + use<> {
        self.tables
            .exclusions
            .get_or_init(|| exclusion::parse(exclusion::SHEET).unwrap_or_default())
            .iter()
            .filter(move |exclusion| exclusion.family == family)
    }

    /// Length and need of a standard User field, for a snapshot without describe results.
    #[must_use]
    pub fn field_default(&self, field: &str) -> Option<&'static FieldDefault> {
        self.fields().iter().find(|default| default.field == field)
    }

    /// The standard User fields of which a length or a need is known, in the order of the file.
    #[must_use]
    pub fn user_fields(&self) -> &'static [FieldDefault] {
        self.fields()
    }

    /// The User fields that a create must give, apart from the profile, in the order of the file.
    pub fn required_fields(&self) -> impl Iterator<Item = &'static FieldDefault> + use<> {
        self.fields().iter().filter(|default| default.required)
    }

    /// For which kind of license a permission set license is made, as far as its key tells. The
    /// first line that fits decides.
    #[must_use]
    pub fn psl_kind(&self, key: &str) -> Option<PslKind> {
        self.tables
            .psl_keys
            .get_or_init(|| psl_key::parse(psl_key::SHEET).unwrap_or_default())
            .iter()
            .find(|pattern| pattern.fits(key))
            .map(|pattern| pattern.kind)
    }

    /// Okta's base user schema, in the order of the file.
    #[must_use]
    pub fn okta_attributes(&self) -> &'static [OktaAttribute] {
        self.tables
            .okta_attributes
            .get_or_init(|| okta_attribute::parse(okta_attribute::SHEET).unwrap_or_default())
    }

    /// How texts of provisioning errors are recognized, in the order of the file: a special text stands above the general one.
    #[must_use]
    pub fn error_patterns(&self) -> &'static [ErrorPattern] {
        self.tables
            .error_patterns
            .get_or_init(|| error_pattern::parse(error_pattern::SHEET).unwrap_or_default())
    }

    /// The tables as shipped, cell by cell, for a reader who wants to see what the program knows.
    #[must_use]
    pub fn tables(&self) -> Vec<ShippedTable> {
        vec![
            license::SHEET.shipped(),
            transition::SHEET.shipped(),
            feature::SHEET.shipped(),
            profile::SHEET.shipped(),
            permission::LABELS.shipped(),
            permission::OBSERVED.shipped(),
            exclusion::SHEET.shipped(),
            user_field::SHEET.shipped(),
            psl_key::SHEET.shipped(),
            okta_attribute::SHEET.shipped(),
            error_pattern::SHEET.shipped(),
        ]
    }

    fn licenses(self) -> &'static license::Licenses {
        self.tables
            .licenses
            .get_or_init(|| license::parse(license::SHEET).unwrap_or_default())
    }

    fn profiles(self) -> &'static profile::Profiles {
        self.tables
            .profiles
            .get_or_init(|| profile::parse(profile::SHEET).unwrap_or_default())
    }

    fn labels(self) -> &'static permission::Labels {
        self.tables
            .labels
            .get_or_init(|| permission::parse_labels(permission::LABELS).unwrap_or_default())
    }

    fn fields(self) -> &'static [FieldDefault] {
        self.tables
            .fields
            .get_or_init(|| user_field::parse(user_field::SHEET).unwrap_or_default())
    }
}
