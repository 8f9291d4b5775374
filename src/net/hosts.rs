//! The allow-list: which hosts a token may be sent to.
//!
//! Salesforce's own list of domains is wider, and customers' sites live under parts of it (`.force.com`, `.site.com`).
//! Names are compared on label boundaries: `evilsalesforce.com` is not `.salesforce.com`.

use super::Error;
use url::{Host, Url};

/// Domains below which only Salesforce can put a host.
const DOMAINS: &[&str] = &["salesforce.com", "salesforce.mil", "sfcrmproducts.cn"];

/// Domains below which only Okta can put a host.
const OKTA_DOMAINS: &[&str] = &[
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
];

/// The hosts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    loopback_http: bool,
    whose: Whose,
}

/// Who may be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Whose {
    #[default]
    Salesforce,
    Okta,
    /// The domain that the user names as an own one of an Okta org; whoever asks keeps to that one.
    Custom,
}

impl Hosts {
    /// Salesforce over TLS, and nothing else.
    #[must_use]
    pub fn salesforce() -> Self {
        Self::default()
    }

    /// As well `localhost`, `127.0.0.1` and `[::1]`, with any port and with or without TLS: the fake org lives there.
    #[must_use]
    pub fn with_loopback_http() -> Self {
        Self::default().and_loopback_http()
    }

    /// Okta over TLS, and nothing else. `custom`: any domain, because an org has one of its own; the user said so.
    #[must_use]
    pub fn okta(custom: bool) -> Self {
        Self {
            loopback_http: false,
            whose: if custom { Whose::Custom } else { Whose::Okta },
        }
    }

    /// As well hosts of this machine, as [`Hosts::with_loopback_http`].
    #[must_use]
    pub fn and_loopback_http(self) -> Self {
        Self {
            loopback_http: true,
            ..self
        }
    }

    /// Whether hosts of this machine are allowed.
    #[must_use]
    pub fn allow_loopback_http(self) -> bool {
        self.loopback_http
    }

    /// Looks at an address before anything is sent to it.
    ///
    /// # Errors
    /// The address is not https, is no host of Salesforce, has a port of its own, or carries a user name.
    pub fn check(self, url: &Url) -> Result<(), Error> {
        let refused = |reason| {
            Err(Error::Refused {
                host: origin(url),
                reason,
            })
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refused("an address with a user name in it is a trap");
        }
        if is_loopback(url) {
            return match (self.loopback_http, url.scheme()) {
                (true, "http" | "https") => Ok(()),
                (true, _) => refused("only http and https are spoken"),
                (false, _) => {
                    refused("a server on this machine is allowed with --allow-loopback-http only")
                }
            };
        }
        if url.scheme() != "https" {
            return refused("only https is spoken");
        }
        if url.port().is_some() {
            return refused("tokens go to port 443 only");
        }
        match (self.whose, url.host()) {
            (Whose::Salesforce, Some(Host::Domain(name))) if is_below(DOMAINS, name) => Ok(()),
            (Whose::Okta, Some(Host::Domain(name))) if is_below(OKTA_DOMAINS, name) => Ok(()),
            (Whose::Custom, Some(Host::Domain(name)))
                if name.contains('.') && !name.ends_with('.') =>
            {
                Ok(())
            }
            (Whose::Salesforce, _) => refused(
                "tokens go to hosts below .salesforce.com, .salesforce.mil and .sfcrmproducts.cn only",
            ),
            (Whose::Okta, _) => refused(
                "tokens go to hosts below .okta.com, .oktapreview.com, .okta-emea.com, .okta-gov.com and .okta.mil only; a domain of your own is allowed with --custom-domain",
            ),
            (Whose::Custom, _) => refused("a domain of your own is a name, such as id.acme.com"),
        }
    }

    /// The address of an org or login host as people write it: with or without `https://`, with or without a slash at
    /// its end. The result has no path.
    ///
    /// # Errors
    /// It is no address, it holds more than a host, or [`Hosts::check`] refuses it.
    pub fn base(self, text: &str) -> Result<Url, Error> {
        let text = text.trim();
        let full = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&full).map_err(|fault| no_address(text, fault.to_string()))?;
        if let Some(Host::Domain(name)) = url.host()
            && let Some(own) = my_domain(name)
        {
            return Err(no_address(
                text,
                format!("this is where people look at the org; its API is at https://{own}"),
            ));
        }
        self.check(&url)?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(no_address(
                text,
                format!("only the host is wanted: {}", origin(&url)),
            ));
        }
        Ok(url)
    }
}

fn no_address(text: &str, reason: String) -> Error {
    Error::NoAddress {
        text: super::redact(&shown(text)).into_owned(),
        reason,
    }
}

/// A text as a message repeats it: cut, and without anything that a terminal obeys.
fn shown(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control());
    plain.take(100).collect()
}

/// Scheme, host and port: all of an address that a message may repeat.
pub(crate) fn origin(url: &Url) -> String {
    match (url.host(), url.port()) {
        (Some(host), Some(port)) => format!("{}://{host}:{port}", url.scheme()),
        (Some(host), None) => format!("{}://{host}", url.scheme()),
        (None, _) => format!("{}:", url.scheme()),
    }
}

/// Whether an address is on this machine. `localhost` is a name that systems keep for it (RFC 6761).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

/// A name below one of these domains. A name that ends in a dot is the same host with another spelling: refused.
fn is_below(domains: &[&str], name: &str) -> bool {
    domains.iter().any(|domain| {
        name.strip_suffix(domain)
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|rest| !rest.is_empty() && rest.split('.').all(|label| !label.is_empty()))
    })
}

/// The API host of the address that stands in an administrator's browser.
fn my_domain(name: &str) -> Option<String> {
    let (rest, suffix) = [
        (".lightning.force.com", ".my.salesforce.com"),
        (".my.salesforce-setup.com", ".my.salesforce.com"),
        (".lightning.crmforce.mil", ".my.salesforce.mil"),
    ]
    .into_iter()
    .find_map(|(seen, own)| Some((name.strip_suffix(seen)?, own)))?;
    (!rest.is_empty()).then(|| format!("{rest}{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict(text: &str) -> Result<(), Error> {
        Hosts::salesforce().check(&Url::parse(text).expect("an address"))
    }

    #[test]
    fn hosts_of_salesforce_are_allowed() {
        for host in [
            "login.salesforce.com",
            "test.salesforce.com",
            "acme.my.salesforce.com",
            "acme--dev.sandbox.my.salesforce.com",
            "ACME.My.Salesforce.COM",
            "gov.my.salesforce.mil",
            "acme.my.sfcrmproducts.cn",
            "acme.my.salesforce.com:443",
        ] {
            assert!(
                strict(&format!("https://{host}/services/data")).is_ok(),
                "{host}"
            );
        }
    }

    #[test]
    fn all_others_are_refused() {
        for url in [
            "http://login.salesforce.com",
            "https://salesforce.com",
            "https://evilsalesforce.com",
            "https://salesforce.com.evil.example",
            "https://evilcrmforce.mil",
            "https://acme.my.salesforce.com.",
            "https://acme.my.salesforce.com:8443",
            "https://a@acme.my.salesforce.com",
            "https://acme.my.salesforce.com@evil.example",
            "https://a:b@evil.example",
            "https://acme.force.com",
            "https://acme.my.site.com",
            "https://xn--slesforce-y1a.com",
            "https://acme.my.s\u{430}lesforce.com",
            "https://.salesforce.com",
            "https://10.0.0.1",
            "https://[::1]",
            "http://127.0.0.1:8080",
            "http://localhost",
            "ftp://login.salesforce.com",
            "https://127.0.0.1.salesforce.com.evil.example",
        ] {
            assert!(strict(url).is_err(), "{url}");
        }
    }

    #[test]
    fn this_machine_is_allowed_when_asked_for() {
        let hosts = Hosts::with_loopback_http();
        let check = |text: &str| hosts.check(&Url::parse(text).expect("an address"));
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:8080/x",
            "https://127.0.0.1:8443",
            "https://login.salesforce.com",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
        for url in [
            "http://login.salesforce.com",
            "http://127.0.0.2:8080",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://a@localhost:1",
            "http://0.0.0.0:80",
            "https://evil.example",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn hosts_of_okta_are_allowed_to_okta_only() {
        let check = |hosts: Hosts, text: &str| hosts.check(&Url::parse(text).expect("an address"));
        for host in [
            "acme.okta.com",
            "acme.oktapreview.com",
            "acme.okta-emea.com",
            "acme.okta-gov.com",
            "acme.okta.mil",
        ] {
            let url = format!("https://{host}/api/v1/apps");
            assert!(check(Hosts::okta(false), &url).is_ok(), "{url}");
            assert!(check(Hosts::salesforce(), &url).is_err(), "{url}");
        }
        for url in [
            "https://okta.com",
            "https://evilokta.com",
            "https://acme.okta.com.evil.example",
            "http://acme.okta.com",
            "https://acme.okta.com:8443",
            "https://a@acme.okta.com",
            "https://acme.okta.com.",
            "https://login.salesforce.com",
            "https://id.acme.example",
            "https://10.0.0.1",
            "http://127.0.0.1:1",
        ] {
            assert!(check(Hosts::okta(false), url).is_err(), "{url}");
        }
        assert!(check(Hosts::okta(true), "https://id.acme.example").is_ok());
        assert!(check(Hosts::okta(false).and_loopback_http(), "http://127.0.0.1:1").is_ok());
        for url in [
            "http://id.acme.example",
            "https://10.0.0.1",
            "https://intranet",
            "https://id.acme.example.",
            "http://127.0.0.1:1",
        ] {
            assert!(check(Hosts::okta(true), url).is_err(), "{url}");
        }
    }

    #[test]
    fn people_write_a_host_in_several_ways() {
        let hosts = Hosts::salesforce();
        for text in [
            "acme.my.salesforce.com",
            " https://acme.my.salesforce.com/ ",
            "https://acme.my.salesforce.com",
        ] {
            let url = hosts.base(text).expect(text);
            assert_eq!(url.as_str(), "https://acme.my.salesforce.com/");
        }
        let error = hosts
            .base("https://acme.my.salesforce.com/services/Soap/u/60.0")
            .expect_err("a path");
        assert!(
            error
                .to_string()
                .ends_with("only the host is wanted: https://acme.my.salesforce.com"),
            "{error}"
        );
        let error = hosts
            .base("https://acme--uat.sandbox.lightning.force.com/lightning/setup/Home")
            .expect_err("where people look");
        assert!(
            error
                .to_string()
                .contains("https://acme--uat.sandbox.my.salesforce.com"),
            "{error}"
        );
        for text in [
            "",
            "   ",
            "https://",
            "acme my",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(hosts.base(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_refusal_repeats_no_secret() {
        let error = strict("https://user:hunter2@evil.example/?code=aPrx").expect_err("refused");
        assert!(
            !error.to_string().contains("hunter2") && !error.to_string().contains("aPrx"),
            "{error}"
        );
        assert!(
            error.to_string().contains("https://evil.example"),
            "{error}"
        );
    }
}
