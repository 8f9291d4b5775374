//! `login --check`: each step of a login by itself, so that what is wrong has one place, one cause and one remedy.

use super::delivery::{moment, readable};
use super::entry::Entry;
use super::identity::{Reply, get, identify};
use super::login::{Request, make};
use super::refusal::skew;
use super::renewal::{apply, obtain};
use super::store::Store;
use super::{Error, Surroundings, vault};
use crate::model::SfId;
use crate::net::{self, Client, Secret, Timeouts};
use jiff::SignedDuration;
use serde::Deserialize;
use url::Url;

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should.
    Good,
    /// It works, with something worth knowing.
    Warning,
    /// It does not work; later steps that need it are left out.
    Bad,
}

/// One step of the examination.
#[derive(Clone, Debug)]
pub struct Step {
    /// How it went.
    pub state: State,
    /// What was looked at, and what was found.
    pub text: String,
    /// Cause and remedy, line by line.
    pub hints: Vec<String>,
}

/// All steps, in order.
#[derive(Clone, Debug, Default)]
pub struct Diagnosis {
    /// The steps.
    pub steps: Vec<Step>,
}

impl Diagnosis {
    /// Whether everything works.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.steps.iter().all(|step| step.state != State::Bad)
    }

    fn add(&mut self, state: State, text: impl Into<String>, hints: &[&str]) {
        self.steps.push(Step {
            state,
            text: text.into(),
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        });
    }

    fn failed(&mut self, what: &str, error: &Error) {
        self.steps.push(Step {
            state: State::Bad,
            text: format!("{what}: {error}"),
            hints: error.hints(),
        });
    }
}

/// Examines a stored login. Its token is renewed, and kept.
///
/// # Errors
/// There is no such login. Everything else is a step of the diagnosis.
pub async fn check(
    alias: &str,
    proxy: Option<&str>,
    around: &Surroundings,
) -> Result<Diagnosis, Error> {
    let mut found = Diagnosis::default();
    let store = Store::at(around.store.as_deref())?;
    let entry = match store.find(alias) {
        Ok(entry) => entry,
        Err(error @ Error::NoLogin { .. }) => return Err(error),
        Err(error) => {
            found.failed("token store", &error);
            return Ok(found);
        }
    };
    found.add(
        State::Good,
        format!("token store: {} is yours alone", store.path().display()),
        &[],
    );
    let client = Client::new(around.hosts, Timeouts::default());
    say_proxy(&mut found, proxy);
    if !reach(&mut found, &client, &entry.login_url, around).await {
        return Ok(found);
    }
    match renewed(&store, alias, &client, around).await {
        Ok((entry, scopes)) => examine(&mut found, &client, &entry, &scopes).await,
        // A token without a way to another one is looked at as it is.
        Err(Error::Expired { .. }) if entry.access_token.is_some() => {
            found.add(
                State::Warning,
                "token: it cannot be renewed when it expires",
                &[],
            );
            examine(&mut found, &client, &entry, &[]).await;
        }
        Err(error) => found.failed("token", &error),
    }
    Ok(found)
}

/// Examines a login without making it: nothing is stored.
///
/// # Errors
/// What was asked for makes no sense. Everything else is a step of the diagnosis.
pub async fn check_request(
    request: &Request,
    proxy: Option<&str>,
    around: &Surroundings,
    announce: &mut dyn FnMut(&Url),
) -> Result<Diagnosis, Error> {
    let mut found = Diagnosis::default();
    let client = Client::new(around.hosts, Timeouts::default());
    say_proxy(&mut found, proxy);
    if let Some(text) = &request.instance_url {
        let url = around.hosts.base(text)?;
        if !reach(&mut found, &client, &url, around).await {
            return Ok(found);
        }
    }
    match make(request, &client, around, announce).await {
        Ok((mut entry, scopes)) => {
            if entry.access_token.is_none() {
                // The Salesforce CLI keeps its token.
                let granted = obtain(&entry, &request.alias, &client, around).await?;
                apply(&mut entry, granted.granted);
            }
            examine(&mut found, &client, &entry, &scopes).await;
        }
        Err(error) if error.is_usage() => return Err(error),
        Err(error) => found.failed("token", &error),
    }
    Ok(found)
}

fn say_proxy(found: &mut Diagnosis, proxy: Option<&str>) {
    let text = match proxy {
        Some(proxy) => format!("proxy: {proxy} (environment)"),
        None => String::from(
            "proxy: none in the environment; one of the system's settings is used where there is",
        ),
    };
    found.add(State::Good, text, &[]);
}

/// Whether the host answers at all, what it can do, and what time it is there.
async fn reach(found: &mut Diagnosis, client: &Client, host: &Url, around: &Surroundings) -> bool {
    let name = net::origin(host);
    let reply = match get(client, host, "/services/data/", None).await {
        Ok(reply) => reply,
        Err(error) => {
            found.failed("connection", &error);
            return false;
        }
    };
    if (300..400).contains(&reply.status) || reply.status >= 500 {
        found.add(
            State::Bad,
            format!("connection: {name} answers with HTTP {}", reply.status),
            &["do: check --instance-url; where it is right, https://status.salesforce.com says more"],
        );
        return false;
    }
    found.add(State::Good, format!("connection: {name} answers"), &[]);
    let server = reply.date.as_deref().and_then(moment);
    if let Some(ahead) = server.map(|server| around.clock.now().duration_since(server))
        && ahead.abs() > SignedDuration::from_secs(60)
    {
        found.add(
            State::Warning,
            format!("clock: {}", skew(ahead)),
            &["do: set the clock (NTP); the JWT flow fails with a wrong one"],
        );
    }
    true
}

/// Asks for a token whatever is stored, and stores it.
async fn renewed(
    store: &Store,
    alias: &str,
    client: &Client,
    around: &Surroundings,
) -> Result<(Entry, Vec<String>), Error> {
    let locked = store.lock(&around.clock).await?;
    let mut entry = locked.find(alias)?;
    vault::open(alias, &mut entry)?;
    let obtained = obtain(&entry, alias, client, around).await?;
    let scopes = obtained.granted.scopes.clone();
    apply(&mut entry, obtained.granted);
    if obtained.keep {
        vault::close(alias, &mut entry)?;
        let renewed = entry.clone();
        locked.change(|entries| {
            entries.insert(alias.to_owned(), renewed);
        })?;
    }
    Ok((entry, scopes))
}

/// Uses the token.
async fn examine(found: &mut Diagnosis, client: &Client, entry: &Entry, scopes: &[String]) {
    let Some(token) = &entry.access_token else {
        found.add(State::Bad, "token: there is none", &["do: log in again"]);
        return;
    };
    found.add(
        State::Good,
        format!("token: had by the flow {}", entry.grant.flow()),
        &[],
    );
    wide(found, scopes);
    who(found, client, entry, token).await;
    match get(
        client,
        &entry.instance_url,
        "/services/data/v60.0/limits",
        Some(token),
    )
    .await
    {
        Ok(reply) => api(found, &reply),
        Err(error) => found.failed("API", &error),
    }
}

/// The program reads; a token that may do everything is more than it needs.
fn wide(found: &mut Diagnosis, scopes: &[String]) {
    for scope in scopes
        .iter()
        .filter(|scope| matches!(scope.as_str(), "full" | "web"))
    {
        found.add(
            State::Warning,
            format!("token: it has the scope '{scope}', which is more than is needed"),
            &["do: External Client App Manager > the app > Settings > OAuth Scopes: 'api' and 'refresh_token' are enough"],
        );
    }
}

async fn who(found: &mut Diagnosis, client: &Client, entry: &Entry, token: &Secret) {
    match identify(client, &entry.instance_url, token).await {
        Ok(Some(identity)) => found.add(
            State::Good,
            format!(
                "user: {} of the org {} at {}",
                identity.username.as_deref().unwrap_or("(not said)"),
                identity
                    .org_id
                    .map_or_else(|| String::from("(not said)"), SfId::text),
                net::origin(&entry.instance_url)
            ),
            &[],
        ),
        Ok(None) => found.add(
            State::Warning,
            "user: the org does not say whose token it is",
            &[],
        ),
        Err(error) => found.failed("user", &error),
    }
}

#[derive(Deserialize)]
struct ApiError {
    message: String,
    #[serde(rename = "errorCode")]
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Limits {
    daily_api_requests: Option<Limit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    max: i64,
    remaining: i64,
}

/// What the API says to the token.
fn api(found: &mut Diagnosis, reply: &Reply) {
    if reply.status == 200 {
        let limits: Option<Limits> = serde_json::from_slice(&reply.body).ok();
        let left = limits
            .and_then(|limits| limits.daily_api_requests)
            .map_or_else(
                || String::from("how many requests are left is not said"),
                |limit| {
                    format!(
                        "{} of {} requests of the day are left",
                        limit.remaining, limit.max
                    )
                },
            );
        found.add(State::Good, format!("API: it answers; {left}"), &[]);
        return;
    }
    let errors: Vec<ApiError> = serde_json::from_slice(&reply.body).unwrap_or_default();
    let Some(error) = errors.first() else {
        found.add(
            State::Bad,
            format!(
                "API: HTTP {}, without an error of Salesforce in it",
                reply.status
            ),
            &["do: check --instance-url"],
        );
        return;
    };
    let (code, message) = (readable(&error.code), readable(&error.message));
    let hints = remedy(&code, &message);
    found.add(
        State::Bad,
        format!("API: HTTP {}: {code} ({message})", reply.status),
        hints,
    );
}

/// What stands between a good token and the API.
fn remedy(code: &str, message: &str) -> &'static [&'static str] {
    match code {
        "INVALID_SESSION_ID" if message.contains("not valid for use with the REST API") => &[
            "cause: the org lets only apps in that it knows (API Access Control), or the app is not installed",
            "do: Setup > API Access Control: allow the app; Setup > Connected Apps OAuth Usage: install it; or give the user the permission 'Use Any API Client'",
        ],
        "INVALID_SESSION_ID" | "INVALID_AUTH_HEADER" => &[
            "cause: the token is not good for this org",
            "do: log in again, with the org's own My Domain as --instance-url",
        ],
        "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED" => &[
            "cause: the user lacks the permission 'API Enabled', or the edition of the org has no API",
            "do: give the reading user a permission set with 'API Enabled' (README, Log in to your org)",
        ],
        "REQUEST_LIMIT_EXCEEDED" => &[
            "cause: the org's requests of the day are used up, or too many run at once",
            "do: wait; Setup > Company Information > API Requests, Last 24 Hours shows who uses them",
        ],
        "INSUFFICIENT_ACCESS" | "FUNCTIONALITY_NOT_ENABLED" => &[
            "cause: the user's rights do not reach so far",
            "do: give the reading user the permissions of the README, Log in to your org",
        ],
        _ => &[],
    }
}
