use super::*;

fn secret() -> Secret {
    Secret::new(String::from("the-state"))
}

fn hit(target: &str, host: &str) -> Hit {
    let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n");
    look(head.as_bytes(), 8717, &secret())
}

#[test]
fn the_answer_is_taken() {
    for host in ["localhost:8717", "127.0.0.1:8717", "[::1]:8717"] {
        let Hit::Code(code) = hit("/callback?code=aPrx.%3D%3D&state=the-state", host) else {
            panic!("{host}");
        };
        assert_eq!(code.expose(), "aPrx.==");
    }
    let denied = hit(
        "/callback?error=access_denied&error_description=end-user+denied&state=the-state",
        "localhost:8717",
    );
    assert!(
        matches!(denied, Hit::Denied { error, description } if error == "access_denied" && description == "end-user denied")
    );
}

#[test]
fn an_answer_with_another_state_is_foreign() {
    for query in [
        "code=x",
        "code=x&state=",
        "code=x&state=the-statf",
        "code=x&state=the-state2",
        "code=x&state=the-state&state=the-state",
        "error=access_denied",
        "",
    ] {
        assert!(
            matches!(
                hit(&format!("/callback?{query}"), "localhost:8717"),
                Hit::Foreign
            ),
            "{query}"
        );
    }
}

#[test]
fn nothing_else_is_an_answer() {
    let good = "/callback?code=x&state=the-state";
    for host in [
        "evil.example:8717",
        "localhost",
        "localhost:8718",
        "localhost:8717.evil.example",
        "",
    ] {
        assert!(
            matches!(hit(good, host), Hit::Nothing(Status::BadRequest)),
            "{host}"
        );
    }
    for target in [
        "/",
        "/favicon.ico",
        "/callback",
        "/callback/?code=x&state=the-state",
        "//callback?code=x&state=the-state",
    ] {
        assert!(
            matches!(
                hit(target, "localhost:8717"),
                Hit::Nothing(Status::NotFound)
            ),
            "{target}"
        );
    }
    for target in [
        "/callback?code=x&code=y&state=the-state",
        "/callback?code=&state=the-state",
        "/callback?code=x&error=y&state=the-state",
        "/callback?state=the-state",
    ] {
        assert!(
            matches!(
                hit(target, "localhost:8717"),
                Hit::Nothing(Status::BadRequest)
            ),
            "{target}"
        );
    }
    for head in [
        &b"POST /callback?code=x&state=the-state HTTP/1.1\r\nHost: localhost:8717\r\n\r\n"[..],
        b"GET /callback?code=x&state=the-state HTTP/1.1\r\nHost: localhost:8717\r\nHost: evil.example\r\n\r\n",
        b"GET /callback?code=x&state=the-state HTTP/1.1\r\n\r\n",
        b"GET /callback?code=x&state=the-state HTTP/1.1\r\nHost: localhost:8717\r\n",
        b"\x16\x03\x01",
        b"",
        b"\r\n\r\n",
    ] {
        assert!(matches!(look(head, 8717, &secret()), Hit::Nothing(Status::BadRequest)));
    }
}

#[test]
fn the_page_repeats_nothing_and_is_kept_by_nobody() {
    let code = hit(
        "/callback?code=aPrxSECRET&state=the-state",
        "localhost:8717",
    );
    let text = page(&code);
    assert!(!text.contains("aPrx") && !text.contains("the-state"));
    for header in [
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'none'",
        "Connection: close",
    ] {
        assert!(text.contains(header), "{header}");
    }
    let denied = hit(
        "/callback?error=%3Cscript%3E&state=the-state",
        "localhost:8717",
    );
    assert!(!page(&denied).contains("script"));
}
