//! The rules: each a pair of files (code, and Markdown that is documentation and executed test) and one line here.
//!
//! A rule sees a row (or the end of the run) and a sink. It reads no file, no clock and no
//! configuration; severity policy, positive evidence, coverage and `undecided` are applied around it.

mod address;
mod answers;
mod context;
mod occasion;
// With an explicit path the modules of the list lie beside it, one folder for each family.
#[path = "list.rs"]
mod list;
mod losses;
mod named;
mod setting;
mod sink;
mod stored;

/// What the integration user may do, and what gives it the right.
#[path = "api_user/rights.rs"]
mod api_rights;
/// The sites of a new external user.
#[path = "external_users/site.rs"]
mod external_site;
/// The values that Okta would take over from a user.
#[path = "import/values.rs"]
mod import_values;
/// The expression of a mapped attribute.
#[path = "okta_mapping/mapped.rs"]
mod mapped;
/// The groups of a mapping, with their rows.
#[path = "okta_mapping/groups.rs"]
mod mapped_groups;
/// Two groups of a mapping that can meet in one person.
#[path = "okta_mapping/meetings.rs"]
mod meetings;
/// What the features of the Okta app tell the checklist of `preflight`.
#[path = "okta_app/features.rs"]
mod okta_features;
/// The values that Okta remembers of the org.
#[path = "okta_app/lists.rs"]
mod okta_lists;
/// Settings of the org, for the checklist of `preflight`.
#[path = "api_user/org_settings.rs"]
mod org_settings;
/// The account behind an external user, and who owns it.
#[path = "external_users/account.rs"]
mod portal_account;
/// What the user who pulls may see, for the checklist of `preflight`.
#[path = "api_user/reader.rs"]
mod reader;
/// The allowance of feature licenses, told in words by several rules of that family.
#[path = "feature_license/refusal.rs"]
mod refusal;
/// Which kind of role fits which kind of user.
#[path = "role/kind.rs"]
mod role_kind;
/// What a row sends that its license does not permit.
#[path = "permission_set/ceilings.rs"]
mod set_ceilings;
/// What a row does with permission sets, groups and permission set licenses.
#[path = "permission_set/facts.rs"]
mod set_facts;
/// Words and places of findings about seats.
#[path = "seats/shortage.rs"]
mod shortage;
/// The license move of a row, and its words.
#[path = "license/transition.rs"]
mod transition;
/// Words about an entry of the file of waivers.
#[path = "waivers/waived.rs"]
mod waived;

pub(crate) use address::{Glance, glance};
pub use answers::{Answer, Told};
pub use context::{Command, EndCx, ListMeaning, MassChange, NullMeaning, RowCx, Run};
pub use list::{FAMILIES, RULES};
pub use occasion::Occasion;
pub(crate) use occasion::Occasions;
pub use okta_lists::OktaSchema;
pub(crate) use org_settings::org_settings;
pub(crate) use reader::reader;
pub use setting::Setting;
pub(crate) use sink::verdict_of;
pub use sink::{EndSink, Place, Policy, Sink};
pub(crate) use stored::is_digested;

use crate::finding::{Confidence, Explanation, Severity};
use crate::input::{Attribute, Columns, Resolution, Row, SetRef};
use crate::matrix::Matrix;

/// A group of rules about one subject: a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// Folder name and name in reports, for example `permission-set`.
    pub name: &'static str,
    /// One line for `sfcompat rules`.
    pub about: &'static str,
}

/// What a row must send, or move to, for a missing fact to concern it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// A profile: the row creates a user, or changes the profile.
    Profile,
    /// A seat of a user license: the row creates an active user, makes one active, or takes one to another license.
    Seat,
    /// The profile cell is sent, whatever it says.
    ProfileName,
    /// The row moves an existing user to a profile of another license, or of one that cannot be told.
    Move,
    /// A role is sent.
    Role,
    /// A permission set or group is sent.
    Sets,
    /// A permission set or group is sent whose rights on objects decide: to a guest user, or without a license of its
    /// own to a user whose license is known to refuse some.
    ObjectRights,
    /// A permission set group is sent, or something that may be one.
    Groups,
    /// A permission set that is bound to a PSL, or the PSL column, is sent.
    Psls,
    /// A feature license is sent as true.
    Features,
    /// A public group is sent.
    PublicGroups,
    /// A package is sent.
    Packages,
    /// A contact is sent, or the user is external.
    Contact,
    /// One of the cells of this attribute is sent.
    Cell(Attribute),
    /// Nothing: a missing fact is a line of coverage only (bracketed columns, optional files, warning and notice rules).
    Coverage,
}

/// A fact that a rule reads from the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// API name of the object, or `describe/User`, or `Settings`.
    pub object: &'static str,
    /// Column; empty: the file as such. With a point before its name: what describe says of fields (`.length`).
    pub column: &'static str,
    /// Which rows are undecided without it.
    pub about: About,
}

impl Need {
    /// A file whose absence leaves the rows that `about` names undecided.
    #[must_use]
    pub const fn file(object: &'static str, about: About) -> Self {
        Self {
            object,
            column: "",
            about,
        }
    }

    /// A column whose absence leaves the rows that `about` names undecided.
    #[must_use]
    pub const fn column(object: &'static str, column: &'static str, about: About) -> Self {
        Self {
            object,
            column,
            about,
        }
    }

    /// A file or column in brackets: its absence is a line of coverage.
    #[must_use]
    pub const fn optional(object: &'static str, column: &'static str) -> Self {
        Self {
            object,
            column,
            about: About::Coverage,
        }
    }
}

/// The part of a rule that looks at each row.
pub type RowCheck = fn(&RowCx<'_>, &mut Sink<'_>);
/// The part of a rule that speaks after the last row.
pub type EndCheck = fn(&EndCx<'_>, &mut EndSink<'_>);

/// One rule. All of it is static: help, documentation, schema and tests are derived from the list.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Identity: kebab-case, never used again for anything else.
    pub name: &'static str,
    /// The highest severity that it gives.
    pub severity: Severity,
    /// The confidence of that verdict.
    pub confidence: Confidence,
    /// First version that has it.
    pub since: &'static str,
    /// Rows, org, mapping: as in the catalogue.
    pub applies: &'static str,
    /// The input must have at least one of these columns; empty: always evaluated.
    pub columns: &'static [Attribute],
    /// Without any of these columns a part of the rule is left out: a line of coverage, and the other part is evaluated.
    pub partly: &'static [Attribute],
    /// The only command that asks it; `None`: all that have rows or an end for it.
    pub only: Option<Command>,
    /// What it checks, as a statement that is to hold: a line of the checklist of `preflight`. Empty: no line.
    pub asks: &'static str,
    /// Facts that it reads from the snapshot.
    pub needs: &'static [Need],
    /// Configuration without which it says nothing: the planner turns what is missing into coverage.
    pub requires: &'static [Setting],
    /// Whether it is asked about users from whom Okta took the app away: a push makes them inactive and sends nothing else.
    pub leavers: bool,
    /// Which rows it is asked about. Debug builds ask it about every row, and hold it to its word.
    pub when: Occasion,
    /// Whether it can say anything about any row of an input: asked once, so that a rule that has nothing to look for
    /// costs the rows nothing. Debug builds ask about every row here too, and hold it to its word.
    pub speaks: fn(&Matrix, &Columns, &Run) -> bool,
    /// Looks at each row.
    pub row: Option<RowCheck>,
    /// Speaks after the last row.
    pub end: Option<EndCheck>,
    /// The words for a value that an earlier row of the same file claimed already (see [`Sink::claim`]).
    pub repeats: Option<fn(value: &str, column: Attribute) -> Explanation>,
    /// The words for a value that an earlier row claimed in other letters, upper and lower (see [`Sink::claim_cased`]).
    pub repeats_loosely: Option<fn(value: &str, column: Attribute) -> Explanation>,
    /// The Markdown beside the code.
    pub docs: &'static str,
}

impl Rule {
    /// A rule with nothing but its identity; rules fill in the rest with struct update syntax.
    pub const TEMPLATE: Self = Self {
        name: "",
        severity: Severity::Notice,
        confidence: Confidence::Inferred,
        since: "0.1.0",
        applies: "both",
        columns: &[],
        partly: &[],
        only: None,
        asks: "",
        needs: &[],
        requires: &[],
        leavers: false,
        when: Occasion::ALWAYS,
        speaks: |_, _, _| true,
        row: None,
        end: None,
        repeats: None,
        repeats_loosely: None,
        docs: "",
    };

    /// The first heading of its page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.docs
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or(self.name)
    }
}

/// A rule by its name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// Whether a rule speaks of the run itself: its evidence, its waivers, its baseline. No waiver and no baseline covers
/// its findings: a gate cannot be told to look away from itself.
#[must_use]
pub fn is_about_the_run(rule: &str) -> bool {
    ["snapshot-", "waiver-", "baseline-"]
        .iter()
        .any(|start| rule.starts_with(start))
        || rule == "counts-differ"
}

/// Names of rules that are written much like `name`, nearest first, at most three.
#[must_use]
pub fn nearest_names(name: &str) -> Vec<String> {
    let names = RULES.iter().map(|rule| rule.name);
    crate::model::nearest(name, names, 3)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

impl About {
    /// Whether a row is concerned by a missing fact of this kind.
    #[must_use]
    pub fn concerns(self, cx: &RowCx<'_>) -> bool {
        let row: &Row<'_> = cx.row;
        let person = &row.person;
        match self {
            Self::Coverage => false,
            Self::Profile => person.is_create() || person.enters_profile(),
            Self::Seat => {
                person.active
                    && (person.is_create() || !person.active_before || person.may_change_license())
            }
            Self::ProfileName => row.profile_cell.sent().is_some(),
            Self::Move => person.may_change_license(),
            Self::Role => matches!(row.role, crate::input::RoleCell::Sent(..)),
            Self::Sets => !row.sets.items.is_empty(),
            Self::ObjectRights => set_facts::needs_object_rights(cx),
            Self::Groups => row.sets.items.iter().any(|item| {
                matches!(item.to, Resolution::Unseen)
                    || matches!(item.to.one(), Some(SetRef::Group(_)))
            }),
            Self::Psls => {
                !row.psls.items.is_empty() || row.sets.found().any(|(_, to)| cx.m.touches_psl(to))
            }
            Self::Features => row.features.iter().any(|feature| feature.on),
            Self::PublicGroups => !row.public_groups.items.is_empty(),
            Self::Packages => !row.packages.items.is_empty(),
            Self::Contact => {
                row.contact.is_some()
                    || person.kind.is_some_and(crate::model::UserType::is_external)
            }
            Self::Cell(column) => cx.cell(column).sent().is_some(),
        }
    }
}
