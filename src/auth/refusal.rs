//! What Salesforce says when it gives no token: each error has one cause and one thing to do.
//!
//! Salesforce answers most of what can be wrong with `invalid_grant`; the words beside it tell the causes apart. Where
//! even they do not, the words are shown and nothing is guessed.

mod table;

use jiff::SignedDuration;
use std::fmt;
use table::TABLE;

/// An error answer of an OAuth endpoint, with what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Scheme, host and port that answered.
    pub host: String,
    /// The way of logging in (`web`, `jwt` ...), or `refresh`.
    pub flow: &'static str,
    /// The error code: `invalid_grant`.
    pub error: String,
    /// The words beside it, without anything that looks like a secret.
    pub description: String,
    /// What was sent, as far as it is no secret: `aud=https://login.salesforce.com`.
    pub sent: Vec<String>,
    /// How far the clock of this machine is ahead of the server's, where the answer has a date.
    pub ahead: Option<SignedDuration>,
}

/// Why it was refused, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The cause.
    pub cause: &'static str,
    /// What to click or to change.
    pub action: &'static str,
}

/// From here on a clock is a cause.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

impl Refusal {
    /// The one cause that fits, and what to do; `None`: nobody wrote down what this error means.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        if self.flow == "jwt"
            && self.error == "invalid_grant"
            && self.ahead.is_some_and(|ahead| ahead.abs() > SKEW)
            && !self.description.contains("approved")
            && !self.description.to_lowercase().contains("audience")
        {
            return Some(Remedy {
                cause: "the clock of this machine is wrong, so the assertion is too old or not yet valid",
                action: "set the clock (NTP); an assertion is good for three minutes",
            });
        }
        let text = format!("{} {}", self.error, self.description).to_lowercase();
        TABLE
            .iter()
            .find(|line| {
                (line.flows.is_empty() || line.flows.contains(&self.flow))
                    && line.words.iter().all(|word| text.contains(word))
            })
            .map(|line| Remedy {
                cause: line.cause,
                action: line.action,
            })
    }

    /// What stands above the last line: what was sent, how the clocks differ, what to do.
    pub(super) fn hints(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.sent.is_empty() {
            lines.push(format!("sent to {}: {}", self.host, self.sent.join(", ")));
        }
        if let Some(ahead) = self.ahead.filter(|ahead| ahead.abs() > SKEW) {
            lines.push(skew(ahead));
        }
        if let Some(remedy) = self.remedy() {
            lines.push(format!("cause: {}", remedy.cause));
            lines.push(format!("do: {}", remedy.action));
        }
        lines
    }
}

/// `the clock of this machine is 12 minutes ahead of Salesforce's`
pub(super) fn skew(ahead: SignedDuration) -> String {
    let (seconds, side) = (
        ahead.abs().as_secs(),
        if ahead.is_negative() {
            "behind"
        } else {
            "ahead of"
        },
    );
    let span = match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3600),
    };
    format!("the clock of this machine is {span} {side} Salesforce's")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} refuses the login: {}", self.host, self.error)?;
        if !self.description.is_empty() {
            write!(f, " ({})", self.description)?;
        }
        if let Some(remedy) = self.remedy() {
            write!(f, ": {}", remedy.cause)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests;
