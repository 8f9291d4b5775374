//! `GET /limits`

use super::http::Answer;
use super::rest::Call;
use serde_json::json;

/// What is left of the day.
pub(super) fn answer(call: &Call<'_>) -> Answer {
    let settings = &call.org.settings;
    let used = call.org.journal().counts().api + settings.quota_used;
    let left = settings.quota.saturating_sub(used);
    Answer::json(
        200,
        &json!({
            "ConcurrentAsyncGetReportInstances": { "Max": 200, "Remaining": 200 },
            "DailyApiRequests": { "Max": settings.quota, "Remaining": left },
            "DailyBulkApiBatches": { "Max": 15000, "Remaining": 15000 },
            "DailyBulkV2QueryFileStorageMB": { "Max": 976_562, "Remaining": 976_562 },
            "DailyBulkV2QueryJobs": { "Max": 10000, "Remaining": 10000 },
            "DataStorageMB": { "Max": 1024, "Remaining": 900 },
        }),
    )
}
