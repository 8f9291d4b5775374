//! Which Okta org, and as whom: from the command line, and from the variables that other tools of Okta read as well.

use super::Error;
use crate::auth::{NotPrivate, read_secret, rsa_key};
use crate::net::{self, Hosts, Secret};
use jsonwebtoken::EncodingKey;
use std::path::{Path, PathBuf};
use url::{Host, Url};

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Address of the Okta org.
    pub url: Option<String>,
    /// The address is a domain of the org's own.
    pub custom_domain: bool,
    /// A fake org on this machine may be asked.
    pub loopback: bool,
    /// Id of the service app.
    pub client_id: Option<String>,
    /// File with its private key.
    pub key_file: Option<PathBuf>,
    /// Id of that key in Okta.
    pub key_id: Option<String>,
    /// File with an API token; `-`: stdin.
    pub token_file: Option<PathBuf>,
}

/// An Okta org, and what opens it.
#[derive(Debug)]
pub struct Account {
    pub(super) base: Url,
    pub(super) hosts: Hosts,
    pub(super) login: Login,
}

/// How the program identifies itself.
pub(super) enum Login {
    /// `SSWS`: a token that an administrator made in the Admin Console.
    ApiToken(Secret),
    /// An access token that another program got.
    AccessToken(Secret),
    /// A service app with a key of its own.
    Service(Service),
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A service app.
pub(super) struct Service {
    pub(super) client_id: String,
    pub(super) key_id: Option<String>,
    pub(super) key: EncodingKey,
}

impl Login {
    /// As the manifest says it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ApiToken(_) => "api-token",
            Self::AccessToken(_) => "access-token",
            Self::Service(_) => "service-app",
        }
    }
}

/// The variables of a family: our own, Terraform's, and those of Okta's SDKs.
struct Names {
    api_token: &'static str,
    access_token: &'static str,
    client_id: &'static str,
    key: &'static str,
    key_id: &'static str,
}

const FAMILIES: [Names; 3] = [
    Names {
        api_token: "SFCOMPAT_OKTA_API_TOKEN",
        access_token: "SFCOMPAT_OKTA_ACCESS_TOKEN",
        client_id: "SFCOMPAT_OKTA_CLIENT_ID",
        key: "SFCOMPAT_OKTA_PRIVATE_KEY",
        key_id: "SFCOMPAT_OKTA_KEY_ID",
    },
    Names {
        api_token: "OKTA_API_TOKEN",
        access_token: "OKTA_ACCESS_TOKEN",
        client_id: "OKTA_API_CLIENT_ID",
        key: "OKTA_API_PRIVATE_KEY",
        key_id: "OKTA_API_PRIVATE_KEY_ID",
    },
    Names {
        api_token: "OKTA_CLIENT_TOKEN",
        access_token: "",
        client_id: "OKTA_CLIENT_CLIENTID",
        key: "OKTA_CLIENT_PRIVATEKEY",
        key_id: "OKTA_CLIENT_PRIVATEKEYID",
    },
];

/// Puts together what the command line and the environment say; `var` reads a variable.
///
/// The command line counts first, then the first family of variables that says how to log in.
///
/// # Errors
/// Something is missing, contradicts itself, or is no key; an address is not one of Okta.
pub fn account(asked: &Asked, var: impl Fn(&str) -> Option<String>) -> Result<Account, Error> {
    let var = |name: &str| var(name).filter(|value| !value.trim().is_empty());
    let hosts = Hosts::okta(asked.custom_domain);
    let hosts = if asked.loopback {
        hosts.and_loopback_http()
    } else {
        hosts
    };
    let base = base(&address(asked, &var)?, hosts)?;
    let login = login(asked, &var)?;
    Ok(Account { base, hosts, login })
}

fn address(asked: &Asked, var: &impl Fn(&str) -> Option<String>) -> Result<String, Error> {
    let terraform = || {
        let name = var("OKTA_ORG_NAME")?;
        let domain = var("OKTA_BASE_URL").unwrap_or_else(|| String::from("okta.com"));
        Some(format!("https://{}.{}", name.trim(), domain.trim()))
    };
    asked
        .url
        .clone()
        .or_else(|| var("SFCOMPAT_OKTA_URL"))
        .or_else(terraform)
        .or_else(|| var("OKTA_CLIENT_ORGURL"))
        .ok_or_else(|| {
            Error::usage("which Okta org? --url https://acme.okta.com, or SFCOMPAT_OKTA_URL")
        })
}

/// The address without path. The Admin Console has a host of its own, where no API is.
fn base(text: &str, hosts: Hosts) -> Result<Url, Error> {
    let text = text.trim();
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    // An address may hold a password by mistake: it is not repeated.
    let mut url = Url::parse(&full)
        .map_err(|fault| Error::usage(format!("the address of the Okta org: {fault}")))?;
    if let Some(Host::Domain(name)) = url.host()
        && let Some((org, domain)) = name.split_once('.')
        && domain.starts_with("okta")
        && let Some(org) = org.strip_suffix("-admin")
    {
        let own = format!("{org}.{domain}");
        // A part of a host is a host.
        let _ = url.set_host(Some(&own));
    }
    hosts.check(&url)?;
    if url.path().len() > 1 || url.query().is_some() {
        return Err(Error::usage(format!(
            "only the host of the Okta org is wanted: {}",
            net::origin(&url)
        )));
    }
    Ok(url)
}

fn login(asked: &Asked, var: &impl Fn(&str) -> Option<String>) -> Result<Login, Error> {
    if let Some(file) = &asked.token_file {
        if asked.key_file.is_some() {
            return Err(Error::usage(
                "one way to log in: --token-file (an API token) or --key-file (a service app), not both",
            ));
        }
        let token = read_secret(file, &mut std::io::stdin())?;
        return checked(&token).map(Login::ApiToken);
    }
    let own = FAMILIES.iter().find(|names| {
        let set = [names.api_token, names.access_token, names.key];
        set.iter()
            .any(|name| !name.is_empty() && var(name).is_some())
    });
    if let Some(file) = &asked.key_file {
        let pem = read_secret(file, &mut std::io::empty())?;
        let names = FAMILIES.iter().find(|names| var(names.client_id).is_some());
        return service(asked, names, (file, &pem), var);
    }
    let Some(names) = own else {
        return Err(Error::usage(
            "as whom? a service app (--client-id and --key-file) or an API token (SFCOMPAT_OKTA_API_TOKEN, --token-file); the README says how to make one that can only read",
        ));
    };
    let tokens =
        [names.api_token, names.access_token].map(|name| var(name).filter(|_| !name.is_empty()));
    match (tokens, var(names.key)) {
        ([Some(token), None], None) => checked(&Secret::from(token)).map(Login::ApiToken),
        ([None, Some(token)], None) => checked(&Secret::from(token)).map(Login::AccessToken),
        ([None, None], Some(key)) => {
            let (place, pem) = key_of(names.key, key)?;
            service(asked, Some(names), (&place, &pem), var)
        }
        _ => Err(Error::usage(format!(
            "one way to log in: {} are set together; unset all but one of them",
            [names.api_token, names.access_token, names.key]
                .into_iter()
                .filter(|name| !name.is_empty() && var(name).is_some())
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

/// A token goes into a header: blanks and line ends have no place in it.
fn checked(token: &Secret) -> Result<Secret, Error> {
    let text = token.expose().trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::usage(
            "the token is none: it holds blanks, line ends or other characters that no token of Okta has",
        ));
    }
    Ok(Secret::new(text.to_owned()))
}

/// A variable that holds a key, or the path of its file, as Terraform allows both.
fn key_of(name: &str, value: String) -> Result<(PathBuf, Secret), Error> {
    if value.contains("-----BEGIN") {
        // Pipelines often keep a key on one line.
        let pem = if value.contains('\n') {
            value
        } else {
            value.replace("\\n", "\n")
        };
        return Ok((PathBuf::from(name), Secret::new(pem)));
    }
    if value.trim_start().starts_with('{') {
        return Err(Error::usage(format!(
            "{name} is a JSON web key; choose PEM where Okta shows the private key, and keep it in a file (--key-file)"
        )));
    }
    let path = PathBuf::from(value);
    let pem = read_secret(&path, &mut std::io::empty())?;
    Ok((path, pem))
}

fn service(
    asked: &Asked,
    names: Option<&Names>,
    (place, pem): (&Path, &Secret),
    var: &impl Fn(&str) -> Option<String>,
) -> Result<Login, Error> {
    if pem.expose().trim_start().starts_with('{') {
        return Err(Error::SecretFile(NotPrivate {
            path: place.to_owned(),
            reason: String::from(
                "this is a JSON web key; choose PEM where Okta shows the private key",
            ),
        }));
    }
    let key = rsa_key(place, pem, "Okta")?;
    let client_id = asked
        .client_id
        .clone()
        .or_else(|| names.and_then(|names| var(names.client_id)))
        .ok_or_else(|| {
            Error::usage("a key without its app: --client-id, or SFCOMPAT_OKTA_CLIENT_ID")
        })?;
    let key_id = asked
        .key_id
        .clone()
        .or_else(|| names.and_then(|names| var(names.key_id)));
    Ok(Login::Service(Service {
        client_id: client_id.trim().to_owned(),
        key_id,
        key,
    }))
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
