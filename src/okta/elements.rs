//! A JSON text cut into the elements of its outermost array, one at a time: a file of gigabytes is never held as a whole.

use std::io::{self, BufRead};

/// One element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its text.
    pub(super) json: Vec<u8>,
    /// Line on which it starts, from 1.
    pub(super) line: u64,
}

/// Where a text breaks off or is no list.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The stream cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// Something stands where nothing can.
    #[error("'{character}' stands where an element or the end of the list is expected")]
    Misplaced {
        /// What stands there.
        character: char,
        /// Line, from 1.
        line: u64,
    },
    /// The text ends inside.
    #[error("the text ends in the middle: a part of the export is missing")]
    Cut {
        /// Line of the end, from 1.
        line: u64,
    },
    /// One element is larger than any user or group.
    #[error("an element of more than {LARGEST} bytes: this is no list of users or groups")]
    Large {
        /// Line on which it starts.
        line: u64,
    },
}

/// Bytes of the largest element.
const LARGEST: usize = 64 << 20;

/// Cuts a stream. An outermost object is one element; objects one after the other (JSON lines) are elements too.
pub(super) struct Elements<R> {
    stream: R,
    line: u64,
    /// Inside the outermost array.
    listed: bool,
    begun: bool,
    ended: bool,
}

impl<R: BufRead> Elements<R> {
    pub(super) fn new(stream: R) -> Self {
        Self {
            stream,
            line: 1,
            listed: false,
            begun: false,
            ended: false,
        }
    }

    /// The next element in `element`; `false` at the end.
    pub(super) fn next(&mut self, element: &mut Element) -> Result<bool, Fault> {
        element.json.clear();
        let Some(first) = self.start()? else {
            return Ok(false);
        };
        element.line = self.line;
        element.json.push(first);
        self.rest(element)?;
        Ok(true)
    }

    fn byte(&mut self) -> Result<Option<u8>, Fault> {
        let buffer = self.stream.fill_buf()?;
        let Some(&byte) = buffer.first() else {
            return Ok(None);
        };
        self.stream.consume(1);
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    /// Skips to the first byte of the next element; `None` at the end.
    fn start(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let Some(byte) = self.byte()? else {
                if self.listed && !self.ended {
                    return Err(Fault::Cut { line: self.line });
                }
                return Ok(None);
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                // The mark that some editors put before UTF-8.
                0xef | 0xbb | 0xbf if !self.begun => {}
                b'[' if !self.begun => {
                    (self.begun, self.listed) = (true, true);
                }
                b',' if self.listed && !self.ended => {}
                b']' if self.listed && !self.ended => self.ended = true,
                b'{' if !self.ended => {
                    self.begun = true;
                    return Ok(Some(byte));
                }
                other => {
                    return Err(Fault::Misplaced {
                        character: char::from(other),
                        line: self.line,
                    });
                }
            }
        }
    }

    /// Takes bytes up to the brace that closes the element.
    fn rest(&mut self, element: &mut Element) -> Result<(), Fault> {
        let (mut depth, mut quoted, mut escaped) = (1u32, false, false);
        while depth > 0 {
            let Some(byte) = self.byte()? else {
                return Err(Fault::Cut { line: self.line });
            };
            if element.json.len() >= LARGEST {
                return Err(Fault::Large { line: element.line });
            }
            element.json.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Element, Elements, Fault};

    fn cut(text: &str) -> Result<Vec<(String, u64)>, Fault> {
        let mut elements = Elements::new(text.as_bytes());
        let (mut element, mut found) = (Element::default(), Vec::new());
        while elements.next(&mut element)? {
            let json = String::from_utf8(element.json.clone()).expect("text");
            found.push((json, element.line));
        }
        Ok(found)
    }

    #[test]
    fn elements_come_with_their_lines() {
        let text = "\u{feff}[\n {\"a\": \"}]\\\"{\"},\n\n{\"b\":[1,{\"c\":2}]}\n]\n";
        let found = cut(text).expect("elements");
        let expected = [("{\"a\": \"}]\\\"{\"}", 2), ("{\"b\":[1,{\"c\":2}]}", 4)];
        assert_eq!(found, expected.map(|(json, line)| (json.to_owned(), line)));
        assert_eq!(cut("{\"a\":1}\n{\"b\":2}\n").expect("lines").len(), 2);
        assert_eq!(cut("[]").expect("nothing").len(), 0);
    }

    #[test]
    fn half_a_text_is_no_text() {
        for text in ["[", "[{\"a\":1}", "[{\"a\":", "{\"a\":\"x"] {
            assert!(matches!(cut(text), Err(Fault::Cut { .. })), "{text}");
        }
        for text in ["[1]", "[{}]x", "nonsense", "[{}] [{}]"] {
            assert!(matches!(cut(text), Err(Fault::Misplaced { .. })), "{text}");
        }
    }
}
