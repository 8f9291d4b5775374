//! The org behind the port: records, sessions, cursors, jobs, and the account of what was asked.

use super::bulk::Jobs;
use super::cursor::Cursors;
use super::faults::Faults;
use super::http::{Answer, Handler, Request};
use super::journal::Journal;
use super::route::{self, Endpoint};
use super::settings::Settings;
use super::sight::Sight;
use super::store::Store;
use super::tokens::{Grant, Tokens};
use super::{Change, Error, oauth};
use crate::model::SfId;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};

/// The org.
pub(super) struct Org {
    store: RwLock<Store>,
    pub(super) settings: Settings,
    tokens: Mutex<Tokens>,
    cursors: Mutex<Cursors>,
    jobs: Mutex<Jobs>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    base: OnceLock<String>,
    /// The org's own id.
    pub(super) id: SfId,
    /// Who callers are, unless their login says otherwise.
    pub(super) user: SfId,
}

/// Who asks, as far as it matters for the answer.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) user: SfId,
    /// Permissions that the user lacks.
    pub(super) lacks: BTreeSet<String>,
}

/// The id of an org whose seed does not tell it.
const NAMELESS: &str = "00D000000000001";

fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // A request that panicked leaves nothing half done that another could not live with.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Org {
    pub(super) fn new(mut store: Store, settings: Settings, faults: Faults) -> Result<Self, Error> {
        for field in &settings.null_fields {
            store.add_null(field)?;
        }
        for change in &settings.changes {
            change.apply(&mut store)?;
        }
        let id = match store.organization() {
            Some(id) => id,
            None => SfId::parse(NAMELESS).map_err(|_| Error::Change(NAMELESS.to_owned()))?,
        };
        let user = super::rights::caller(&store, settings.user.as_deref())?;
        let org = Self {
            store: RwLock::new(store),
            settings,
            tokens: Mutex::default(),
            cursors: Mutex::default(),
            jobs: Mutex::default(),
            faults: Mutex::new(faults),
            journal: Mutex::default(),
            base: OnceLock::new(),
            id,
            user,
        };
        if let Some(token) = &org.settings.access_token {
            let grant = org.grant("demo");
            org.tokens().put(token, &grant, None);
        }
        Ok(org)
    }

    /// Sets the address under which the org is reached, once it is known.
    pub(super) fn listens(&self, base: String) {
        let _ = self.base.set(base);
    }

    /// `http://127.0.0.1:8123`
    pub(super) fn base(&self) -> &str {
        self.base.get().map_or("", String::as_str)
    }

    pub(super) fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        locked(&self.tokens)
    }

    pub(super) fn cursors(&self) -> MutexGuard<'_, Cursors> {
        locked(&self.cursors)
    }

    pub(super) fn jobs(&self) -> MutexGuard<'_, Jobs> {
        locked(&self.jobs)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        locked(&self.journal)
    }

    /// Changes a record.
    pub(super) fn change(&self, change: &Change) -> Result<(), Error> {
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        change.apply(&mut store)
    }

    /// What the usual caller is granted.
    pub(super) fn grant(&self, client: &str) -> Grant {
        Grant {
            user: self.user,
            client: client.to_owned(),
            scope: "refresh_token api".to_owned(),
        }
    }

    /// A session of the usual caller.
    pub(super) fn open_session(&self) -> String {
        let grant = self.grant("demo");
        self.tokens().open(self.id, &grant, None)
    }

    /// The org as a caller sees it.
    pub(super) fn sight<'a>(
        &'a self,
        store: &'a Store,
        caller: &'a Caller,
        tooling: bool,
    ) -> Sight<'a> {
        Sight {
            store,
            hidden: &self.settings.hidden,
            lacks: &caller.lacks,
            tooling,
        }
    }

    /// The caller that a user id stands for.
    pub(super) fn caller(&self, user: SfId) -> Caller {
        let mut lacks = super::rights::lacking(&self.store(), user);
        lacks.extend(self.settings.lacks.iter().cloned());
        Caller { user, lacks }
    }
}

impl Handler for Org {
    fn answer(&self, request: &Request) -> Answer {
        if request.path == REQUESTS {
            let count = self.journal().counts().requests;
            return Answer::json(200, &serde_json::json!({ "requests": count }));
        }
        let endpoint = Endpoint::of(request);
        let object = route::object(request, endpoint);
        let due = self.faults().due(endpoint, object.as_deref());
        for change in due.iter().filter_map(super::faults::Effect::change) {
            // The journal keeps what could not be done, so that a scenario that does not fit is seen.
            if let Err(fault) = self.change(change) {
                self.journal().complain(fault.to_string());
            }
        }
        if due.contains(&super::faults::Effect::ExpireSessions) {
            self.tokens().expire_all();
        }
        let replaced = due.iter().find_map(super::faults::Effect::replaces);
        let mut answer = match replaced {
            Some(answer) => {
                if endpoint.is_api() {
                    self.journal().use_quota();
                }
                answer
            }
            None if endpoint.is_oauth() => oauth::answer(self, request, endpoint),
            None => super::rest::answer(self, request, endpoint, &due),
        };
        for effect in &due {
            effect.spoil(&mut answer);
        }
        answer.delay += self.settings.latency;
        if endpoint.is_api() {
            let used = self.journal().counts().api + self.settings.quota_used;
            answer = answer.with(
                "sforce-limit-info",
                format!("api-usage={used}/{}", self.settings.quota),
            );
        }
        self.journal()
            .note(request, endpoint, object, answer.status);
        answer
    }
}

/// The address at which a bench learns how many requests came; it is not counted, and no org has it.
const REQUESTS: &str = "/demo/requests";
