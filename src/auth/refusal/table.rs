//! What is known of the errors of Salesforce's OAuth.

/// A line of the table: it fits when the flow fits and every word is in the code or the description.
pub(super) struct Known {
    pub(super) words: &'static [&'static str],
    /// The flows in which it means this; empty: all.
    pub(super) flows: &'static [&'static str],
    pub(super) cause: &'static str,
    pub(super) action: &'static str,
}

const fn known(
    words: &'static [&'static str],
    flows: &'static [&'static str],
    cause: &'static str,
    action: &'static str,
) -> Known {
    Known {
        words,
        flows,
        cause,
        action,
    }
}

const JWT: &[&str] = &["jwt"];
const RENEWAL: &[&str] = &["refresh"];

/// From the particular to the general; the first that fits counts. Texts: Salesforce Help, "OAuth 2.0 Authorization
/// Errors"; github forcedotcom/cli issues 1028, 1640, 2479, 2665, 2857, 3260, 3368; dust-tt/dust pull 26727 (app_not_found);
/// n8n-io/n8n issue 21589 (OAUTH_APP_BLOCKED); PipedreamHQ/pipedream issue 21557 (OAUTH_EC_APP_NOT_FOUND).
pub(super) const TABLE: &[Known] = &[
    known(
        &["approved this consumer"],
        &[],
        "the user has not approved the app, and no administrator has approved it for the user",
        "Setup > External Client App Manager > the app > Policies > Edit > OAuth Policies: Permitted Users = 'Admin approved users are pre-authorized'; then add a permission set or profile of the user under App Policies",
    ),
    known(
        &["invalid_app_access"],
        &[],
        "the app is for approved users only, and this user is not among them",
        "Setup > External Client App Manager > the app > Policies > App Policies: select a permission set or profile that the user has",
    ),
    known(
        &["audience"],
        &[],
        "the assertion is addressed to another kind of org",
        "use --audience https://test.salesforce.com for a sandbox, --audience https://login.salesforce.com for production; the host of --instance-url must be of the same kind",
    ),
    known(
        &["not supported on this domain"],
        &[],
        "client credentials work at the org's own My Domain only",
        "Setup > My Domain: copy 'Current My Domain URL' and give it as --instance-url (https://NAME.my.salesforce.com)",
    ),
    known(
        &["no client credentials user"],
        &[],
        "the app has no user to run as",
        "Setup > External Client App Manager > the app > Policies > Edit > OAuth Flows: Enable Client Credentials Flow, and set Run As to the reading user",
    ),
    known(
        &["must be installed"],
        &[],
        "the app is not installed in this org",
        "Setup > Connected Apps OAuth Usage: find the app and choose Install; or create your own External Client App in this org and use its consumer key",
    ),
    known(
        &["app_not_found"],
        &[],
        "the External Client App is not installed in this org",
        "log in to the org in which the app was created, or install its package here (Setup > External Client App Manager)",
    ),
    known(
        &["app is not installed"],
        &[],
        "the External Client App is not installed in this org",
        "log in to the org in which the app was created, or install its package here (Setup > External Client App Manager)",
    ),
    known(
        &["app_blocked"],
        &[],
        "an administrator has blocked the app",
        "Setup > Connected Apps OAuth Usage: find the app and choose Unblock",
    ),
    known(
        &["app_access_denied"],
        &[],
        "the policies of the app keep this user out",
        "Setup > External Client App Manager > the app > Policies: check App Policies (permission sets and profiles) and IP Relaxation",
    ),
    known(
        &["access_denied"],
        &[],
        "somebody refused access in the browser",
        "log in again and choose Allow; where no such page was shown, the app is for approved users only (External Client App Manager > the app > Policies)",
    ),
    known(
        &["access-denied"],
        &[],
        "somebody refused access in the browser",
        "log in again and choose Allow",
    ),
    known(
        &["ip restricted"],
        &[],
        "this machine's address, or this hour, is not allowed for the user",
        "Setup > Profiles > the user's profile: Login IP Ranges and Login Hours; or External Client App Manager > the app > Policies: IP Relaxation",
    ),
    known(
        &["restricted_access"],
        &[],
        "this machine's address is not allowed for the user",
        "Setup > Profiles > the user's profile: Login IP Ranges; or External Client App Manager > the app > Policies: IP Relaxation",
    ),
    known(
        &["api access control"],
        &[],
        "the org lets only apps in that it knows (API Access Control)",
        "Setup > API Access Control: allow the app, or give the user the permission 'Use Any API Client'",
    ),
    known(
        &["inactive", "user"],
        &[],
        "the user is inactive",
        "Setup > Users > the user: Active",
    ),
    known(
        &["inactive", "org"],
        &[],
        "the org is locked, closed or suspended",
        "ask Salesforce Support about the org",
    ),
    known(
        &["expired authorization code"],
        &[],
        "the code of the browser is too old, or was used already",
        "log in again, and allow access soon after the page has opened",
    ),
    known(
        &["invalid authorization code"],
        &[],
        "the code of the browser is not valid, or was used already",
        "log in again",
    ),
    known(
        &["code challenge"],
        &[],
        "the app requires PKCE, and the challenge did not reach it",
        "log in again with the address exactly as it was printed",
    ),
    known(
        &["code verifier"],
        &[],
        "the answer of the browser belongs to another login",
        "log in again, with one login at a time",
    ),
    known(
        &["redirect_uri"],
        &[],
        "the callback address is not registered in the app",
        "External Client App Manager > the app > Settings > OAuth Settings: Callback URL = http://localhost:8717/callback (or the port of --callback-port), on a line of its own",
    ),
    known(
        &["invalid_client_id"],
        &[],
        "no app of this org has this consumer key",
        "External Client App Manager > the app > Settings > OAuth Settings > Consumer Key and Secret: copy the key; a new app needs up to ten minutes; a sandbox has other apps than production",
    ),
    known(
        &["client identifier invalid"],
        &[],
        "no app of this org has this consumer key",
        "External Client App Manager > the app > Settings > OAuth Settings > Consumer Key and Secret: copy the key; a new app needs up to ten minutes; a sandbox has other apps than production",
    ),
    known(
        &["invalid client credentials"],
        &[],
        "the consumer secret is wrong",
        "External Client App Manager > the app > Settings > OAuth Settings > Consumer Key and Secret: copy the secret into the file of --secret-file",
    ),
    known(
        &["invalid_client", "secret"],
        &[],
        "the consumer secret is wrong, or the app wants one and none was given",
        "External Client App Manager > the app > Settings > OAuth Settings: copy the secret, or switch 'Require secret for Web Server Flow' off",
    ),
    known(
        &["expired access/refresh token"],
        &[],
        "the login has ended: it was revoked, or its time by the app's policy is over",
        "log in again; External Client App Manager > the app > Policies > Refresh Token Policy says how long a login lasts",
    ),
    known(
        &["invalid_grant", "token"],
        RENEWAL,
        "the login has ended: it was revoked, or its time by the app's policy is over",
        "log in again; External Client App Manager > the app > Policies > Refresh Token Policy says how long a login lasts",
    ),
    known(
        &["expired"],
        JWT,
        "the assertion was too old when it arrived",
        "set the clock of this machine",
    ),
    known(
        &["invalid assertion"],
        &[],
        "the key does not belong to the certificate of the app, or the consumer key or username in the assertion is wrong",
        "External Client App Manager > the app > Settings > OAuth Settings > Enable JWT Bearer Flow: upload the certificate of this key; check --client-id and --username",
    ),
    known(
        &["unsupported_grant_type"],
        &[],
        "the app does not allow this way of logging in",
        "External Client App Manager > the app > Settings > OAuth Settings > Flow Enablement: enable the flow",
    ),
    known(
        &["unauthorized_client"],
        &[],
        "the app does not allow this way of logging in",
        "External Client App Manager > the app > Settings > OAuth Settings > Flow Enablement: enable the flow",
    ),
    known(
        &["invalid_scope"],
        &[],
        "the app lacks a scope",
        "External Client App Manager > the app > Settings > OAuth Settings > OAuth Scopes: 'Manage user data via APIs (api)' and 'Perform requests at any time (refresh_token, offline_access)'",
    ),
    known(
        &["rate_limit_exceeded"],
        &[],
        "too many logins of this user within an hour",
        "wait, and keep the login instead of making a new one for each run",
    ),
    known(
        &["login rate exceeded"],
        &[],
        "too many logins of this user within an hour",
        "wait, and keep the login instead of making a new one for each run",
    ),
    known(
        &["authentication failure"],
        &[],
        "Salesforce does not say more; mostly the username is of another org (a sandbox's ends in the name of the sandbox)",
        "Setup > Login History of the user shows the reason",
    ),
];
