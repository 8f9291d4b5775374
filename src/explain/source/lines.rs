//! One text on each line. Empty lines are passed over in silence; a line can be the body of an answer.

use super::{LONGEST_LINE, Log};
use crate::explain::{Error, Message};
use crate::input;
use std::io::{BufRead, Read};

/// Reads the lines.
pub(super) fn read(mut stream: impl BufRead, log: &mut Log) -> Result<(), Error> {
    let mut bytes = Vec::new();
    let mut line = 0;
    let mut offset = 0;
    loop {
        bytes.clear();
        line += 1;
        let got = stream
            .by_ref()
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(|source| input::Error::of_read(&log.path, source))?;
        if got == 0 {
            break;
        }
        if got as u64 > LONGEST_LINE {
            return Err(Error::LineTooLong {
                path: log.path.as_str().into(),
                line,
            });
        }
        let text = input::valid_text(&log.path, &bytes, line, offset)?;
        let text = text.trim();
        if !text.is_empty() {
            log.messages.push(Message::of_text(line, text));
        }
        offset += got as u64;
    }
    if log.messages.is_empty() {
        return Err(Error::Source(input::Error::Empty {
            path: log.path.as_str().into(),
        }));
    }
    Ok(())
}
