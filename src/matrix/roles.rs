//! Licenses against kinds of roles: the user type of the org first, shipped facts second.

use super::cells::{Opinion, decided};
use super::{CellVerdict, Matrix, MatrixCell, Side};
use crate::finding::{Confidence, Witness};
use crate::knowledge::RoleKind;
use crate::model::{PortalType, UserType};

impl Matrix {
    pub(super) fn role_cell(&self, side: Side, role: RoleKind) -> MatrixCell {
        let portal = match role {
            RoleKind::Internal => PortalType::None,
            RoleKind::Partner => PortalType::Partner,
            RoleKind::CustomerPortal => PortalType::CustomerPortal,
            RoleKind::None => {
                return MatrixCell {
                    verdict: CellVerdict::Allowed,
                    confidence: Confidence::Documented,
                    witnesses: None,
                    reason: String::from(match side.kind {
                        Some(kind) if kind.is_power() => {
                            "may be left empty: a role of the account is then assigned by itself"
                        }
                        _ => "a role may be left empty",
                    }),
                };
            }
        };
        self.role_opinion(side, role)
            .weighed(self.witnesses(Witness::Role(side.license, portal)))
    }

    fn role_opinion(&self, side: Side, role: RoleKind) -> Opinion {
        let facts = self.facts(side.license);
        let Some(kind) = side.kind else {
            return match facts.and_then(|facts| Some((facts.role?, facts.role_confidence))) {
                Some((own, confidence)) => {
                    let why = format!("shipped facts: users of this license have {}", spell(own));
                    decided(own == role, confidence, why)
                }
                None => Opinion::new(
                    CellVerdict::Unknown,
                    Confidence::Inferred,
                    "neither the user type nor the license is known",
                ),
            };
        };
        let own = match kind {
            UserType::Standard => RoleKind::Internal,
            UserType::PowerPartner => RoleKind::Partner,
            UserType::PowerCustomerSuccess | UserType::CustomerSuccess => RoleKind::CustomerPortal,
            UserType::CsnOnly | UserType::CspLitePortal => RoleKind::None,
            UserType::Guest
            | UserType::SelfService
            | UserType::AutomatedProcess
            | UserType::CloudIntegrationUser
            | UserType::Other => {
                return Opinion::new(
                    CellVerdict::Unknown,
                    Confidence::Inferred,
                    format!(
                        "nothing is published about roles of user type {}",
                        kind.name()
                    ),
                );
            }
        };
        // Standard tells the kind of role, not that the license has roles at all.
        if own == role && role == RoleKind::Internal && facts.is_none_or(|f| f.role.is_none()) {
            return Opinion::new(
                CellVerdict::Unknown,
                Confidence::Inferred,
                "not known whether users of this license have roles",
            );
        }
        decided(
            own == role,
            side.origin.confidence(),
            format!(
                "user type {} ({}) has {}",
                kind.name(),
                side.origin.source(),
                spell(own)
            ),
        )
    }
}

pub(super) fn spell(role: RoleKind) -> &'static str {
    match role {
        RoleKind::Internal => "internal roles",
        RoleKind::Partner => "roles of partner accounts",
        RoleKind::CustomerPortal => "roles of customer portal accounts",
        RoleKind::None => "no role",
    }
}
