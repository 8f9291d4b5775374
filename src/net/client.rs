//! The one HTTP client: TLS by aws-lc-rs, redirects off, time-outs, the system's proxy and root certificates.

use super::hosts::is_loopback;
use super::{Error, Hosts};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// How the program names itself, so that the org's event logs show who reads.
const USER_AGENT: &str = concat!("sfcompat/", env!("CARGO_PKG_VERSION"));

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection, TLS included.
    pub connect: Duration,
    /// Between two pieces of an answer, and until its first.
    pub read: Duration,
}

impl Default for Timeouts {
    /// Salesforce cuts a call off after ten minutes; long queries answer within two, or are asked again smaller.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            read: Duration::from_mins(2),
        }
    }
}

/// Sends requests to the hosts that are allowed, and to no other.
///
/// Clones of the inside are cheap; share one client for a run, so that connections are used again.
#[derive(Debug)]
pub struct Client {
    hosts: Hosts,
    timeouts: Timeouts,
    outside: OnceLock<reqwest::Client>,
    loopback: OnceLock<reqwest::Client>,
    loopback_tls: OnceLock<reqwest::Client>,
}

impl Client {
    /// A client for these hosts. Connections and TLS are set up by the first request.
    #[must_use]
    pub fn new(hosts: Hosts, timeouts: Timeouts) -> Self {
        Self {
            hosts,
            timeouts,
            outside: OnceLock::new(),
            loopback: OnceLock::new(),
            loopback_tls: OnceLock::new(),
        }
    }

    /// The hosts that are allowed.
    #[must_use]
    pub fn hosts(&self) -> Hosts {
        self.hosts
    }

    /// A request to an address, after a look at it.
    ///
    /// # Errors
    /// [`Error::Refused`] for a host that is not allowed, [`Error::Tls`] where TLS cannot be set up.
    pub fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, Error> {
        self.hosts.check(url)?;
        Ok(self.inner(url)?.request(method, url.clone()))
    }

    /// `request` with `GET`.
    pub fn get(&self, url: &Url) -> Result<RequestBuilder, Error> {
        self.request(Method::GET, url)
    }

    /// `request` with `POST`.
    pub fn post(&self, url: &Url) -> Result<RequestBuilder, Error> {
        self.request(Method::POST, url)
    }

    /// Loopback never goes through a proxy, whatever the environment says, and needs no root certificates.
    fn inner(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let (local, plain) = (is_loopback(url), url.scheme() == "http");
        let place = match (local, plain) {
            (false, _) => &self.outside,
            (true, true) => &self.loopback,
            (true, false) => &self.loopback_tls,
        };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let made = build(self.timeouts, local, plain)?;
        Ok(place.get_or_init(|| made))
    }
}

/// The one constructor. `rustls` panics where no provider is installed, so it is installed here and nowhere else.
fn build(timeouts: Timeouts, local: bool, plain: bool) -> Result<reqwest::Client, Error> {
    // A second call finds the first one's provider, which is the same.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        .https_only(!local)
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read);
    if local {
        builder = builder.no_proxy();
    }
    if local && plain {
        // Plain http trusts no certificate, so a machine without any can run the fake org.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| Error::Tls {
        reason: causes(&error),
    })
}

/// An error with everything below it, since libraries keep the reason at the bottom.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    super::redact(&text).into_owned()
}

/// The proxy that the environment names for https, without its password. `var` reads a variable.
///
/// A proxy of the system's own settings is used as well, but cannot be named from here.
#[must_use]
pub fn proxy(var: impl Fn(&str) -> Option<String>) -> Option<String> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find_map(|name| var(name).filter(|value| !value.is_empty()))
        .map(|value| match Url::parse(&value) {
            Ok(url) if url.has_host() => super::hosts::origin(&url),
            _ => match value.rsplit_once('@') {
                Some((_, host)) => host.to_owned(),
                None => value,
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_client_looks_before_it_sends() {
        let client = Client::new(Hosts::salesforce(), Timeouts::default());
        let url = Url::parse("https://evil.example/services/data").expect("an address");
        assert!(matches!(client.get(&url), Err(Error::Refused { .. })));
        let url = Url::parse("http://127.0.0.1:1/").expect("an address");
        assert!(matches!(client.post(&url), Err(Error::Refused { .. })));
    }

    #[tokio::test]
    async fn loopback_is_reached_when_allowed() {
        let client = Client::new(Hosts::with_loopback_http(), Timeouts::default());
        let url = Url::parse("http://127.0.0.1:1/").expect("an address");
        let error = client
            .get(&url)
            .expect("allowed")
            .send()
            .await
            .expect_err("nobody listens at port 1");
        assert!(error.is_connect(), "{error:?}");
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        let of = |value: &'static str| {
            proxy(move |name| (name == "HTTPS_PROXY").then(|| value.to_owned()))
        };
        assert_eq!(
            of("http://me:pw@proxy.example:3128"),
            Some(String::from("http://proxy.example:3128"))
        );
        assert_eq!(
            of("me:pw@proxy.example:3128"),
            Some(String::from("proxy.example:3128"))
        );
        assert_eq!(
            of("proxy.example:3128").as_deref(),
            Some("proxy.example:3128")
        );
        assert_eq!(of(""), None);
        assert_eq!(proxy(|_| None), None);
    }
}
