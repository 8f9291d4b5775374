//! Settings.csv: the only facts that no query gives. One read-only call of the Metadata API, and only when asked for.

use super::Error;
use super::wanted::SETTINGS;
use super::write::sha256;
use crate::api::{Org, Request};
use crate::snapshot::manifest::{Entry, Extent, Via};
use std::path::Path;
use std::sync::Arc;

/// The settings that rules ask for, as elements of `CommunitiesSettings`.
const NAMES: [&str; 3] = [
    "enableNetworksEnabled",
    "enableOotbProfExtUserOpsEnable",
    "enableUsernameUniqForOrgPref",
];

/// Reads the settings into the folder.
pub(super) async fn read(org: &Org<'_>, folder: &Path) -> Result<Entry, Error> {
    let token = org
        .client()
        .connection()
        .token()
        .await
        .map_err(|error| crate::api::Error::Login(Arc::new(error)))?;
    let path = format!("/services/Soap/m/{}", org.version());
    let answer = match org
        .client()
        .send(&Request::soap(&path, envelope(token.secret().expose())))
        .await
    {
        Ok(answer) => answer,
        Err(error) if error.is_connection() => return Err(error.into()),
        Err(error) => {
            return Ok(absent(format!(
                "the Metadata API refuses: {error}; it needs Modify Metadata Through Metadata API Functions"
            )));
        }
    };
    let text = String::from_utf8_lossy(&answer.body);
    let Some(sheet) = sheet(&text) else {
        return Ok(absent(String::from(
            "the answer of the Metadata API holds no CommunitiesSettings",
        )));
    };
    let file = folder.join(format!("{SETTINGS}.csv"));
    std::fs::write(&file, &sheet).map_err(|error| Error::write(&file, error))?;
    Ok(Entry {
        coverage: Some(Extent::Full),
        via: Some(Via::Metadata),
        rows: Some(sheet.lines().count().saturating_sub(1) as u64),
        sha256: Some(sha256(sheet.as_bytes())),
        ..Entry::default()
    })
}

/// The entry of a run that does not ask.
pub(super) fn absent(reason: String) -> Entry {
    Entry {
        coverage: Some(Extent::Absent),
        gaps: vec![reason],
        ..Entry::default()
    }
}

fn envelope(session: &str) -> Vec<u8> {
    let session = session.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><env:Header><SessionHeader><sessionId>{session}</sessionId></SessionHeader></env:Header><env:Body><readMetadata><type>CommunitiesSettings</type><fullNames>Communities</fullNames></readMetadata></env:Body></env:Envelope>"#
    )
    .into_bytes()
}

/// `key,value` of the settings that the answer holds.
fn sheet(answer: &str) -> Option<String> {
    let mut sheet = String::from("key,value\n");
    let before = sheet.len();
    for name in NAMES {
        let value = answer
            .split_once(&format!("<{name}>"))
            .and_then(|(_, rest)| rest.split_once('<'))
            .map(|(value, _)| value.trim());
        // Nothing but these two is ever written: the answer is not to be trusted with more.
        if let Some(value @ ("true" | "false")) = value {
            for part in ["Communities.", name, ",", value, "\n"] {
                sheet.push_str(part);
            }
        }
    }
    (sheet.len() > before).then_some(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_a_sheet() {
        let answer = "<records xsi:type=\"CommunitiesSettings\"><fullName>Communities</fullName><enableNetworksEnabled>true</enableNetworksEnabled><enableOther>true</enableOther><enableUsernameUniqForOrgPref> false </enableUsernameUniqForOrgPref><enableOotbProfExtUserOpsEnable>=cmd</enableOotbProfExtUserOpsEnable></records>";
        assert_eq!(
            sheet(answer).as_deref(),
            Some(
                "key,value\nCommunities.enableNetworksEnabled,true\nCommunities.enableUsernameUniqForOrgPref,false\n"
            )
        );
        assert_eq!(sheet("<fault/>"), None);
    }
}
