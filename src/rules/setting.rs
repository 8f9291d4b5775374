//! Configuration that a rule cannot do without.

use super::Run;

/// A value of the configuration (or of an option) that some rules need. Where it is not given, the
/// rule is a line of coverage and never changes a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// `[integration_user] username`, or `--integration-user`: named, and found in the snapshot.
    IntegrationUser,
    /// The same, named whether found or not.
    IntegrationUserNamed,
    /// `[okta] app`, or `--okta-app`.
    OktaApp,
    /// `[okta] schema`, or `--okta-schema`.
    OktaSchema,
    /// `[org] email_domains`
    EmailDomains,
    /// `[org] default_lead_creator`
    DefaultLeadCreator,
    /// `[org] portal_administrators`
    PortalAdministrators,
    /// Any of `[org] default_case_owner`, `default_workflow_user`, `default_lead_creator`, `portal_administrators`.
    DefaultUsers,
    /// `[seats] reserve`
    SeatReserve,
    /// `--members`
    Members,
}

impl Setting {
    /// Whether this run has a value for it.
    #[must_use]
    pub fn is_given(self, run: &Run) -> bool {
        match self {
            Self::IntegrationUser => run.integration_user.is_some(),
            Self::IntegrationUserNamed => run.named_user.is_some(),
            Self::OktaApp => run.okta_app.is_some(),
            Self::OktaSchema => run.okta_schema.is_some(),
            Self::EmailDomains => !run.email_domains.is_empty(),
            Self::DefaultLeadCreator => run.default_lead_creator.is_some(),
            Self::PortalAdministrators => !run.portal_administrators.is_empty(),
            Self::DefaultUsers => {
                [
                    &run.default_case_owner,
                    &run.default_workflow_user,
                    &run.default_lead_creator,
                ]
                .iter()
                .any(|named| named.is_some())
                    || !run.portal_administrators.is_empty()
            }
            Self::SeatReserve => !run.reserve.is_empty(),
            Self::Members => {
                let groups = run.groups.as_deref();
                groups.is_some_and(|groups| groups.members.is_some())
            }
        }
    }

    /// The reason of the coverage line of a rule that lacks it.
    #[must_use]
    pub fn missing(self) -> &'static str {
        match self {
            Self::IntegrationUser => {
                "no integration user is named, or the named one is not in User.csv"
            }
            Self::IntegrationUserNamed => "no integration user is named",
            Self::OktaApp => "no file of the Okta app is given (--okta-app)",
            Self::OktaSchema => "no schema of the Okta app is given (--okta-schema)",
            Self::EmailDomains => "[org] email_domains is not configured",
            Self::DefaultLeadCreator => "[org] default_lead_creator is not configured",
            Self::PortalAdministrators => "[org] portal_administrators is not configured",
            Self::DefaultUsers => {
                "none of default_case_owner, default_workflow_user, default_lead_creator and portal_administrators is configured in [org]; sole recipients of workflow email alerts and of assignment rules cannot be told at all"
            }
            Self::SeatReserve => "[seats] reserve is not configured",
            Self::Members => "who is in which group is not known (--members)",
        }
    }
}
