//! The part `[okta]` of a scenario file: how the fake Okta behaves and what goes wrong there.

use super::{Mishap, OktaBuilder};

/// The part, as it is written.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::demo) struct OktaPart {
    page_size: Option<usize>,
    joined_links: bool,
    token_seconds: Option<i64>,
    token_calls: Option<u64>,
    without_scopes: Vec<String>,
    key_expired: bool,
    dpop: Option<Dpop>,
    service_app: Option<ServiceApp>,
    mishap: Vec<Mishap>,
}

/// Where a proof of possession has a number that Okta gives out.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Dpop {
    /// At the token endpoint.
    Token,
    /// At every request.
    EveryRequest,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceApp {
    client_id: String,
    key_id: Option<String>,
    /// A file with the public key as PEM; relative to the scenario.
    public_key: String,
}

impl OktaPart {
    /// The file of the public key.
    pub(in crate::demo) fn public_key(&self) -> Option<&str> {
        self.service_app.as_ref().map(|app| app.public_key.as_str())
    }

    pub(in crate::demo) fn set(self, mut builder: OktaBuilder, pem: Option<&str>) -> OktaBuilder {
        if let (Some(app), Some(pem)) = (&self.service_app, pem) {
            builder = builder.service_app(&app.client_id, pem, app.key_id.as_deref());
        }
        if let Some(elements) = self.page_size {
            builder = builder.page_size(elements);
        }
        if self.joined_links {
            builder = builder.joined_links();
        }
        if let Some(seconds) = self.token_seconds {
            builder = builder.token_seconds(seconds);
        }
        if let Some(calls) = self.token_calls {
            builder = builder.token_calls(calls);
        }
        if self.key_expired {
            builder = builder.key_expired();
        }
        builder = match self.dpop {
            None => builder,
            Some(Dpop::Token) => builder.dpop(),
            Some(Dpop::EveryRequest) => builder.dpop_at_every_request(),
        };
        let scopes = self.without_scopes.iter();
        let builder = scopes.fold(builder, |builder, scope| builder.without_scope(scope));
        let mishaps = self.mishap.into_iter();
        mishaps.fold(builder, OktaBuilder::mishap)
    }
}
