//! Control totals, counted again in the finished tables.

use super::verify::Difference;
use std::collections::BTreeMap;
use std::path::Path;

/// The tables, and the column whose values are counted one by one under a prefix.
const COUNTED: [(&str, &str, Option<&str>); 8] = [
    ("access.csv", "access", Some("entitlement_type")),
    ("rows.csv", "rows", Some("verdict")),
    ("findings.csv", "findings", None),
    ("matrix.csv", "matrix", Some("verdict")),
    ("seats.csv", "seats", None),
    ("changes.csv", "changes", None),
    ("waivers.csv", "waivers", None),
    ("coverage.csv", "coverage", None),
];

/// What the tables of a folder say.
#[derive(Debug, Default)]
pub(super) struct Recount {
    /// By name.
    pub(super) totals: BTreeMap<String, u64>,
    /// Tables that cannot be read, and figures that contradict each other.
    pub(super) differences: Vec<Difference>,
}

impl Recount {
    fn add(&mut self, name: String, count: u64) {
        *self.totals.entry(name).or_default() += count;
    }
}

/// Counts all tables of a folder. A table that is missing is told by the list of sums.
pub(super) fn recount(dir: &Path) -> Recount {
    let mut all = Recount::default();
    for (file, prefix, by) in COUNTED {
        let path = dir.join(file);
        if !path.exists() {
            continue;
        }
        if let Err(error) = table(&path, file, prefix, by, &mut all) {
            all.differences.push(Difference::new(
                file,
                format!("is no table that can be read: {error}"),
            ));
        }
    }
    rows_against_findings(&mut all);
    all
}

fn table(
    path: &Path,
    file: &str,
    prefix: &str,
    by: Option<&str>,
    all: &mut Recount,
) -> Result<(), csv::Error> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let by = by.and_then(place);
    let figures = ["errors", "warnings", "notices"].map(|name| (name, place(name)));
    let [status, severity, row, kind, active, frozen] = [
        "status",
        "severity",
        "row",
        "entitlement_type",
        "is_active",
        "is_frozen",
    ]
    .map(place);
    let seats = ["used_reported", "used_counted", "difference"].map(place);
    let mut record = csv::StringRecord::new();
    let mut line = 1_u64;
    while reader.read_record(&mut record)? {
        line += 1;
        let cell = |place: Option<usize>| place.and_then(|n| record.get(n)).unwrap_or_default();
        all.add(format!("{prefix}.records"), 1);
        if by.is_some() {
            all.add(format!("{prefix}.{}", cell(by)), 1);
        }
        match file {
            "access.csv" if cell(kind) == "profile" => {
                all.add("access.users".into(), 1);
                all.add(
                    "access.users.active".into(),
                    u64::from(cell(active) != "false"),
                );
                all.add(
                    "access.users.frozen".into(),
                    u64::from(cell(frozen) == "true"),
                );
            }
            "rows.csv" => {
                for (name, place) in figures {
                    all.add(format!("rows.{name}"), cell(place).parse().unwrap_or(0));
                }
            }
            "findings.csv" => {
                let open = cell(status) == "open";
                let name = if open {
                    format!("findings.open.{}", cell(severity))
                } else {
                    format!("findings.{}", cell(status))
                };
                all.add(name, 1);
                if open && !cell(row).is_empty() {
                    all.add(format!("at rows.{}s", cell(severity)), 1);
                }
            }
            "seats.csv" => {
                let [reported, counted, difference] = seats.map(|place| cell(place).parse::<i64>());
                if let (Ok(reported), Ok(counted), Ok(difference)) = (reported, counted, difference)
                    && reported.saturating_sub(counted) != difference
                {
                    all.differences.push(Difference::new(
                        file,
                        format!(
                            "record {}: used_reported {reported} minus used_counted {counted} is not {difference}",
                            line - 1
                        ),
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Findings at rows are counted in both tables.
fn rows_against_findings(all: &mut Recount) {
    for name in ["errors", "warnings", "notices"] {
        let at_rows = all.totals.remove(&format!("at rows.{name}")).unwrap_or(0);
        let Some(&in_rows) = all.totals.get(&format!("rows.{name}")) else {
            continue;
        };
        if at_rows != in_rows {
            all.differences.push(Difference::new(
                "findings.csv",
                format!("{at_rows} open {name} at rows, and rows.csv adds up to {in_rows}"),
            ));
        }
    }
    // What a table with another header gave is told by the totals that it lacks.
    all.totals.retain(|name, _| !name.starts_with("at rows."));
}
