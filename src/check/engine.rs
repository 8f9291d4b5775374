//! Rows in blocks over all cores.
//!
//! Each worker takes the next block from the reader (one at a time, behind a lock), judges it, and
//! waits for its turn to hand over what it found. So memory holds one block per worker, and what
//! comes out is in file order for any number of workers.

use super::exempt::Exemptions;
use super::merge::{Judged, Merger};
use super::outbox::{Outbox, RowAt};
use super::plan::{Missing, Plan};
use super::seats::{self, SeatIndex};
use super::words::Words;
use super::{Error, Options};
use crate::finding::Verdict;
use crate::input::{self, Input, Keys, ListStyles, Resolver, Row};
use crate::matrix::Matrix;
use crate::rules::{About, Occasion, Occasions, RowCx, Sink};
use crate::tabular::{Block, Blocks, Records};
use smallvec::SmallVec;
use std::io::Read;
use std::sync::{Condvar, Mutex, PoisonError};

/// What workers share while they judge one input.
pub(crate) struct Engine<'a> {
    pub(crate) m: &'a Matrix,
    pub(crate) options: &'a Options,
    pub(crate) plan: &'a Plan,
    pub(crate) seats: &'a SeatIndex,
    pub(crate) input: &'a Input,
    pub(crate) exempt: &'a Exemptions,
    pub(crate) progress: &'a (dyn Fn(u64) + Sync),
}

/// Whose turn it is to hand over.
struct Turn<'m> {
    next: u64,
    merger: &'m mut Merger,
    failed: Option<Error>,
    /// A worker panicked: its turn never comes.
    abandoned: bool,
    styles: ListStyles,
}

/// Lets the others go when the worker that holds it panics: they would wait for its turn for ever.
struct LetGo<'t, 'm>(&'t Mutex<Turn<'m>>, &'t Condvar);

impl Drop for LetGo<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .abandoned = true;
            self.1.notify_all();
        }
    }
}

/// Rows that are judged together: few enough to stay in the cache.
const CHUNK: usize = Occasions::ROWS;

/// What one worker uses again and again.
#[derive(Default)]
struct Desk {
    records: Records,
    /// Room for the keys and the rows of a chunk.
    keys: Vec<Keys>,
    rows: Vec<Row<'static>>,
    pen: Pen,
}

/// What one worker writes with.
#[derive(Default)]
struct Pen {
    words: Words,
    out: Outbox,
    /// Separators of multi-valued cells seen so far.
    styles: ListStyles,
    /// What the rows of a chunk are about.
    occasions: Occasions,
}

impl Engine<'_> {
    /// Judges all rows of one input. The first error in file order ends it.
    pub(crate) fn run<R: Read + Send>(
        &self,
        blocks: Blocks<R>,
        merger: &mut Merger,
    ) -> Result<ListStyles, Error> {
        let first_row = merger.rows();
        let source = Mutex::new(blocks);
        let turn = Mutex::new(Turn {
            next: 0,
            merger,
            failed: None,
            abandoned: false,
            styles: ListStyles::default(),
        });
        let handed_over = Condvar::new();
        let work = || self.work(&source, &turn, &handed_over, first_row);
        match self.options.workers() {
            1 => work(),
            threads => std::thread::scope(|scope| {
                for _ in 1..threads {
                    scope.spawn(work);
                }
                work();
            }),
        }
        let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
        turn.failed.map_or(Ok(turn.styles), Err)
    }

    fn work<R: Read>(
        &self,
        source: &Mutex<Blocks<R>>,
        turn: &Mutex<Turn<'_>>,
        handed_over: &Condvar,
        first_row: u64,
    ) {
        let _let_go = LetGo(turn, handed_over);
        let mut desk = Desk::default();
        let mut buffer = Vec::new();
        let resolver = Resolver::new(self.m, &self.input.columns, &self.options.run)
            .separated_by(self.options.list_separator.as_deref());
        loop {
            let (next, given) = {
                let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
                (source.next(std::mem::take(&mut buffer)), source.given())
            };
            let (number, block) = match next {
                Ok(None) => return,
                Ok(Some(block)) => (block.number, Ok(block)),
                // A failed reading hands over after all blocks before it, whose errors come first.
                Err(error) => (given, Err(input::Error::of_block(&self.input.path, error))),
            };
            let judged = match &block {
                Ok(block) => self.judge(block, &resolver, &mut desk),
                Err(_) => Ok(""),
            };
            let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            while turn.failed.is_none() && !turn.abandoned && turn.next != number {
                turn = handed_over
                    .wait(turn)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if turn.failed.is_some() || turn.abandoned {
                return;
            }
            match (block.as_ref(), judged) {
                (Ok(block), Ok(text)) => {
                    let judged = Judged {
                        input: &self.input.path,
                        columns: &self.input.columns,
                        policy: &self.options.policy,
                        text,
                        records: &desk.records,
                        first_row,
                        first_line: block.first_line,
                        places: self.input.places.as_deref(),
                    };
                    if let Err(error) = turn.merger.merge(&mut desk.pen.out, &judged) {
                        turn.failed = Some(Error::Spool(error));
                    }
                    (self.progress)(block.bytes.len() as u64);
                    turn.next += 1;
                    turn.styles.extend(desk.pen.styles);
                }
                (Ok(_), Err(error)) => turn.failed = Some(error),
                (Err(_), _) => {}
            }
            match block {
                Ok(block) => buffer = block.bytes,
                Err(error) => turn.failed = Some(Error::Input(error)),
            }
            drop(turn);
            handed_over.notify_all();
        }
    }

    /// Judges the rows of one block, and says its text.
    fn judge<'b>(
        &self,
        block: &'b Block,
        resolver: &Resolver<'_>,
        desk: &mut Desk,
    ) -> Result<&'b str, Error> {
        let text = self.input.text(block)?;
        desk.pen.out.clear();
        desk.records.split(text, self.input.delimiter);
        let Desk {
            records,
            keys,
            rows: room,
            pen,
            ..
        } = desk;
        let mut rows: Vec<Row<'_>> = std::mem::take(room).into_iter().map(Row::emptied).collect();
        rows.resize_with(CHUNK, Row::default);
        for first in (0..records.len()).step_by(CHUNK) {
            let chunk = first..records.len().min(first + CHUNK);
            let cells = chunk.filter_map(|number| records.get(text, number));
            Keys::fill(keys, &self.m.org.users, &self.input.columns, cells);
            self.resolve(
                (text, records, keys),
                first,
                block.first_line,
                resolver,
                &mut rows,
            )?;
            let filled = rows.get(..keys.len()).unwrap_or_default();
            self.m
                .touch_contacts(|| filled.iter().filter_map(|row| row.contact));
            self.ask((text, records), first, &rows, pen);
        }
        *room = rows.into_iter().map(Row::emptied).collect();
        Ok(text)
    }

    /// Resolves the rows from `first` on, as many as `rows` has room for.
    fn resolve<'a>(
        &self,
        (text, records, keys): (&'a str, &'a Records, &[Keys]),
        first: usize,
        first_line: u64,
        resolver: &'a Resolver<'_>,
        rows: &mut [Row<'a>],
    ) -> Result<(), Error> {
        for ((number, row), keys) in (first..records.len()).zip(rows).zip(keys) {
            let Some(cells) = records.get(text, number) else {
                continue;
            };
            let line = first_line + u64::from(cells.line());
            self.input.check_width(cells, line)?;
            resolver
                .fill(cells, *keys, row)
                .map_err(|refusal| self.input.refused(refusal, line))?;
        }
        Ok(())
    }

    /// Asks every rule about every row of a chunk: rule after rule, so that its code stays at hand.
    fn ask(
        &self,
        (text, records): (&str, &Records),
        first: usize,
        rows: &[Row<'_>],
        pen: &mut Pen,
    ) {
        let Pen {
            words,
            out,
            styles,
            occasions,
        } = pen;
        occasions.clear();
        let chunk: SmallVec<[(RowAt, RowCx<'_>); CHUNK]> = (first..records.len())
            .zip(rows)
            .filter_map(|(number, row)| {
                let cells = records.get(text, number)?;
                let at = RowAt {
                    row: u32::try_from(number).unwrap_or(u32::MAX),
                    line: cells.line(),
                };
                Some((
                    at,
                    RowCx {
                        m: self.m,
                        run: &self.options.run,
                        columns: &self.input.columns,
                        cells,
                        row,
                    },
                ))
            })
            .collect();
        self.survey(&chunk, (out, styles, occasions));
        for &(number, rule, speaks) in &self.plan.rows {
            let Some(check) = rule.row else { continue };
            if cfg!(debug_assertions) {
                self.hold_to_word(rule, speaks, &chunk, occasions, words);
            }
            // A rule that can say nothing about this input is about no row of it.
            if !speaks {
                continue;
            }
            let mut asked = occasions
                .rows(rule.when)
                .filter_map(|n| chunk.get(n))
                .peekable();
            let Some((at, cx)) = asked.peek() else {
                continue;
            };
            let mut sink = Sink {
                rule,
                number,
                at: *at,
                cx,
                policy: &self.options.policy,
                input: &self.input.path,
                exempt: self.exempt,
                words,
                out,
            };
            for (at, cx) in asked {
                (sink.at, sink.cx) = (*at, cx);
                check(cx, &mut sink);
            }
        }
    }

    /// Notes what is known of the rows of a chunk before any rule is asked.
    fn survey(
        &self,
        chunk: &[(RowAt, RowCx<'_>)],
        (out, styles, occasions): (&mut Outbox, &mut ListStyles, &mut Occasions),
    ) {
        for (n, (at, cx)) in chunk.iter().enumerate() {
            styles.extend(cx.row.lists);
            out.touched.note(cx, self.options);
            let lacks = self.lacks_facts(cx, &mut out.lacking);
            out.mark(
                at.row,
                if lacks {
                    Verdict::Undecided
                } else {
                    Verdict::Compatible
                },
            );
            let about = Occasion::of(cx);
            occasions.note(n, about);
            out.changes.note(self.options.changes, cx, *at);
            if !self.input.columns.rows.is_mapping() {
                seats::moves(cx, about, self.seats, &mut out.moves, *at);
            }
        }
    }

    /// Whether a fact is missing that the row sends, or moves to; what it is about is noted.
    fn lacks_facts(&self, cx: &RowCx<'_>, lacking: &mut Vec<About>) -> bool {
        let mut lacks = false;
        for missing in &self.plan.gaps {
            match *missing {
                Missing::Fact(about) if about.concerns(cx) => {
                    lacks = true;
                    if !lacking.contains(&about) {
                        lacking.push(about);
                    }
                }
                Missing::Fact(_) => {}
                Missing::ProfileColumn => lacks |= cx.row.person.is_create(),
                Missing::Mapped => lacks = true,
            }
        }
        lacks
    }
}
