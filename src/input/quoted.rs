//! Records of an input as they stand in the file, to be quoted in a report.

use encoding_rs::Encoding;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;

/// Files in another encoding than UTF-8 are decoded as a whole, up to this size; larger ones are not quoted.
const LARGEST_DECODED: u64 = 64 << 20;
/// A record is quoted up to this many bytes: nobody reads more of it.
const LONGEST: usize = 64 << 10;

/// The records that start on these physical lines (ascending, from 1), as `(line, text)` without the line break at their end.
///
/// Quotes only explain a finding, so whatever cannot be read any more is left out: stdin, a file that
/// is gone, a record that is no text.
#[must_use]
pub fn quoted(path: &str, lines: &[u64]) -> Vec<(u64, String)> {
    if path == "-" || lines.is_empty() {
        return Vec::new();
    }
    open(Path::new(path)).map_or_else(|_| Vec::new(), |reader| records(reader, lines))
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut beginning = Vec::new();
    file.by_ref().take(4).read_to_end(&mut beginning)?;
    let (encoding, mark) = Encoding::for_bom(&beginning).unwrap_or((encoding_rs::UTF_8, 0));
    if encoding == encoding_rs::UTF_8 {
        file.seek(io::SeekFrom::Start(mark as u64))?;
        return Ok(Box::new(BufReader::with_capacity(1 << 16, file)));
    }
    if size > LARGEST_DECODED {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = beginning;
    file.read_to_end(&mut bytes)?;
    let (text, _) = encoding.decode_with_bom_removal(&bytes);
    Ok(Box::new(Cursor::new(text.into_owned().into_bytes())))
}

fn records(mut reader: impl BufRead, lines: &[u64]) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    let mut wanted = lines.iter().copied().peekable();
    let mut number = 0;
    let mut line = Vec::new();
    let mut record: Option<(u64, Vec<u8>)> = None;
    while wanted.peek().is_some() || record.is_some() {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => number += 1,
        }
        if record.is_none() && wanted.peek() == Some(&number) {
            wanted.next();
            record = Some((number, Vec::new()));
        }
        let Some((_, text)) = &mut record else {
            continue;
        };
        text.extend_from_slice(&line);
        // A record goes on while a quote is open.
        let closed = text.iter().filter(|byte| **byte == b'"').count() % 2 == 0;
        if closed || text.len() > LONGEST {
            found.extend(record.take().and_then(text_of));
            while wanted.next_if(|line| *line <= number).is_some() {}
        }
    }
    found.extend(record.and_then(text_of));
    found
}

fn text_of((line, mut bytes): (u64, Vec<u8>)) -> Option<(u64, String)> {
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    String::from_utf8(bytes).ok().map(|text| (line, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, lines: &[u64]) -> Vec<(u64, String)> {
        records(text.as_bytes(), lines)
    }

    #[test]
    fn records_are_found_by_their_first_line() {
        let text = "a,b\r\n1,\"x\ny\"\n2,z\n3,\"open";
        assert_eq!(
            of(text, &[1, 2, 4]),
            [
                (1, "a,b".to_owned()),
                (2, "1,\"x\ny\"".to_owned()),
                (4, "2,z".to_owned())
            ]
        );
        assert_eq!(of(text, &[5, 9]), [(5, "3,\"open".to_owned())]);
        assert_eq!(of(text, &[]), []);
    }

    #[test]
    fn files_are_decoded_as_their_mark_says() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.csv");
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("a,\u{e9}\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes));
        std::fs::write(&path, bytes).expect("written");
        let shown = path.to_str().expect("a path in text");
        assert_eq!(quoted(shown, &[1]), [(1, "a,\u{e9}".to_owned())]);
        std::fs::write(&path, "\u{feff}a\n").expect("written");
        assert_eq!(quoted(shown, &[1]), [(1, "a".to_owned())]);
        assert_eq!(quoted("-", &[1]), []);
        assert_eq!(quoted("no such file", &[1]), []);
    }
}
