//! Who reads: the user behind the token, and the org.

use super::{Accept, Client, Error, Request};
use crate::model::SfId;
use serde::Deserialize;

/// The user behind the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The org.
    pub org_id: Option<SfId>,
    /// The user.
    pub user_id: Option<SfId>,
    /// The user's login.
    pub username: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    organization_id: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
}

const PATH: &str = "/services/oauth2/userinfo";

impl Identity {
    /// Asks the org. `None` where the token does not cover this question: it is no reason not to read on.
    ///
    /// # Errors
    /// The org is not reached.
    pub async fn ask(client: &Client<'_>) -> Result<Option<Self>, Error> {
        match client.send(&Request::get(PATH, Accept::Json)).await {
            Ok(answer) => Ok(parse(&answer.body)),
            Err(Error::Fault(_) | Error::Unreadable { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn parse(body: &[u8]) -> Option<Identity> {
    let info: UserInfo = serde_json::from_slice(body).ok()?;
    let id = |text: Option<String>| SfId::parse(&text?).ok();
    Some(Identity {
        org_id: id(info.organization_id),
        user_id: id(info.user_id),
        username: info.preferred_username,
    })
}
