//! The org behind the port: what it knows, who may ask, and the account of what was asked.

use super::mishap::{Trouble, limits, refusal};
use super::records::Records;
use super::token::{Denied, Tokens};
use super::{Mishap, page, token};
use crate::demo::http::{Answer, Handler, Request};
use crate::demo::journal::Journal;
use crate::demo::route::Endpoint;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Whether the service app must prove that it holds a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Proofs {
    #[default]
    Unasked,
    /// With one number at the token endpoint.
    Wanted,
    /// With another number for each request of the API as well.
    Changing,
}

/// How the org behaves.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) api_token: String,
    pub(super) client_id: String,
    pub(super) public_pem: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) key_expired: bool,
    pub(super) proofs: Proofs,
    pub(super) lacks: Vec<String>,
    pub(super) token_seconds: i64,
    pub(super) token_calls: Option<u64>,
    pub(super) page_size: usize,
    pub(super) joined_links: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // As long as a real one, and none.
            api_token: String::from("00demoTokenOfAnOktaOrgThatIsNone1234567890"),
            client_id: String::from("0oa1fakeService01d7"),
            public_pem: None,
            key_id: None,
            key_expired: false,
            proofs: Proofs::default(),
            lacks: Vec::new(),
            token_seconds: 3600,
            token_calls: None,
            page_size: usize::MAX,
            joined_links: false,
        }
    }
}

/// The org.
pub(super) struct Okta {
    records: Records,
    pub(super) settings: Settings,
    tokens: Mutex<Tokens>,
    /// With the number of requests that fitted so far.
    mishaps: Mutex<Vec<(Mishap, u64)>>,
    journal: Mutex<Journal>,
    base: OnceLock<String>,
}

fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // A request that panicked leaves nothing half done that another could not live with.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Okta {
    pub(super) fn new(records: Records, settings: Settings, mishaps: Vec<Mishap>) -> Self {
        Self {
            records,
            settings,
            tokens: Mutex::default(),
            mishaps: Mutex::new(mishaps.into_iter().map(|mishap| (mishap, 0)).collect()),
            journal: Mutex::default(),
            base: OnceLock::new(),
        }
    }

    /// Sets the address under which the org is reached, once it is known.
    pub(super) fn listens(&self, base: String) {
        let _ = self.base.set(base);
    }

    pub(super) fn base(&self) -> &str {
        self.base.get().map_or("", String::as_str)
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        locked(&self.journal)
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        locked(&self.tokens)
    }

    pub(super) fn add(&self, mishap: Mishap) {
        locked(&self.mishaps).push((mishap, 0));
    }

    fn due(&self, path: &str) -> Vec<Trouble> {
        let mut mishaps = locked(&self.mishaps);
        let due = |(mishap, seen): &mut (Mishap, u64)| mishap.due(path, seen);
        mishaps.iter_mut().filter_map(due).collect()
    }

    /// Answers a request that reads.
    fn read(&self, request: &Request, due: &[Trouble]) -> Answer {
        let parts = request.parts();
        let Some(rest) = parts.strip_prefix(&["api", "v1"]) else {
            return not_found(&request.path);
        };
        let Some(scope) = scope(rest) else {
            return not_found(&request.path);
        };
        if let Err(denied) = token::opens(self, request, scope) {
            return denied;
        }
        let records = &self.records;
        let list = |elements: &[Value], sizes| page::answer(self, request, elements, sizes, due);
        match *rest {
            ["apps"] => list(&records.apps, (20, 200)),
            ["apps", app] => one(&records.apps, app, &request.path),
            ["apps", app, what] => {
                if !records.apps.iter().any(|own| has_id(own, app)) {
                    return not_found(&request.path);
                }
                match what {
                    "users" => list(&records.app_users, (50, 500)),
                    "groups" => {
                        let expanded = request.parameter("expand") == Some("group");
                        list(&records.groups(expanded), (20, 200))
                    }
                    _ => not_found(&request.path),
                }
            }
            ["groups", group, "users"] => {
                let members = records.members.get(group);
                list(members.map_or(&[], Vec::as_slice), (1000, 1000))
            }
            ["users"] => {
                let gone = request.parameter("filter") == Some("status eq \"DEPROVISIONED\"");
                let is_gone =
                    |user: &&Value| user.get("status") == Some(&Value::from("DEPROVISIONED"));
                let users: Vec<Value> = records
                    .users
                    .iter()
                    .filter(|user| is_gone(user) == gone)
                    .cloned()
                    .collect();
                list(&users, (200, 200))
            }
            ["mappings"] => {
                let mut mappings = records.mappings.clone();
                for (asked, place) in [("targetId", "/target/id"), ("sourceId", "/source/id")] {
                    let asked = request.parameter(asked);
                    mappings.retain(|mapping| {
                        let own = mapping.pointer(place).and_then(Value::as_str);
                        asked.is_none() || asked == own
                    });
                }
                for mapping in mappings.iter_mut().filter_map(Value::as_object_mut) {
                    // The list has no expressions.
                    mapping.remove("properties");
                }
                list(&mappings, (20, 200))
            }
            ["mappings", id] => one(&records.mappings, id, &request.path),
            ["meta", "schemas", "apps", _, "default"] => Answer::json(200, &records.schema),
            ["meta", "schemas", "user", "default"] => Answer::json(200, &records.user_schema),
            _ => not_found(&request.path),
        }
    }
}

/// The scope that reading an address needs; `None`: there is nothing.
fn scope(rest: &[&str]) -> Option<&'static str> {
    Some(match rest {
        ["apps", ..] => "okta.apps.read",
        ["groups", ..] => "okta.groups.read",
        ["users", ..] => "okta.users.read",
        ["mappings", ..] => "okta.profileMappings.read",
        ["meta", "schemas", ..] => "okta.schemas.read",
        _ => return None,
    })
}

fn has_id(value: &Value, id: &str) -> bool {
    value.get("id").and_then(Value::as_str) == Some(id)
}

fn one(all: &[Value], id: &str, path: &str) -> Answer {
    match all.iter().find(|value| has_id(value, id)) {
        Some(value) => Answer::json(200, value),
        None => not_found(path),
    }
}

fn not_found(path: &str) -> Answer {
    let summary = format!("Not found: Resource not found: {path}");
    refusal(404, "E0000007", &summary)
}

impl Handler for Okta {
    fn answer(&self, request: &Request) -> Answer {
        let now = jiff::Timestamp::now().as_second();
        let is_token = request.path == "/oauth2/v1/token" && request.method == "POST";
        let endpoint = match request.method.as_str() {
            _ if is_token => Endpoint::Token,
            "GET" | "HEAD" => Endpoint::Other,
            _ => Endpoint::Write,
        };
        let due = self.due(&request.path);
        let replaced = due.iter().find_map(|trouble| trouble.replaces(now));
        let mut answer = match (replaced, endpoint) {
            (Some(answer), _) => answer,
            (None, Endpoint::Token) => {
                token::answer(self, request).unwrap_or_else(|denied: Denied| denied.answer())
            }
            (None, Endpoint::Write) => refusal(
                405,
                "E0000022",
                "The endpoint does not support the provided HTTP method",
            ),
            (None, _) => self.read(request, &due),
        };
        if answer.status < 400 {
            answer.headers.extend(limits(600, 599, now + 60));
        }
        for trouble in &due {
            trouble.spoil(&mut answer, now);
        }
        self.journal().note(request, endpoint, None, answer.status);
        answer
    }
}
