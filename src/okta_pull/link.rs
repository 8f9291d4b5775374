//! The header `Link`: where the next page is. Followed on the same host only.

use super::Error;
use crate::net;
use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// Address of the next page; `None`: this was the last.
///
/// Okta sends several headers, proxies join them with commas: both are understood.
///
/// # Errors
/// [`Error::Elsewhere`] where the link leads to another host, or leaves the API.
pub(super) fn next(headers: &HeaderMap, asked: &Url) -> Result<Option<Url>, Error> {
    let found = headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(links)
        .find(|(_, rel)| rel.eq_ignore_ascii_case("next"));
    let Some((target, _)) = found else {
        return Ok(None);
    };
    let elsewhere = |target: String| Error::Elsewhere {
        path: asked.path().to_owned(),
        target,
        host: net::origin(asked),
    };
    let url = asked
        .join(&target)
        .map_err(|_| elsewhere(String::from("an address that cannot be read")))?;
    let inside = url.origin() == asked.origin()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().starts_with("/api/v1/");
    if !inside {
        let shown = if url.origin() == asked.origin() {
            String::from("a place outside the API")
        } else {
            net::origin(&url)
        };
        return Err(elsewhere(shown));
    }
    Ok(Some(url))
}

/// Targets and relations of one header.
fn links(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, after)) = after.split_once('>') else {
            break;
        };
        // The parameters go up to the comma before the next link.
        let end = after.find('<').unwrap_or(after.len());
        let (parameters, next) = after.split_at(end);
        let rel = parameters.split([';', ',']).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("rel")
                .then(|| value.trim().trim_matches('"').to_owned())
        });
        found.push((target.trim().to_owned(), rel.unwrap_or_default()));
        rest = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Result<Option<String>, Error> {
        let asked = Url::parse("https://acme.okta.com/api/v1/apps/0oa1/users?limit=500")
            .expect("an address");
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, value.parse().expect("a value"));
        }
        next(&headers, &asked).map(|url| url.map(String::from))
    }

    #[test]
    fn the_next_page_is_found_however_links_are_sent() {
        let own = "<https://acme.okta.com/api/v1/apps/0oa1/users?limit=500>; rel=\"self\"";
        let more =
            "<https://acme.okta.com/api/v1/apps/0oa1/users?after=a,b&limit=500>; rel=\"next\"";
        let wanted =
            Some("https://acme.okta.com/api/v1/apps/0oa1/users?after=a,b&limit=500".to_owned());
        assert_eq!(of(&[own, more]).expect("a page"), wanted);
        assert_eq!(of(&[&format!("{own}, {more}")]).expect("a page"), wanted);
        assert_eq!(of(&[own]).expect("the last"), None);
        assert_eq!(of(&[]).expect("the last"), None);
        assert_eq!(
            of(&["</api/v1/groups?after=x>;rel=next"]).expect("a page"),
            Some("https://acme.okta.com/api/v1/groups?after=x".to_owned())
        );
        assert_eq!(of(&["nonsense; rel=next", "<broken"]).expect("none"), None);
    }

    #[test]
    fn another_host_is_refused_in_one_sentence() {
        for (target, part) in [
            ("https://evil.example/api/v1/users", "https://evil.example"),
            ("http://acme.okta.com/api/v1/users", "http://acme.okta.com"),
            (
                "https://acme.okta.com:8443/api/v1/users",
                "https://acme.okta.com:8443",
            ),
            (
                "https://acme.okta.com.evil.example/api/v1/",
                "https://acme.okta.com.evil",
            ),
            ("//evil.example/api/v1/users", "https://evil.example"),
            (
                "https://acme-admin.okta.com/api/v1/users",
                "https://acme-admin.okta.com",
            ),
            ("https://a:b@acme.okta.com/api/v1/users", "outside the API"),
            ("/oauth2/v1/token", "outside the API"),
            ("/api/v1/../../secret", "outside the API"),
        ] {
            let error = of(&[&format!("<{target}>; rel=\"next\"")]).expect_err(target);
            let said = error.to_string();
            assert!(said.contains(part) && !said.contains("a:b"), "{said}");
        }
    }
}
