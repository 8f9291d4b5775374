//! What Okta says of the last push of each user of an app.

/// App users whose last push failed, or whose changes wait for one.
#[derive(Default)]
pub(super) struct Unsynced {
    failed: u64,
    /// Line and name of the first that failed.
    first: Option<(u64, String)>,
    waiting: u64,
}

impl Unsynced {
    /// Notes a user by the state of the last push.
    pub(super) fn note(&mut self, line: u64, state: Option<&str>, username: Option<&str>) {
        match state {
            Some("ERROR") => {
                self.failed += 1;
                let name = username.unwrap_or_default();
                self.first.get_or_insert_with(|| (line, name.to_owned()));
            }
            Some("OUT_OF_SYNC") => self.waiting += 1,
            _ => {}
        }
    }

    /// What people should know of them.
    pub(super) fn told(self) -> Option<String> {
        let (line, name) = self.first?;
        let Self {
            failed, waiting, ..
        } = self;
        Some(format!(
            "the last push of {failed} of its users failed (syncState ERROR; the first is '{name}', line {line}), and changes of {waiting} wait (OUT_OF_SYNC): their errors stand on Okta's Tasks page, and sfcompat explain says what they mean"
        ))
    }
}
