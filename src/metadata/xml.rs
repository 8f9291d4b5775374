//! The XML of metadata files: a root, its entries, and their fields. Nothing deeper says anything about access.
//!
//! No document type is accepted, so there are no entities to expand; how deep elements may lie in each other is
//! limited; a file is read as a whole, and how long it may be is limited where it is opened.

use super::Error;
use super::error::shown;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// An element below the root: `<userPermissions>` with its fields, or `<label>` with its text.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Name of the element.
    pub(super) name: String,
    /// Its own text, without white space around it.
    pub(super) text: String,
    /// The elements in it with their texts.
    pub(super) fields: Vec<(String, String)>,
    /// Where it begins in the file, in bytes.
    pub(super) offset: usize,
}

impl Entry {
    /// The text of a field; empty where it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(own, _)| own == name)
            .map_or("", |(_, text)| text)
    }
}

/// A file with its text, for errors that say where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// Path inside the project.
    pub(super) file: &'a str,
    /// Its text.
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn fault(&self, offset: usize, reason: impl Into<String>) -> Error {
        Error::at(self.file, self.text, offset, reason)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, entry: &Entry, name: &str, text: &str) -> Result<bool, Error> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.fault(
                entry.offset,
                format!("<{name}> says '{}', not true or false", shown(text)),
            )),
        }
    }
}

/// Elements may lie as deep as this in each other.
const DEPTH: usize = 32;

/// Hands over every entry of a file, in order.
pub(super) fn entries(
    source: Source<'_>,
    root: &str,
    each: &mut dyn FnMut(&Entry) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = Reader::from_str(source.text);
    let mut walk = Walk {
        source,
        root,
        depth: 0,
        begun: false,
        entry: Entry::default(),
    };
    loop {
        let at = place(reader.buffer_position());
        let event = reader
            .read_event()
            .map_err(|fault| source.fault(place(reader.error_position()), fault.to_string()))?;
        match event {
            Event::Start(start) => walk.open(&start, at)?,
            Event::Empty(start) => {
                walk.open(&start, at)?;
                walk.close(each)?;
            }
            Event::End(_) => walk.close(each)?,
            Event::Text(text) => walk.text(&text, at)?,
            Event::CData(text) => walk.text(&text, at)?,
            Event::GeneralRef(reference) => walk.reference(&reference, at)?,
            Event::DocType(_) => {
                return Err(source.fault(
                    at,
                    "a document type declaration, which no metadata file has",
                ));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if walk.depth > 0 {
        return Err(source.fault(
            source.text.len(),
            "the file ends in the middle of an element",
        ));
    }
    if !walk.begun {
        return Err(source.fault(0, format!("no <{root}> in it")));
    }
    Ok(())
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Where the reader stands.
struct Walk<'a> {
    source: Source<'a>,
    root: &'a str,
    depth: usize,
    begun: bool,
    entry: Entry,
}

impl Walk<'_> {
    fn open(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Error> {
        let name = start.local_name();
        let name = name.as_ref();
        self.depth += 1;
        match self.depth {
            1 if self.begun => return Err(self.source.fault(at, "a second root element")),
            1 if name != self.root => {
                let reason = format!("<{}> where <{}> is expected", shown(name), self.root);
                return Err(self.source.fault(at, reason));
            }
            1 => self.begun = true,
            2 => {
                self.entry = Entry {
                    name: name.to_owned(),
                    offset: at,
                    ..Entry::default()
                }
            }
            3 => self.entry.fields.push((name.to_owned(), String::new())),
            deep if deep > DEPTH => {
                return Err(self
                    .source
                    .fault(at, format!("elements more than {DEPTH} deep")));
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, each: &mut dyn FnMut(&Entry) -> Result<(), Error>) -> Result<(), Error> {
        match self.depth {
            2 => {
                let trimmed = self.entry.text.trim().to_owned();
                self.entry.text = trimmed;
                each(&self.entry)?;
            }
            3 => {
                if let Some((_, text)) = self.entry.fields.last_mut() {
                    *text = text.trim().to_owned();
                }
            }
            _ => {}
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), Error> {
        match self.depth {
            0 if !text.trim_start_matches('\u{feff}').trim().is_empty() => {
                return Err(self.source.fault(at, "text outside of the root element"));
            }
            2 => self.entry.text.push_str(text),
            3 => {
                if let Some((_, own)) = self.entry.fields.last_mut() {
                    own.push_str(text);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `&amp;` and the like, and characters by number; there is nothing else that a reference can mean.
    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), Error> {
        let unknown = || {
            let reason = format!("&{}; stands for nothing in XML", shown(reference));
            self.source.fault(at, reason)
        };
        let meant = match &**reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => reference
                .resolve_char_ref()
                .ok()
                .flatten()
                .ok_or_else(unknown)?,
        };
        let mut buffer = [0; 4];
        let text = &*meant.encode_utf8(&mut buffer);
        if self.depth == 0 {
            return Err(unknown());
        }
        self.text(text, at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Source, entries};

    fn read(text: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let source = Source { file: "x", text };
        entries(source, "Role", &mut |entry| {
            found.push(format!("{}={}{:?}", entry.name, entry.text, entry.fields));
            Ok(())
        })
        .map_err(|fault| fault.to_string())?;
        Ok(found)
    }

    #[test]
    fn entries_have_text_and_fields() {
        let text = "<?xml version=\"1.0\"?>\n<!-- x --><Role xmlns=\"u\"><name> A &amp; B&#33; </name>\n<e/><g><a>1</a><b><c>deep</c>2</b></g><d><![CDATA[<x>]]></d></Role>\n";
        assert_eq!(
            read(text),
            Ok(vec![
                "name=A & B![]".to_owned(),
                "e=[]".to_owned(),
                "g=[(\"a\", \"1\"), (\"b\", \"2\")]".to_owned(),
                "d=<x>[]".to_owned(),
            ])
        );
    }

    #[test]
    fn what_is_broken_says_where() {
        for (text, fault) in [
            ("", "x, line 1, column 1: no <Role> in it"),
            (
                "<Profile/>",
                "x, line 1, column 1: <Profile> where <Role> is expected",
            ),
            (
                "<Role>\n  <name>",
                "x, line 2, column 9: the file ends in the middle of an element",
            ),
            (
                "<Role/>\n<Role/>",
                "x, line 2, column 1: a second root element",
            ),
            (
                "<Role/> text",
                "x, line 1, column 8: text outside of the root element",
            ),
            (
                "<Role>\n<name>&lol;</name></Role>",
                "x, line 2, column 7: &lol; stands for nothing in XML",
            ),
        ] {
            assert_eq!(read(text), Err(fault.to_owned()), "{text}");
        }
        let wrong_end = read("<Role>\n <name></nome></Role>").expect_err("ill-formed");
        assert!(
            wrong_end.starts_with("x, line 2, column 8: "),
            "{wrong_end}"
        );
    }

    #[test]
    fn entities_are_not_expanded_and_depth_is_limited() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Role><name>&b;</name></Role>";
        let fault = read(bomb).expect_err("refused");
        assert!(fault.contains("document type declaration"), "{fault}");
        let file = "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><Role>&f;</Role>";
        assert!(read(file).is_err());
        let deep = format!("<Role>{}", "<a>".repeat(100_000));
        let fault = read(&deep).expect_err("refused");
        assert!(fault.contains("32 deep"), "{fault}");
    }
}
