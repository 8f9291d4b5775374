//! Bulk API 2.0 queries: a job is made, polled, and its results are read part by part.

use super::cursor::made_id;
use super::http::Answer;
use super::query::{Asked, Plan, Shape, bulk_csv};
use super::refusal::Refusal;
use super::rest::Call;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One job.
#[derive(Clone, Debug)]
struct Job {
    plan: Arc<Plan>,
    asked: Arc<Asked>,
    object: String,
    operation: String,
    version: String,
    state: State,
    /// Polls until it is complete.
    left: u32,
    made: jiff::Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    UploadComplete,
    InProgress,
    JobComplete,
    Aborted,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::UploadComplete => "UploadComplete",
            Self::InProgress => "InProgress",
            Self::JobComplete => "JobComplete",
            Self::Aborted => "Aborted",
        }
    }
}

/// All jobs, by id.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    jobs: BTreeMap<String, Job>,
    made: u64,
}

fn told(id: &str, job: &Job, whole: bool) -> Value {
    let made = job.made.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
    let mut told = json!({
        "id": id, "operation": job.operation, "object": job.object, "createdDate": made, "systemModstamp": made,
        "state": job.state.text(), "concurrencyMode": "Parallel", "contentType": "CSV",
        "apiVersion": job.version.trim_start_matches('v').parse::<f64>().unwrap_or_default(),
        "lineEnding": "LF", "columnDelimiter": "COMMA",
    });
    if let (true, Some(told)) = (whole, told.as_object_mut()) {
        let done = job.state == State::JobComplete;
        let count = if done { job.asked.rows.len() } else { 0 };
        told.insert("jobType".to_owned(), json!("V2Query"));
        told.insert("numberRecordsProcessed".to_owned(), json!(count));
        told.insert("retries".to_owned(), json!(0));
        told.insert(
            "totalProcessingTime".to_owned(),
            json!(if done { 100 } else { 0 }),
        );
    }
    told
}

/// `POST /jobs/query`
pub(super) fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    let broken = |message: String| Refusal::new(400, "JSON_PARSER_ERROR", message);
    let body: Value =
        serde_json::from_slice(&call.request.body).map_err(|fault| broken(fault.to_string()))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let soql =
        text("query").ok_or_else(|| broken("Required field `query` is missing".to_owned()))?;
    let operation = text("operation").unwrap_or("query");
    if !["query", "queryAll"].contains(&operation) {
        return Err(broken(format!(
            "`{operation}` is no operation of a query job"
        )));
    }
    for (name, only) in [
        ("contentType", "CSV"),
        ("columnDelimiter", "COMMA"),
        ("lineEnding", "LF"),
    ] {
        if text(name).is_some_and(|given| given != only) {
            let message = format!("{name} other than {only} is not understood by this test org");
            return Err(Refusal::new(400, "INVALIDJOB", message));
        }
    }
    let store = call.org.store();
    let sight = call.org.sight(&store, call.caller, false);
    let plan = Plan::new(&sight, soql)?;
    let object = store
        .at(plan.table)
        .map_or_else(String::new, |table| table.name.clone());
    if call
        .org
        .settings
        .bulk_refuses
        .contains(&object.to_ascii_lowercase())
    {
        let message = format!("Entity '{object}' is not supported by the Bulk API.");
        return Err(Refusal::new(400, "INVALIDENTITY", message));
    }
    if !matches!(plan.shape, Shape::Records(_)) {
        let message = "Aggregate Relationships not supported in Bulk Query";
        return Err(Refusal::new(400, "API_ERROR", message));
    }
    let asked = plan.find(&store, operation == "queryAll");
    let job = Job {
        plan: Arc::new(plan),
        asked: Arc::new(asked),
        object,
        operation: operation.to_owned(),
        version: call.version.to_owned(),
        state: State::UploadComplete,
        left: call.org.settings.bulk_polls,
        made: jiff::Timestamp::now(),
    };
    let mut jobs = call.org.jobs();
    jobs.made += 1;
    let id = made_id("750", jobs.made);
    let answer = told(&id, &job, false);
    jobs.jobs.insert(id, job);
    Ok(Answer::json(200, &answer))
}

/// `GET`, `PATCH` and `DELETE /jobs/query/ID`
pub(super) fn job(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = call.rest();
    let mut jobs = call.org.jobs();
    let Some(id) = parts.get(2).copied() else {
        let all: Vec<Value> = jobs
            .jobs
            .iter()
            .map(|(id, job)| told(id, job, false))
            .collect();
        return Ok(Answer::json(
            200,
            &json!({ "done": true, "nextRecordsUrl": null, "records": all }),
        ));
    };
    let job = jobs.jobs.get_mut(id).ok_or_else(Refusal::not_found)?;
    match call.request.method.as_str() {
        "GET" => {
            if job.left == 0 && job.state != State::Aborted {
                job.state = State::JobComplete;
            } else if job.state == State::UploadComplete {
                job.state = State::InProgress;
            }
            job.left = job.left.saturating_sub(1);
            Ok(Answer::json(200, &told(id, job, true)))
        }
        "PATCH" => {
            job.state = State::Aborted;
            Ok(Answer::json(200, &told(id, job, false)))
        }
        "DELETE" => {
            jobs.jobs.remove(id);
            Ok(Answer::empty(204))
        }
        other => Err(Refusal::method(other)),
    }
}

/// `GET /jobs/query/ID/results`
pub(super) fn results(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parts = call.rest();
    let id = parts.get(2).copied().unwrap_or_default();
    let job = call
        .org
        .jobs()
        .jobs
        .get(id)
        .cloned()
        .ok_or_else(Refusal::not_found)?;
    if job.version != call.version {
        let message = format!(
            "The results of this job must be read with version {}",
            job.version
        );
        return Err(Refusal::new(409, "API_ERROR", message));
    }
    if job.state != State::JobComplete {
        let message = format!("The job is not complete: {}", job.state.text());
        return Err(Refusal::new(400, "INVALIDJOBSTATE", message));
    }
    let start: usize = match call.request.parameter("locator") {
        None | Some("" | "null") => 0,
        Some(locator) => locator
            .parse()
            .map_err(|_| Refusal::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator"))?,
    };
    let most = call
        .request
        .parameter("maxRecords")
        .and_then(|most| most.parse::<usize>().ok())
        .unwrap_or(usize::MAX)
        .min(call.org.settings.bulk_size)
        .max(1);
    let rows = &job.asked.rows;
    let end = start.saturating_add(most).min(rows.len());
    let shown = rows.get(start..end).unwrap_or_default();
    let csv = bulk_csv(&call.org.store(), &job.plan, shown);
    let locator = if end >= rows.len() {
        "null".to_owned()
    } else {
        end.to_string()
    };
    Ok(Answer::text(200, "text/csv", csv)
        .with("sforce-numberofrecords", shown.len().to_string())
        .with("sforce-locator", locator))
}
