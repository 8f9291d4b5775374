//! Lists, page by page, with their links.

use super::mishap::Trouble;
use super::org::Okta;
use crate::demo::http::{Answer, Request};
use serde_json::Value;

/// Answers one page of a list; `usual` and `most` are the elements of a page where nothing is asked for, and at most.
pub(super) fn answer(
    org: &Okta,
    request: &Request,
    elements: &[Value],
    (usual, most): (usize, usize),
    due: &[Trouble],
) -> Answer {
    let asked = request
        .parameter("limit")
        .and_then(|text| text.parse().ok());
    let size = asked
        .unwrap_or(usual)
        .clamp(1, most)
        .min(org.settings.page_size);
    let id = |element: &Value| {
        let id = element.get("id").and_then(Value::as_str);
        id.unwrap_or_default().to_owned()
    };
    let after = request.parameter("after");
    let first = after.map_or(0, |after| {
        let place = elements.iter().position(|element| id(element) == after);
        place.map_or(elements.len(), |place| place + 1)
    });
    let page: Vec<&Value> = elements.iter().skip(first).take(size).collect();
    let last = page.last().map(|element| id(element));
    let body = serde_json::to_vec(&page).unwrap_or_default();
    let own = address(org, request, after);
    let mut links = vec![format!("<{own}>; rel=\"self\"")];
    for trouble in due {
        match trouble {
            Trouble::NextLink(target) => links.push(format!("<{target}>; rel=\"next\"")),
            Trouble::Endless => links.push(format!("<{own}>; rel=\"next\"")),
            _ => {}
        }
    }
    if links.len() == 1
        && let Some(last) = last.filter(|_| first + page.len() < elements.len())
    {
        let next = address(org, request, Some(&last));
        links.push(format!("<{next}>; rel=\"next\""));
    }
    if org.settings.joined_links {
        links = vec![links.join(", ")];
    }
    let answer = Answer::bytes(body);
    links
        .into_iter()
        .fold(answer, |answer, link| answer.with("link", link))
}

/// The address of a page: that of the request, with another beginning.
fn address(org: &Okta, request: &Request, after: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(after) = after {
        query.append_pair("after", after);
    }
    let kept = request.query.iter().filter(|(name, _)| name != "after");
    query.extend_pairs(kept);
    format!("{}{}?{}", org.base(), request.path, query.finish())
}
