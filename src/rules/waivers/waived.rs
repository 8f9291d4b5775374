//! Words about an entry of the file of waivers.

use crate::waivers::{Entry, Waivers};
use std::fmt::Write;

/// Whose it is, and where it stands.
pub(crate) fn named(waivers: &Waivers, entry: &Entry) -> String {
    let owner = entry.note.owner.as_deref();
    let ticket = entry.note.ticket.as_deref();
    let mut text = format!("line {} of {}", entry.line, waivers.file.display());
    for (what, part) in [("owner", owner), ("ticket", ticket)] {
        if let Some(part) = part {
            // Writing to a text cannot fail.
            let _ = write!(text, ", {what} {part}");
        }
    }
    text
}
