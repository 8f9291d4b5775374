//! Sessions, refresh tokens and authorization codes, made up at random for each run.

use crate::model::SfId;
use rustc_hash::FxHashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// A session that an access token opens.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: SfId,
    pub(super) client: String,
    pub(super) scope: String,
    /// Calls that were made with it.
    pub(super) calls: u64,
    /// The refresh token it came from.
    refresh: Option<String>,
}

/// What a refresh token stands for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) user: SfId,
    pub(super) client: String,
    pub(super) scope: String,
}

/// What an authorization code stands for.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) plain: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    sessions: FxHashMap<String, Session>,
    refresh: FxHashMap<String, Grant>,
    codes: FxHashMap<String, Code>,
    made: u64,
}

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Tokens {
    /// Characters that nobody can guess from those given before.
    fn random(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            self.made += 1;
            let mut hasher = RandomState::new().build_hasher();
            hasher.write_u64(self.made);
            let mut number = hasher.finish();
            for _ in 0..10 {
                let letter = usize::try_from(number % 62).unwrap_or(0);
                text.push(LETTERS.get(letter).copied().map_or('A', char::from));
                number /= 62;
            }
        }
        text.truncate(length);
        text
    }

    /// Opens a session; its token begins with the id of the org, as clients expect.
    pub(super) fn open(&mut self, org: SfId, grant: &Grant, refresh: Option<&str>) -> String {
        let head: String = org.text().chars().take(15).collect();
        let token = format!("{head}!AQ{}", self.random(90));
        self.put(&token, grant, refresh);
        token
    }

    /// Makes a given text an access token.
    pub(super) fn put(&mut self, token: &str, grant: &Grant, refresh: Option<&str>) {
        let session = Session {
            user: grant.user,
            client: grant.client.clone(),
            scope: grant.scope.clone(),
            calls: 0,
            refresh: refresh.map(str::to_owned),
        };
        self.sessions.insert(token.to_owned(), session);
    }

    /// Makes a refresh token.
    pub(super) fn keep(&mut self, grant: Grant) -> String {
        let token = format!("5Aep{}", self.random(80));
        self.refresh.insert(token.clone(), grant);
        token
    }

    /// Makes an authorization code.
    pub(super) fn promise(&mut self, code: Code) -> String {
        let text = format!("aPrx{}", self.random(60));
        self.codes.insert(text.clone(), code);
        text
    }

    /// Takes an authorization code; it works once.
    pub(super) fn redeem(&mut self, code: &str) -> Option<Code> {
        self.codes.remove(code)
    }

    /// What a refresh token stands for.
    pub(super) fn granted(&self, refresh: &str) -> Option<&Grant> {
        self.refresh.get(refresh)
    }

    /// A session, to look at.
    pub(super) fn session(&self, token: &str) -> Option<&Session> {
        self.sessions.get(token)
    }

    /// A session for one more call; it ends when it was called `most` times.
    pub(super) fn call(&mut self, token: &str, most: Option<u64>) -> Option<&Session> {
        let session = self.sessions.get_mut(token)?;
        session.calls += 1;
        if most.is_some_and(|most| session.calls > most) {
            self.sessions.remove(token);
            return None;
        }
        self.sessions.get(token)
    }

    /// Ends what a token stands for; with a refresh token its sessions end too. Whether there was anything.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        let session = self.sessions.remove(token).is_some();
        let refresh = self.forget(token);
        if refresh {
            self.sessions
                .retain(|_, session| session.refresh.as_deref() != Some(token));
        }
        session || refresh
    }

    /// Ends a refresh token and leaves its sessions.
    pub(super) fn forget(&mut self, refresh: &str) -> bool {
        self.refresh.remove(refresh).is_some()
    }

    /// Ends all sessions; refresh tokens stay.
    pub(super) fn expire_all(&mut self) {
        self.sessions.clear();
    }
}
