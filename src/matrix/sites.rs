//! Which profiles and permission sets are members of Experience Cloud sites.

use super::Matrix;
use crate::model::{Known, Org, SfId};
use rustc_hash::{FxHashMap, FxHashSet};

/// The members of the sites of an org.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    /// Profiles and permission sets that are members of a site that is live, or may be.
    live: FxHashSet<SfId>,
    /// The names of the sites of those that are members of closed sites only.
    closed: FxHashMap<SfId, Vec<Box<str>>>,
}

impl Sites {
    /// `None` where sites or their members were not pulled, or where the org has none by its settings.
    pub(super) fn of(org: &Org) -> Option<Self> {
        let pulled = org.coverage.has("Network") && org.coverage.has("NetworkMemberGroup");
        if !pulled || org.setting("Communities.enableNetworksEnabled").is(&false) {
            return None;
        }
        let mut sites = Self::default();
        for site in &org.networks {
            let closed =
                matches!(&site.status, Known::Yes(status) if !status.eq_ignore_ascii_case("Live"));
            for &member in &site.members {
                if closed {
                    let names = sites.closed.entry(member).or_default();
                    names.push(site.name.clone());
                } else {
                    sites.live.insert(member);
                }
            }
        }
        sites
            .closed
            .retain(|member, _| !sites.live.contains(member));
        Some(sites)
    }

    /// Whether a profile or permission set is a member of a site that is live.
    pub(crate) fn is_live(&self, member: SfId) -> bool {
        self.live.contains(&member)
    }

    /// The sites of a profile or permission set that is a member of closed sites only.
    pub(crate) fn closed(&self, member: SfId) -> Option<&[Box<str>]> {
        self.closed.get(&member).map(Vec::as_slice)
    }
}

impl Matrix {
    /// The members of the sites; `None` where the snapshot does not tell them, or where the org has no sites.
    pub(crate) fn sites(&self) -> Option<&Sites> {
        self.sites.as_ref()
    }
}
