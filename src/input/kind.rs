//! What kind of file an input is: read off its header, or off the first characters of a JSON text.

use std::fmt;

/// Kinds of input files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// CSV, one row per user.
    Assignments,
    /// CSV, one row per Okta group.
    GroupMapping,
    /// CSV or JSON, one entry per mapped attribute.
    AttributeMapping,
    /// JSON, Okta's list of users or of an app's users.
    OktaUsersJson,
    /// JSON, Okta's list of groups or of an app's groups.
    OktaGroupsJson,
    /// JSON, `terraform show -json` of a plan.
    TerraformPlan,
    /// JSON, the Okta app itself.
    OktaApp,
    /// JSON, the schema of an app's users or of Okta's users.
    OktaSchema,
    /// JSON, Okta's System Log.
    OktaLog,
    /// JSON, an error of Okta's API in place of what was asked for.
    OktaError,
    /// Any other JSON.
    Json,
    /// CSV, one row per membership in an Okta group (`--members`). Never an input that is named on the command line.
    Members,
    /// User.csv of a snapshot: users as Salesforce gives them to Okta. Never an input that is named on the command line.
    ProfileSource,
}

/// What a record of an input stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// A user: who gets what.
    #[default]
    User,
    /// An Okta group: what its members get.
    Group,
    /// A mapped attribute: one row for each value that its expression can result in.
    Expression,
    /// A user of Salesforce, whose values Okta takes over.
    ProfileSource,
}

impl RowKind {
    /// Whether no user stands behind the row: only rules about mappings can judge it.
    #[must_use]
    pub fn is_mapping(self) -> bool {
        matches!(self, Self::Group | Self::Expression)
    }
}

impl Kind {
    /// All kinds of inputs, in the order in which help lists them.
    pub const ALL: [Self; 7] = [
        Self::Assignments,
        Self::GroupMapping,
        Self::AttributeMapping,
        Self::OktaUsersJson,
        Self::OktaGroupsJson,
        Self::TerraformPlan,
        Self::Json,
    ];

    /// The name in `--kind` and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assignments => "assignments",
            Self::GroupMapping => "group-mapping",
            Self::AttributeMapping => "attribute-mapping",
            Self::OktaUsersJson => "okta-users-json",
            Self::OktaGroupsJson => "okta-groups-json",
            Self::TerraformPlan => "terraform-plan",
            Self::OktaApp => "okta-app",
            Self::OktaSchema => "okta-schema",
            Self::OktaLog => "okta-log",
            Self::OktaError => "okta-error",
            Self::Json => "json",
            Self::Members => "members",
            Self::ProfileSource => "profile-source",
        }
    }

    /// The kind with a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How a sentence names it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Assignments => "an assignment file",
            Self::GroupMapping => "a group mapping (one row per Okta group)",
            Self::AttributeMapping => "an attribute mapping (one entry per mapped attribute)",
            Self::OktaUsersJson => "a JSON list of Okta users",
            Self::OktaGroupsJson => "a JSON list of Okta groups",
            Self::TerraformPlan => "a Terraform plan as JSON",
            Self::OktaApp => "an app of Okta (give it with --okta-app FILE, beside an input)",
            Self::OktaSchema => {
                "a schema of Okta (give that of the app with --okta-schema FILE, beside an input; that of Okta's own users to import-check)"
            }
            Self::OktaLog => "Okta's System Log (sfcompat explain --log FILE reads it)",
            Self::OktaError => {
                "an error of Okta's API (errorSummary says which) in place of what was asked for: export again"
            }
            Self::Json => "a JSON text of unknown shape",
            Self::Members => "the members of Okta groups",
            Self::ProfileSource => "the users of a snapshot",
        }
    }

    /// Whether a file of the kind is JSON, or may be.
    pub(super) fn may_be_json(self) -> bool {
        !matches!(
            self,
            Self::Assignments | Self::GroupMapping | Self::Members | Self::ProfileSource
        )
    }

    /// The kind of a CSV file, by its normalized headers. `None`: nothing that is known.
    pub(super) fn of_header(names: &[String], has_user: bool) -> Option<Self> {
        let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
        if has(&["expression"]) && has(&["property", "target", "source"])
            || has(&["sourcename"]) && has(&["targetname"])
        {
            return Some(Self::AttributeMapping);
        }
        if has_user {
            return Some(Self::Assignments);
        }
        let given = [
            "priority",
            "profile",
            "profilename",
            "profileid",
            "role",
            "permissionsets",
            "salesforcegroups",
            "featurelicenses",
            "publicgroups",
        ];
        (has(&["oktagroup", "groupname", "group", "name"]) && has(&given))
            .then_some(Self::GroupMapping)
    }

    /// The kind of a JSON text, by the member names in its beginning; `None` where it is no JSON.
    ///
    /// The text may be cut and may be huge, so it is not parsed.
    pub(super) fn of_json(beginning: &str) -> Option<Self> {
        let text = beginning.trim_start();
        let after = text.strip_prefix(['{', '['])?.trim_start();
        if !after.starts_with(['"', '{', '[', '}', ']']) && text.starts_with('{') {
            return None;
        }
        let has = |name: &str| {
            text.match_indices(name).any(|(at, _)| {
                text.get(at + name.len()..)
                    .is_some_and(|rest| rest.trim_start().starts_with(':'))
            })
        };
        Some(
            if has("\"terraform_version\"")
                || has("\"resource_changes\"")
                || has("\"planned_values\"")
            {
                Self::TerraformPlan
            } else if has("\"expression\"") && has("\"properties\"") {
                Self::AttributeMapping
            } else if has("\"definitions\"") && has("\"properties\"") {
                Self::OktaSchema
            } else if has("\"priority\"") && has("\"profile\"") || has("\"objectClass\"") {
                Self::OktaGroupsJson
            } else if has("\"profile\"") && (has("\"credentials\"") || has("\"login\"")) {
                Self::OktaUsersJson
            } else if has("\"eventType\"") && has("\"outcome\"") {
                Self::OktaLog
            } else if has("\"errorCode\"") && has("\"errorSummary\"") {
                Self::OktaError
            } else if has("\"signOnMode\"") && has("\"settings\"") {
                Self::OktaApp
            } else {
                Self::Json
            },
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn json_is_told_by_its_members() {
        let of = |text| Kind::of_json(text);
        assert_eq!(
            of("{\"terraform_version\": \"1\""),
            Some(Kind::TerraformPlan)
        );
        assert_eq!(
            of(" [{\"id\":\"00u\",\"credentials\":{},\"profile\":{"),
            Some(Kind::OktaUsersJson)
        );
        assert_eq!(
            of("[{\"id\":\"00g\",\"priority\":0,\"profile\":{}}]"),
            Some(Kind::OktaGroupsJson)
        );
        assert_eq!(
            of("{\"properties\":{\"a\":{\"expression\" : \"x\"}}}"),
            Some(Kind::AttributeMapping)
        );
        assert_eq!(of("{\"uuid\":1}"), Some(Kind::Json));
        for (text, kind) in [
            (
                "{\"signOnMode\":\"SAML_2_0\",\"credentials\":{},\"settings\":{}}",
                Kind::OktaApp,
            ),
            (
                "{\"definitions\":{\"base\":{\"properties\":{\"profile\":{}}}}}",
                Kind::OktaSchema,
            ),
            (
                "{\"definitions\":{\"base\":{\"properties\":{\"profile\":{},\"login\":{}}}}}",
                Kind::OktaSchema,
            ),
            ("[{\"eventType\":\"x\",\"outcome\":{}}]", Kind::OktaLog),
            (
                "{\"errorCode\":\"E0000001\",\"errorSummary\":\"x\"}",
                Kind::OktaError,
            ),
            (
                "[{\"id\":\"00u\",\"profile\":{\"login\":\"a\"}}]",
                Kind::OktaUsersJson,
            ),
        ] {
            assert_eq!(of(text), Some(kind), "{text}");
        }
        assert_eq!(of("{curly} name,profile"), None);
        assert_eq!(of("login,profile"), None);
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Some(kind));
        }
    }

    #[test]
    fn csv_is_told_by_its_header() {
        let of = |header: &str, user| {
            let names: Vec<String> = header.split(',').map(str::to_owned).collect();
            Kind::of_header(&names, user)
        };
        assert_eq!(
            of("oktagroup,priority,role", false),
            Some(Kind::GroupMapping)
        );
        assert_eq!(
            of("id,name,role,salesforcegroups", false),
            Some(Kind::GroupMapping)
        );
        assert_eq!(
            of("name,target,property,expression", false),
            Some(Kind::AttributeMapping)
        );
        assert_eq!(
            of("id,sourceid,sourcename,targetname", false),
            Some(Kind::AttributeMapping)
        );
        assert_eq!(of("username,groupname", true), Some(Kind::Assignments));
        assert_eq!(of("color,shape", false), None);
    }
}
