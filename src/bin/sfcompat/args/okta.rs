//! `sfcompat okta`

use super::LoopbackArgs;
use clap::{Args, Subcommand};
use sfcompat::okta_pull::Part;
use std::path::PathBuf;

/// The page below the options of `okta pull`.
const MORE: &str = "\
Log in with one of:
  a service app   --client-id and --key-file (RSA, PEM, mode 0600): client credentials with
                  private_key_jwt, with proofs of possession (DPoP) where the app demands them.
                  Scopes: okta.apps.read okta.groups.read okta.profileMappings.read
                  okta.schemas.read, and okta.users.read for --parts users; role: Read-Only
                  Administrator
  an API token    SFCOMPAT_OKTA_API_TOKEN, or --token-file (mode 0600; - is stdin)
Secrets are never taken from the command line, which others on the machine can read. The variables
of Terraform (OKTA_ORG_NAME, OKTA_BASE_URL, OKTA_API_TOKEN, OKTA_API_CLIENT_ID,
OKTA_API_PRIVATE_KEY, OKTA_API_PRIVATE_KEY_ID, OKTA_ACCESS_TOKEN) and of Okta's SDKs
(OKTA_CLIENT_ORGURL, OKTA_CLIENT_TOKEN, OKTA_CLIENT_CLIENTID, OKTA_CLIENT_PRIVATEKEY,
OKTA_CLIENT_PRIVATEKEYID) are read after SFCOMPAT_OKTA_*.

Files of the folder, and who reads them:
  app.json          preflight --okta-app, check --okta-app
  app-users.json    check
  groups.json       check
  members.csv       check --members
  mapping.json      check (mapping-2.json ...: one for each further type of users)
  mapping-to-okta.json  what Okta takes from Salesforce, to be read by people
  schema.json       check --okta-schema, preflight --okta-schema
  user-schema.json  import-check --okta-schema
  users.json        import-check --okta-users; only with --parts ...,users
  manifest.json     from where, when, how many, SHA-256 of each file";

/// Arguments of `okta`.
#[derive(Debug, Args)]
pub(crate) struct OktaArgs {
    #[command(subcommand)]
    pub(crate) command: OktaCommand,
}

/// The commands of `okta`.
#[derive(Debug, Subcommand)]
pub(crate) enum OktaCommand {
    /// Pull the Salesforce app of an Okta org into a folder of JSON files, reading only
    Pull(OktaPullArgs),
}

/// Arguments of `okta pull`.
#[derive(Debug, Args)]
#[command(after_long_help = MORE, after_help = "--help shows the ways to log in, and what each file of the folder is for.")]
pub(crate) struct OktaPullArgs {
    /// Folder to write; it is replaced as a whole when everything was read
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Address of the Okta org: https://acme.okta.com
    #[arg(long, value_name = "URL", env = "SFCOMPAT_OKTA_URL")]
    pub(crate) url: Option<String>,
    /// Id (0oa...) or label of the Salesforce app [default: the only one that there is]
    #[arg(long, value_name = "APP", env = "SFCOMPAT_OKTA_APP_ID")]
    pub(crate) app: Option<String>,
    /// What to read: app, app-users, groups, members, mapping, schema, user-schema, users [default: all but users]
    #[arg(long, value_name = "PART,...", value_delimiter = ',')]
    pub(crate) parts: Vec<Part>,
    /// Id of the service app
    #[arg(long, value_name = "ID", env = "SFCOMPAT_OKTA_CLIENT_ID")]
    pub(crate) client_id: Option<String>,
    /// Private key of the service app: RSA, PEM, not encrypted, mode 0600 or 0400
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Id of the key (kid), as the app shows it
    #[arg(long, value_name = "KID", env = "SFCOMPAT_OKTA_KEY_ID")]
    pub(crate) key_id: Option<String>,
    /// File with an API token instead of a service app; - is stdin. Others must not read it
    #[arg(long, value_name = "FILE", env = "SFCOMPAT_OKTA_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The address is a domain of the org's own, not one of Okta's: the token goes there
    #[arg(long, env = "SFCOMPAT_OKTA_CUSTOM_DOMAIN", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) custom_domain: bool,
    #[command(flatten)]
    pub(crate) loopback: LoopbackArgs,
}
