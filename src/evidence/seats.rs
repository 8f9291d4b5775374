//! `seats.csv`: seats as the org reports them, as they were counted user by user, and after the change.

use super::Error;
use super::access::{Counted, Held};
use super::folder::{Csv, Staging};
use super::manifest::Reconciled;
use crate::check::{Outcome, SeatKind};
use crate::matrix::Matrix;
use crate::model::{Dense, Known, SfId};
use crate::report::summary::SeatLine;
use crate::snapshot::raw::RawSheet;
use std::collections::BTreeMap;
use std::path::Path;

/// The columns, in order.
const COLUMNS: [&str; 15] = [
    "kind",
    "key",
    "label",
    "total",
    "used_reported",
    "used_counted",
    "difference",
    "expiring_on",
    "takes",
    "releases",
    "after",
    "peak",
    "shortfall",
    "first_failing_row",
    "reclaimable",
];

/// What of the counting the snapshot allows.
struct Facts<'a> {
    m: &'a Matrix,
    counted: &'a Counted,
    packages: BTreeMap<SfId, String>,
}

/// What one account is held against.
struct Account {
    kind: &'static str,
    reported: Option<i64>,
    /// `None`: the snapshot does not tell who holds it.
    held: Option<Held>,
    expires: String,
}

impl Facts<'_> {
    fn of(&self, kind: SeatKind) -> Account {
        let (org, coverage) = (&self.m.org, &self.m.org.coverage);
        let users = coverage.has_column("User", "IsActive");
        let told =
            |told: bool, held: Option<&Held>| told.then(|| held.copied().unwrap_or_default());
        match kind {
            SeatKind::License(id) => Account {
                kind: "user-license",
                reported: self.m.license(id).and_then(|row| row.used.get()),
                held: told(
                    users
                        && coverage.has_column("User", "ProfileId")
                        && coverage.has_column("Profile", "UserLicenseId"),
                    self.counted.licenses.get(&id.index()),
                ),
                expires: String::new(),
            },
            SeatKind::Psl(id) => {
                let row = self.m.psl(id);
                let expires = row.map(|row| row.expires);
                Account {
                    kind: "psl",
                    reported: row.and_then(|row| row.used.get()),
                    held: told(
                        coverage.has("PermissionSetLicenseAssign") && coverage.has("User"),
                        self.counted.psls.get(&id.index()),
                    ),
                    expires: match expires {
                        Some(Known::Yes(Some(day))) => day.to_string(),
                        _ => String::new(),
                    },
                }
            }
            SeatKind::Feature(id) => {
                let metric = org.feature_totals.iter().find(|row| row.feature == id);
                let field = org.features.get(id).map_or("", AsRef::as_ref);
                Account {
                    kind: "feature",
                    reported: metric.and_then(|row| row.assigned.get()),
                    held: told(
                        users && coverage.has_column("User", field),
                        self.counted.features.get(&id.index()),
                    ),
                    expires: String::new(),
                }
            }
            SeatKind::Package(id) => {
                let row = org.packages.get(id);
                Account {
                    kind: "package",
                    reported: row.and_then(|row| row.used.get()),
                    held: told(
                        coverage.has("UserPackageLicense") && coverage.has("User"),
                        self.counted.packages.get(&id.index()),
                    ),
                    expires: row
                        .and_then(|row| self.packages.get(&row.id))
                        .cloned()
                        .unwrap_or_default(),
                }
            }
        }
    }
}

/// When packages end, which no rule asks.
fn package_ends(snapshot: &Path) -> Result<BTreeMap<SfId, String>, Error> {
    let mut ends = BTreeMap::new();
    if let Some(sheet) = RawSheet::open(snapshot, "PackageLicense")? {
        let (id, end) = (sheet.column("Id"), sheet.column("ExpirationDate"));
        sheet.each::<Error>(|record| {
            if let Some(id) = record.id(id) {
                ends.insert(id, record.text(end).to_owned());
            }
            Ok(())
        })?;
    }
    Ok(ends)
}

/// Writes the table, and says what was held against what.
pub(super) fn write(
    staging: &mut Staging,
    (m, snapshot): (&Matrix, &Path),
    outcome: &Outcome,
    counted: &Counted,
) -> Result<(u64, Vec<Reconciled>), Error> {
    let mut csv = Csv::new(staging.create("seats.csv")?, &COLUMNS)?;
    let failed = csv.failed();
    let facts = Facts {
        m,
        counted,
        packages: package_ends(snapshot)?,
    };
    let knows_frozen = m.org.coverage.has_column("UserLogin", "IsFrozen");
    let mut reconciled = Vec::new();
    for seat in &outcome.ledger.accounts {
        let line = SeatLine::from(seat);
        let account = facts.of(seat.kind);
        let held = account.held;
        let count = held.map(|held| i64::try_from(held.counted).unwrap_or(i64::MAX));
        let difference = account
            .reported
            .zip(count)
            .map(|(reported, count)| reported.saturating_sub(count));
        if let (Some(left), Some(right)) = (account.reported, count) {
            reconciled.push(Reconciled {
                what: format!(
                    "seats of {} {} ({}): as the org reports them, and as they were counted user by user",
                    account.kind, line.label, line.key
                ),
                left,
                right,
                same: left == right,
                note: note(account.kind, left == right).to_owned(),
            });
        }
        // Seats of licenses come back from frozen users only, and who is frozen may not be known.
        let reclaimable = held
            .filter(|_| knows_frozen || !matches!(seat.kind, SeatKind::License(_)))
            .map(|held| held.reclaimable);
        let mut write = || {
            csv.text(account.kind)?;
            csv.text(&line.key)?;
            csv.text(&line.label)?;
            csv.number(line.total)?;
            csv.number(account.reported)?;
            csv.number(count)?;
            csv.number(difference)?;
            csv.text(&account.expires)?;
            csv.number(Some(line.takes))?;
            csv.number(Some(line.releases))?;
            csv.number(line.after)?;
            csv.number(line.peak)?;
            csv.number(line.shortfall)?;
            csv.number(line.first_failing_row)?;
            csv.number(reclaimable)?;
            csv.end()
        };
        write().map_err(&failed)?;
    }
    Ok((csv.finish(staging)?, reconciled))
}

fn note(kind: &str, same: bool) -> &'static str {
    match (kind, same) {
        (_, true) => "",
        ("user-license", _) => {
            "UserLicense.UsedLicenses can be up to a day old in large orgs, or users are not visible to the reader"
        }
        ("psl", _) => {
            "seats that Salesforce takes by itself have no assignment, or users are not visible to the reader"
        }
        ("feature", _) => "the org's metric is made once a day",
        _ => "seats of users that the reader does not see",
    }
}
