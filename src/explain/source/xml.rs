//! A SOAP answer: one message for each error in it.

use super::{LARGEST_DOCUMENT, Log};
use crate::explain::normal::entities;
use crate::explain::pieces::bodies;
use crate::explain::{Error, Message};
use crate::input;
use std::io::Read;

/// Reads the document.
pub(super) fn read(stream: impl Read, log: &mut Log) -> Result<(), Error> {
    let mut bytes = Vec::new();
    let got = stream
        .take(LARGEST_DOCUMENT + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| input::Error::of_read(&log.path, source))?;
    let path = || log.path.as_str().into();
    if got as u64 > LARGEST_DOCUMENT {
        return Err(Error::TooLarge { path: path() });
    }
    let text = input::valid_text(&log.path, &bytes, 1, 0)?;
    let found = bodies(text);
    if found.is_empty() {
        return Err(Error::NoFault { path: path() });
    }
    for (n, body) in found.into_iter().enumerate() {
        log.messages.push(Message {
            line: n as u64 + 1,
            text: entities(&body.text),
            code: body.code,
            fields: body.fields,
            ..Message::default()
        });
    }
    Ok(())
}
