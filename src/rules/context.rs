//! What a rule may look at: the row, the file's columns, the options of the run, the matrix.

use super::OktaSchema;
use crate::check::{Exemptions, KeptRows, Ledger};
use crate::input::{Attribute, Cell, Columns, FieldColumn, Row, SetRef};
use crate::matrix::Matrix;
use crate::model::{PermissionSetId, PslId, SfId, UserId, trimmed};
use crate::okta::groups::Groups;
use crate::okta::overlay::Told;
use crate::okta::{App, Login};
use crate::profile_source::Import;
use crate::tabular::Cells;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// How the file is meant to be pushed (`--permission-sets`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ListMeaning {
    /// Okta's way: the list is the whole truth, what is not in it is taken away.
    #[default]
    Replace,
    /// What is in the list is added.
    Add,
}

/// Okta's "Allow Pushing Null Values" (`--null-values`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum NullMeaning {
    /// A blank cell erases the value.
    Pushed,
    /// A blank cell leaves the value as it is.
    #[default]
    Ignored,
}

/// How many users may lose something at once (`--mass-change`, `[mass_change]`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MassChange {
    /// Percent of the active users of the files.
    pub share: f64,
    /// Fewer users are never many.
    pub min_users: u64,
}

impl Default for MassChange {
    fn default() -> Self {
        Self {
            share: 20.0,
            min_users: 5,
        }
    }
}

impl MassChange {
    /// Whether so many of so many users are more than the share.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of users are far below 2^52"
    )]
    pub fn is_exceeded(&self, some: u64, all: u64) -> bool {
        some as f64 * 100.0 > self.share * all as f64
    }
}

/// The options that decide what a rule says. No clock: the day of the run is given.
#[derive(Clone, Debug)]
pub struct Run {
    /// The day of the run.
    pub today: Date,
    /// `--permission-sets`.
    pub lists: ListMeaning,
    /// `--null-values`.
    pub nulls: NullMeaning,
    /// Somebody said what `nulls` is: it is not the default.
    pub nulls_said: bool,
    /// `--mass-change`, `[mass_change]`.
    pub mass_change: MassChange,
    /// `[check] expiring_within`, in days.
    pub expiring_within: i64,
    /// `[org] email_domains`; empty: not configured.
    pub email_domains: Vec<String>,
    /// The username of the Okta integration user, where one is named, found or not.
    pub named_user: Option<String>,
    /// The Salesforce app of Okta, where its file is given.
    pub okta_app: Option<Arc<App>>,
    /// The schema of the app's users over what the org has, where its file is given.
    pub okta_schema: Option<Arc<OktaSchema>>,
    /// Attributes of the app's users that a mapping of the run fills and pushes.
    pub okta_pushed: Arc<BTreeSet<String>>,
    /// What mappings of the run make of the users whose attributes are at hand.
    pub okta_told: Arc<Told>,
    /// Where the ids of the org's users were made, once that was asked for: characters 4 to 6 of them.
    pub(crate) instances: Arc<OnceLock<BTreeSet<String>>>,
    /// `preflight --reader`: the rights of the user who pulls are checked too.
    pub reader: bool,
    /// The Okta integration user, where one is named and found.
    pub integration_user: Option<UserId>,
    /// `[org] default_lead_creator`.
    pub default_lead_creator: Option<String>,
    /// `[org] portal_administrators`.
    pub portal_administrators: Vec<String>,
    /// `[org] organization_id`, as Okta's portal settings have it.
    pub organization_id: Option<String>,
    /// `[org] portal_id`, as Okta's portal settings have it.
    pub portal_id: Option<String>,
    /// `[org] account_id`: Okta creates contacts under this account.
    pub account_id: Option<String>,
    /// `[org] contactless_users`: the org takes external users without a contact.
    pub contactless_users: bool,
    /// `[org] default_case_owner`.
    pub default_case_owner: Option<String>,
    /// `[org] default_workflow_user`.
    pub default_workflow_user: Option<String>,
    /// `[seats] reserve`, by license key.
    pub reserve: Vec<(String, i64)>,
    /// `[seats] totals`, by feature type or license key: totals that the org does not give.
    pub totals: Vec<(String, i64)>,
    /// Why the snapshot is too old for this run (`--max-age`); `None`: it is not.
    pub stale: Option<String>,
    /// Okta's side, where Salesforce is judged as a profile source.
    pub import: Option<Arc<Import>>,
    /// The groups of all mappings of the run, in the order of their rows; `None`: there is no mapping of groups.
    pub groups: Option<Arc<Groups>>,
    /// The command is `check` (rules with org findings speak only of what the input touches).
    pub command: Command,
}

impl Run {
    /// Where the id of a user was made (characters 4 to 6), if no user of the org has an id that was made there: it is one of
    /// another org.
    pub(crate) fn made_elsewhere(&self, m: &Matrix, id: SfId) -> Option<String> {
        let instance = |id: SfId| id.text().chars().skip(3).take(3).collect::<String>();
        let users = &m.org.users;
        let own = self
            .instances
            .get_or_init(|| users.iter().map(|user| instance(users.id(user))).collect());
        let made = instance(id);
        (!own.is_empty() && !own.contains(&made)).then_some(made)
    }

    /// The defaults, on this day: lists replace, nulls are ignored, nothing is configured.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            today,
            lists: ListMeaning::default(),
            nulls: NullMeaning::default(),
            nulls_said: false,
            mass_change: MassChange::default(),
            expiring_within: 30,
            email_domains: Vec::new(),
            named_user: None,
            okta_app: None,
            okta_schema: None,
            okta_pushed: Arc::default(),
            okta_told: Arc::default(),
            instances: Arc::default(),
            reader: false,
            integration_user: None,
            default_lead_creator: None,
            portal_administrators: Vec::new(),
            organization_id: None,
            portal_id: None,
            account_id: None,
            contactless_users: false,
            default_case_owner: None,
            default_workflow_user: None,
            reserve: Vec::new(),
            totals: Vec::new(),
            stale: None,
            import: None,
            groups: None,
            command: Command::Check,
        }
    }
}

impl Run {
    /// How Okta logs in to Salesforce; `None` where no app file tells it.
    #[must_use]
    pub fn okta_login(&self) -> Option<Login> {
        self.okta_app.as_deref()?.login()
    }

    /// Whether the app file says that a provisioning feature is off.
    #[must_use]
    pub fn okta_lacks(&self, feature: &str) -> bool {
        let app = self.okta_app.as_deref();
        app.and_then(|app| app.has(feature)) == Some(false)
    }
}

/// Which command evaluates the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `sfcompat check`
    Check,
    /// `sfcompat seats`
    Seats,
    /// `sfcompat preflight`
    Preflight,
    /// `sfcompat import-check`
    ImportCheck,
}

/// One row in its surroundings. Given to the row part of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RowCx<'a> {
    /// The compiled org.
    pub m: &'a Matrix,
    /// Options of the run.
    pub run: &'a Run,
    /// The file's columns.
    pub columns: &'a Columns,
    /// All cells of the record.
    pub cells: Cells<'a>,
    /// The record, resolved.
    pub row: &'a Row<'a>,
}

impl<'a> RowCx<'a> {
    /// The cell of a column.
    #[must_use]
    #[inline]
    pub fn cell(&self, column: Attribute) -> Cell<'a> {
        self.columns.cell(column, self.cells)
    }

    /// The text of the n-th cell, without outer white space; `None` where it is empty.
    #[must_use]
    #[inline]
    pub fn sent_at(&self, place: u16) -> Option<&'a str> {
        let raw = self.cells.get(usize::from(place))?;
        if raw.is_empty() {
            return None;
        }
        Some(trimmed(raw)).filter(|text| !text.is_empty())
    }

    /// Columns that fill a field of User, with their describe field where the snapshot has one.
    pub fn fields(&self) -> impl Iterator<Item = (&'a FieldColumn, Cell<'a>)> + '_ {
        self.columns
            .fields()
            .iter()
            .map(|field| (field, self.columns.cell(field.attribute, self.cells)))
    }

    /// Whether an assignment of this kind is taken away where the row does not name it: sets by the permission set
    /// column, groups by theirs. A blank cell erases only where nulls are pushed.
    #[must_use]
    pub fn replaces(&self, to: SetRef) -> bool {
        self.replaces_column(match to {
            SetRef::Set(_) => Attribute::PermissionSets,
            SetRef::Group(_) => Attribute::PermissionSetGroups,
        })
    }

    /// Whether the row takes away sets or groups that it does not name.
    #[must_use]
    pub fn replaces_sets(&self) -> bool {
        self.replaces_column(Attribute::PermissionSets)
            || self.replaces_column(Attribute::PermissionSetGroups)
    }

    fn replaces_column(&self, column: Attribute) -> bool {
        let sets = &self.row.sets;
        sets.present
            && self.run.lists == ListMeaning::Replace
            && (sets.items.iter().any(|item| item.column == column)
                || (self.run.nulls == NullMeaning::Pushed && self.columns.has(column)))
    }

    /// Whether the row takes away permission set licenses that it does not name.
    #[must_use]
    pub fn replaces_psls(&self) -> bool {
        let psls = &self.row.psls;
        psls.present
            && self.run.lists == ListMeaning::Replace
            && (!psls.items.is_empty() || self.run.nulls == NullMeaning::Pushed)
    }

    /// Sets that are live-assigned to the user now, direct or through groups: `sets(u)`.
    #[must_use]
    pub fn sets_before(&self) -> Vec<PermissionSetId> {
        let Some(user) = self.row.person.user else {
            return Vec::new();
        };
        self.m.sets_of(
            self.m
                .org
                .users
                .assignments(user)
                .iter()
                .filter(|held| held.live)
                .filter_map(|held| match (held.group, held.set) {
                    (Some(group), _) => Some(SetRef::Group(group)),
                    (None, set) => set.map(SetRef::Set),
                }),
        )
    }

    /// Sets and groups that are live-assigned to the user now, as they were assigned. Rows owned by a profile are left out.
    #[must_use]
    pub fn assigned_before(&self) -> Vec<SetRef> {
        let Some(user) = self.row.person.user else {
            return Vec::new();
        };
        self.m.assigned(user)
    }

    /// Sets and groups assigned after the push: the row's, and those that stay.
    #[must_use]
    pub fn assigned_after(&self) -> Vec<SetRef> {
        let sent = self.row.sets.found().map(|(_, to)| to);
        let mut after = self.assigned_before();
        if self.replaces_sets() {
            after.retain(|to| !self.replaces(*to));
        }
        for to in sent {
            if !after.contains(&to) {
                after.push(to);
            }
        }
        after
    }

    /// `after(u)`: sets that the user holds after the push, direct or through groups.
    #[must_use]
    pub fn sets_after(&self) -> Vec<PermissionSetId> {
        self.m.sets_of(self.assigned_after().into_iter())
    }

    /// Permission set licenses that the user holds now.
    #[must_use]
    pub fn psls_before(&self) -> &'a [PslId] {
        self.row
            .person
            .user
            .map_or(&[], |user| self.m.org.users.psls(user))
    }
}

/// The end of a run. Given to the end part of a rule, after the last row.
#[derive(Clone, Copy, Debug)]
pub struct EndCx<'a> {
    /// The compiled org.
    pub m: &'a Matrix,
    /// Options of the run.
    pub run: &'a Run,
    /// Columns of the input; `None` for a run without an input (`seats`, `preflight`).
    pub columns: Option<&'a Columns>,
    /// Rows read.
    pub rows: u64,
    /// Seats: what the file takes and releases.
    pub ledger: &'a Ledger,
    /// Facts that the snapshot lacks and that left rows undecided, each with the names of the rules that wanted it.
    pub lacking: &'a [(String, Vec<&'static str>)],
    /// What the row part of this rule kept, in row order.
    pub kept: &'a KeptRows,
    /// Numbers of the rules that ran.
    pub ran: &'a BTreeSet<u16>,
    /// Paths of the inputs.
    pub inputs: &'a [String],
    /// Waivers and baseline, and which of them the run needed so far.
    pub(crate) exempt: &'a Exemptions,
    /// What the row part of this rule counted.
    pub tally: (u64, u64),
}
