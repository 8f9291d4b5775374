//! A company's network: a proxy that every request to the outside must take, and that opens TLS with a certificate of the
//! company's own root. Behind it stands the org that a test gives it.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "each test file is a crate of its own and uses its own part"
)]

use crate::oauth::pem;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A running proxy; it serves until the test ends.
pub struct Proxy {
    pub port: u16,
    /// The company's root, as PEM.
    pub root: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy that knows one host, behind which the server at a port of this machine stands.
    pub fn start(host: &'static str, behind: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (config, root) = tls(host);
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, noted) = (Arc::clone(&config), Arc::clone(&noted));
                std::thread::spawn(move || {
                    // Whoever breaks off has a reason, which the test looks at.
                    let _ = tunnel(stream, host, behind, config, &noted);
                });
            }
        });
        Self { port, root, heads }
    }

    /// What was asked of the proxy itself: one text for each tunnel.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("unpoisoned").clone()
    }
}

fn head(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        head.push(byte[0]);
    }
    Ok(head)
}

fn tunnel(
    mut stream: TcpStream,
    host: &str,
    behind: u16,
    config: Arc<ServerConfig>,
    noted: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let asked = String::from_utf8_lossy(&head(&mut stream)?).into_owned();
    let known = asked.starts_with(&format!("CONNECT {host}:443 "));
    noted.lock().expect("unpoisoned").push(asked);
    if !known {
        return stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut tls = StreamOwned::new(connection, stream);
    loop {
        let Ok(asked) = head(&mut tls) else {
            return Ok(());
        };
        let text = String::from_utf8_lossy(&asked).to_ascii_lowercase();
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        tls.read_exact(&mut body)?;
        let mut org = TcpStream::connect(("127.0.0.1", behind))?;
        // One request for each connection behind, so that its end is the end of the answer.
        let end = asked.len() - 2;
        org.write_all(&asked[..end])?;
        org.write_all(b"connection: close\r\n\r\n")?;
        org.write_all(&body)?;
        let mut answer = Vec::new();
        org.read_to_end(&mut answer)?;
        tls.write_all(&answer)?;
        tls.conn.send_close_notify();
        tls.flush()?;
        if text.contains("connection: close")
            || answer.windows(17).any(|w| w == b"connection: close")
        {
            return Ok(());
        }
    }
}

/// The certificate of a host, and the root that vouches for it.
fn tls(host: &str) -> (Arc<ServerConfig>, String) {
    let key = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
    let (root_key, own_key) = (key(), key());
    let root = certificate(
        "Acme Company Root",
        None,
        &root_key,
        &root_key,
        "Acme Company Root",
    );
    let own = certificate(host, Some(host), &own_key, &root_key, "Acme Company Root");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let pkcs8 = own_key.to_pkcs8v1().expect("PKCS#8").as_ref().to_vec();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS")
        .with_no_client_auth()
        .with_single_cert(
            vec![own.into()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8)),
        )
        .expect("a certificate");
    (Arc::new(config), pem("CERTIFICATE", &root))
}

/// One value of DER.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 128 => out.push(short),
        Ok(longer) => out.extend([0x81, longer]),
        Err(_) => {
            let length = u16::try_from(content.len()).expect("short").to_be_bytes();
            out.extend([0x82, length[0], length[1]]);
        }
    }
    out.extend(content);
    out
}

const SEQUENCE: u8 = 0x30;
/// ecdsa-with-SHA256
const ALGORITHM: &[u8] = &[
    0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02,
];

/// A certificate of RFC 5280: of a host, or of a root where there is none.
fn certificate(
    name: &str,
    host: Option<&str>,
    key: &EcdsaKeyPair,
    signer: &EcdsaKeyPair,
    issuer: &str,
) -> Vec<u8> {
    let named = |name: &str| {
        let common_name = der(
            SEQUENCE,
            &[
                &[0x06, 0x03, 0x55, 0x04, 0x03],
                &der(0x0c, &[name.as_bytes()]),
            ],
        );
        der(SEQUENCE, &[&der(0x31, &[&common_name])])
    };
    let extension = |id: u8, critical: bool, value: &[u8]| {
        let flag: &[u8] = if critical { &[0x01, 0x01, 0xff] } else { &[] };
        der(
            SEQUENCE,
            &[&[0x06, 0x03, 0x55, 0x1d, id], flag, &der(0x04, &[value])],
        )
    };
    let extensions = match host {
        // subjectAltName
        Some(host) => extension(17, false, &der(SEQUENCE, &[&der(0x82, &[host.as_bytes()])])),
        // basicConstraints, keyUsage
        None => [
            extension(19, true, &der(SEQUENCE, &[&[0x01, 0x01, 0xff]])),
            extension(15, true, &[0x03, 0x02, 0x01, 0x06]),
        ]
        .concat(),
    };
    let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> =
        key.public_key().as_der().expect("a public key");
    let body = der(
        SEQUENCE,
        &[
            &der(0xa0, &[&[0x02, 0x01, 0x02]]),
            &der(0x02, &[&[if host.is_some() { 2 } else { 1 }]]),
            ALGORITHM,
            &named(issuer),
            &der(
                SEQUENCE,
                &[
                    &der(0x17, &[b"200101000000Z"]),
                    &der(0x18, &[b"21200101000000Z"]),
                ],
            ),
            &named(name),
            public.as_ref(),
            &der(0xa3, &[&der(SEQUENCE, &[&extensions])]),
        ],
    );
    let signature = signer.sign(&SystemRandom::new(), &body).expect("signed");
    der(
        SEQUENCE,
        &[&body, ALGORITHM, &der(0x03, &[&[0], signature.as_ref()])],
    )
}
