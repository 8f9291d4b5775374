//! Work on large answers goes to a thread of its own, so that the next answers are received meanwhile.

/// Bytes from which on another thread is worth its start.
const LARGE: usize = 1 << 16;

/// Does the work: here where the answer is small, else on another thread. A panic goes on here.
pub(crate) async fn aside<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if bytes < LARGE {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(fault) => match fault.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is ending, and this with it.
            Err(_) => std::future::pending().await,
        },
    }
}
