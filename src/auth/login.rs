//! Logging in: by one of the ways, to a stored login.

use super::callback::{Answer, Callback};
use super::delivery::readable;
use super::endpoint::{Endpoint, Granted};
use super::entry::{Entry, Grant};
use super::identity::identify;
use super::refusal::Refusal;
use super::renewal::{apply, obtain, of_sf};
use super::sfdx_url::sfdx_url;
use super::store::Store;
use super::{Error, Surroundings, vault};
use crate::model::SfId;
use crate::net::{self, Client, Secret, Timeouts};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where people of production log in, unless a My Domain is given.
const PRODUCTION: &str = "https://login.salesforce.com";

/// A login to be made.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name under which it is stored.
    pub alias: String,
    /// The My Domain or login host; `None`: production's, or what the way itself says.
    pub instance_url: Option<String>,
    /// How.
    pub way: Way,
    /// Whether the secrets go into the keyring of the operating system.
    pub keyring: bool,
}

/// The ways to log in.
#[derive(Clone, Debug)]
pub enum Way {
    /// Authorization code with PKCE: a person, a browser, and an answer to this machine.
    Web {
        /// Consumer key of the app.
        client_id: String,
        /// Consumer secret, where the app requires one for this flow.
        client_secret: Option<Secret>,
        /// Port of the callback address, one that is registered in the app.
        port: u16,
        /// How long the browser is waited for.
        wait: Duration,
        /// The user that the login page suggests.
        username: Option<String>,
    },
    /// The app's own user.
    ClientCredentials {
        /// Consumer key of the app.
        client_id: String,
        /// Consumer secret of the app.
        client_secret: Secret,
    },
    /// A key whose certificate the app has.
    Jwt {
        /// Consumer key of the app.
        client_id: String,
        /// For whom the key signs.
        username: String,
        /// The private key, in PEM form. It is read again for each token and never kept.
        key_file: PathBuf,
        /// Whom the assertion is for, where the host does not tell it.
        audience: Option<String>,
    },
    /// A login of the Salesforce CLI.
    Sf {
        /// Alias or username as the CLI knows it.
        org: String,
    },
    /// An SFDX auth URL.
    SfdxUrl {
        /// `force://...`
        url: Secret,
    },
    /// An access token that somebody has already.
    Token {
        /// The token.
        token: Secret,
    },
}

/// A login that was made.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// Where the org answers.
    pub instance_url: Url,
    /// The org.
    pub org_id: Option<SfId>,
    /// The user.
    pub username: Option<String>,
    /// What the token may do, where the answer said it.
    pub scopes: Vec<String>,
    /// Whether a login of this name was there before.
    pub replaced: bool,
}

/// Logs in and stores the login. `announce` is told the page that the browser has to open.
///
/// # Errors
/// See [`Error`]. Nothing is stored then, and what was stored before is still there.
pub async fn login(
    request: &Request,
    around: &Surroundings,
    announce: &mut dyn FnMut(&Url),
) -> Result<LoggedIn, Error> {
    check_alias(&request.alias)?;
    // A store that cannot be used is told before anybody is sent to a browser.
    let store = Store::at(around.store.as_deref())?;
    drop(store.lock(&around.clock).await?);
    store.load()?;
    let client = Client::new(around.hosts, Timeouts::default());
    let (mut entry, scopes) = make(request, &client, around, announce).await?;
    let made = LoggedIn {
        instance_url: entry.instance_url.clone(),
        org_id: entry.org_id,
        username: entry.username.clone(),
        scopes,
        replaced: false,
    };
    let locked = store.lock(&around.clock).await?;
    vault::close(&request.alias, &mut entry)?;
    let mut replaced = false;
    locked.change(|entries| replaced = entries.insert(request.alias.clone(), entry).is_some())?;
    Ok(LoggedIn { replaced, ..made })
}

/// Logs in without storing anything.
pub(super) async fn make(
    request: &Request,
    client: &Client,
    around: &Surroundings,
    announce: &mut dyn FnMut(&Url),
) -> Result<(Entry, Vec<String>), Error> {
    let hosts = around.hosts;
    let given = request.instance_url.as_deref();
    let login_url = match (&request.way, given) {
        (Way::SfdxUrl { url }, _) => {
            let host = sfdx_url(url)?.host;
            // The CLI writes the host alone; on this machine it may be one without TLS.
            let plain = hosts.base(&format!("http://{host}")).ok();
            match plain.filter(|url| hosts.allow_loopback_http() && net::is_loopback(url)) {
                Some(url) => url,
                None => hosts.base(&host)?,
            }
        }
        (_, Some(text)) => hosts.base(text)?,
        (Way::Token { .. }, None) => {
            return Err(Error::usage(
                "which org is the token of? give its address: --instance-url or SFCOMPAT_INSTANCE_URL",
            ));
        }
        (_, None) => hosts.base(PRODUCTION)?,
    };
    let grant = grant(&request.way)?;
    let mut entry = Entry {
        instance_url: login_url.clone(),
        login_url,
        org_id: None,
        username: None,
        since: around.clock.now(),
        grant,
        access_token: None,
        keyring: request.keyring,
    };
    let scopes = first_token(request, &mut entry, client, around, announce).await?;
    if let Some(token) = &entry.access_token {
        let known = identify(client, &entry.instance_url, token).await?;
        if known.is_none() && matches!(request.way, Way::Token { .. }) {
            return Err(Error::Expired {
                advice: String::from("the org does not know this token; get a fresh one"),
            });
        }
        let known = known.unwrap_or_default();
        entry.org_id = known.org_id.or(entry.org_id);
        entry.username = known.username.or(entry.username.take());
    }
    if matches!(entry.grant, Grant::Sf { .. }) {
        // The CLI keeps its token; we ask it again.
        entry.access_token = None;
    }
    Ok((entry, scopes))
}

/// The first token of a login. What it may do is the result.
async fn first_token(
    request: &Request,
    entry: &mut Entry,
    client: &Client,
    around: &Surroundings,
    announce: &mut dyn FnMut(&Url),
) -> Result<Vec<String>, Error> {
    match &request.way {
        Way::Web { .. } => {
            let granted = browse(&request.way, &entry.login_url, client, around, announce).await?;
            let scopes = granted.scopes.clone();
            apply(entry, granted);
            Ok(scopes)
        }
        Way::Token { token } => {
            entry.access_token = Some(token.clone());
            Ok(Vec::new())
        }
        Way::Sf { org } => {
            let login = of_sf(org, around).await?;
            entry.login_url = login.instance_url.clone();
            entry.instance_url = login.instance_url;
            entry.org_id = login.org_id;
            entry.username = login.username;
            entry.access_token = Some(login.access_token);
            Ok(Vec::new())
        }
        Way::ClientCredentials { .. } | Way::Jwt { .. } | Way::SfdxUrl { .. } => {
            let granted = obtain(entry, &request.alias, client, around).await?.granted;
            let scopes = granted.scopes.clone();
            apply(entry, granted);
            Ok(scopes)
        }
    }
}

/// What is kept of a way.
fn grant(way: &Way) -> Result<Grant, Error> {
    Ok(match way.clone() {
        Way::Web {
            client_id,
            client_secret,
            ..
        } => Grant::Web {
            client_id,
            client_secret,
            refresh_token: None,
        },
        Way::ClientCredentials {
            client_id,
            client_secret,
        } => Grant::ClientCredentials {
            client_id,
            client_secret: Some(client_secret),
        },
        Way::Jwt {
            client_id,
            username,
            key_file,
            audience,
        } => Grant::Jwt {
            client_id,
            username,
            // A later run may start in another folder.
            key_file: std::path::absolute(&key_file).unwrap_or(key_file),
            audience,
        },
        Way::Sf { org } => Grant::Sf { org },
        Way::SfdxUrl { url } => {
            let parts = sfdx_url(&url)?;
            Grant::SfdxUrl {
                client_id: parts.client_id,
                client_secret: parts.client_secret,
                refresh_token: Some(parts.refresh_token),
            }
        }
        Way::Token { .. } => Grant::Token {},
    })
}

/// A login with a browser.
async fn browse(
    way: &Way,
    login_url: &Url,
    client: &Client,
    around: &Surroundings,
    announce: &mut dyn FnMut(&Url),
) -> Result<Granted, Error> {
    let Way::Web {
        client_id,
        client_secret,
        port,
        wait,
        username,
    } = way
    else {
        return Err(Error::usage("only the flow web uses a browser"));
    };
    let callback = Callback::listen(*port).await?;
    let redirect = Callback::url(*port)?;
    let endpoint = Endpoint::new(client, &around.clock, login_url, "web");
    let authorization = endpoint.authorize(
        client_id,
        client_secret.as_ref(),
        redirect.clone(),
        username.as_deref(),
    );
    announce(&authorization.page);
    let state = authorization.state.clone();
    match callback.answer(&state, *wait).await? {
        Answer::Code(code) => endpoint.exchange(authorization, &code).await,
        Answer::Denied { error, description } => Err(Error::Refused(Box::new(Refusal {
            host: net::origin(login_url),
            flow: "web",
            error: readable(&error),
            description: readable(&description),
            sent: vec![format!("redirect_uri={redirect}")],
            ahead: None,
        }))),
    }
}

/// The names that a login may have: they stand in commands, files and messages.
pub(super) fn check_alias(alias: &str) -> Result<(), Error> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._@-".contains(letter);
    if alias.is_empty() || alias.len() > 80 || alias.starts_with('-') || !alias.chars().all(fits) {
        return Err(Error::usage(format!(
            "'{}' is no name for a login: letters, digits and . _ @ - only, 80 at most",
            readable(alias)
        )));
    }
    Ok(())
}
