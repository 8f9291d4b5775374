//! Users of an app from whom Okta took it away: what it still pushes of them, and what is said of them.
//!
//! Okta deactivates the Salesforce user that it is linked to, and pushes nothing of the profile. Without a link there is
//! nobody to deactivate.

/// States of an app user in which Okta has taken the app away.
const GONE: [&str; 5] = [
    "DEPROVISIONED",
    "INACTIVE",
    "REVOKED",
    "SUSPENDED",
    "UNASSIGNED",
];

/// Whether an app user of this status has lost the app.
pub(super) fn is_gone(status: Option<&str>) -> bool {
    status.is_some_and(|status| GONE.contains(&status))
}

/// Those of one file who have lost the app.
#[derive(Default)]
pub(super) struct Leavers {
    /// Those who are linked to a Salesforce user: a push makes that user inactive.
    pub(super) linked: u64,
    /// Those who are not: nothing is pushed, and they have no row.
    pub(super) unlinked: u64,
    /// Line of the first of these.
    first: u64,
}

impl Leavers {
    /// Counts one, on this line.
    pub(super) fn note(&mut self, line: u64, linked: bool) {
        if linked {
            self.linked += 1;
            return;
        }
        if self.unlinked == 0 {
            self.first = line;
        }
        self.unlinked += 1;
    }

    /// What people should know of them.
    pub(super) fn told(&self) -> impl Iterator<Item = String> {
        let Self {
            linked,
            unlinked,
            first,
        } = *self;
        let deactivated = (linked > 0).then(|| {
            format!(
                "Okta has taken the app away from {linked} of its users who {} linked to a Salesforce user (externalId): a push makes that user inactive and sends nothing else, so that their profiles are not judged",
                if linked == 1 { "is" } else { "are" }
            )
        });
        let left_out = (unlinked > 0).then(|| {
            format!(
                "Okta has taken the app away from {unlinked} of its users who {} not linked to a Salesforce user (no externalId; the first is on line {first}): nothing is pushed for them, and they are left out",
                if unlinked == 1 { "is" } else { "are" }
            )
        });
        deactivated.into_iter().chain(left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::{Leavers, is_gone};

    #[test]
    fn the_states_are_those_of_okta() {
        let gone = |status| is_gone(Some(status));
        assert!(gone("DEPROVISIONED") && gone("SUSPENDED") && gone("UNASSIGNED"));
        assert!(!gone("PROVISIONED") && !gone("STAGED") && !gone("deprovisioned"));
        assert!(!is_gone(None));
    }

    #[test]
    fn nobody_is_lost_silently() {
        let mut leavers = Leavers::default();
        assert_eq!(leavers.told().count(), 0);
        leavers.note(4, false);
        leavers.note(5, true);
        leavers.note(6, false);
        let told: Vec<String> = leavers.told().collect();
        assert!(
            told[0].contains("from 1 of its users who is linked"),
            "{told:?}"
        );
        assert!(
            told[1].contains("from 2 of its users who are not linked"),
            "{told:?}"
        );
        assert!(told[1].contains("the first is on line 4"), "{told:?}");
    }
}
