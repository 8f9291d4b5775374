//! What there is to pull, which file it becomes, and which right it needs.

/// A part of an Okta org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The Salesforce app: settings and features.
    App,
    /// The users of the app, with what is pushed of them.
    AppUsers,
    /// The groups of the app, with what their members get.
    Groups,
    /// Who is in which of these groups.
    Members,
    /// The mapping from Okta's users to the users of the app, and the one back.
    Mapping,
    /// The schema of the users of the app.
    Schema,
    /// The schema of Okta's users.
    UserSchema,
    /// All users of the Okta org.
    Users,
}

impl Part {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 8] = [
        Self::App,
        Self::AppUsers,
        Self::Groups,
        Self::Members,
        Self::Mapping,
        Self::Schema,
        Self::UserSchema,
        Self::Users,
    ];

    /// As it is written on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::AppUsers => "app-users",
            Self::Groups => "groups",
            Self::Members => "members",
            Self::Mapping => "mapping",
            Self::Schema => "schema",
            Self::UserSchema => "user-schema",
            Self::Users => "users",
        }
    }

    /// The file that it becomes.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::App => "app.json",
            Self::AppUsers => "app-users.json",
            Self::Groups => "groups.json",
            Self::Members => "members.csv",
            Self::Mapping => "mapping.json",
            Self::Schema => "schema.json",
            Self::UserSchema => "user-schema.json",
            Self::Users => "users.json",
        }
    }

    /// The scope of OAuth that reading it needs.
    #[must_use]
    pub fn scope(self) -> &'static str {
        match self {
            Self::App | Self::AppUsers | Self::Groups => "okta.apps.read",
            Self::Members => "okta.groups.read",
            Self::Mapping => "okta.profileMappings.read",
            Self::Schema | Self::UserSchema => "okta.schemas.read",
            Self::Users => "okta.users.read",
        }
    }

    /// Those that are read where nothing else is said: all but the users of the whole Okta org, whom only an import
    /// check wants to know.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|part| *part != Self::Users)
            .collect()
    }

    /// The scopes of some parts, each once, in a fixed order.
    #[must_use]
    pub fn scopes(parts: &[Self]) -> Vec<&'static str> {
        let mut scopes = vec![Self::App.scope()];
        for part in Self::ALL {
            if parts.contains(&part) && !scopes.contains(&part.scope()) {
                scopes.push(part.scope());
            }
        }
        scopes
    }
}

impl std::str::FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|part| part.name() == text);
        known.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.into_iter().map(Self::name).collect();
            format!("no part '{text}'; there are {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_scopes_are_asked_for() {
        assert_eq!(Part::scopes(&[]), ["okta.apps.read"]);
        let usual = Part::scopes(&Part::usual());
        assert!(!usual.contains(&"okta.users.read"), "{usual:?}");
        assert!(
            usual
                .iter()
                .all(|scope| scope.split('.').next_back() == Some("read"))
        );
        assert_eq!("members".parse(), Ok(Part::Members));
        assert!(
            "nonsense"
                .parse::<Part>()
                .expect_err("none")
                .contains("app-users")
        );
    }
}
