//! Schemas, lists of users and maps as Okta and administrators write them.

use super::{Error, Logins, Schema, fields};
use crate::model::key_of_folded;
use std::io::Write as _;
use std::path::Path;
use tempfile::NamedTempFile;

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("written");
    file
}

fn schema(text: &str) -> Result<Schema, Error> {
    Schema::read(file(text).path())
}

#[test]
fn the_required_list_decides_and_an_org_can_make_last_names_optional() {
    let text = r#"{"definitions":{"base":{"properties":{"login":{"required":true,"maxLength":90},
        "lastName":{"required":true}},"required":["login"]},"custom":{"properties":{"badge":{"maxLength":4}}}}}"#;
    let schema = schema(text).expect("a schema");
    assert!(schema.attribute("login").expect("there").required);
    assert!(!schema.attribute("lastName").expect("there").required);
    assert_eq!(
        schema.attribute("Badge").expect("there").max_length,
        Some(4)
    );
}

#[test]
fn a_recorded_schema_of_okta_is_read() {
    let Ok(path) = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/fixtures/okta/api_default_user_schema.json")
        .canonicalize()
    else {
        return;
    };
    let schema = Schema::read(&path).expect("a schema");
    assert!(schema.attribute("email").expect("there").required);
    assert_eq!(
        schema.attribute("firstName").expect("there").max_length,
        Some(50)
    );
}

#[test]
fn other_files_are_refused_with_what_they_are() {
    let said = |text: &str| schema(text).expect_err(text).to_string();
    assert!(said("{\"definitions\":").contains("line 1, column"));
    assert!(said("{}").contains("no attribute login"));
    let app = r#"{"definitions":{"base":{"properties":{"userName":{}}}}}"#;
    assert!(said(app).contains("schema of an app's users"));
    let missing = Schema::read(Path::new("no/such/file.json"));
    assert!(matches!(missing, Err(Error::Unreadable { .. })));
}

#[test]
fn logins_come_from_users_app_users_and_csv() {
    let of = |text: &str| Logins::read(file(text).path());
    let users = of(r#"[{"id":"1","profile":{"login":"Ann@a.example","email":"ann@a.example"}}]"#);
    let users = users.expect("users");
    let ann = users.user(key_of_folded("ann@A.example")).expect("there");
    assert_eq!(ann.login, "Ann@a.example");
    let app = of(
        r#"[{"externalId":"0051x0000000001AAA","profile":{"role":"CEO"},
        "_embedded":{"user":{"profile":{"login":"b@a.example"}}}}]"#,
    )
    .expect("app users");
    assert!(
        app.user(key_of_folded("b@a.example"))
            .expect("there")
            .linked
            .is_some()
    );
    let csv = of("\u{feff}Login,Email\r\nc@a.example,c@a.example\r\n").expect("csv");
    assert!(csv.user(key_of_folded("c@a.example")).is_some());
    for (text, part) in [
        ("[]", "no user in it has a login"),
        ("[{\"profile\":{}}]", "no user in it has a login"),
        ("{}", "one JSON object"),
        ("[{\"profile\": 1}]", "line 1"),
        ("name,mail\nx,y\n", "no column login"),
        ("[{\"profile\":{\"login\":\"a@b.c\"}}", "no JSON"),
    ] {
        let error = of(text).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_map_is_written_either_way_and_can_take_pairs_out() {
    let changes = |all: &[(&str, &str)]| {
        let owned: Vec<_> = all
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        fields(&Schema::base(), &owned)
    };
    let plain = changes(&[]).expect("a map");
    assert!(plain.contains(&"TimeZoneSidKey".to_owned()));
    let moved = changes(&[("Alias", "nickName"), ("TimeZoneSidKey", "")]).expect("a map");
    assert!(moved.contains(&"Alias".to_owned()));
    assert!(!moved.contains(&"CommunityNickname".to_owned()));
    assert!(!moved.contains(&"TimeZoneSidKey".to_owned()));
    let reversed = changes(&[("nickName", "Alias")]).expect("a map");
    assert!(reversed.contains(&"Alias".to_owned()));
    assert!(changes(&[("Alias", "shoeSize")]).is_err());
    assert!(changes(&[("ShoeSize__c", "")]).is_err());
}
