//! `SFCOMPAT_LOG`: what happens inside, on stderr. Every line goes through the net that takes secrets out.

use std::io::{self, Write};
use tracing_subscriber::filter::LevelFilter;

/// Starts the log where the environment asks for one, and makes panics as careful.
///
/// # Errors
/// The level has no such name.
pub(crate) fn start(level: Option<String>) -> Result<(), String> {
    std::panic::set_hook(Box::new(|panic| {
        // A panic in the middle of a panic ends the program; whether stderr is there does not matter then.
        let _ = writeln!(
            io::stderr(),
            "sfcompat: {}",
            sfcompat::net::redact(&panic.to_string())
        );
    }));
    let Some(level) = level.filter(|level| !level.is_empty()) else {
        return Ok(());
    };
    let level: LevelFilter = level.parse().map_err(|_| {
        String::from("SFCOMPAT_LOG: not one of error, warn, info, debug, trace, off")
    })?;
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(|| Redacted)
        .try_init()
        .map_err(|error| format!("SFCOMPAT_LOG: {error}"))
}

/// Stderr without secrets. The log writes each event at once.
struct Redacted;

impl Write for Redacted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        io::stderr().write_all(sfcompat::net::redact(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
