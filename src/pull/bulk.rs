//! Results of bulk jobs, as REST would give the same records.

use super::merge::id_of;
use super::part::Sheaf;
use super::read::{place_of_id, unreadable};
use crate::api::{self, Query};
use crate::model::SfId;
use csv::ByteRecord;

/// The records of one page of results, in the order of their ids.
pub(super) fn sheaf(body: &[u8], query: &Query, moments: &[String]) -> Result<Sheaf, api::Error> {
    let at = place_of_id(query);
    let mut sorted: Vec<(SfId, ByteRecord)> = Vec::new();
    for record in records(body, query, moments)? {
        let id = id_of(&record, at).map_err(|fault| unreadable(query, &fault))?;
        sorted.push((id, record));
    }
    sorted.sort_unstable_by_key(|(id, _)| *id);
    Sheaf::of(sorted.iter().map(|(_, record)| record)).map_err(|fault| unreadable(query, &fault))
}

/// Records with columns in the order asked for, and moments with `+0000`.
fn records(body: &[u8], query: &Query, moments: &[String]) -> Result<Vec<ByteRecord>, api::Error> {
    let broken = |fault: csv::Error| unreadable(query, &fault);
    let mut reader = csv::ReaderBuilder::new().from_reader(body);
    let header = reader.byte_headers().map_err(broken)?.clone();
    let mut places = Vec::new();
    for column in &query.columns {
        let place = header
            .iter()
            .position(|cell| cell.eq_ignore_ascii_case(column.as_bytes()));
        let moment = moments.contains(column);
        let place = place
            .ok_or_else(|| unreadable(query, &format!("the results lack the column {column}")))?;
        places.push((place, moment));
    }
    let mut records = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(broken)?;
        let mut own = ByteRecord::new();
        for &(place, moment) in &places {
            let cell = record.get(place).unwrap_or_default();
            match cell.strip_suffix(b"Z") {
                Some(bare) if moment => own.push_field(&[bare, b"+0000"].concat()),
                _ => own.push_field(cell),
            }
        }
        records.push(own);
    }
    Ok(records)
}
