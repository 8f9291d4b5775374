//! The fake org as clients see it: bytes on a socket, by a client that does nothing by itself.

mod grants;
mod knobs;
mod login;
mod paging;
mod reading;
mod requests;
mod wire;

use super::{Builder, FakeOrg};
use serde_json::Value;

/// An answer as it came.
struct Got {
    status: u16,
    headers: String,
    body: Vec<u8>,
    /// Whether as many bytes came as were promised.
    whole: bool,
}

impl Got {
    fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|fault| panic!("{fault}: {} {text}", self.status))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// `errorCode` of the first element.
    fn code(&self) -> String {
        self.json()[0]["errorCode"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn message(&self) -> String {
        self.json()[0]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

/// Sends bytes, and reads until the connection ends.
fn exchange(org: &FakeOrg, request: &[u8]) -> Got {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", org.port())).expect("a connection");
    // The other side may have answered and left before it has read all.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    let headers = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = headers
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    let mut got = Got {
        status,
        headers,
        body: bytes[end + 4..].to_vec(),
        whole: true,
    };
    if got.header("transfer-encoding").is_some() {
        (got.body, got.whole) = unchunk(&got.body);
    } else if let Some(length) = got.header("content-length") {
        got.whole = length.parse() == Ok(got.body.len());
    }
    got
}

fn unchunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else {
            return (body, false);
        };
        let size = String::from_utf8_lossy(&rest[..end]).into_owned();
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else {
            return (body, false);
        };
        if size == 0 {
            return (body, true);
        }
        let start = end + 2;
        let Some(piece) = rest.get(start..start + size) else {
            body.extend_from_slice(&rest[start..]);
            return (body, false);
        };
        body.extend_from_slice(piece);
        rest = rest.get(start + size + 2..).unwrap_or_default();
    }
}

fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            text += part;
        }
    }
    text
}

/// A caller with a session.
struct Caller<'o> {
    org: &'o FakeOrg,
    token: String,
}

impl<'o> Caller<'o> {
    fn new(org: &'o FakeOrg) -> Self {
        Self {
            org,
            token: org.access_token(),
        }
    }

    fn get(&self, path: &str) -> Got {
        self.get_with(path, &[])
    }

    fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        exchange(self.org, (head("GET", path, &all) + "\r\n").as_bytes())
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Got {
        let bearer = format!("Bearer {}", self.token);
        let length = body.len().to_string();
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("content-length", length.as_str()),
        ];
        exchange(
            self.org,
            (head(method, path, &headers) + "\r\n" + body).as_bytes(),
        )
    }

    fn query(&self, soql: &str) -> Got {
        self.get(&format!("/services/data/v65.0/query?q={}", encoded(soql)))
    }

    /// Records of all pages, and the number of pages.
    fn all(&self, soql: &str) -> (Vec<Value>, usize) {
        let mut page = self.query(soql);
        let (mut records, mut pages) = (Vec::new(), 0);
        loop {
            assert_eq!(page.status, 200, "{}", page.text());
            let json = page.json();
            pages += 1;
            records.extend(json["records"].as_array().expect("records").clone());
            let Some(next) = json["nextRecordsUrl"].as_str() else {
                assert_eq!(json["done"], true);
                return (records, pages);
            };
            page = self.get(next);
        }
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A form, posted to the login.
fn post(org: &FakeOrg, path: &str, form: &[(&str, &str)]) -> Got {
    let body = form
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect::<Vec<_>>()
        .join("&");
    let length = body.len().to_string();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", length.as_str()),
    ];
    exchange(
        org,
        (head("POST", path, &headers) + "\r\n" + &body).as_bytes(),
    )
}

fn started(builder: Builder) -> FakeOrg {
    builder.start().expect("a running org")
}
