//! `changes`: one table, one record per change of one user, safe for spreadsheets. The same columns lie in the evidence.

use super::csv_cell::{header, number, text};
use super::words::counted;
use super::{Error, Report, View};
use crate::finding::{Change, Impact, Move};
use std::io::{self, Write};

/// Takes one change.
pub type TakeChange<'t> = dyn FnMut(&Change) -> io::Result<()> + 't;

/// Hands out every change of a run, in input order. Each call starts from the first.
#[derive(Clone, Copy)]
pub struct Changes<'a> {
    each: &'a (dyn Fn(&mut TakeChange<'_>) -> io::Result<()> + 'a),
}

impl std::fmt::Debug for Changes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Changes").finish_non_exhaustive()
    }
}

impl<'a> Changes<'a> {
    /// The changes that `each` hands out.
    #[must_use]
    pub fn new(each: &'a (dyn Fn(&mut TakeChange<'_>) -> io::Result<()> + 'a)) -> Self {
        Self { each }
    }

    /// Hands every change to `take`. A closed pipe is [`Error::ClosedPipe`].
    pub fn each(&self, take: &mut dyn FnMut(&Change) -> Result<(), Error>) -> Result<(), Error> {
        let mut failed = None;
        let read = (self.each)(&mut |change| {
            take(change).map_err(|error| {
                failed = Some(error);
                io::ErrorKind::Other.into()
            })
        });
        match failed {
            Some(error) => Err(error),
            None => read.map_err(Error::Replay),
        }
    }
}

/// The columns, in order.
pub const COLUMNS: [&str; 7] = [
    "user",
    "attribute",
    "before",
    "after",
    "effect",
    "caused_by_row",
    "caused_by_group",
];

/// Writes the table: a header, then a record per change.
pub fn write_csv(out: &mut dyn Write, changes: Option<Changes<'_>>) -> Result<(), Error> {
    header(out, &COLUMNS)?;
    let Some(changes) = changes else {
        return Ok(());
    };
    changes.each(&mut |change| {
        let cells = [
            Some(change.user.as_str()),
            Some(&change.attribute),
            change.before.as_deref(),
            change.after.as_deref(),
            Some(change.effect.as_str()),
        ];
        for cell in cells {
            text(out, cell.unwrap_or_default())?;
            out.write_all(b",")?;
        }
        number(out, Some(change.row))?;
        out.write_all(b",")?;
        text(out, change.group.as_deref().unwrap_or_default())?;
        Ok(out.write_all(b"\n")?)
    })
}

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>, _: &View<'_>) -> Result<(), Error> {
    write_csv(out, report.changes)
}

/// Most moves that a page lists.
const MOST_MOVES: usize = 20;

/// The changes of a run in a few lines: who is touched, and which moves between profiles that means.
pub(super) fn lines(impact: &Impact) -> (String, Vec<String>) {
    let people = |number| counted(number, "user");
    let mut parts = vec![
        format!("{} created", people(impact.created)),
        format!("{} changed", people(impact.changed)),
        format!("{} as they are", impact.unchanged),
    ];
    for (number, what) in [
        (impact.losing, "lose something"),
        (impact.deactivated, "deactivated"),
        (impact.reactivated, "active again"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let mut moves: Vec<String> = impact.moves.iter().take(MOST_MOVES).map(moved).collect();
    let rest = impact.moves.iter().skip(MOST_MOVES);
    let (kinds, users) = rest.fold((0u64, 0), |(kinds, users), one| {
        (kinds + 1, users + one.users)
    });
    if kinds > 0 {
        moves.push(format!(
            "{} in {}: see the JSON report",
            people(users),
            counted(kinds, "further move")
        ));
    }
    (parts.join(", "), moves)
}

fn moved(one: &Move) -> String {
    let end = |profile: &Option<String>, license: &Option<String>| match (profile, license) {
        (None, _) => String::from("a profile that cannot be told"),
        (Some(profile), None) => profile.clone(),
        (Some(profile), Some(license)) => format!("{profile} ({license})"),
    };
    let license = if one.from_license == one.to_license {
        ""
    } else {
        ": the license changes"
    };
    format!(
        "{} from {} to {}{license}",
        counted(one.users, "user"),
        end(&one.from_profile, &one.from_license),
        end(&one.to_profile, &one.to_license)
    )
}
