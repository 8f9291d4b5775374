//! The listener: its own threads and runtime, so that it serves callers with and without one.

use super::{Answer, Body, Request};
use crate::demo::Error;
use axum::Router;
use axum::body::{Body as AxumBody, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::serve::ListenerExt as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt as _, stream};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// The largest request body that is read.
const LARGEST: usize = 16 << 20;
/// The most bytes of an address, and of address and headers together (REST API guide, status 414 and 431).
const LONGEST: usize = 16_384;
/// Bodies below this size are not worth compressing.
const COMPRESSED_FROM: usize = 512;

/// Threads that answer: one that writes a large page must not hold up everybody else, as in a real org.
const WORKERS: usize = 2;

/// What answers requests.
pub(in crate::demo) trait Handler: Send + Sync + 'static {
    /// Answers one request.
    fn answer(&self, request: &Request) -> Answer;
}

/// A running listener; it ends when this is dropped.
pub(in crate::demo) struct Running {
    pub(in crate::demo) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Listens on 127.0.0.1 until the result is dropped.
///
/// # Errors
/// The port is taken, or the system gives no thread.
pub(in crate::demo) fn start<H: Handler>(port: u16, handler: Arc<H>) -> Result<Running, Error> {
    let asked = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let refused = |source| Error::Port { port, source };
    let listener = std::net::TcpListener::bind(asked).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("fake-org")
        .enable_all()
        .build()
        .map_err(Error::Start)?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("fake-org".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                    return;
                };
                // Small answers would wait for the next packet otherwise.
                let listener = listener.tap_io(|stream| {
                    let _ = stream.set_nodelay(true);
                });
                let app = Router::new().fallback(one::<H>).with_state(handler);
                tokio::select! {
                    _ = axum::serve(listener, app) => {}
                    _ = stopped => {}
                }
            });
            // Connections that are still open end with the runtime.
            runtime.shutdown_background();
        })
        .map_err(Error::Start)?;
    Ok(Running {
        address,
        stop: Some(stop),
        thread: Some(thread),
    })
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn one<H: Handler>(
    State(handler): State<Arc<H>>,
    request: axum::extract::Request,
) -> Response<AxumBody> {
    let (head, body) = request.into_parts();
    let address = head
        .uri
        .path_and_query()
        .map_or("/", |address| address.as_str());
    let headers: usize = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    let status = if address.len() > LONGEST {
        414
    } else if address.len() + headers > LONGEST {
        431
    } else {
        0
    };
    let mut asked = Request::new(head.method.as_str(), address);
    asked.headers = head.headers;
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return send(Answer::empty(413), false).await;
    };
    asked.body = body.to_vec();
    let answer = if status == 0 {
        handler.answer(&asked)
    } else {
        let text = if status == 414 {
            "URI Too Long"
        } else {
            "Request Header Fields Too Large"
        };
        let page = format!(
            "<html><head><title>{status} {text}</title></head><body><h1>{text}</h1></body></html>"
        );
        Answer::text(status, "text/html;charset=UTF-8", page)
    };
    let zipped = asked.header("accept-encoding").is_some_and(|accepted| {
        accepted
            .split(',')
            .any(|one| one.trim().starts_with("gzip"))
    });
    send(answer, zipped).await
}

async fn send(answer: Answer, zipped: bool) -> Response<AxumBody> {
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    let mut body = answer.body;
    let zipped = zipped && body.len() >= COMPRESSED_FROM && answer.sent == Body::Whole;
    if zipped && let Ok(packed) = gzip(&body) {
        body = packed;
    }
    let length = body.len();
    let content = match answer.sent {
        Body::Whole => AxumBody::from(body),
        Body::Cut(after) => {
            body.truncate(after);
            AxumBody::from_stream(broken(body))
        }
        Body::Padded(more) => AxumBody::from_stream(stream::iter(padded(body, more))),
    };
    let mut response = Response::new(content);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if !answer.content_type.is_empty() {
        headers.insert(
            "content-type",
            HeaderValue::from_static(answer.content_type),
        );
    }
    if zipped {
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
    }
    if matches!(answer.sent, Body::Cut(_)) {
        // The length is promised, and then not kept.
        headers.insert("content-length", HeaderValue::from(length));
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            // Okta sends several Link headers.
            headers.append(name, value);
        }
    }
    response
}

fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    packed.write_all(body)?;
    packed.finish()
}

/// A body that breaks off once its bytes are out.
fn broken(body: Vec<u8>) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::unfold(Some(body), |rest| async move {
        match rest {
            Some(body) if body.is_empty() => Some((Err(broken_off()), None)),
            Some(body) => Some((Ok(Bytes::from(body)), Some(Vec::new()))),
            None => None,
        }
    })
    // What was written goes out while this waits; without it the error would overtake it.
    .then(|piece| async {
        if piece.is_err() {
            tokio::time::sleep(FLUSH).await;
        }
        piece
    })
}

/// Time enough for bytes to leave.
const FLUSH: Duration = Duration::from_millis(20);

fn broken_off() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}

/// A body that goes on with blanks, which JSON allows, so that only its size is wrong with it.
fn padded(body: Vec<u8>, more: u64) -> impl Iterator<Item = io::Result<Bytes>> {
    static BLANKS: [u8; 1 << 16] = [b' '; 1 << 16];
    let whole = more / BLANKS.len() as u64;
    let blanks = (0..whole).map(|_| Ok(Bytes::from_static(&BLANKS)));
    std::iter::once(Ok(Bytes::from(body))).chain(blanks)
}
