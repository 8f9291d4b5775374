//! What has changed since the last pull, joined with the last file; the org's count is the judge of the result.

use super::entry::{entry, soql};
use super::kept::Checked;
use super::object::{Failed, Run};
use super::plan::Plan;
use super::wanted::{Column, Part};
use super::write::Chunk;
use crate::snapshot::manifest::Entry;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

/// Records are looked at again that changed so long before the newest known change: transactions end late.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

impl Run<'_> {
    /// The old entry of an object of which only changes need to be read.
    pub(super) fn old(&self, plan: &Plan) -> Option<Entry> {
        let old = self.last.as_ref()?.objects.get(plan.wanted.name)?;
        let with_parent = plan
            .wanted
            .columns
            .iter()
            .any(|column| matches!(column, Column::Parent(..)));
        let one = plan.queries.len() == 1 && soql(plan) == old.soql;
        let known = old.newest.is_some()
            && old.sha256.is_some()
            && old.rows.is_some_and(|rows| rows > self.sizes.changes);
        let direct = matches!(plan.wanted.part, Part::All | Part::Where(_)) && !with_parent;
        (one && known && direct && plan.by_id() && plan.has_stamp()).then(|| old.clone())
    }

    /// Reads what has changed and joins it with the old file; `None` where that does not give what the org counts.
    pub(super) async fn refresh(&self, plan: &Plan, old: Entry) -> Result<Option<Entry>, Failed> {
        let (Some(newest), Some(sha256), Some(query)) =
            (&old.newest, &old.sha256, plan.queries.first())
        else {
            return Ok(None);
        };
        let Some(condition) = self.changed(plan, newest) else {
            return Ok(None);
        };
        let unheard = Semaphore::new(0);
        let (came, count, all) = tokio::join!(
            self.reading(plan, query, &condition, &unheard).read_boxed(),
            self.count(plan, false),
            self.count_all(plan)
        );
        let (came, count, all) = (came?, count?, all?);
        let path = self.target.join(format!("{}.csv", plan.wanted.name));
        let Ok(file) = Checked::open(&path, sha256) else {
            return Ok(None);
        };
        let (pages, via) = (came.pages, came.via);
        let unchanged = came.rows == 0 && count == old.rows;
        let changes = Chunk {
            columns: query.columns.clone(),
            parts: came.parts,
        };
        let written = self.write(plan, |sheet, look| {
            if unchanged {
                return sheet.kept(file, &old, self.is_looked_at(plan).then_some(look));
            }
            sheet.refreshed(file, changes, look)
        });
        let written = match written {
            Ok(written) if count == Some(written.rows) => written,
            Ok(_) | Err(Failed::Records(_)) => return Ok(None),
            Err(failed) => return Err(failed),
        };
        Ok(Some(Entry {
            rows: Some(written.rows),
            count,
            count_all: all,
            pages: Some(pages),
            via,
            newest: written.newest.max(old.newest),
            sha256: Some(written.sha256),
            ..entry(plan)
        }))
    }

    /// The condition for what has changed since; `None` where the moment cannot be read.
    ///
    /// Logging in, and an assignment that ends by itself, need not touch `SystemModstamp`.
    fn changed(&self, plan: &Plan, newest: &str) -> Option<String> {
        let moment = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let newest = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", newest)
            .ok()?
            .to_timestamp()
            .ok()?;
        // Whatever changed before the last pull began, by the org's clock, was seen by it.
        let begun = self.last.as_ref().and_then(|last| last.org_time);
        let since = moment(
            begun
                .map_or(newest, |begun| begun.max(newest))
                .checked_sub(OVERLAP)
                .ok()?,
        );
        let mut conditions = vec![format!("SystemModstamp >= {since}")];
        for field in ["LastLoginDate", "LastPasswordChangeDate"] {
            if plan.header.iter().any(|column| column == field) {
                conditions.push(format!("{field} >= {since}"));
            }
        }
        if plan.wanted.name == "PermissionSetAssignment"
            && plan.header.iter().any(|column| column == "ExpirationDate")
        {
            let now = moment(self.now);
            conditions.push(format!(
                "(ExpirationDate >= {since} AND ExpirationDate <= {now})"
            ));
        }
        Some(format!("({})", conditions.join(" OR ")))
    }
}
