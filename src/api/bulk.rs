//! Bulk API 2.0 queries: for objects so large that pages of 2,000 would cost too many requests.
//!
//! A job is a question: it reads, and nothing of the org changes. Where an org does not take the object or the job, the
//! caller reads it in pages.

use super::{Accept, Error, Org, Request};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Records of one page of results.
pub const BULK_PAGE: u64 = 25_000;
/// The first pause between two questions for the state of a job; each next one is half as long again.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(10);
/// How long a job may take.
const PATIENCE: Duration = Duration::from_mins(30);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    operation: &'static str,
    query: &'a str,
    content_type: &'static str,
    column_delimiter: &'static str,
    line_ending: &'static str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobState {
    #[serde(default)]
    id: String,
    state: String,
    #[serde(default)]
    error_message: Option<String>,
}

/// A job that has been accepted.
#[derive(Clone, Debug)]
pub struct Job {
    path: String,
}

/// What came of a job.
#[derive(Clone, Debug)]
pub enum Bulk<T> {
    /// What was asked for.
    Came(T),
    /// The org does not do this in bulk; why.
    Not(String),
}

impl Job {
    /// Asks for a job.
    ///
    /// # Errors
    /// The org is not reached.
    pub async fn create(org: &Org<'_>, soql: &str) -> Result<Bulk<Self>, Error> {
        let question = Question {
            operation: "query",
            query: soql,
            content_type: "CSV",
            column_delimiter: "COMMA",
            line_ending: "LF",
        };
        let path = org.path("jobs/query");
        let body = serde_json::to_vec(&question).unwrap_or_default();
        let answer = match org.client().send(&Request::post(&path, body)).await {
            Ok(answer) => answer,
            Err(Error::Fault(fault)) => {
                return Ok(Bulk::Not(format!("{}: {}", fault.code, fault.message)));
            }
            Err(error) => return Err(error),
        };
        let state = read_state(&path, &answer.body)?;
        // The id becomes part of a path.
        let plain = (15..=18).contains(&state.id.len())
            && state.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain {
            return Ok(Bulk::Not(String::from("the job has no id")));
        }
        Ok(Bulk::Came(Self {
            path: format!("{path}/{}", state.id),
        }))
    }

    /// Waits until the results are there.
    ///
    /// # Errors
    /// The org is not reached.
    pub async fn wait(&self, org: &Org<'_>) -> Result<Bulk<()>, Error> {
        let (mut pause, mut waited) = (FIRST, Duration::ZERO);
        while waited < PATIENCE {
            let answer = org
                .client()
                .send(&Request::get(&self.path, Accept::Json))
                .await?;
            let state = read_state(&self.path, &answer.body)?;
            match state.state.as_str() {
                "JobComplete" => return Ok(Bulk::Came(())),
                "Failed" | "Aborted" => {
                    return Ok(Bulk::Not(state.error_message.unwrap_or(state.state)));
                }
                _ => {}
            }
            org.client().clock().sleep(pause).await;
            waited += pause;
            pause = (pause * 3 / 2).min(LONGEST);
        }
        Ok(Bulk::Not(format!(
            "no end after {} minutes",
            PATIENCE.as_secs() / 60
        )))
    }

    /// One page of results as CSV with a header, and the locator of the next one.
    ///
    /// # Errors
    /// The org is not reached, or refuses.
    pub async fn results(
        &self,
        org: &Org<'_>,
        locator: Option<&str>,
    ) -> Result<(Bytes, Option<String>), Error> {
        let locator = locator
            .map(|locator| format!("&locator={}", super::encoded(locator)))
            .unwrap_or_default();
        let path = format!("{}/results?maxRecords={BULK_PAGE}{locator}", self.path);
        let answer = org.client().send(&Request::get(&path, Accept::Csv)).await?;
        let next = answer
            .header("sforce-locator")
            .filter(|locator| !locator.is_empty() && *locator != "null")
            .map(str::to_owned);
        Ok((answer.body, next))
    }
}

fn read_state(path: &str, body: &[u8]) -> Result<JobState, Error> {
    serde_json::from_slice(body).map_err(|fault| Error::Unreadable {
        path: path.to_owned(),
        reason: fault.to_string(),
    })
}
