//! What a rule says: the cause of a finding, and the words for it.

use super::{Confidence, Severity};
use crate::input::Attribute;
use crate::model::{
    FeatureId, LicenseId, ObjectId, ObjectRights, PermissionId, PermissionSetGroupId,
    PermissionSetId, PortalType, ProfileId, PslId,
};

/// Org data that can contradict shipped knowledge: active users who hold the combination already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Witness {
    /// (license x kind of role)
    Role(LicenseId, PortalType),
    /// (license x any role)
    AnyRole(LicenseId),
    /// (license x permission set), assigned directly or through a group
    PermissionSet(LicenseId, PermissionSetId),
    /// (license x permission set group)
    Group(LicenseId, PermissionSetGroupId),
    /// (license x enabled permission), by profile or by a set without license
    Permission(LicenseId, PermissionId),
    /// (license x right on an object), likewise
    Object(LicenseId, ObjectId, ObjectRights),
    /// (license x permission set license)
    Psl(LicenseId, PslId),
    /// (license x feature license)
    Feature(LicenseId, FeatureId),
    /// An active user on a standard external profile.
    StandardExternalProfile,
    /// An external profile whose active user is in no live site, neither by the profile nor by a permission set.
    OutsideSites(ProfileId),
}

/// Why a finding is made: everything that tells it apart from other findings of its rule.
///
/// Two rows with equal causes get the same words, which are then built once.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'c> {
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    pub(crate) column: Option<Attribute>,
    pub(crate) value: Option<&'c str>,
    pub(crate) subject: Option<(&'static str, &'c str)>,
    pub(crate) witness: Option<Witness>,
    pub(crate) key: u64,
}

impl<'c> Cause<'c> {
    /// A cause with this severity.
    pub(crate) fn of(severity: Severity, confidence: Confidence) -> Self {
        Self {
            severity,
            confidence,
            column: None,
            value: None,
            subject: None,
            witness: None,
            key: 0,
        }
    }

    /// The push will fail. `confidence` is certain or documented; an inferred error is a warning.
    #[must_use]
    pub fn error(confidence: Confidence) -> Self {
        Self::of(
            if confidence == Confidence::Inferred {
                Severity::Warning
            } else {
                Severity::Error
            },
            confidence,
        )
    }

    /// It may fail, or succeeds with a loss.
    #[must_use]
    pub fn warning(confidence: Confidence) -> Self {
        Self::of(Severity::Warning, confidence)
    }

    /// Worth knowing.
    #[must_use]
    pub fn notice(confidence: Confidence) -> Self {
        Self::of(Severity::Notice, confidence)
    }

    /// The column that is marked.
    #[must_use]
    pub fn column(self, column: Attribute) -> Self {
        Self {
            column: Some(column),
            ..self
        }
    }

    /// The offending value as it was read (of a list: the one element).
    #[must_use]
    pub fn value(self, value: &'c str) -> Self {
        Self {
            value: Some(value),
            ..self
        }
    }

    /// What it is about, printed as `kind:name`.
    #[must_use]
    pub fn subject(self, kind: &'static str, name: &'c str) -> Self {
        Self {
            subject: Some((kind, name)),
            ..self
        }
    }

    /// Org data that would contradict it: where there is any, an error becomes a warning that names
    /// the count, and a warning is not given. Applied in one place, `matrix::evidence`.
    #[must_use]
    pub fn unless(self, witness: Witness) -> Self {
        Self {
            witness: Some(witness),
            ..self
        }
    }

    /// Whatever else the words depend on (ids of licenses, profiles ...): findings whose key differs get words of their own.
    #[must_use]
    pub fn key(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// The words of a finding: a pure function of its cause and the matrix, never of the row beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// One sentence.
    pub message: String,
    /// The facts that make it true, most telling first.
    pub reason: Vec<String>,
    /// Salesforce status code to expect.
    pub code: Option<&'static str>,
    /// Salesforce text to expect.
    pub text: Option<String>,
    /// Okta's own text, where Okta itself refuses; else it is built around `text`.
    pub okta: Option<String>,
    /// What to do.
    pub fix: String,
    /// The value that is the answer, for the cause's column or another one.
    pub replace: Option<(Attribute, String)>,
}

impl Explanation {
    /// Starts with the message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn because(mut self, fact: impl Into<String>) -> Self {
        self.reason.push(fact.into());
        self
    }

    /// The error to expect. Texts that are not published are not invented: leave this out.
    #[must_use]
    pub fn predicts(mut self, code: &'static str, text: impl Into<String>) -> Self {
        self.code = Some(code);
        self.text = Some(text.into());
        self
    }

    /// A status code to expect whose text is not known.
    #[must_use]
    pub fn predicts_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// A text to expect whose status code is not known.
    #[must_use]
    pub fn predicts_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Okta's own refusal.
    #[must_use]
    pub fn okta_says(mut self, text: impl Into<String>) -> Self {
        self.okta = Some(text.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = text.into();
        self
    }

    /// The one value that is the answer.
    #[must_use]
    pub fn replace(mut self, column: Attribute, with: impl Into<String>) -> Self {
        self.replace = Some((column, with.into()));
        self
    }
}
