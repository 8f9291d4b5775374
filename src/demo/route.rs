//! What a request is about, by its address and verb.

use super::http::Request;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Endpoint {
    /// `GET /services/oauth2/authorize`, in the browser.
    Authorize,
    /// `POST /services/oauth2/token`
    Token,
    /// `POST /services/oauth2/revoke`
    Revoke,
    /// `POST /services/oauth2/introspect`
    Introspect,
    /// `GET /services/oauth2/userinfo`
    Userinfo,
    /// `GET /id/ORG/USER`
    Identity,
    /// `GET /services/data`
    Versions,
    /// `GET /services/data/v65.0`
    Resources,
    /// `GET .../limits`
    Limits,
    /// `GET .../query?q=` and `queryAll`: the first page.
    Query,
    /// `GET .../query/LOCATOR`: the pages after it.
    Next,
    /// `GET .../tooling/query`, all pages.
    Tooling,
    /// `GET .../sobjects`
    Global,
    /// `GET .../sobjects/User/describe`
    Describe,
    /// `GET .../sobjects/User/005...`
    Record,
    /// `POST .../composite`
    Composite,
    /// `POST .../composite/batch`
    Batch,
    /// `POST .../jobs/query`
    BulkCreate,
    /// `GET .../jobs/query/ID`, and ending a job.
    BulkJob,
    /// `GET .../jobs/query/ID/results`
    BulkResults,
    /// `POST /services/Soap/...`
    Soap,
    /// Anything that would change a record.
    Write,
    /// Nothing that the org knows.
    Other,
}

impl Endpoint {
    /// Classifies a request.
    pub(super) fn of(request: &Request) -> Self {
        let parts = request.parts();
        let get = matches!(request.method.as_str(), "GET" | "HEAD");
        match parts.as_slice() {
            ["services", "oauth2", rest] => match *rest {
                "authorize" => Self::Authorize,
                "token" => Self::Token,
                "revoke" => Self::Revoke,
                "introspect" => Self::Introspect,
                "userinfo" => Self::Userinfo,
                _ => Self::Other,
            },
            ["id", _, _] => Self::Identity,
            ["services", "Soap", ..] => Self::Soap,
            ["services", "data"] => Self::Versions,
            ["services", "data", _, rest @ ..] => Self::rest(&request.method, rest, get),
            _ => Self::Other,
        }
    }

    fn rest(method: &str, rest: &[&str], get: bool) -> Self {
        match rest {
            [] => Self::Resources,
            ["limits"] => Self::Limits,
            ["query" | "queryAll"] => Self::Query,
            ["query" | "queryAll", _] => Self::Next,
            ["tooling", "query" | "queryAll"] | ["tooling", "query" | "queryAll", _] => {
                Self::Tooling
            }
            ["composite"] => Self::Composite,
            ["composite", "batch"] => Self::Batch,
            ["jobs", "query"] if method == "POST" => Self::BulkCreate,
            ["jobs", "query"] | ["jobs", "query", _] => Self::BulkJob,
            ["jobs", "query", _, "results"] => Self::BulkResults,
            _ if !get => Self::Write,
            ["sobjects"] | ["tooling", "sobjects"] => Self::Global,
            ["sobjects", _, "describe"] | ["tooling", "sobjects", _, "describe"] => Self::Describe,
            ["sobjects", _, _] | ["tooling", "sobjects", _, _] => Self::Record,
            _ => Self::Other,
        }
    }

    /// Whether it belongs to the login.
    pub(super) fn is_oauth(self) -> bool {
        matches!(
            self,
            Self::Authorize
                | Self::Token
                | Self::Revoke
                | Self::Introspect
                | Self::Userinfo
                | Self::Identity
        )
    }

    /// Whether it needs a session and counts against the daily limit.
    pub(super) fn is_api(self) -> bool {
        !self.is_oauth() && !matches!(self, Self::Versions | Self::Soap | Self::Other)
    }
}

/// The object that a request is about, as far as its address or its query says it.
pub(super) fn object(request: &Request, endpoint: Endpoint) -> Option<String> {
    match endpoint {
        Endpoint::Query | Endpoint::Tooling => of_query(request.parameter("q")?),
        Endpoint::BulkCreate => {
            let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
            of_query(body.get("query")?.as_str()?)
        }
        Endpoint::Describe | Endpoint::Record | Endpoint::Write => {
            let parts = request.parts();
            let place = parts.iter().position(|part| *part == "sobjects")?;
            parts.get(place + 1).map(|&name| name.to_owned())
        }
        _ => None,
    }
}

/// The object of a query: the word after FROM.
fn of_query(soql: &str) -> Option<String> {
    let mut words = soql.split_whitespace();
    words.find(|word| word.eq_ignore_ascii_case("FROM"))?;
    words.next().map(str::to_owned)
}
