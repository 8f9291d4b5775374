//! Cuts a shipped CSV file into borrowed cells.
//!
//! The general CSV reader copies every record; these files are ours, live as long as the program,
//! and need no escaped quotes, so their cells can be slices of the file. A doubled quote or a line
//! break inside a cell is therefore refused; a test compares the result with the general reader.

use super::{Confidence, Error};

/// One shipped table, with all cells as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippedTable {
    /// File name without its ending.
    pub name: &'static str,
    /// Names of the columns; one of them is `source`.
    pub header: Vec<&'static str>,
    /// The lines in the order of the file, each as long as the header.
    pub rows: Vec<Vec<&'static str>>,
}

/// A shipped file and the `N` columns that it must have. The last one is always `source`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet<const N: usize> {
    pub(super) name: &'static str,
    pub(super) header: [&'static str; N],
    pub(super) text: &'static str,
}

/// Where a line of a table stands, to name it in errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    table: &'static str,
    line: usize,
}

impl<const N: usize> Sheet<N> {
    /// The records after the header, each with its place.
    pub(super) fn records(
        self,
    ) -> Result<impl Iterator<Item = Result<(Place, [&'static str; N]), Error>>, Error> {
        let mut lines = self.text.lines().enumerate();
        let first = lines.next().map_or("", |(_, line)| line);
        if !first.split(',').eq(self.header) {
            return Err(Error::Header {
                table: self.name,
                expected: self.header.join(","),
            });
        }
        Ok(lines.map(move |(index, line)| {
            let place = Place {
                table: self.name,
                line: index + 1,
            };
            let cells: [&'static str; N] = cut(line).map_err(|reason| place.malformed(reason))?;
            if cells.last().is_none_or(|source| source.trim().is_empty()) {
                return Err(Error::SourceMissing {
                    table: self.name,
                    line: place.line,
                });
            }
            Ok((place, cells))
        }))
    }

    /// The table as text. Malformed lines are left out; [`super::load`] refuses them.
    pub(super) fn shipped(self) -> ShippedTable {
        let rows = self
            .records()
            .map(|records| records.flatten().map(|(_, cells)| cells.to_vec()).collect())
            .unwrap_or_default();
        ShippedTable {
            name: self.name,
            header: self.header.to_vec(),
            rows,
        }
    }
}

impl Place {
    pub(super) fn malformed(self, reason: &'static str) -> Error {
        Error::Malformed {
            table: self.table,
            line: self.line,
            reason,
        }
    }

    pub(super) fn word(self, column: &'static str, word: &'static str) -> Error {
        Error::Word {
            table: self.table,
            line: self.line,
            column,
            word,
        }
    }

    pub(super) fn duplicate(self, key: impl Into<String>) -> Error {
        Error::Duplicate {
            table: self.table,
            line: self.line,
            key: key.into(),
        }
    }

    pub(super) fn flag(self, column: &'static str, word: &'static str) -> Result<bool, Error> {
        match word {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.word(column, word)),
        }
    }

    pub(super) fn number(self, column: &'static str, word: &'static str) -> Result<u32, Error> {
        word.parse().map_err(|_| self.word(column, word))
    }

    /// Nothing known (empty or `unknown`) is the weakest confidence there is.
    pub(super) fn confidence(
        self,
        column: &'static str,
        word: &'static str,
    ) -> Result<Confidence, Error> {
        match word {
            "documented" => Ok(Confidence::Documented),
            "inferred" | "unknown" | "" => Ok(Confidence::Inferred),
            _ => Err(self.word(column, word)),
        }
    }
}

/// A cell that may be empty.
pub(super) fn filled(cell: &'static str) -> Option<&'static str> {
    Some(cell).filter(|cell| !cell.is_empty())
}

/// The values of a cell that are separated by `;`.
pub(super) fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(';').filter(|value| !value.is_empty())
}

/// Exactly `N` cells of one line.
fn cut<const N: usize>(line: &'static str) -> Result<[&'static str; N], &'static str> {
    let mut cells = [""; N];
    let mut rest = Some(line);
    for cell in &mut cells {
        let text = rest.ok_or("a cell is missing")?;
        (*cell, rest) = first_cell(text)?;
    }
    if rest.is_some() {
        return Err("a cell too many");
    }
    Ok(cells)
}

/// The first cell of `text`, and what follows its comma.
fn first_cell(text: &'static str) -> Result<(&'static str, Option<&'static str>), &'static str> {
    let Some(quoted) = text.strip_prefix('"') else {
        return Ok(match text.split_once(',') {
            Some((cell, rest)) => (cell, Some(rest)),
            None => (text, None),
        });
    };
    let (cell, after) = quoted
        .split_once('"')
        .ok_or("a quote is not closed on its line")?;
    if after.is_empty() {
        return Ok((cell, None));
    }
    let rest = after
        .strip_prefix(',')
        .ok_or("a quote inside a quoted cell")?;
    Ok((cell, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &'static str) -> Sheet<3> {
        Sheet {
            name: "sample",
            header: ["a", "b", "source"],
            text,
        }
    }

    fn read(text: &'static str) -> Result<Vec<[&'static str; 3]>, Error> {
        sheet(text)
            .records()?
            .map(|record| record.map(|(_, cells)| cells))
            .collect()
    }

    #[test]
    fn cells_are_cut_at_commas_outside_quotes() {
        let text = "a,b,source\n\"x, y\",,\"docs, page 1\"\n";
        assert_eq!(read(text), Ok(vec![["x, y", "", "docs, page 1"]]));
    }

    #[test]
    fn a_line_of_the_wrong_shape_is_refused_with_its_place() {
        let line_2 = |reason| {
            Err(Error::Malformed {
                table: "sample",
                line: 2,
                reason,
            })
        };
        assert_eq!(read("a,b,source\nx,y\n"), line_2("a cell is missing"));
        assert_eq!(read("a,b,source\nx,y,z,\n"), line_2("a cell too many"));
        assert_eq!(
            read("a,b,source\n\"x,y,z\n"),
            line_2("a quote is not closed on its line")
        );
        assert_eq!(
            read("a,b,source\n\"x\"\"\",y,z\n"),
            line_2("a quote inside a quoted cell")
        );
    }

    #[test]
    fn a_line_without_source_is_refused() {
        let missing = Err(Error::SourceMissing {
            table: "sample",
            line: 3,
        });
        assert_eq!(read("a,b,source\n1,2,docs\n1,2, \n"), missing);
    }

    #[test]
    fn another_header_is_refused() {
        let expected = "a,b,source".to_owned();
        assert_eq!(
            read("a,source,b\n"),
            Err(Error::Header {
                table: "sample",
                expected
            })
        );
    }

    #[test]
    fn an_unknown_word_is_refused() {
        let place = Place {
            table: "sample",
            line: 2,
        };
        let word = |column, word| Error::Word {
            table: "sample",
            line: 2,
            column,
            word,
        };
        assert_eq!(
            place.confidence("confidence", "sure"),
            Err(word("confidence", "sure"))
        );
        assert_eq!(place.flag("required", "yes"), Err(word("required", "yes")));
        assert_eq!(place.number("length", "-1"), Err(word("length", "-1")));
    }
}
