//! What is left of SOAP: `login()` is refused, and the Metadata API tells the Communities settings and nothing else.

use super::http::{Answer, Request};
use super::org::Org;

const XML: &str = "text/xml;charset=UTF-8";

/// Answers a SOAP call.
pub(super) fn answer(org: &Org, request: &Request) -> Answer {
    let parts = request.parts();
    let body = String::from_utf8_lossy(&request.body);
    match parts.get(2).copied() {
        Some("m") => metadata(org, &body),
        _ if body.contains("login") => fault(
            "INVALID_OPERATION",
            "SOAP API login() is disabled by default in this org. Contact the org administrator.",
        ),
        _ => fault(
            "UNKNOWN_EXCEPTION",
            "this test org answers no such SOAP call",
        ),
    }
}

fn fault(code: &str, message: &str) -> Answer {
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring><detail><sf:UnexpectedErrorFault><sf:exceptionCode>{code}</sf:exceptionCode><sf:exceptionMessage>{message}</sf:exceptionMessage></sf:UnexpectedErrorFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    Answer::text(500, XML, xml)
}

/// The text between two tags; names may carry a prefix.
fn between<'x>(xml: &'x str, tag: &str) -> Option<&'x str> {
    let start = xml.find(&format!("{tag}>"))? + tag.len() + 1;
    let rest = xml.get(start..)?;
    rest.get(..rest.find("</")?)
}

fn metadata(org: &Org, body: &str) -> Answer {
    let session = between(body, "sessionId").unwrap_or_default().trim();
    if org
        .tokens()
        .call(session, org.settings.token_calls)
        .is_none()
    {
        return fault(
            "INVALID_SESSION_ID",
            "Invalid Session ID found in SessionHeader: Illegal Session",
        );
    }
    if !body.contains("CommunitiesSettings") && !body.contains(">Communities<") {
        org.journal()
            .complain("a metadata call about something else than CommunitiesSettings".to_owned());
        return fault(
            "INVALID_OPERATION",
            "this test org tells CommunitiesSettings only",
        );
    }
    if body.contains("listMetadata") {
        return reply(
            "listMetadataResponse",
            "<result><fileName>settings/Communities.settings</fileName><fullName>Communities</fullName><type>CommunitiesSettings</type></result>",
        );
    }
    if body.contains("readMetadata") {
        return reply("readMetadataResponse", &settings(org));
    }
    org.journal()
        .complain("a metadata call that is neither listMetadata nor readMetadata".to_owned());
    fault(
        "INVALID_OPERATION",
        "this test org lists and reads metadata only",
    )
}

fn settings(org: &Org) -> String {
    let mut fields = String::new();
    for (key, value) in &org.store().settings {
        if let Some(name) = key.strip_prefix("Communities.") {
            for part in ["<", name, ">", value, "</", name, ">"] {
                fields += part;
            }
        }
    }
    format!(
        r#"<result><records xsi:type="CommunitiesSettings"><fullName>Communities</fullName>{fields}</records></result>"#
    )
}

fn reply(name: &str, inside: &str) -> Answer {
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><{name}>{inside}</{name}></soapenv:Body></soapenv:Envelope>"#
    );
    Answer::text(200, XML, xml)
}
