//! The longest files, block by block over several threads.
//!
//! Each worker takes the next block, reads its records into a desk of its own, and waits for its turn to hand over what
//! lies there. So what comes out, and which error is told, does not depend on the number of workers.

use super::{Frame, Sheet};
use crate::snapshot::Error;
use crate::snapshot::row::Row;
use crate::tabular::{Block, Blocks, Records};
use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Gives out blocks, counted from 0; after an error there are no more.
struct Reader<'s, R> {
    frame: &'s Frame,
    /// The block that holds the header is read already.
    first: Option<Block>,
    blocks: &'s mut Blocks<R>,
    given: u64,
    failed: bool,
}

impl<R: Read> Reader<'_, R> {
    fn next(&mut self, buffer: Vec<u8>) -> Option<(u64, Result<Block, Error>)> {
        if self.failed {
            return None;
        }
        let block = match self.first.take() {
            Some(block) => Ok(block),
            None => self
                .blocks
                .next(buffer)
                .transpose()?
                .map_err(|fault| self.frame.no_block(fault)),
        };
        self.failed = block.is_err();
        let number = self.given;
        self.given += 1;
        Some((number, block))
    }
}

/// Whose turn it is to hand over.
struct Turn<T> {
    next: u64,
    rows: u64,
    take: T,
    failed: Option<Error>,
    /// A worker panicked and never hands over what the others wait for.
    abandoned: bool,
}

/// Lets the others go when a worker panics; without it they would wait for ever for its turn.
struct LetGo<'t, T>(&'t Mutex<Turn<T>>, &'t Condvar);

impl<T> Drop for LetGo<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            locked(self.0).abandoned = true;
            self.1.notify_all();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sheet {
    /// Gives every record that is left to `read`, which puts what it needs on a desk; the desks go to `take`, which
    /// empties them, in file order.
    pub(in crate::snapshot) fn each_on<D>(
        &mut self,
        threads: usize,
        desk: impl Fn() -> D + Sync,
        read: impl Fn(&mut D, &Row<'_>) -> Result<(), Error> + Sync,
        take: impl FnMut(&mut D) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let (frame, skipped) = (&self.frame, self.skipped);
        let first = self.block.take();
        let reader = Mutex::new(Reader {
            frame,
            first,
            blocks: &mut self.blocks,
            given: 0,
            failed: false,
        });
        let turn = Mutex::new(Turn {
            next: 0,
            rows: 0,
            take,
            failed: None,
            abandoned: false,
        });
        let handed_over = Condvar::new();
        let work = || {
            let _let_go = LetGo(&turn, &handed_over);
            let (mut desk, mut records, mut buffer) = (desk(), Records::default(), Vec::new());
            loop {
                let next = locked(&reader).next(std::mem::take(&mut buffer));
                let Some((number, block)) = next else { return };
                let rows = block.and_then(|block| {
                    let rows =
                        frame.each(&block, skipped, &mut records, |row| read(&mut desk, row))?;
                    buffer = block.bytes;
                    Ok(rows)
                });
                let mut turn = locked(&turn);
                while turn.failed.is_none() && !turn.abandoned && turn.next != number {
                    turn = handed_over
                        .wait(turn)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                if turn.failed.is_some() || turn.abandoned {
                    return;
                }
                match rows.and_then(|rows| (turn.take)(&mut desk).map(|()| rows)) {
                    Ok(rows) => turn.rows += rows,
                    Err(error) => turn.failed = Some(error),
                }
                turn.next += 1;
                drop(turn);
                handed_over.notify_all();
            }
        };
        match threads {
            1 => work(),
            _ => std::thread::scope(|scope| {
                for _ in 1..threads {
                    scope.spawn(work);
                }
                work();
            }),
        }
        let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.rows += turn.rows;
        turn.failed.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use crate::snapshot::folder::Folder;
    use crate::snapshot::objects;
    use std::fmt::Write as _;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Whoever waits for a block that a panicked worker took waits in vain; the panic goes on instead.
    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_worker_that_panics_ends_the_others() {
        let mut text = String::from("Id,Username\n");
        for number in 0..200_000 {
            writeln!(text, "005{number:012},user.{number}@acme.example").expect("memory");
        }
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join("User.csv"), text).expect("written");
        let object = objects::all()
            .find(|object| object.name == "User")
            .expect("an object");
        let today = "2026-11-21".parse().expect("a day");
        let mut folder = Folder::new(home.path(), today, false).expect("a snapshot");
        let mut sheet = folder.open(object).expect("readable").expect("there");
        let main = std::thread::current().id();
        let begun = AtomicBool::new(false);
        let done = sheet.each_on(
            3,
            || (),
            |(), _| {
                let other = std::thread::current().id() != main;
                begun.fetch_or(other, Ordering::Relaxed);
                assert!(!other, "a fault of the program");
                // The others have their blocks before this one goes on.
                while !begun.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                Ok(())
            },
            |()| Ok(()),
        );
        assert!(done.is_ok());
    }
}
