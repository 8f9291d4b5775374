//! Findings, read while they are replayed: reporters pull, the engine pushes, a pipe stands between.

use sfcompat::check::Outcome;
use std::io::{self, BufRead, BufReader, BufWriter, PipeReader, PipeWriter, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;

/// Bytes that may wait on either side of the pipe.
const BUFFER: usize = 1 << 16;

/// Replays the findings of a run as often as there are reports.
#[derive(Clone, Copy)]
pub(super) struct Replay<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    outcome: &'scope Outcome,
}

/// Why a replay broke off, told to the reader at its end: half of the findings must never pass for all of them.
type Fault = Arc<Mutex<Option<io::Error>>>;

struct Replayed {
    pipe: PipeReader,
    fault: Fault,
}

impl<'scope, 'env> Replay<'scope, 'env> {
    pub(super) fn new(scope: &'scope Scope<'scope, 'env>, outcome: &'scope Outcome) -> Self {
        Self { scope, outcome }
    }

    /// The findings from the first one on.
    pub(super) fn open<'a>(self) -> io::Result<Box<dyn BufRead + 'a>> {
        let (pipe, writer) = io::pipe()?;
        let fault = Fault::default();
        let told = Arc::clone(&fault);
        let outcome = self.outcome;
        self.scope.spawn(move || tell(outcome, writer, &told));
        let reader = Replayed { pipe, fault };
        Ok(Box::new(BufReader::with_capacity(BUFFER, reader)))
    }
}

/// Writes all findings. The fault is set before the pipe closes, so a reader at its end finds it.
fn tell(outcome: &Outcome, writer: PipeWriter, fault: &Fault) {
    let mut out = BufWriter::with_capacity(BUFFER, writer);
    let told = outcome.replay(&mut out).and_then(|()| out.flush());
    if let Err(error) = told {
        *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl Read for Replayed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.pipe.read(into)?;
        if read == 0 && !into.is_empty() {
            let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(error) = fault.take() {
                return Err(error);
            }
        }
        Ok(read)
    }
}
