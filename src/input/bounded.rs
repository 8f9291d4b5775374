//! Files that are read as a whole, as far as that is sane.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No app, schema or mapping is larger, in bytes.
const LARGEST: u64 = 64 << 20;

/// A file that holds one JSON object, whole.
///
/// # Errors
/// It cannot be read, or is far too large for what it should be.
pub(crate) fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    bounded(File::open(path)?, LARGEST)
}

/// A stream, whole, where it has at most so many bytes.
///
/// # Errors
/// As [`read_bounded`].
fn bounded(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        let mib = most >> 20;
        return Err(io::Error::other(format!(
            "it is larger than {mib} MiB, and is not read to its end: is it the right file?"
        )));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_up_to_its_limit_and_no_further() {
        assert_eq!(bounded(&b"abc"[..], 3).expect("whole"), b"abc");
        let endless = io::repeat(b' ');
        let error = bounded(endless, 3 << 20).expect_err("endless");
        assert!(error.to_string().contains("larger than 3 MiB"), "{error}");
    }
}
