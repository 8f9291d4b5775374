//! How logins are called for.

const LOOPBACK: &str = "--allow-loopback-http";

/// By browser, kept as `name`: the server, the client and the port to come back to.
pub(crate) fn browser<'a>(
    name: &'a str,
    url: &'a str,
    client: &'a str,
    port: &'a str,
) -> Vec<&'a str> {
    let mut all = vec!["login", "--org", name, LOOPBACK, "--instance-url", url];
    all.extend(["--client-id", client, "--callback-port", port]);
    all
}

/// By a signed assertion, kept as `ci`: the server, the client, the user and the file of the key.
pub(crate) fn jwt<'a>(url: &'a str, client: &'a str, user: &'a str, key: &'a str) -> Vec<&'a str> {
    let mut all = vec!["login", "--org", "ci", "--flow", "jwt", LOOPBACK];
    all.extend(["--instance-url", url, "--client-id", client]);
    all.extend(["--username", user, "--key-file", key]);
    all
}
