//! The answer of the browser: a listener on this machine that takes one, checks it and closes.
//!
//! The port is fixed, because Salesforce compares the whole callback address with the registered one. Both addresses of
//! `localhost` are taken: a browser may use either, and a stranger must not get the other.

use super::Error;
use crate::net::{Secret, same};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::{Url, form_urlencoded};

/// The port that the README tells administrators to register.
pub const DEFAULT_PORT: u16 = 8717;
/// How long the browser is waited for.
pub const DEFAULT_WAIT: Duration = Duration::from_mins(3);
const PATH: &str = "/callback";
/// How long a connection may take to say what it wants, and how much, in bytes.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: usize = 16 * 1024;

/// Takes the answer of a browser.
#[derive(Debug)]
pub(super) struct Callback {
    port: u16,
    listeners: Vec<TcpListener>,
}

/// What one request of a browser was.
#[derive(Debug)]
enum Hit {
    /// The answer that was waited for.
    Code(Secret),
    /// The user or Salesforce said no.
    Denied { error: String, description: String },
    /// An answer to another login, or somebody's try.
    Foreign,
    /// Something else: a favicon, a connection made ahead.
    Nothing(Status),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    BadRequest,
    NotFound,
}

/// What a login in the browser came to.
#[derive(Debug)]
pub(super) enum Answer {
    /// The code to exchange.
    Code(Secret),
    /// An error of OAuth.
    Denied { error: String, description: String },
}

impl Callback {
    /// Takes the port, at both addresses of this machine.
    pub(super) async fn listen(port: u16) -> Result<Self, Error> {
        let taken = |reason: String| Error::Callback {
            reason: format!(
                "the port {port}, on which the browser's answer is awaited, cannot be had: {reason}; close what uses it, or take another one that is registered in the app: --callback-port"
            ),
        };
        let mut listeners = Vec::new();
        for address in [
            SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
        ] {
            // Some systems let two programs listen at once; so ask whether anybody answers before.
            let probe =
                tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address));
            if matches!(probe.await, Ok(Ok(_))) {
                return Err(taken(format!("another program answers at {address}")));
            }
            match TcpListener::bind(address).await {
                Ok(listener) => listeners.push(listener),
                // A machine without IPv6 has no such address; then no browser uses it.
                Err(error)
                    if address.is_ipv6() && error.kind() == io::ErrorKind::AddrNotAvailable => {}
                Err(error) if address.is_ipv6() && error.kind() == io::ErrorKind::Unsupported => {}
                Err(error) => return Err(taken(error.to_string())),
            }
        }
        Ok(Self { port, listeners })
    }

    /// The address that is registered in the app.
    pub(super) fn url(port: u16) -> Result<Url, Error> {
        Url::parse(&format!("http://localhost:{port}{PATH}"))
            .map_err(|error| Error::usage(error.to_string()))
    }

    /// Waits for the answer with this state. Whatever else comes is refused and does not end the wait.
    pub(super) async fn answer(self, state: &Secret, wait: Duration) -> Result<Answer, Error> {
        let (sender, mut hits) = mpsc::channel(16);
        let foreign = Arc::new(AtomicU32::new(0));
        let mut tasks = JoinSet::new();
        for listener in self.listeners {
            let (sender, state, foreign) = (sender.clone(), state.clone(), Arc::clone(&foreign));
            tasks.spawn(accept(listener, self.port, state, sender, foreign));
        }
        drop(sender);
        // Dropping the tasks closes the port: an answer is taken once.
        match tokio::time::timeout(wait, hits.recv()).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(Error::Callback {
                reason: String::from(
                    "the listener for the browser's answer has ended; log in again",
                ),
            }),
            Err(_) => Err(Error::Callback {
                reason: late(wait, foreign.load(Ordering::Relaxed)),
            }),
        }
    }
}

fn late(wait: Duration, foreign: u32) -> String {
    let seconds = wait.as_secs();
    if foreign > 0 {
        format!(
            "no answer to this login came within {seconds} seconds, but {foreign} with the state of another one (an old page of the browser, or somebody else's try), which {} refused: log in again and use the page that opens then",
            if foreign == 1 { "was" } else { "were" }
        )
    } else {
        format!(
            "no answer of the browser came within {seconds} seconds: log in again and allow access; where the browser shows an error about redirect_uri, register the callback address in the app"
        )
    }
}

async fn accept(
    listener: TcpListener,
    port: u16,
    state: Secret,
    answers: mpsc::Sender<Answer>,
    foreign: Arc<AtomicU32>,
) {
    // Browsers open connections ahead and say nothing on them: each is served by itself.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, mostly: others may close theirs.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (state, answers, foreign) = (state.clone(), answers.clone(), Arc::clone(&foreign));
        connections.spawn(async move {
            let served = tokio::time::timeout(PATIENCE, serve(stream, port, &state)).await;
            let answer = match served {
                Ok(Ok(Hit::Code(code))) => Answer::Code(code),
                Ok(Ok(Hit::Denied { error, description })) => Answer::Denied { error, description },
                Ok(Ok(Hit::Foreign)) => {
                    foreign.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                Ok(Ok(Hit::Nothing(_)) | Err(_)) | Err(_) => return,
            };
            // Nobody takes a second answer.
            let _ = answers.try_send(answer);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Reads one request, answers it, and says what it was.
async fn serve(mut stream: TcpStream, port: u16, state: &Secret) -> io::Result<Hit> {
    let mut head = Vec::with_capacity(2048);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST || stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let hit = look(&head, port, state);
    stream.write_all(page(&hit).as_bytes()).await?;
    stream.shutdown().await?;
    Ok(hit)
}

/// What a request is.
fn look(head: &[u8], port: u16, state: &Secret) -> Hit {
    const BAD: Hit = Hit::Nothing(Status::BadRequest);
    let Ok(text) = std::str::from_utf8(head) else {
        return BAD;
    };
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return BAD;
    };
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some("GET"), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return BAD;
    };
    let hosts: Vec<&str> = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim())
        .collect();
    // A page elsewhere can point a name of its own at this machine; its name stands here then.
    let ours = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}"));
    let [host] = hosts.as_slice() else {
        return BAD;
    };
    if !ours.iter().any(|own| own == host) {
        return BAD;
    }
    match target.split_once('?') {
        Some((PATH, query)) => answer(query, state),
        _ => Hit::Nothing(Status::NotFound),
    }
}

/// What the query of a callback says.
fn answer(query: &str, state: &Secret) -> Hit {
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let all = |name: &str| -> Vec<&str> {
        let found = pairs.iter().filter(|(own, _)| own == name);
        found.map(|(_, value)| value.as_ref()).collect()
    };
    let (states, codes, errors) = (all("state"), all("code"), all("error"));
    let ours = match states.as_slice() {
        [given] => same(given.as_bytes(), state.expose().as_bytes()),
        _ => false,
    };
    match (ours, codes.as_slice(), errors.as_slice()) {
        (true, [code], []) if !code.is_empty() => Hit::Code(Secret::new((*code).to_owned())),
        (true, [], [error]) => Hit::Denied {
            error: (*error).to_owned(),
            description: all("error_description").concat(),
        },
        (true, ..) => Hit::Nothing(Status::BadRequest),
        (false, ..) => Hit::Foreign,
    }
}

/// The answer: a page without a word of the request, that nobody keeps and that loads nothing.
fn page(hit: &Hit) -> String {
    let (status, text) = match hit {
        Hit::Code(_) => (
            "200 OK",
            "sfcompat has the answer. You can close this page and go back to the terminal.",
        ),
        Hit::Denied { .. } => (
            "200 OK",
            "Access was not given. The terminal says more; you can close this page.",
        ),
        Hit::Foreign => (
            "400 Bad Request",
            "This answer belongs to another login. Use the page that sfcompat opened last.",
        ),
        Hit::Nothing(Status::BadRequest) => ("400 Bad Request", "This is no answer to a login."),
        Hit::Nothing(Status::NotFound) => ("404 Not Found", "There is nothing here."),
    };
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>sfcompat</title><p>{text}</p></html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests;
