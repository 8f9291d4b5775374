//! Links that a server gives are paths of the same server, or they are not followed.

use super::Error;

/// The path of a link to the next page.
///
/// # Errors
/// The link names a host, or leaves the API: following it could carry the token elsewhere.
pub(super) fn local(asked: &str, link: &str) -> Result<String, Error> {
    let plain = link
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%?=&,+:".contains(&byte));
    let inside = link.starts_with("/services/data/v")
        && !link.contains("//")
        && !link.contains("/../")
        && !link.contains("/./");
    if plain && inside {
        return Ok(link.to_owned());
    }
    Err(Error::Elsewhere {
        path: asked.to_owned(),
        target: shown(link),
        reason: "only paths under /services/data/ of the same org are",
    })
}

/// A link as a message shows it: short, without query and control characters.
pub(super) fn shown(link: &str) -> String {
    link.split(['?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|character| !character.is_control())
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_api_are_followed() {
        let good = "/services/data/v65.0/query/01gRO0000016PIAYA2-2000";
        assert_eq!(local("x", good).expect("a path"), good);
        for bad in [
            "https://evil.example/services/data/v65.0/query/01g-2000",
            "//evil.example/services/data/v65.0/query/01g-2000",
            "/services/data/v65.0//evil",
            "/services/data/v65.0/../../secur/frontdoor.jsp",
            "services/data/v65.0/query/01g",
            "/services/oauth2/token",
            "/services/data/v65.0/query/01g\\@evil.example",
            "/services/data/v65.0/query/01g\r\nHost: evil",
            "@evil.example/services/data/",
            "",
        ] {
            assert!(
                matches!(local("x", bad), Err(Error::Elsewhere { .. })),
                "{bad}"
            );
        }
    }
}
