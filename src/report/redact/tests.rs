use super::*;
use crate::finding::{Confidence, Fix, Predicted, Replace, Severity, Status};

fn redactor() -> (tempfile::TempDir, Redactor) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("User.csv"),
        "Id,Username,Email,FirstName,LastName,FederationIdentifier,CommunityNickname\n\
         0057R000000BQA0QAO,ann@acme.example,ann.lee@mail.example,Ann,Lee,E-4711,annie\n\
         0057R000000BQA1QAO,bob@acme.example,bob@acme.example,Bob,O'Neil-Ray,E-4712,bob\n\
         0057R000000BQA2QAO,cy@acme.example,cy@acme.example,Cy,Twin,,\n\
         0057R000000BQA3QAO,cy2@acme.example,cy2@acme.example,Cy,Twin,,\n",
    )
    .expect("written");
    let key = Key::of(b"0123456789abcdef0123456789abcdef");
    let redactor = Redactor::new(key, folder.path()).expect("readable");
    (folder, redactor)
}

#[test]
fn whatever_names_a_person_leads_to_one_pseudonym() {
    let (_folder, redactor) = redactor();
    let ann = redactor.person("ANN@acme.example");
    assert!(ann.starts_with("person-") && ann.len() == 23, "{ann}");
    for (text, wanted) in [
        (
            "user ann@acme.example (0057R000000BQA0QAO) has it",
            format!("user {ann} ({ann}) has it"),
        ),
        ("mail ann.lee@mail.example.", format!("mail {ann}.")),
        (
            "id 0057R000000BQA0: 'Ann Lee'",
            format!("id {ann}: '{ann}'"),
        ),
        ("'ann lee', twice", format!("'{ann}', twice")),
        ("of Lee Ann.", format!("of {ann}.")),
    ] {
        assert_eq!(redactor.text(text), wanted);
    }
    let bob = redactor.person("bob@acme.example");
    assert_eq!(redactor.text("Bob O'Neil-Ray"), bob);
    assert_eq!(redactor.text("'bob@acme.example'"), format!("'{bob}'"));
}

#[test]
fn unknown_addresses_and_ids_are_replaced_too_and_nothing_else() {
    let (_folder, redactor) = redactor();
    let new = redactor.person("new@acme.example");
    assert_eq!(redactor.text("(new@acme.example)"), format!("({new})"));
    let apostrophe = redactor.person("o'hara@acme.example");
    assert_eq!(
        redactor.text("'o'hara@acme.example'"),
        format!("'{apostrophe}'")
    );
    for plain in [
        "@acme.example is not configured",
        "profile 'Sales User' (00e7R000000SDjXQAW) of Salesforce (SFDC)",
        "12 rows, 5 seats; a",
        "005 rows",
        "",
        "é ü 数据",
    ] {
        assert_eq!(redactor.text(plain), plain);
    }
    let twins = redactor.text("Cy Twin");
    assert!(twins.starts_with("person-"));
    assert_ne!(twins, redactor.person("cy@acme.example"));
    assert_ne!(twins, redactor.person("cy2@acme.example"));
}

fn finding() -> Finding {
    Finding {
        input: Some("a.csv".into()),
        row: Some(1),
        line: Some(2),
        rule: "field-too-long".into(),
        severity: Severity::Error,
        confidence: Confidence::Certain,
        status: Status::Open,
        waiver: None,
        fingerprint: "f".into(),
        column: Some("firstName".into()),
        value: Some("Maximiliane".into()),
        user: Some("max".into()),
        subject: Some("nickname:maxi".into()),
        message: "firstName 'Maximiliane' of max has 11 characters".into(),
        reason: vec!["user ann@acme.example has it".into()],
        predicted: Some(Predicted {
            code: Some("STRING_TOO_LONG".into()),
            message: Some("First Name: data value too large: Maximiliane (max length=4)".into()),
            okta: Some("Automatic profile push of user max to app Salesforce.com failed: x".into()),
        }),
        fix: Some(Fix {
            text: "shorten it, for example to 'Maxi'".into(),
            replace: Some(Replace {
                column: "firstName".into(),
                with: "Maxi".into(),
            }),
        }),
        rows: None,
    }
}

#[test]
fn a_finding_keeps_its_sense_and_loses_its_people() {
    let (_folder, redactor) = redactor();
    let max = redactor.person("max");
    let ann = redactor.person("ann@acme.example");
    let mut told = finding();
    redactor.finding(&mut told);
    assert_eq!(told.user.as_deref(), Some(max.as_str()));
    assert_eq!(told.value.as_deref(), Some(max.as_str()));
    assert_eq!(
        told.message,
        format!("firstName '{max}' of {max} has 11 characters")
    );
    assert_eq!(told.reason, [format!("user {ann} has it")]);
    let json = serde_json::to_string(&told).expect("JSON");
    for secret in ["Maximiliane", "Maxi", "maxi", "ann@"] {
        assert!(!json.contains(secret), "{secret}: {json}");
    }
    assert!(json.contains("STRING_TOO_LONG") && json.contains("data value too large"));
    assert_ne!(told.fingerprint, "f");
    // The same again: nothing depends on anything but the key.
    let mut again = finding();
    redactor.finding(&mut again);
    assert_eq!(told, again);
}

#[test]
fn what_is_about_the_org_stays() {
    let (_folder, redactor) = redactor();
    let mut told = Finding {
        column: Some("profile".into()),
        value: Some("Sales".into()),
        subject: Some("profile:Sales".into()),
        message: "no profile is named 'Sales'".into(),
        reason: Vec::new(),
        predicted: None,
        fix: None,
        ..finding()
    };
    redactor.finding(&mut told);
    assert_eq!(told.value.as_deref(), Some("Sales"));
    assert_eq!(told.subject.as_deref(), Some("profile:Sales"));
    assert_eq!(told.message, "no profile is named 'Sales'");
}

#[test]
fn lines_are_redacted_however_they_are_cut() {
    let (_folder, redactor) = redactor();
    let json = serde_json::to_string(&finding()).expect("JSON");
    let text = format!("{json}\n{json}\n");
    let mut whole = Vec::new();
    for size in [1, 7, text.len()] {
        let mut out = Vec::new();
        let mut lines = redactor.lines(&mut out);
        for piece in text.as_bytes().chunks(size) {
            lines.write_all(piece).expect("memory");
        }
        lines.finish().expect("whole lines");
        assert_eq!(memchr::memchr_iter(b'\n', &out).count(), 2);
        if whole.is_empty() {
            whole.clone_from(&out);
        }
        assert_eq!(out, whole);
    }
    let mut out = Vec::new();
    let mut lines = redactor.lines(&mut out);
    lines.write_all(b"{").expect("memory");
    assert!(lines.finish().is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(text in "[ '@.a-zé005(){}AnLe]{0,40}") {
        let (_folder, redactor) = redactor();
        let once = redactor.text(&text);
        proptest::prop_assert!(!once.contains("ann@acme.example"));
    }
}
