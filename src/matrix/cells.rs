//! The cells of the matrix: a license (or a profile of it) against everything that it may meet.
//!
//! A cell says what is known about a pair, and no more. Positive evidence is weighed as it is for
//! findings: what active users hold already is never denied outright.

use super::{FeatureAllowance, Matrix, MoveEnd, Permission, Side, weigh};
use crate::finding::{Confidence, Severity, Witness};
use crate::input::SetRef;
use crate::knowledge::{Family, PslKind, RoleKind};
use crate::model::{FeatureId, LicenseId, PslId, UserType};
use serde::Serialize;

/// The verdict of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CellVerdict {
    /// Possible.
    Allowed,
    /// Possible, and a seat of a permission set license goes with it.
    NeedsPsl,
    /// Nothing decides it, or what decides it is contradicted by users who hold it.
    Unknown,
    /// Refused.
    Denied,
}

impl CellVerdict {
    /// As it is written in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::NeedsPsl => "needs-psl",
            Self::Unknown => "unknown",
            Self::Denied => "denied",
        }
    }
}

/// What a license is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A permission set or group.
    Set(SetRef),
    /// A kind of role; [`RoleKind::None`] is a user without a role.
    Role(RoleKind),
    /// A feature license.
    Feature(FeatureId),
    /// A permission set license.
    Psl(PslId),
    /// A move to another license.
    Move(LicenseId),
    /// One permission: what the license permits by itself.
    Permission(Permission),
}

/// One cell: the verdict about a pair, why, and how many active users hold it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// The verdict.
    pub verdict: CellVerdict,
    /// How well it is founded; for `unknown`, how well the doubt is.
    pub confidence: Confidence,
    /// Active users who hold the pair; `None` where one snapshot cannot show any (moves, users without a role).
    pub witnesses: Option<u64>,
    /// One sentence.
    pub reason: String,
}

/// What would be said of a pair without looking at the users.
pub(super) struct Opinion {
    verdict: CellVerdict,
    confidence: Confidence,
    reason: String,
}

impl Opinion {
    pub(super) fn new(
        verdict: CellVerdict,
        confidence: Confidence,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            verdict,
            confidence,
            reason: reason.into(),
        }
    }

    /// Holds the opinion against `count` active users who have the pair.
    pub(super) fn weighed(self, count: u64) -> MatrixCell {
        let severity = match self.verdict {
            CellVerdict::Denied => Some(Severity::Error),
            CellVerdict::Unknown => Some(Severity::Warning),
            CellVerdict::Allowed | CellVerdict::NeedsPsl => None,
        };
        let (verdict, confidence, reason) = match severity.map(|severity| weigh(severity, count)) {
            Some(None) => (
                CellVerdict::Allowed,
                Confidence::Certain,
                String::from("active users hold it already"),
            ),
            Some(Some(Severity::Warning)) if self.verdict == CellVerdict::Denied => (
                CellVerdict::Unknown,
                self.confidence,
                format!(
                    "{}; yet active users hold it already, so it is possible here",
                    self.reason
                ),
            ),
            _ => (self.verdict, self.confidence, self.reason),
        };
        MatrixCell {
            verdict,
            confidence,
            witnesses: Some(count),
            reason,
        }
    }
}

impl Matrix {
    /// The verdict about a license and an item.
    #[must_use]
    pub fn cell(&self, side: Side, item: Item) -> MatrixCell {
        match item {
            Item::Set(SetRef::Set(set)) => self.set_cell(side, set),
            Item::Set(SetRef::Group(group)) => self.group_cell(side, group),
            Item::Permission(permission) => self.permission_cell(side.license, permission),
            Item::Role(kind) => self.role_cell(side, kind),
            Item::Feature(feature) => self.feature_cell(side, feature),
            Item::Psl(psl) => self.psl_cell(side, psl),
            Item::Move(to) => self.move_cell(side, to),
        }
    }

    pub(super) fn psl_shown(&self, psl: PslId) -> String {
        self.psl(psl).map_or_else(String::new, |row| {
            let mut text = row.shown().to_owned();
            if row.disabled.is(&true) {
                text.push_str(", which is disabled");
            }
            text
        })
    }

    fn feature_cell(&self, side: Side, feature: FeatureId) -> MatrixCell {
        let opinion = match self.allowance(side.license, feature) {
            FeatureAllowance::Rejected(confidence) => decided(
                false,
                confidence,
                String::from("a refusal for this license was published"),
            ),
            FeatureAllowance::Allowed => Opinion::new(
                CellVerdict::Allowed,
                self.knowledge
                    .feature(self.org.features.get(feature).map_or("", AsRef::as_ref))
                    .map_or(Confidence::Inferred, |facts| facts.allowed_confidence),
                "known to be possible with this license",
            ),
            FeatureAllowance::Unknown => Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                "the snapshot does not tell LicenseDefinitionKey of the license",
            ),
            FeatureAllowance::Unproven if side.kind.is_some_and(UserType::is_external) => {
                Opinion::new(
                    CellVerdict::Unknown,
                    Confidence::Inferred,
                    "feature licenses are made for internal users; nothing is published about this one",
                )
            }
            FeatureAllowance::Unproven => Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                "no statement about this license and no active user of it has the feature",
            ),
        };
        opinion.weighed(self.witnesses(Witness::Feature(side.license, feature)))
    }

    fn psl_cell(&self, side: Side, psl: PslId) -> MatrixCell {
        let made_for = self.psl(psl).and_then(|row| {
            [&row.key, &row.name]
                .into_iter()
                .find_map(|key| self.knowledge.psl_kind(key))
        });
        let integration = self.family(side.license) == Some(Family("integration"));
        let fit = match made_for {
            Some(PslKind::Community) => side
                .kind
                .map(|kind| (kind.is_external(), "external users of a site")),
            Some(PslKind::Integration) => Some((integration, "Salesforce Integration users")),
            Some(PslKind::Core) => side
                .kind
                .map(|kind| (kind.is_internal() && !integration, "internal users")),
            None => None,
        };
        let opinion = match fit {
            Some((true, whom)) => Opinion::new(
                CellVerdict::Allowed,
                Confidence::Inferred,
                format!("by its key made for {whom}"),
            ),
            Some((false, whom)) => Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                format!("by its key made for {whom}, which these users are not"),
            ),
            None => Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                "Salesforce does not publish for which licenses it is",
            ),
        };
        opinion.weighed(self.witnesses(Witness::Psl(side.license, psl)))
    }

    fn move_cell(&self, side: Side, to: LicenseId) -> MatrixCell {
        use super::Move;
        let target = self.side_of_license(to);
        let [from_end, to_end] = [side, target].map(|side| MoveEnd {
            license: Some(side.license),
            kind: side.kind,
            kind_inferred: side.origin.confidence() == Confidence::Inferred,
        });
        let known = side.origin.confidence().min(target.origin.confidence());
        let (verdict, confidence, reason) = match self.license_move(from_end, to_end) {
            Move::Same => (
                CellVerdict::Allowed,
                Confidence::Certain,
                "the same license",
            ),
            Move::Allowed(confidence) => (
                CellVerdict::Allowed,
                confidence,
                "a change of profile can make this move",
            ),
            Move::OneWay => (
                CellVerdict::Allowed,
                Confidence::Documented,
                "one-way: there is no move back",
            ),
            Move::Rejected(why) => (
                CellVerdict::Denied,
                known.max(self.pair(side, to)),
                why.reason(),
            ),
            Move::Unknown(doubt) => (CellVerdict::Unknown, Confidence::Inferred, doubt.reason()),
        };
        MatrixCell {
            // As everywhere, a refusal that is only inferred is a doubt.
            verdict: match (verdict, confidence) {
                (CellVerdict::Denied, Confidence::Inferred) => CellVerdict::Unknown,
                _ => verdict,
            },
            confidence,
            witnesses: None,
            reason: reason.to_owned(),
        }
    }

    /// How well the shipped pair is founded; a rejected move has a published rule either in the pair or in the user types.
    fn pair(&self, side: Side, to: LicenseId) -> Confidence {
        self.transition(side.license, to)
            .map_or(Confidence::Inferred, |pair| pair.confidence)
    }
}

/// Allowed or denied; a refusal that is only inferred is no refusal but a doubt.
pub(super) fn decided(fits: bool, confidence: Confidence, reason: String) -> Opinion {
    let verdict = match (fits, confidence) {
        (true, _) => CellVerdict::Allowed,
        (false, Confidence::Inferred) => CellVerdict::Unknown,
        (false, _) => CellVerdict::Denied,
    };
    Opinion::new(verdict, confidence, reason)
}
