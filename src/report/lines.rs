//! A stream of bytes cut into its lines.

use std::io;

/// The start of a line whose end has not come yet. Of the whole stream no more than one line is held.
#[derive(Debug, Default)]
pub(super) struct Torn {
    part: Vec<u8>,
}

impl Torn {
    /// Hands out each line that ends within `bytes`, without its line break, and keeps what follows the last one. Empty
    /// lines are passed over.
    ///
    /// # Errors
    /// What `take` fails with; the lines after it are lost.
    pub(super) fn cut<E>(
        &mut self,
        mut bytes: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(at) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
            if !self.part.is_empty() {
                self.part.extend_from_slice(line);
                take(&self.part)?;
                self.part.clear();
            } else if !line.is_empty() {
                take(line)?;
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.part.extend_from_slice(bytes);
        Ok(())
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Whole lines were promised: a torn last one means that some are missing.
    pub(super) fn end(self) -> io::Result<()> {
        if self.part.is_empty() {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Torn;

    #[test]
    fn lines_come_whole_however_the_stream_is_torn() {
        let stream = b"one\n\ntwo\nthree\n";
        for width in 1..=stream.len() {
            let (mut torn, mut lines) = (Torn::default(), Vec::new());
            for part in stream.chunks(width) {
                let taken: Result<(), ()> = torn.cut(part, |line| {
                    lines.push(String::from_utf8_lossy(line).into_owned());
                    Ok(())
                });
                assert!(taken.is_ok());
            }
            assert_eq!(lines, ["one", "two", "three"], "{width}");
            assert!(torn.end().is_ok(), "{width}");
        }
    }

    #[test]
    fn a_torn_last_line_is_an_error_and_a_refusal_goes_through() {
        let mut torn = Torn::default();
        assert_eq!(torn.cut(b"one\ntw", |_| Ok::<(), ()>(())), Ok(()));
        assert!(torn.end().is_err());
        assert_eq!(Torn::default().cut(b"one\n", |_| Err("full")), Err("full"));
    }
}
