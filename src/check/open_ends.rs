//! What the files of Okta leave open, as lines of coverage.

use super::plan::CoverageLine;
use crate::input::{Input, Kind};
use crate::okta::groups::Groups;
use crate::okta::overlay::Gap;
use crate::rules::Run;

/// What all files of a run leave open together.
pub(super) fn of_run(run: &Run) -> Vec<CoverageLine> {
    let groups = run.groups.as_deref();
    let mut lines: Vec<CoverageLine> = run.okta_told.gaps.iter().map(untold).collect();
    lines.extend(groups.and_then(strangers));
    lines.extend(groups.and_then(not_met));
    lines
}

/// Which rows of a Terraform plan are undecided, because what they give is known only after it is applied.
pub(super) fn of_plan(input: &Input) -> Option<CoverageLine> {
    let open = input.kind == Kind::TerraformPlan && !input.columns.untold.is_empty();
    open.then(|| CoverageLine {
        rule: "mapping-not-checkable",
        reason: format!(
            "the profile of some users or groups is known only after the plan is applied: {}",
            input.path
        ),
    })
}

/// Memberships of groups that no mapping has.
fn strangers(groups: &Groups) -> Option<CoverageLine> {
    let members = groups.members.as_ref()?;
    let (name, line) = members.first_stranger.as_ref()?;
    Some(CoverageLine {
        rule: "group-shadowed",
        reason: format!(
            "{} memberships are of groups that no mapping of the run has, the first on line {line}: '{name}'",
            members.strangers
        ),
    })
}

/// What several groups give one person together is judged in part where nobody is known to be in any.
fn not_met(groups: &Groups) -> Option<CoverageLine> {
    let lists: Vec<&str> = groups.combined.iter().map(|column| column.name()).collect();
    let open = groups.members.is_none() && !lists.is_empty();
    open.then(|| CoverageLine {
        rule: "permission-set-needs-psl",
        reason: format!(
            "Okta combines {} over the groups of a person, and who is in which group is not known (--members): whether they fit the license is judged for every two groups, all else for each group by itself",
            lists.join(", ")
        ),
    })
}

/// A mapped attribute that cannot be told of some users.
fn untold(gap: &Gap) -> CoverageLine {
    CoverageLine {
        rule: "mapping-not-checkable",
        reason: format!(
            "what {} becomes cannot be told for {} {}, the first on line {} of {}: {}",
            gap.property,
            gap.users,
            if gap.users == 1 { "user" } else { "users" },
            gap.first.1,
            gap.first.0,
            gap.why
        ),
    }
}
