//! The sites that a new external user may enter.

use super::RowCx;
use crate::matrix::Sites;
use crate::model::{Profile, ProfileId, UserType};

/// The profile of a row that creates an external user, and the members of the sites, where the snapshot has both.
pub(super) fn entered<'a>(cx: &RowCx<'a>) -> Option<(ProfileId, &'a Profile, &'a Sites)> {
    let person = &cx.row.person;
    if !person.is_create() || !person.kind.is_some_and(UserType::is_external) {
        return None;
    }
    let id = person.profile?;
    Some((id, cx.m.profile(id)?, cx.m.sites()?))
}
