//! The address of an org and a token that renews itself.

use super::{Error, Surroundings};
use crate::model::SfId;
use crate::net::{Client, Secret, Timeouts};
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
    source: Source,
    current: Mutex<Token>,
}

/// Where a token comes from, and another one when it has expired.
#[derive(Debug)]
enum Source {
    /// The environment gave it; there is no other.
    Environment,
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
            source: Source::Environment,
            current: Mutex::new(Token {
                secret: token,
                generation: 0,
            }),
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

    /// The token of the moment.
    ///
    /// # Errors
    /// There was none yet, and none could be had.
    pub async fn token(&self) -> Result<Token, Error> {
        Ok(self.current.lock().await.clone())
    }

    /// Another token in the place of one that the org refused with 401 `INVALID_SESSION_ID`. Whoever asks while another
    /// asks waits for the same answer; one refused token is renewed once.
    ///
    /// # Errors
    /// It cannot be renewed: the login has expired, or the org is not reached.
    pub async fn renew(&self, refused: &Token) -> Result<Token, Error> {
        let current = self.current.lock().await;
        if current.generation != refused.generation {
            return Ok(current.clone());
        }
        match self.source {
            Source::Environment => Err(Error::Expired {
                advice: String::from("set SFCOMPAT_ACCESS_TOKEN to a fresh one"),
            }),
        }
    }
}

/// An access token begins with the id of its org.
fn org_of(token: &Secret) -> Option<SfId> {
    let (org, _) = token.expose().split_once('!')?;
    SfId::parse(org).ok()
}
