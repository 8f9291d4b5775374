//! Time as a thing that is passed in, so that tests need not wait for it.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What time it is, and how to wait.
#[derive(Clone, Debug, Default)]
pub struct Clock(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    /// The machine's own.
    #[default]
    System,
    /// One that stands still unless somebody sleeps.
    Manual(Arc<Mutex<Manual>>),
}

#[derive(Debug)]
struct Manual {
    now: Timestamp,
    slept: Vec<Duration>,
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock for tests: it starts at `now`, moves only by [`Clock::sleep`], and sleeping takes no time.
    #[must_use]
    pub fn manual(now: Timestamp) -> Self {
        Self(Kind::Manual(Arc::new(Mutex::new(Manual {
            now,
            slept: Vec::new(),
        }))))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::Manual(manual) => lock(manual).now,
        }
    }

    /// Waits.
    pub async fn sleep(&self, time: Duration) {
        match &self.0 {
            Kind::System => tokio::time::sleep(time).await,
            Kind::Manual(manual) => {
                {
                    let mut manual = lock(manual);
                    let step = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
                    manual.now = manual.now.saturating_add(step).unwrap_or(manual.now);
                    manual.slept.push(time);
                }
                // Others get their turn, as they would while one really sleeps.
                tokio::task::yield_now().await;
            }
        }
    }

    /// How long a clock of [`Clock::manual`] was slept on, call by call; nothing for the machine's.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        match &self.0 {
            Kind::System => Vec::new(),
            Kind::Manual(manual) => lock(manual).slept.clone(),
        }
    }
}

/// A panic elsewhere does not stop the clock.
fn lock(manual: &Mutex<Manual>) -> std::sync::MutexGuard<'_, Manual> {
    manual
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_moves_by_sleeping_only() {
        let start: Timestamp = "2026-11-21T00:00:00Z".parse().expect("a moment");
        let clock = Clock::manual(start);
        assert_eq!(clock.now(), start);
        clock.sleep(Duration::from_hours(1)).await;
        assert_eq!(clock.now().to_string(), "2026-11-21T01:00:00Z");
        assert_eq!(clock.clone().slept(), [Duration::from_hours(1)]);
    }
}
