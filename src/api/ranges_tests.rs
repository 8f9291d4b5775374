//! Ranges against a table that is a sorted list of numbers.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// An org with one object.
struct Server {
    ids: BTreeSet<u128>,
    page: usize,
    queries: u64,
    /// Open cursors: the rest of a query.
    cursors: BTreeMap<String, Vec<u128>>,
    /// What goes wrong at the n-th answer.
    faults: BTreeMap<u64, Fault>,
}

#[derive(Clone, Copy)]
enum Fault {
    /// The page repeats the last record of the one before.
    Repeat,
    /// The link is not known any more.
    Lost,
    /// The last page lacks its last record.
    Short,
    /// The query takes too long.
    Slow,
}

impl Server {
    fn new(ids: impl IntoIterator<Item = u128>, page: usize) -> Self {
        Self {
            ids: ids.into_iter().collect(),
            page,
            queries: 0,
            cursors: BTreeMap::new(),
            faults: BTreeMap::new(),
        }
    }

    fn answer(&mut self, ask: &Ask) -> Result<(Page, Vec<SfId>), Fault> {
        self.queries += 1;
        let fault = self.faults.remove(&self.queries);
        if let Some(fault @ (Fault::Lost | Fault::Slow)) = fault {
            return Err(fault);
        }
        let (mut rows, total) = match ask {
            Ask::Next(link) => (self.cursors.remove(link).expect("an open cursor"), 0),
            Ask::Query { condition, limit } => {
                let bound = |mark: &str| {
                    let at = condition.find(mark)? + mark.len();
                    let id = SfId::parse(condition.get(at..at + 18)?).expect("an id");
                    Some(id.packed())
                };
                let (after, upto) = (bound("Id > '"), bound("Id <= '"));
                let rows: Vec<u128> = self
                    .ids
                    .iter()
                    .copied()
                    .filter(|id| after.is_none_or(|after| *id > after))
                    .filter(|id| upto.is_none_or(|upto| *id <= upto))
                    .take(limit.map_or(usize::MAX, |limit| usize::try_from(limit).expect("small")))
                    .collect();
                let total = rows.len() as u64;
                (rows, total)
            }
        };
        let rest = if rows.len() > self.page {
            rows.split_off(self.page)
        } else {
            Vec::new()
        };
        let done = rest.is_empty();
        match fault {
            Some(Fault::Repeat) => {
                if let Some(before) = rows
                    .first()
                    .and_then(|first| self.ids.range(..first).next_back())
                {
                    rows.insert(0, *before);
                }
            }
            Some(Fault::Short) if done => {
                rows.pop();
            }
            _ => {}
        }
        let next = format!("/services/data/v65.0/query/01g-{}", self.queries);
        if !done {
            self.cursors.insert(next.clone(), rest);
        }
        let page = Page {
            total,
            done,
            next: (!done).then_some(next),
            records: Vec::new(),
        };
        Ok((page, rows.into_iter().map(SfId::from_packed).collect()))
    }
}

/// Reads everything as a run does, several asked before the first answer is noted; pages and rounds.
fn read(server: &mut Server, width: usize) -> Result<(Vec<u128>, u64), Trouble> {
    let mut ranges = Ranges::new(width);
    let mut got = Vec::new();
    let mut rounds = 0;
    loop {
        let mut asked = Vec::new();
        while asked.len() < width
            && let Some(ask) = ranges.ask()
        {
            asked.push(ask);
        }
        if asked.is_empty() {
            break;
        }
        rounds += 1;
        assert!(rounds < 10_000, "no end");
        for (n, ask) in asked {
            match server.answer(&ask) {
                Ok((page, ids)) => {
                    let keep = ranges.took(n, &ask, &page, &ids)?;
                    got.extend(ids.iter().take(keep).map(|id| id.packed()));
                }
                Err(Fault::Slow) => ranges.too_slow(n)?,
                Err(_) => ranges.lost(n)?,
            }
        }
    }
    got.sort_unstable();
    Ok((got, rounds))
}

fn whole(server: &Server) -> Vec<u128> {
    server.ids.iter().copied().collect()
}

const START: u128 = 62u128.pow(14) * 5;

#[test]
fn few_records_are_one_request() {
    let mut server = Server::new((0..3).map(|n| START + n), 2000);
    let (got, rounds) = read(&mut server, 20).expect("read");
    assert_eq!((got, rounds, server.queries), (whole(&server), 1, 1));
    let mut empty = Server::new([], 2000);
    assert_eq!(read(&mut empty, 20), Ok((Vec::new(), 1)));
}

#[test]
fn many_records_are_read_by_all_with_hardly_a_page_more() {
    let mut server = Server::new((0..100_000).map(|n| START + 7 * n), 2000);
    let (got, rounds) = read(&mut server, 20).expect("read");
    assert_eq!(got, whole(&server));
    assert!(rounds <= 5, "{rounds} rounds");
    assert!(server.queries <= 54, "{} queries", server.queries);
    let mut server = Server::new((0..100_000).map(|n| START + 7 * n), 2000);
    let (got, rounds) = read(&mut server, 4).expect("read");
    assert_eq!(got, whole(&server));
    assert!(
        rounds <= 15 && server.queries <= 54,
        "{rounds} rounds, {} queries",
        server.queries
    );
}

#[test]
fn ids_in_clusters_are_shared_out_as_they_are_found() {
    let far = 62u128.pow(11);
    let cluster = |at: u128, size: u128| (0..size).map(move |n| START + at * far + 3 * n);
    let ids = cluster(0, 3_000)
        .chain(cluster(1, 90_000))
        .chain(cluster(40, 10))
        .chain(cluster(41, 7_000));
    let mut server = Server::new(ids, 2000);
    let (got, rounds) = read(&mut server, 20).expect("read");
    assert_eq!(got, whole(&server));
    assert!(rounds <= 14, "{rounds} rounds");
    assert!(server.queries <= 110, "{} queries", server.queries);
}

#[test]
fn nothing_is_lost_or_doubled_whatever_goes_wrong_once() {
    for width in [1, 4, 20] {
        for at in 2..30 {
            for fault in [Fault::Repeat, Fault::Lost, Fault::Short, Fault::Slow] {
                let mut server = Server::new((0..5_000).map(|n| START + n * n % 7 + 11 * n), 200);
                server.faults.insert(at, fault);
                let (got, _) = read(&mut server, width).expect("read");
                assert!(
                    got == whole(&server),
                    "width {width}, answer {at}: {} records",
                    got.len()
                );
            }
        }
    }
}

#[test]
fn small_pages_and_odd_widths_lose_nothing() {
    for page in [1, 2, 3, 7] {
        for width in [1, 2, 3, 4, 20] {
            let mut server = Server::new((0..426).map(|n| START + n * n), page);
            let (got, _) = read(&mut server, width).expect("read");
            assert_eq!(got, whole(&server), "page {page}, width {width}");
        }
    }
}

#[test]
fn what_does_not_end_is_given_up() {
    let mut ranges = Ranges::new(4);
    let ids: Vec<SfId> = (0..10).map(|n| SfId::from_packed(START + n)).collect();
    let page = Page {
        total: 20,
        done: false,
        next: Some(String::from("/services/data/v65.0/query/01g-10")),
        records: Vec::new(),
    };
    let mut trouble = None;
    for _ in 0..10 {
        let (n, ask) = ranges.ask().expect("more");
        match ranges.took(n, &ask, &page, &ids) {
            Ok(_) => {}
            Err(found) => {
                trouble = Some(found);
                break;
            }
        }
    }
    assert_eq!(trouble, Some(Trouble::Unordered));
    let mut server = Server::new((0..500).map(|n| START + n), 200);
    server.faults.extend((1..10).map(|at| (at, Fault::Slow)));
    assert_eq!(read(&mut server, 4), Err(Trouble::TooSlow));
}
