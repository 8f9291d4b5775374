//! What every row about a user reads, side by side in as few bytes as the org needs.

use super::UserRecord;
use crate::model::ids::number_at;
use crate::model::{Dense, FeatureId, Org, ProfileId, RoleId, UserId, UserType};

/// How many bits the facts of a user take: an org has few profiles and roles.
#[derive(Clone, Copy, Debug)]
struct Layout {
    features: u32,
    profile: u32,
    role: u32,
}

/// Feature flags that are kept of a user.
const MOST_FEATURES: u32 = 28;
/// State of the user, then the type.
const STATE: u32 = 6;
const KIND: u32 = 4;

const ACTIVE: u8 = 1;
const UNKNOWN_ACTIVITY: u8 = 1 << 1;
const FROZEN: u8 = 1 << 2;
const LOCKED: u8 = 1 << 3;
const NO_LOGIN: u8 = 1 << 4;
/// A role that the snapshot does not hold.
const UNSEEN_ROLE: u8 = 1 << 5;

/// Bits for a number below `count`, and for none.
fn bits(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

impl Layout {
    fn of(org: &Org) -> Self {
        Self {
            features: bits_of_flags(org.features.len()),
            profile: bits(org.profiles.len()),
            role: bits(org.roles.len()),
        }
    }

    fn bytes(self) -> usize {
        (STATE + KIND + self.features + self.profile + self.role).div_ceil(8) as usize
    }
}

fn bits_of_flags(count: usize) -> u32 {
    u32::try_from(count).map_or(MOST_FEATURES, |count| count.min(MOST_FEATURES))
}

impl Default for Layout {
    /// Room for any org.
    fn default() -> Self {
        Self {
            features: MOST_FEATURES,
            profile: u32::BITS,
            role: u32::BITS,
        }
    }
}

/// What is stored of a user: see the methods of `Users` with these names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub(crate) profile: Option<ProfileId>,
    pub(crate) role: Option<RoleId>,
    pub(crate) active: Option<bool>,
    pub(crate) features: u32,
    pub(crate) user_type: Option<UserType>,
}

/// The facts of all users.
#[derive(Clone, Debug, Default)]
pub(super) struct Cores {
    layout: Layout,
    bytes: Vec<u8>,
}

/// The facts of one user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Core {
    packed: u128,
    layout: Layout,
}

impl Cores {
    /// None yet, in a layout that serves the profiles, roles and feature flags of an org.
    pub(super) fn of(org: &Org) -> Self {
        Self {
            layout: Layout::of(org),
            ..Self::default()
        }
    }

    /// The same layout, without users.
    pub(super) fn blank(&self) -> Self {
        Self {
            layout: self.layout,
            ..Self::default()
        }
    }

    pub(super) fn reserve(&mut self, users: usize) {
        self.bytes.reserve(users * self.layout.bytes());
    }

    /// Adds a user, whose username is told or not.
    pub(super) fn push(&mut self, user: &UserRecord<'_>, has_login: bool) {
        let Layout {
            features, profile, ..
        } = self.layout;
        let activity = match user.active {
            Some(true) => ACTIVE,
            Some(false) => 0,
            None => UNKNOWN_ACTIVITY,
        };
        let login = if has_login { 0 } else { NO_LOGIN };
        let unseen = if user.role_unseen { UNSEEN_ROLE } else { 0 };
        let kind = user.user_type.map_or(0, |kind| kind as u8 + 1);
        let flags = user.features & low_bits(features);
        let low = u64::from(activity | login | unseen)
            | u64::from(kind) << STATE
            | u64::from(flags) << (STATE + KIND);
        // Numbers are kept from 1 on: 0 is none.
        let number = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
        let high = u128::from(number(user.role.map(|id| id.0))) << profile
            | u128::from(number(user.profile.map(|id| id.0)));
        let packed = u128::from(low) | high << (STATE + KIND + features);
        let end = self.bytes.len() + self.layout.bytes();
        self.bytes.extend_from_slice(&packed.to_le_bytes());
        self.bytes.truncate(end);
    }

    /// Adds the users of another table of the same layout, which is empty afterwards.
    pub(super) fn append(&mut self, other: &mut Self) {
        self.bytes.append(&mut other.bytes);
    }

    #[inline]
    pub(super) fn get(&self, user: UserId) -> Option<Core> {
        let start = user.index().checked_mul(self.layout.bytes())?;
        let bytes = self.bytes.get(start..).filter(|bytes| !bytes.is_empty())?;
        Some(Core {
            packed: number_at(bytes),
            layout: self.layout,
        })
    }

    /// Marks a user as frozen or locked.
    pub(super) fn mark(&mut self, user: UserId, frozen: bool, locked: bool) {
        let state = self.bytes.get_mut(user.index() * self.layout.bytes());
        if let Some(state) = state {
            *state |= if frozen { FROZEN } else { 0 } | if locked { LOCKED } else { 0 };
        }
    }
}

fn low_bits(count: u32) -> u32 {
    u32::MAX.checked_shr(u32::BITS - count).unwrap_or(0)
}

impl Core {
    /// The field of `bits` bits from bit `from` on.
    #[inline]
    fn field(self, from: u32, bits: u32) -> u32 {
        let low = u64::try_from(self.packed >> from & u128::from(u64::MAX)).unwrap_or(0);
        u32::try_from(low & u64::from(low_bits(bits))).unwrap_or(0)
    }

    fn is(self, state: u8) -> bool {
        self.field(0, STATE) & u32::from(state) != 0
    }

    /// All of it in one go.
    #[inline]
    pub(super) fn stored(self) -> Stored {
        Stored {
            profile: self.profile(),
            role: self.role(),
            active: self.active(),
            features: self.features(),
            user_type: self.user_type(),
        }
    }

    pub(super) fn active(self) -> Option<bool> {
        (!self.is(UNKNOWN_ACTIVITY)).then_some(self.is(ACTIVE))
    }

    pub(super) fn has_login(self) -> bool {
        !self.is(NO_LOGIN)
    }

    pub(super) fn has_role(self) -> bool {
        self.is(UNSEEN_ROLE) || self.role().is_some()
    }

    pub(super) fn frozen(self) -> bool {
        self.is(FROZEN)
    }

    pub(super) fn locked(self) -> bool {
        self.is(LOCKED)
    }

    /// Feature flags that are true: bit n is [`FeatureId`] n.
    pub(super) fn features(self) -> u32 {
        self.field(STATE + KIND, self.layout.features)
    }

    pub(super) fn has_feature(self, feature: FeatureId) -> bool {
        feature.0 < MOST_FEATURES && self.features() & (1 << feature.0) != 0
    }

    pub(super) fn user_type(self) -> Option<UserType> {
        const ALL: [UserType; 11] = [
            UserType::Standard,
            UserType::CsnOnly,
            UserType::CspLitePortal,
            UserType::PowerPartner,
            UserType::PowerCustomerSuccess,
            UserType::CustomerSuccess,
            UserType::Guest,
            UserType::SelfService,
            UserType::AutomatedProcess,
            UserType::CloudIntegrationUser,
            UserType::Other,
        ];
        let number = self.field(STATE, KIND).checked_sub(1)?;
        ALL.get(number as usize).copied()
    }

    pub(super) fn profile(self) -> Option<ProfileId> {
        let from = STATE + KIND + self.layout.features;
        self.field(from, self.layout.profile)
            .checked_sub(1)
            .map(ProfileId)
    }

    pub(super) fn role(self) -> Option<RoleId> {
        let from = STATE + KIND + self.layout.features + self.layout.profile;
        self.field(from, self.layout.role)
            .checked_sub(1)
            .map(RoleId)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cores, Layout};
    use crate::model::{FeatureId, ProfileId, RoleId, UserId, UserRecord, UserType};

    #[test]
    fn facts_come_back_in_any_layout() {
        let widest = Layout::default();
        let narrow = Layout {
            features: 3,
            profile: super::bits(400),
            role: super::bits(5000),
        };
        for (layout, bytes) in [(widest, 13), (narrow, 5)] {
            assert_eq!(layout.bytes(), bytes);
            let mut cores = Cores {
                layout,
                ..Cores::default()
            };
            let last = UserRecord {
                active: Some(true),
                profile: Some(ProfileId(399)),
                role: Some(RoleId(4999)),
                features: 0b101,
                user_type: Some(UserType::Other),
                ..UserRecord::default()
            };
            cores.push(&last, true);
            let mut more = cores.blank();
            more.push(
                &UserRecord {
                    role_unseen: true,
                    ..UserRecord::default()
                },
                false,
            );
            more.push(&last, true);
            cores.append(&mut more);
            cores.mark(UserId(1), true, false);
            assert!(cores.get(UserId(3)).is_none() && more.get(UserId(0)).is_none());
            for user in [UserId(0), UserId(2)] {
                let core = cores.get(user).expect("a user");
                assert_eq!(
                    (core.active(), core.frozen(), core.locked()),
                    (Some(true), false, false)
                );
                assert_eq!((core.profile(), core.role()), (last.profile, last.role));
                assert!(core.has_role() && core.has_login());
                assert_eq!((core.features(), core.user_type()), (0b101, last.user_type));
                assert!(core.has_feature(FeatureId(2)) && !core.has_feature(FeatureId(1)));
            }
            let blank = cores.get(UserId(1)).expect("a user");
            assert!(blank.has_role() && !blank.has_login());
            assert_eq!(
                (blank.active(), blank.frozen(), blank.locked()),
                (None, true, false)
            );
            assert_eq!(
                (blank.profile(), blank.role(), blank.user_type()),
                (None, None, None)
            );
        }
    }
}
