//! The org's quota of API requests, and how much of it a run may use.

use super::Error;

/// `api-usage` of the header `Sforce-Limit-Info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Requests of the last 24 hours, by everybody.
    pub used: u64,
    /// The most.
    pub most: u64,
}

impl Usage {
    /// Reads `api-usage=18/15000; per-app-api-usage=17/250(appName=x)`.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let part = header
            .split([';', ','])
            .find_map(|part| part.trim().strip_prefix("api-usage="))?;
        let (used, most) = part.split_once('/')?;
        Some(Self {
            used: used.trim().parse().ok()?,
            most: most.trim().parse().ok()?,
        })
    }

    /// What is left.
    #[must_use]
    pub fn left(self) -> u64 {
        self.most.saturating_sub(self.used)
    }
}

/// A fifth of what is left, where nobody says how much.
const SHARE: u64 = 5;
/// Even so much is needed to say what is wrong.
const LEAST: u64 = 10;

/// The account of one run.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Requests that were sent.
    pub sent: u64,
    /// What the org said last.
    pub usage: Option<Usage>,
    chosen: Option<u64>,
    most: Option<u64>,
}

impl Calls {
    /// An account; `most` is what the user allows.
    #[must_use]
    pub fn new(most: Option<u64>) -> Self {
        Self {
            chosen: most,
            most,
            ..Self::default()
        }
    }

    /// The most requests of this run, once it is known.
    #[must_use]
    pub fn most(&self) -> Option<u64> {
        self.most
    }

    /// Notes one more request.
    ///
    /// # Errors
    /// It may not be sent.
    pub fn take(&mut self) -> Result<(), Error> {
        if let Some(most) = self.most.filter(|most| self.sent >= *most) {
            return Err(self.refusal(most));
        }
        if let Some(usage) = self.usage.filter(|usage| usage.left() == 0) {
            return Err(Error::Quota {
                used: format!("{} of {}", usage.used, usage.most),
            });
        }
        self.sent += 1;
        Ok(())
    }

    /// Whether so many further requests may be sent; said before the long part of a pull begins.
    ///
    /// # Errors
    /// They may not.
    pub fn afford(&self, further: u64) -> Result<(), Error> {
        match self.most {
            Some(most) if self.sent + further > most => Err(self.refusal(most)),
            _ => Ok(()),
        }
    }

    fn refusal(&self, most: u64) -> Error {
        let reason = match (self.chosen, self.usage) {
            (None, Some(usage)) => format!(
                "a fifth of the {} that the org has left today",
                usage.left() + self.sent
            ),
            _ => String::from("--max-api-calls"),
        };
        Error::Calls { most, reason }
    }

    /// Notes the header of an answer. The first one decides how much is allowed where the user did not.
    pub fn note(&mut self, header: &str) {
        let Some(usage) = Usage::parse(header) else {
            return;
        };
        if self.most.is_none() {
            self.most = Some(((usage.left() + self.sent) / SHARE).max(LEAST));
        }
        self.usage = Some(usage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read() {
        let read = |text| Usage::parse(text).map(|usage| (usage.used, usage.most));
        assert_eq!(read("api-usage=18/15000"), Some((18, 15000)));
        assert_eq!(
            read("api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)"),
            Some((25, 5000))
        );
        assert_eq!(read("per-app-api-usage=17/250(appName=api-usage=1)"), None);
        assert_eq!(read("api-usage=x/y"), None);
    }

    #[test]
    fn a_run_takes_a_fifth_of_what_is_left_or_what_it_is_given() {
        let mut calls = Calls::new(None);
        calls.take().expect("the first");
        calls.note("api-usage=14901/15000");
        assert_eq!(calls.most(), Some(20));
        for _ in 0..19 {
            calls.take().expect("allowed");
        }
        let error = calls.take().expect_err("enough").to_string();
        assert!(
            error.contains("20 API requests") && error.contains("--max-api-calls"),
            "{error}"
        );
        let mut given = Calls::new(Some(2));
        given.note("api-usage=1/15000");
        assert!(given.afford(2).is_ok() && given.afford(3).is_err());
        assert!(given.take().is_ok() && given.take().is_ok() && given.take().is_err());
    }

    #[test]
    fn a_quota_that_is_used_up_ends_the_run() {
        let mut calls = Calls::new(Some(100));
        calls.note("api-usage=15000/15000");
        assert!(matches!(calls.take(), Err(Error::Quota { .. })));
    }
}
