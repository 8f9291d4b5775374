//! Files that are good, and files that are not.

use super::*;
use std::collections::BTreeSet;

const ORG: &str = "00D7R000000FqP2UAK";

fn known(rule: &str, value: &str) -> Known {
    let mut known = Known {
        rule: rule.to_owned(),
        subject: Some(format!("profile:{value}")),
        column: Some("profile".to_owned()),
        value: Some(value.to_owned()),
        fingerprint: String::new(),
    };
    known.fingerprint = known.identity().to_string();
    known
}

fn baseline(all: &[Known]) -> Baseline {
    Baseline::new(Path::new(FILE), Some(ORG.to_owned()), all.to_vec())
}

fn text(baseline: &Baseline) -> String {
    let mut out = Vec::new();
    baseline.write(&mut out).expect("memory");
    String::from_utf8(out).expect("text")
}

fn parse(text: &str) -> Result<Baseline, Error> {
    Baseline::parse(text.as_bytes(), Path::new(FILE))
}

#[test]
fn what_is_written_is_sorted_and_comes_back() {
    let (a, b, c) = (
        known("b-rule", "x"),
        known("a-rule", "y"),
        known("a-rule", "x"),
    );
    let written = text(&baseline(&[a.clone(), b.clone(), c.clone(), a.clone()]));
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0],
        format!(
            "{{\"schema\":\"{SCHEMA}\",\"org\":\"{ORG}\",\"version\":\"{}\"}}",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert!(lines[1].contains("a-rule") && lines[1].contains("profile:x"));
    assert!(lines[3].contains("b-rule"));
    let back = parse(&written).expect("a baseline");
    assert_eq!(text(&back), written);
    assert!(
        [a, b, c]
            .iter()
            .all(|known| back.find(known.identity()).is_some())
    );
    assert_eq!(back.find(known("b-rule", "y").identity()), None);
    // Another order, other line ends and an empty line mean the same.
    let shuffled = format!(
        "{}\r\n{}\r\n\r\n{}\r\n{}",
        lines[0], lines[3], lines[1], lines[2]
    );
    assert_eq!(text(&parse(&shuffled).expect("a baseline")), written);
}

#[test]
fn what_is_malformed_is_refused_with_its_line() {
    let good = text(&baseline(&[known("a-rule", "x"), known("a-rule", "y")]));
    let cases = [
        (String::new(), 1),
        ("{}\n".to_owned(), 1),
        (good.replace("baseline/1", "baseline/2"), 1),
        (good.lines().skip(1).collect::<Vec<_>>().join("\n"), 1),
        (good.replace("\"value\":\"y\"", "\"value\":\"z\""), 3),
        (good.replace("\"value\":\"x\"", "\"lines\":\"x\""), 2),
        (format!("{good}{{\"rule\":"), 4),
        (good.replace("\"fingerprint\":\"", "\"fingerprint\":\"g"), 2),
        (good.replacen("{\"rule\"", "[{\"rule\"", 1), 2),
        (format!("{good}\u{0}"), 4),
    ];
    for (text, at) in cases {
        match parse(&text) {
            Err(Error::Malformed { line, .. }) => assert_eq!(line, at, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(matches!(
        Baseline::parse(b"\xff\xfe", Path::new(FILE)),
        Err(Error::Malformed { .. })
    ));
}

#[test]
fn an_org_is_expected() {
    let of = |org: Option<&str>| Baseline::new(Path::new(FILE), org.map(str::to_owned), []);
    assert!(of(Some(ORG)).expect_org(Some(ORG)).is_ok() && of(None).expect_org(None).is_ok());
    for (own, other) in [
        (Some(ORG), Some("00Dx")),
        (Some(ORG), None),
        (None, Some(ORG)),
    ] {
        assert!(of(own).expect_org(other).is_err(), "{own:?} {other:?}");
    }
}

#[test]
fn it_grows_and_shrinks() {
    let (x, y, z) = (
        known("a-rule", "x"),
        known("a-rule", "y"),
        known("a-rule", "z"),
    );
    let line = |known: &Known, status: &str| {
        let mut json = serde_json::to_value(known).expect("JSON");
        json["status"] = status.into();
        json["message"] = "m".into();
        json.to_string()
    };
    let mut about = known("snapshot-stale", "x");
    about.fingerprint = about.identity().to_string();
    let lines = [
        line(&x, "baselined"),
        line(&z, "open"),
        line(&z, "open"),
        line(&about, "open"),
        line(&known("a-rule", "w"), "waived"),
    ];
    let run = found(lines.join("\n").as_bytes()).expect("findings");
    assert_eq!(run.new, std::slice::from_ref(&z));
    assert_eq!(run.all.len(), 4);
    let old = baseline(&[x.clone(), y.clone()]);
    let stale: BTreeSet<_> = [y.identity()].into();
    let less = old.without(&stale);
    assert_eq!((less.removed, less.baseline.len()), (1, 1));
    let more = old.with(run);
    assert_eq!((more.added, more.baseline.len()), (1, 3));
    assert!(found(&b"{\"rule\":1}\n"[..]).is_err());
}
