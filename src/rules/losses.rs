//! What a push takes away from an existing user: lists replace what is there, blanks erase where nulls are pushed.

use super::set_facts::psls_of;
use super::{ListMeaning, NullMeaning, RowCx};
use crate::input::SetRef;
use crate::model::{PslId, PublicGroupId};
use smallvec::SmallVec;

impl<'a> RowCx<'a> {
    /// Sets and groups that are assigned to the user now and that the row does not leave in place.
    pub(crate) fn lost_sets(&self) -> Vec<SetRef> {
        if self.row.person.is_create() || !self.replaces_sets() {
            return Vec::new();
        }
        let mut lost = self.assigned_before();
        lost.retain(|&held| {
            self.replaces(held) && !self.row.sets.found().any(|(_, named)| named == held)
        });
        lost
    }

    /// Permission set licenses that the user holds now, that the row does not name, and that no set which stays holds in place.
    pub(crate) fn lost_psls(&self) -> SmallVec<[PslId; 4]> {
        let held = self.psls_before();
        if held.is_empty() || !self.replaces_psls() {
            return SmallVec::new();
        }
        let kept = self.assigned_after();
        let stays = |psl: PslId| {
            self.row.psls.found().any(|(_, named)| named == psl)
                || kept.iter().any(|&to| psls_of(self.m, to).contains(&psl))
        };
        held.iter().copied().filter(|&psl| !stays(psl)).collect()
    }

    /// Feature licenses that the user has now and not after the push: bit n is the n-th.
    pub(crate) fn lost_features(&self) -> u32 {
        let person = &self.row.person;
        if person.is_create() {
            return 0;
        }
        person.features_before & !person.features
    }

    /// The public groups that the user is in now and that the row does not name.
    pub(crate) fn lost_public_groups(&self) -> impl Iterator<Item = PublicGroupId> + use<'a, '_> {
        let groups = &self.row.public_groups;
        let replaces = self.run.lists == ListMeaning::Replace
            && groups.present
            && (!groups.items.is_empty() || self.run.nulls == NullMeaning::Pushed);
        let user = self.row.person.user.filter(|_| replaces);
        user.map_or(&[][..], |user| self.m.org.users.public_groups(user))
            .iter()
            .copied()
            .filter(|held| !groups.found().any(|(_, named)| named == *held))
    }

    /// Whether an existing user loses anything: a permission set, a license, a feature, a public group, the profile, or
    /// all of it by deactivation.
    pub(crate) fn loses(&self) -> bool {
        let person = &self.row.person;
        if person.is_create() {
            return false;
        }
        person.changes_profile()
            || person.changes_license()
            || (person.active_before && !person.active)
            || self.lost_features() != 0
            || self.lost_public_groups().next().is_some()
            || !self.lost_sets().is_empty()
            || !self.lost_psls().is_empty()
    }
}
