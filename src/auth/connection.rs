//! The address of an org and a token that renews itself.

use super::entry::Entry;
use super::refusal::Refusal;
use super::renewal::{Obtained, apply, obtain};
use super::store::Store;
use super::{Error, Surroundings, vault};
use crate::model::SfId;
use crate::net::{self, Client, Secret, Timeouts};
use std::sync::Arc;
use tokio::sync::Mutex;
use url::Url;

/// An access token, and which one of its connection it is.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    generation: u64,
}

impl Token {
    /// What goes into the header `Authorization: Bearer`.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// A login to one org. Share it by reference: all requests of a run use one token, and renew it once.
#[derive(Debug)]
pub struct Connection {
    instance_url: Url,
    org_id: Option<SfId>,
    username: Option<String>,
    client: Arc<Client>,
    around: Surroundings,
    source: Source,
    held: Mutex<Held>,
}

/// Where a token comes from, and another one when it has expired.
#[derive(Debug)]
enum Source {
    /// The environment gave it; there is no other.
    Environment,
    /// A stored login.
    Stored { store: Store, alias: String },
}

/// The token of the moment.
#[derive(Debug)]
struct Held {
    secret: Option<Secret>,
    generation: u64,
    /// Why the token of this generation could not be renewed: it is not asked for again.
    refused: Option<Refusal>,
}

impl Held {
    fn new(secret: Option<Secret>) -> Self {
        Self {
            secret,
            generation: 0,
            refused: None,
        }
    }

    fn token(&self) -> Option<Token> {
        Some(Token {
            secret: self.secret.clone()?,
            generation: self.generation,
        })
    }

    fn take(&mut self, secret: Secret) -> Token {
        self.generation += 1;
        self.secret = Some(secret.clone());
        self.refused = None;
        Token {
            secret,
            generation: self.generation,
        }
    }
}

impl Connection {
    /// A token that the environment gives.
    pub(super) fn of_environment(
        address: &str,
        token: Secret,
        around: &Surroundings,
    ) -> Result<Self, Error> {
        Ok(Self {
            instance_url: around.hosts.base(address)?,
            org_id: org_of(&token),
            username: None,
            client: Arc::new(Client::new(around.hosts, Timeouts::default())),
            around: around.clone(),
            source: Source::Environment,
            held: Mutex::new(Held::new(Some(token))),
        })
    }

    /// A stored login.
    pub(super) fn of_store(
        store: Store,
        alias: &str,
        around: &Surroundings,
    ) -> Result<Self, Error> {
        let mut entry = store.find(alias)?;
        vault::open(alias, &mut entry)?;
        // A login that was made with plain http on this machine is of use only where that is allowed.
        around.hosts.check(&entry.instance_url)?;
        around.hosts.check(&entry.login_url)?;
        Ok(Self {
            instance_url: entry.instance_url,
            org_id: entry.org_id,
            username: entry.username,
            client: Arc::new(Client::new(around.hosts, Timeouts::default())),
            around: around.clone(),
            source: Source::Stored {
                store,
                alias: alias.to_owned(),
            },
            held: Mutex::new(Held::new(entry.access_token)),
        })
    }

    /// Where the org answers: scheme and host, no path.
    #[must_use]
    pub fn instance_url(&self) -> &Url {
        &self.instance_url
    }

    /// The id of the org, where the login said it or the token begins with it.
    #[must_use]
    pub fn org_id(&self) -> Option<SfId> {
        self.org_id
    }

    /// The user that reads, where the login said it.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// What sends requests. It goes to allowed hosts only.
    #[must_use]
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// The token of the moment; the first one is asked for where none is stored.
    ///
    /// # Errors
    /// There was none yet, and none could be had.
    pub async fn token(&self) -> Result<Token, Error> {
        let mut held = self.held.lock().await;
        match held.token() {
            Some(token) => Ok(token),
            None => self.another(&mut held).await,
        }
    }

    /// Another token in the place of one that the org refused with 401 `INVALID_SESSION_ID`. Whoever asks while another
    /// asks waits for the same answer; one refused token is renewed once.
    ///
    /// # Errors
    /// It cannot be renewed: the login has ended, or Salesforce is not reached.
    pub async fn renew(&self, refused: &Token) -> Result<Token, Error> {
        let mut held = self.held.lock().await;
        match held.token() {
            Some(token) if held.generation != refused.generation => Ok(token),
            _ => self.another(&mut held).await,
        }
    }

    /// Gets a token that is not the one held. One process does it, the others find its token in the store.
    async fn another(&self, held: &mut Held) -> Result<Token, Error> {
        if let Some(refusal) = &held.refused {
            return Err(Error::Refused(Box::new(refusal.clone())));
        }
        let Source::Stored { store, alias } = &self.source else {
            return Err(Error::Expired {
                advice: String::from("set SFCOMPAT_ACCESS_TOKEN to a fresh one"),
            });
        };
        let locked = store.lock(&self.around.clock).await?;
        let mut entry = locked.find(alias)?;
        vault::open(alias, &mut entry)?;
        self.same_org(&entry)?;
        if let Some(stored) = entry.access_token.as_ref()
            && !held.secret.as_ref().is_some_and(|own| own.is(stored))
        {
            tracing::debug!("another process has renewed the token");
            return Ok(held.take(stored.clone()));
        }
        let obtained = match obtain(&entry, alias, &self.client, &self.around).await {
            Ok(obtained) => obtained,
            Err(Error::Refused(refusal)) => {
                held.refused = Some((*refusal).clone());
                return Err(Error::Refused(refusal));
            }
            Err(other) => return Err(other),
        };
        let Obtained { granted, keep } = obtained;
        let token = granted.access_token.clone();
        if !keep && held.secret.as_ref().is_some_and(|own| own.is(&token)) {
            return Err(Error::Expired {
                advice: String::from(
                    "the Salesforce CLI gives the same token again: sf org login web",
                ),
            });
        }
        apply(&mut entry, granted);
        if keep {
            vault::close(alias, &mut entry)?;
            let renewed = entry.clone();
            locked.change(|entries| {
                entries.insert(alias.clone(), renewed);
            })?;
        }
        self.same_org(&entry)?;
        Ok(held.take(token))
    }

    /// An org that has moved in the middle of a run is not read on: what was read is of the old address.
    fn same_org(&self, entry: &Entry) -> Result<(), Error> {
        if entry.instance_url == self.instance_url {
            return Ok(());
        }
        Err(Error::NoAnswer {
            host: net::origin(&self.instance_url),
            reason: format!(
                "the org has moved to {}: start again",
                net::origin(&entry.instance_url)
            ),
        })
    }
}

/// An access token begins with the id of its org.
fn org_of(token: &Secret) -> Option<SfId> {
    let (org, _) = token.expose().split_once('!')?;
    SfId::parse(org).ok()
}
