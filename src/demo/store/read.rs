//! Reads a snapshot folder, or the one inside the program, into tables.

use super::field::{Field, Source, type_of};
use super::table::{END, Table};
use super::{RowNo, Store};
use crate::demo::Error;
use crate::demo::seed::{Seed, SeedFile};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::io::Read;

/// When a record was last changed, where the seed does not say it.
const STAMP: &str = "2026-11-01T00:00:00.000+0000";
/// Rows that are looked at to tell the type of a column of which nothing is recorded.
const LOOKED_AT: RowNo = 1000;
/// Objects that only the Tooling API knows.
const TOOLING: &[&str] = &["PermissionDependency", "ValidationRule", "ApexTrigger"];

impl Store {
    /// Reads all files of a seed.
    ///
    /// # Errors
    /// A file that cannot be read, and where.
    pub(in crate::demo) fn read(seed: &Seed) -> Result<Self, Error> {
        let mut described = FxHashMap::default();
        let mut sheets = Vec::new();
        for file in seed.files()? {
            match file.object() {
                Some(object) if file.is_describe() => {
                    described.insert(object.to_owned(), describe(file)?);
                }
                Some(_) => sheets.push(file),
                None => {}
            }
        }
        let mut store = Self::default();
        for sheet in sheets {
            let Some(object) = sheet.object().map(str::to_owned) else {
                continue;
            };
            if object == "Settings" {
                store.settings = settings(sheet)?;
                continue;
            }
            store.add(table(&object, sheet, described.remove(&object))?);
        }
        store.add(entities(&store));
        Ok(store)
    }
}

/// The describe result of an object.
fn describe(file: SeedFile) -> Result<Map<String, Value>, Error> {
    let name = file.name.clone();
    let mut text = String::new();
    file.open()?
        .read_to_string(&mut text)
        .map_err(|source| Error::seed(&name, 0, source.to_string()))?;
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(told)) => Ok(told),
        Ok(_) => Err(Error::seed(&name, 0, "is no JSON object".to_owned())),
        Err(fault) => Err(Error::seed(&name, fault.line() as u64, fault.to_string())),
    }
}

fn settings(file: SeedFile) -> Result<Vec<(String, String)>, Error> {
    let name = file.name.clone();
    let mut reader = csv::Reader::from_reader(file.open()?);
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|fault| csv_fault(&name, &fault))?;
        if let (Some(key), Some(value)) = (record.get(0), record.get(1)) {
            found.push((key.to_owned(), value.to_owned()));
        }
    }
    Ok(found)
}

fn csv_fault(name: &str, fault: &csv::Error) -> Error {
    let line = fault.position().map_or(0, csv::Position::line);
    Error::seed(name, line, fault.to_string())
}

/// One file of records.
fn table(object: &str, file: SeedFile, told: Option<Map<String, Value>>) -> Result<Table, Error> {
    let name = file.name.clone();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file.open()?);
    let mut record = csv::ByteRecord::new();
    let mut columns: Option<Vec<String>> = None;
    let mut table = Table::new(object, 0, STAMP);
    while reader
        .read_byte_record(&mut record)
        .map_err(|fault| csv_fault(&name, &fault))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        let text = record.as_slice();
        if std::str::from_utf8(text).is_err() || text.contains(&END) {
            return Err(Error::seed(&name, line, "is no UTF-8 text".to_owned()));
        }
        if columns.is_none() {
            let header: Vec<String> = record
                .iter()
                .map(|cell| {
                    String::from_utf8_lossy(cell)
                        .trim_start_matches('\u{feff}')
                        .to_owned()
                })
                .collect();
            table = Table::new(object, header.len(), STAMP);
            columns = Some(header);
        } else {
            table.push(record.iter());
        }
    }
    let Some(columns) = columns else {
        return Err(Error::seed(&name, 1, "has no header".to_owned()));
    };
    table.shrink();
    table.tooling = TOOLING.contains(&object);
    let fields = fields(&table, &columns, told.as_ref());
    table.set_fields(fields);
    if let Some(mut told) = told {
        told.remove("fields");
        table.recorded = told;
    }
    table.index().map_err(|(row, id)| {
        let what = format!("record {row}: `{id}` is no record id, or is there twice");
        Error::seed(&name, 0, what)
    })?;
    Ok(table)
}

/// The fields of an object: those that the describe tells, then columns that it does not have, then those of the system.
fn fields(table: &Table, columns: &[String], told: Option<&Map<String, Value>>) -> Vec<Field> {
    let object = table.name.as_str();
    let cell = |name: &str| {
        columns
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))
    };
    let mut fields: Vec<Field> = Vec::new();
    let recorded = told
        .and_then(|told| told.get("fields"))
        .and_then(Value::as_array);
    for told in recorded.into_iter().flatten().filter_map(Value::as_object) {
        let name = told.get("name").and_then(Value::as_str).unwrap_or_default();
        let source = match (cell(name), cell("FirstName"), cell("LastName")) {
            (Some(place), ..) => Source::Cell(place),
            (None, Some(first), Some(last)) if name == "Name" => Source::FullName(first, last),
            _ if name == "SystemModstamp" => Source::Stamp,
            _ => Source::Null,
        };
        fields.extend(Field::recorded(object, told, source));
    }
    for (place, column) in columns.iter().enumerate() {
        // `Profile.Name` is no field but a path; it is answered from the other object.
        if column.contains('.')
            || fields
                .iter()
                .any(|field| field.name.eq_ignore_ascii_case(column))
        {
            continue;
        }
        let values = (0..table.rows().min(LOOKED_AT)).map(|row| table.cell(row, place));
        let type_name = type_of(object, column, values);
        fields.push(Field::inferred(
            object,
            column,
            type_name,
            Source::Cell(place),
        ));
    }
    let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
    if let (Some(first), Some(last)) = (cell("FirstName"), cell("LastName"))
        && !has(&fields, "Name")
    {
        fields.push(Field::inferred(
            object,
            "Name",
            "string",
            Source::FullName(first, last),
        ));
    }
    if has(&fields, "Id") {
        if !has(&fields, "SystemModstamp") {
            fields.push(Field::inferred(
                object,
                "SystemModstamp",
                "datetime",
                Source::Stamp,
            ));
        }
        if DELETABLE.contains(&object) && !has(&fields, "IsDeleted") {
            fields.push(Field::inferred(
                object,
                "IsDeleted",
                "boolean",
                Source::Deleted,
            ));
        }
    }
    fields
}

/// Objects that have the field IsDeleted. Source: describe results of a real org, Object Reference for Account and Contact.
const DELETABLE: &[&str] = &[
    "Account",
    "Contact",
    "MutingPermissionSet",
    "PermissionSetGroup",
    "PermissionSetGroupComponent",
    "PermissionSetLicense",
    "PermissionSetLicenseAssign",
];

/// The object that tells the names of objects; validation rules point to it by name.
fn entities(store: &Store) -> Table {
    let columns = ["DurableId", "QualifiedApiName", "Label"];
    let mut table = Table::new("EntityDefinition", columns.len(), STAMP);
    for own in store.tables() {
        let label = super::spaced(&own.name);
        let cells = [own.name.as_bytes(), own.name.as_bytes(), label.as_bytes()];
        table.push(cells.into_iter());
    }
    let fields = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            Field::inferred("EntityDefinition", column, "string", Source::Cell(place))
        })
        .collect();
    table.set_fields(fields);
    table
}
