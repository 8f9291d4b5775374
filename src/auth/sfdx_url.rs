//! The SFDX auth URL: a refresh token of the Salesforce CLI, with all that is needed to use it. As good as a password.

use super::Error;
use crate::net::Secret;
use serde::Deserialize;

/// What an SFDX auth URL holds.
pub(super) struct SfdxUrl {
    pub(super) client_id: String,
    pub(super) client_secret: Option<Secret>,
    pub(super) refresh_token: Secret,
    pub(super) host: String,
}

/// Reads `force://CLIENT:SECRET:REFRESH@HOST`, alone or in the JSON of `sf org auth show-sfdx-auth-url`.
///
/// # Errors
/// It is none. The message repeats nothing of it: it is as good as a password.
pub(super) fn sfdx_url(text: &Secret) -> Result<SfdxUrl, Error> {
    let no = || {
        Error::usage(
            "this is no SFDX auth URL (force://CLIENT:SECRET:REFRESH@HOST, as sf org auth show-sfdx-auth-url gives it)",
        )
    };
    let found = from_json(text.expose());
    let url = found.as_ref().map_or(text.expose(), Secret::expose).trim();
    let rest = url.strip_prefix("force://").ok_or_else(no)?;
    let (keys, host) = rest.rsplit_once('@').ok_or_else(no)?;
    let mut parts = keys.split(':');
    let (Some(client_id), Some(client_secret), Some(refresh_token), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(no());
    };
    let plain = |part: &str| {
        part.chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-=".contains(c))
    };
    let whole = [client_id, client_secret, refresh_token]
        .into_iter()
        .all(plain);
    if !whole || client_id.is_empty() || refresh_token.is_empty() || host.is_empty() {
        return Err(no());
    }
    Ok(SfdxUrl {
        client_id: client_id.to_owned(),
        client_secret: (!client_secret.is_empty()).then(|| Secret::new(client_secret.to_owned())),
        refresh_token: Secret::new(refresh_token.to_owned()),
        host: host.to_owned(),
    })
}

fn from_json(text: &str) -> Option<Secret> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Inner {
        sfdx_auth_url: Option<String>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Outer {
        sfdx_auth_url: Option<String>,
        result: Option<Inner>,
    }
    let outer: Outer = serde_json::from_str(text).ok()?;
    let inner = outer.result.and_then(|inner| inner.sfdx_auth_url);
    let url = outer.sfdx_auth_url.or(inner)?;
    Some(Secret::new(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SfdxUrl, Error> {
        sfdx_url(&Secret::new(text.to_owned()))
    }

    #[test]
    fn an_sfdx_auth_url_has_four_parts() {
        let url =
            read("force://PlatformCLI::5Aep861.x_y-z==@acme.my.salesforce.com\n").expect("a URL");
        assert_eq!(
            (url.client_id.as_str(), url.host.as_str()),
            ("PlatformCLI", "acme.my.salesforce.com")
        );
        assert!(url.client_secret.is_none());
        assert_eq!(url.refresh_token.expose(), "5Aep861.x_y-z==");
        let url =
            read(r#"{"status":0,"result":{"sfdxAuthUrl":"force://ck:cs:5Aep@127.0.0.1:8943"}}"#)
                .expect("JSON");
        assert_eq!(
            url.client_secret
                .map(|secret| secret.expose().to_owned())
                .as_deref(),
            Some("cs")
        );
        assert_eq!(url.host, "127.0.0.1:8943");
        assert!(read(r#"{"sfdxAuthUrl":"force://ck:cs:5Aep@h.salesforce.com"}"#).is_ok());
    }

    #[test]
    fn what_is_no_sfdx_auth_url_is_not_repeated() {
        for text in [
            "",
            "https://acme.my.salesforce.com",
            "force://ck:hunter2@host",
            "force://ck:cs:hunter2",
            "force://ck:cs:hunter2:x@host",
            "force://:cs:hunter2@host",
            "force://ck:cs:@host",
            "force://ck:cs:hunter2@",
            "force://ck:c s:hunter2@host",
            "{}",
            "{\"result\":{}}",
        ] {
            let error = read(text).err().expect(text).to_string();
            assert!(
                error.contains("no SFDX auth URL") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
