//! The OAuth endpoints of a host: requests for tokens, and their answers.
//!
//! The grants of the standard are spoken by the crate `oauth2`; the JWT bearer grant and revocation, for which it has no
//! words, are form posts into the same types.

use super::Error;
use super::delivery::{Again, Delivery, Undelivered, readable};
use super::refusal::Refusal;
use crate::model::SfId;
use crate::net::{self, Client, Clock, Secret};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

/// What Salesforce adds to a token answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SalesforceFields {
    instance_url: Option<String>,
    /// The identity address: its last two parts are the ids of org and user.
    id: Option<String>,
}

impl ExtraTokenFields for SalesforceFields {}

type Answer = StandardTokenResponse<SalesforceFields, BasicTokenType>;
type Failure = RequestTokenError<Undelivered, BasicErrorResponse>;
type OauthClient = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A token, and what came with it.
#[derive(Debug)]
pub(super) struct Granted {
    pub(super) access_token: Secret,
    /// A new one; the old one stays good where none comes.
    pub(super) refresh_token: Option<Secret>,
    /// Where the org answers; checked.
    pub(super) instance_url: Url,
    pub(super) org_id: Option<SfId>,
    /// What the token may do, as far as the answer says it.
    pub(super) scopes: Vec<String>,
}

/// The OAuth endpoints of one host.
#[derive(Debug)]
pub(super) struct Endpoint<'a> {
    host: &'a Url,
    flow: &'static str,
    delivery: Delivery<'a>,
}

/// The start of a login with a browser: where to send it, and what must come back.
#[derive(Debug)]
pub(super) struct Authorization {
    /// The page to open. Nothing in it is secret: `state` and the challenge are of use to nobody else.
    pub(super) page: Url,
    pub(super) state: Secret,
    verifier: PkceCodeVerifier,
    client: OauthClient,
}

impl<'a> Endpoint<'a> {
    /// The endpoints of `host`, for a flow that messages name.
    pub(super) fn new(
        client: &'a Client,
        clock: &'a Clock,
        host: &'a Url,
        flow: &'static str,
    ) -> Self {
        Self {
            host,
            flow,
            delivery: Delivery::new(client, clock, flow),
        }
    }

    fn url(&self, name: &str) -> Url {
        let mut url = self.host.clone();
        url.set_path(&format!("/services/oauth2/{name}"));
        url
    }

    fn oauth(&self, client_id: &str, client_secret: Option<&Secret>) -> OauthClient {
        let client = oauth2::Client::new(ClientId::new(client_id.to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(self.url("authorize")))
            .set_token_uri(TokenUrl::from_url(self.url("token")));
        match client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        }
    }

    /// Prepares a login with a browser.
    pub(super) fn authorize(
        &self,
        client_id: &str,
        client_secret: Option<&Secret>,
        redirect: Url,
        login_hint: Option<&str>,
    ) -> Authorization {
        let client = self
            .oauth(client_id, client_secret)
            .set_redirect_uri(RedirectUrl::from_url(redirect));
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scope(Scope::new(String::from("api")))
            .add_scope(Scope::new(String::from("refresh_token")))
            .set_pkce_challenge(challenge);
        if let Some(username) = login_hint {
            request = request.add_extra_param("login_hint", username.to_owned());
        }
        let (page, state) = request.url();
        Authorization {
            page,
            state: Secret::new(state.into_secret()),
            verifier,
            client,
        }
    }

    /// The token for the code that the browser brought.
    pub(super) async fn exchange(
        &self,
        authorization: Authorization,
        code: &Secret,
    ) -> Result<Granted, Error> {
        let answer = authorization
            .client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(authorization.verifier)
            .request_async(&|request| self.delivery.deliver(request, Again::IfNotSent))
            .await;
        self.granted(answer, Vec::new())
    }

    /// Another token by a refresh token.
    pub(super) async fn refresh(
        &self,
        client_id: &str,
        client_secret: Option<&Secret>,
        refresh_token: &Secret,
    ) -> Result<Granted, Error> {
        // A server that exchanges refresh tokens takes each once: what may have arrived is not sent again.
        let answer = self
            .oauth(client_id, client_secret)
            .exchange_refresh_token(&RefreshToken::new(refresh_token.expose().to_owned()))
            .request_async(&|request| self.delivery.deliver(request, Again::IfNotSent))
            .await;
        self.granted(answer, Vec::new())
    }

    /// A token of the app's own user.
    pub(super) async fn client_credentials(
        &self,
        client_id: &str,
        client_secret: &Secret,
    ) -> Result<Granted, Error> {
        let answer = self
            .oauth(client_id, Some(client_secret))
            .exchange_client_credentials()
            .request_async(&|request| self.delivery.deliver(request, Again::IfUnavailable))
            .await;
        self.granted(answer, Vec::new())
    }

    /// A token for a signed assertion. `sent` says what is in it, for messages.
    pub(super) async fn jwt_bearer(
        &self,
        assertion: &Secret,
        sent: Vec<String>,
    ) -> Result<Granted, Error> {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion.expose()),
        ];
        let answer = self
            .delivery
            .post(&self.url("token"), &form, Again::IfUnavailable)
            .await
            .map_err(RequestTokenError::Request)
            .and_then(|response| parse(&response));
        self.granted(answer, sent)
    }

    /// Ends a token. One that is no good any more has ended already.
    pub(super) async fn revoke(&self, token: &Secret) -> Result<(), Error> {
        let form = [("token", token.expose())];
        let response = match self
            .delivery
            .post(&self.url("revoke"), &form, Again::IfUnavailable)
            .await
        {
            Ok(response) => response,
            Err(failure) => {
                return Err(self.failed(RequestTokenError::Request(failure), Vec::new()));
            }
        };
        if response.status().is_success() {
            return Ok(());
        }
        let refused = serde_json::from_slice::<BasicErrorResponse>(response.body());
        match refused {
            Ok(answer)
                if matches!(
                    answer.error().as_ref(),
                    "invalid_token" | "unsupported_token_type"
                ) =>
            {
                Ok(())
            }
            Ok(answer) => Err(self.failed(RequestTokenError::ServerResponse(answer), Vec::new())),
            Err(_) => Err(self.failed(RequestTokenError::Other(String::new()), Vec::new())),
        }
    }

    fn granted(
        &self,
        answer: Result<Answer, Failure>,
        sent: Vec<String>,
    ) -> Result<Granted, Error> {
        let answer = answer.map_err(|failure| self.failed(failure, sent))?;
        let fields = answer.extra_fields();
        let instance_url = match &fields.instance_url {
            Some(text) => self.trusted(text)?,
            None => self.host.clone(),
        };
        let org_id = fields.id.as_deref().and_then(org_of);
        Ok(Granted {
            access_token: Secret::new(answer.access_token().secret().clone()),
            refresh_token: answer
                .refresh_token()
                .map(|token| Secret::new(token.secret().clone())),
            instance_url,
            org_id,
            scopes: answer
                .scopes()
                .into_iter()
                .flatten()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
        })
    }

    /// The address that an answer names, if the token may go there. A host of Salesforce cannot send it to this machine.
    fn trusted(&self, text: &str) -> Result<Url, Error> {
        let foreign = |reason: String| Error::ForeignInstance {
            host: net::origin(self.host),
            reason,
        };
        let url = self
            .delivery
            .hosts()
            .base(text)
            .map_err(|error| foreign(error.to_string()))?;
        if net::is_loopback(&url) && !net::is_loopback(self.host) {
            return Err(foreign(net::origin(&url)));
        }
        Ok(url)
    }

    fn failed(&self, failure: Failure, sent: Vec<String>) -> Error {
        let seen = self.delivery.seen();
        let host = net::origin(self.host);
        match failure {
            RequestTokenError::ServerResponse(answer) => Error::Refused(Box::new(Refusal {
                host,
                flow: self.flow,
                error: readable(answer.error().as_ref()),
                description: answer
                    .error_description()
                    .map(|text| readable(text))
                    .unwrap_or_default(),
                sent,
                ahead: seen.ahead,
            })),
            RequestTokenError::Request(Undelivered::Net(error)) => Error::Net(error),
            RequestTokenError::Request(
                Undelivered::NotSent(reason) | Undelivered::Broken(reason),
            ) => Error::NoAnswer { host, reason },
            // What stands in such an answer is not repeated: it may be a page of somebody else, or hold a token.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Error::NoAnswer {
                host,
                reason: seen.unreadable(),
            },
        }
    }
}

fn parse(response: &HttpResponse) -> Result<Answer, Failure> {
    if response.status().is_success() {
        serde_json::from_slice(response.body()).map_err(|_| RequestTokenError::Other(String::new()))
    } else {
        Err(match serde_json::from_slice(response.body()) {
            Ok(answer) => RequestTokenError::ServerResponse(answer),
            Err(_) => RequestTokenError::Other(String::new()),
        })
    }
}

/// The org of an identity address (`.../id/00D.../005...`). The address itself is never asked.
fn org_of(identity: &str) -> Option<SfId> {
    let mut parts = identity.trim_end_matches('/').rsplit('/');
    let (_user, org) = (parts.next()?, parts.next()?);
    SfId::parse(org).ok().filter(|id| id.prefix() == "00D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_address_names_the_org() {
        let org = org_of("https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA");
        assert_eq!(org.map(SfId::text).as_deref(), Some("00D000000000001EAA"));
        for other in [
            "",
            "/",
            "https://login.salesforce.com/id",
            "x/005000000000001/y",
        ] {
            assert_eq!(org_of(other), None, "{other}");
        }
    }
}
