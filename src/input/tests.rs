//! Whole inputs: what is read, and what is refused with which words.

use super::{Attribute, Error, Input, Kind, ReadOptions};
use crate::model::{Describe, Field, FieldType, Known, Org};
use crate::tabular::Records;
use proptest::prelude::*;
use std::io::{Cursor, Write as _};
use std::path::Path;

fn field(name: &str, label: &str) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        kind: FieldType::Text,
        type_name: "string".into(),
        length: Known::Yes(40),
        nillable: Known::Yes(true),
        createable: Known::Yes(true),
        updateable: Known::Yes(true),
        defaulted_on_create: Known::Yes(false),
        custom: name.ends_with("__c"),
        unique: false,
        external_id: false,
        calculated: false,
        auto_number: false,
        restricted_picklist: false,
        picklist: Vec::new(),
        controller: None,
        reference_to: Vec::new(),
    }
}

fn org() -> Org {
    Org {
        user_describe: Some(Describe::new(vec![
            field("Id", "User ID"),
            field("Username", "Username"),
            field("ProfileId", "Profile ID"),
            field("UserRoleId", "Role ID"),
            field("Title", "Title"),
            field("LastLoginDate", "Last Login"),
            field("UserPermissionsMarketingUser", "Marketing User"),
            field("Cost_Center__c", "Cost Center"),
            field("Region__c", "Area"),
            field("District__c", "Area"),
        ])),
        ..Org::default()
    }
}

fn read_with(bytes: &[u8], options: &ReadOptions<'_>) -> Result<(Input, Vec<Vec<String>>), Error> {
    let (input, mut blocks) = Input::read(
        "f.csv",
        Box::new(Cursor::new(bytes.to_vec())),
        &org(),
        options,
    )?;
    let mut rows = Vec::new();
    let mut records = Records::default();
    while let Some(block) = blocks
        .next(Vec::new())
        .map_err(|error| Error::of_block(&input.path, error))?
    {
        let text = input.text(&block)?;
        records.split(text, input.delimiter);
        for n in 0..records.len() {
            let cells = records.get(text, n).expect("in range");
            input.check_width(cells, block.first_line + u64::from(cells.line()))?;
            rows.push(cells.iter().map(str::to_owned).collect());
        }
    }
    Ok((input, rows))
}

fn read(text: &str) -> Result<(Input, Vec<Vec<String>>), Error> {
    read_with(text.as_bytes(), &ReadOptions::default())
}

fn columns(header: &str) -> Vec<(Attribute, String)> {
    let (input, _) = read(&format!("{header}\nx\n")).expect(header);
    input
        .columns
        .assigned()
        .into_iter()
        .map(|(attribute, header)| (attribute, header.to_owned()))
        .collect()
}

fn refusal(text: &str) -> String {
    read(text)
        .map(|(input, _)| input.columns.assigned().len())
        .expect_err("refused")
        .to_string()
}

#[test]
fn a_file_is_described() {
    let (input, rows) =
        read("\n\nLogin;\"Profile\nName\";Notes\r\na@x.example;\"A;B\";n\r\nb@x.example;C;\r\n")
            .expect("readable");
    assert_eq!(input.kind, Kind::Assignments);
    assert_eq!(input.delimiter, b';');
    assert_eq!(input.encoding.name(), "utf-8");
    assert_eq!((input.header_line, input.first_line), (3, 5));
    assert_eq!(
        rows,
        [
            vec!["a@x.example", "A;B", "n"],
            vec!["b@x.example", "C", ""]
        ]
    );
    assert_eq!(&*input.columns.ignored, [Box::from("Notes")]);
    assert!(input.sha256.hex().is_some_and(|hash| hash.len() == 64));
}

#[test]
fn encodings_give_the_same_text() {
    let text = "username,title\nzo\u{eb}@x.example,\u{1f600}\n";
    let mut files: Vec<(Vec<u8>, &str)> = vec![(text.as_bytes().to_vec(), "utf-8")];
    files.push(([b"\xef\xbb\xbf", text.as_bytes()].concat(), "utf-8-bom"));
    let wide = |swap: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(swap)
            .collect()
    };
    files.push((wide(u16::to_le_bytes), "utf-16le"));
    files.push((wide(u16::to_be_bytes), "utf-16be"));
    for (bytes, name) in files {
        let (input, rows) = read_with(
            &bytes,
            &ReadOptions {
                block: 7,
                ..ReadOptions::default()
            },
        )
        .expect(name);
        assert_eq!(input.encoding.name(), name);
        assert_eq!(rows, [["zo\u{eb}@x.example", "\u{1f600}"]], "{name}");
        assert_eq!(input.columns.header(Attribute::Username), Some("username"));
        assert!(input.sha256.hex().is_some(), "{name}");
    }
    let options = ReadOptions {
        encoding: Some("windows-1252"),
        ..ReadOptions::default()
    };
    let (_, rows) = read_with(b"username,title\na@x.example,Caf\xe9\n", &options).expect("decoded");
    assert_eq!(rows[0][1], "Caf\u{e9}");
}

#[test]
fn long_texts_in_other_encodings_are_whole() {
    let body: String = (0..30_000)
        .map(|n| format!("user{n}@x.example,\u{e4}{n}\n"))
        .collect();
    let text = format!("username,title\n{body}");
    let bytes: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (_, rows) = read_with(&bytes, &ReadOptions::default()).expect("readable");
    assert_eq!(rows.len(), 30_000);
    assert_eq!(rows[29_999], ["user29999@x.example", "\u{e4}29999"]);
}

#[test]
fn the_hash_is_that_of_the_raw_bytes() {
    let (input, _) = read("username\na@x.example\n").expect("readable");
    assert_eq!(
        input.sha256.hex().as_deref(),
        Some("425621704914c586185468212cc13f48345122d77984830032aa713044233cdc")
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let of = |bytes: &[u8]| {
        read_with(bytes, &ReadOptions::default())
            .map(|_| ())
            .expect_err("refused")
            .to_string()
    };
    assert!(
        of(b"username\nJos\xe9@x.example\n").contains("byte 12 is not valid utf-8"),
        "{}",
        of(b"username\nJos\xe9@x.example\n")
    );
    assert!(of(b"username\nJos\xe9@x.example\n").contains("windows-1252"));
    assert!(of(b"\xef\xbb\xbfusernam\xe9\nx\n").contains("byte 10 is not valid"));
    assert!(of(b"PK\x03\x04\x00\x00username").contains("byte 4 is NUL"));
    let wide: Vec<u8> = "username,role\na,b\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(of(&wide).contains("UTF-16 without a byte order mark"));
    assert!(of(&wide).contains("utf-16le"));
    let wide: Vec<u8> = "username,role\na,b\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert!(of(&wide).contains("utf-16be"));
    assert!(of(b"\xff\xfeu\x00s\x00\n\x00x").contains("is not valid utf-16le"));
    assert!(of(b"\xff\xfeu\x00\x00\xd8\n\x00x\x00").contains("byte 4 is not valid utf-16le"));
    let mut far = b"username,role\n".to_vec();
    far.resize(200_000, b'x');
    far.extend(b"\n\0\n");
    assert!(of(&far).contains("byte 200001 is NUL"), "{}", of(&far));
    let options = ReadOptions {
        encoding: Some("klingon"),
        ..ReadOptions::default()
    };
    let error = read_with(b"username\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(error.to_string().contains("`klingon` is no known encoding"));
}

#[test]
fn texts_that_are_no_list_of_users_are_refused() {
    for (text, words) in [
        ("", "the file is empty"),
        ("\n \r\n\n", "line"),
        ("username,role\r\n\r\n\n", "line 1: there is only a header"),
        ("username,role", "line 1: there is only a header"),
        (
            "#TYPE System.Object\n\"login\"\nx\n",
            "line 1: a PowerShell type line",
        ),
        (
            "username,\"role\nx,y\n",
            "line 1: the quote that opens here is never closed",
        ),
        (
            "username,role\na,\"b\nc,d\n",
            "line 2: the quote that opens here is never closed",
        ),
        (
            "username,role\ra,b\rc,d\r",
            "line 1: lines end with a carriage return alone",
        ),
        (
            "username,role\na,b,,\na,b,c\n",
            "line 3: this record has 3 cells, but the header has 2",
        ),
        (
            "color,shape\nred,round\n",
            "no column names the user (read: color, shape)",
        ),
        (
            "okta_group,priority,profile\nA,0,B\n",
            "this is a group mapping",
        ),
        (
            "id,name,licenses,role\n00g,A,,B\n",
            "this is a group mapping",
        ),
        (
            "name,target,property,expression\na,b,c,d\n",
            "this is an attribute mapping",
        ),
        (
            " {\"format_version\":\"1.2\",\"resource_changes\":[]}",
            "this is a Terraform plan",
        ),
    ] {
        assert!(refusal(text).contains(words), "{text:?}: {}", refusal(text));
        assert!(refusal(text).starts_with("f.csv: "), "{text:?}");
    }
}

#[test]
fn the_kind_can_be_forced() {
    let options = ReadOptions {
        kind: Some(Kind::GroupMapping),
        ..ReadOptions::default()
    };
    let error = read_with(b"username,profile\na,b\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(matches!(
        error,
        Error::Unsupported {
            kind: Kind::GroupMapping,
            ..
        }
    ));
    let options = ReadOptions {
        kind: Some(Kind::Assignments),
        ..ReadOptions::default()
    };
    let error = read_with(b"okta_group,priority\na,0\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(matches!(error, Error::NoUserColumn { .. }));
}

#[test]
fn two_headers_for_one_column_are_named() {
    for (header, words) in [
        (
            "Username,Profile,Profile Name",
            "columns 2 ('Profile') and 3 ('Profile Name') both mean profile",
        ),
        (
            "Username,USER_NAME",
            "columns 1 ('Username') and 2 ('USER_NAME') both mean username",
        ),
        ("login,Okta Username", "both mean username"),
        (
            "login,permission_sets,salesforceGroups",
            "both mean permissionSets",
        ),
        ("login,externalId,UserId", "both mean userId"),
        ("login,Title,profile.title", "both mean Title"),
        (
            "login,Cost Center,Cost_Center__c",
            "both mean Cost_Center__c",
        ),
        (
            "login,Area",
            "column 2 ('Area') fits two fields of User, Region__c and District__c",
        ),
    ] {
        assert!(
            refusal(&format!("{header}\nx\n")).contains(words),
            "{header}: {}",
            refusal(&format!("{header}\nx\n"))
        );
    }
}

#[test]
fn better_headers_win_where_the_contract_says_so() {
    assert_eq!(
        columns("login,Application login"),
        [(Attribute::Username, "Application login".into())]
    );
    assert_eq!(
        columns("Okta Username,profile"),
        [
            (Attribute::Username, "Okta Username".into()),
            (Attribute::Profile, "profile".into()),
        ]
    );
    assert_eq!(
        columns("login,manager,managerId"),
        [
            (Attribute::Username, "login".into()),
            (Attribute::Manager, "managerId".into()),
        ]
    );
    assert_eq!(
        columns("login,managerId,manager")[1],
        (Attribute::Manager, "managerId".into())
    );
    assert_eq!(
        columns("login,profileUrl,Profile URL")[1],
        (Attribute::Profile, "Profile URL".into())
    );
}

#[test]
fn an_id_column_counts_where_its_cells_are_user_ids() {
    let (input, _) = read("Id,profile\n005000000000001,A\n,B\n").expect("readable");
    assert!(input.columns.has(Attribute::UserId));
    let (input, _) = read("id,userName\n00uFICT0000000000001,a@x.example\n").expect("readable");
    assert!(!input.columns.has(Attribute::UserId));
    assert_eq!(&*input.columns.ignored, [Box::from("id")]);
    assert!(refusal("id,profile\n00uFICT0000000000001,A\n").contains("no column names the user"));
    assert!(refusal("Id,externalId\n005000000000001,\n").contains("both mean userId"));
}

#[test]
fn fields_of_user_are_found_by_name_and_label() {
    let (input, _) = read("login,title,cost center,Other__c,UserPermissionsMarketingUser,UserPermissionsLiveAgentUser,Last login,scope,Role ID\nx\n").expect("readable");
    let shown: Vec<_> = input
        .columns
        .assigned()
        .into_iter()
        .map(|(attribute, _)| input.columns.shown(attribute).to_owned())
        .collect();
    assert_eq!(
        shown,
        [
            "username",
            "Title",
            "Cost_Center__c",
            "Other__c",
            "UserPermissionsMarketingUser",
            "UserPermissionsLiveAgentUser",
            "role"
        ]
    );
    assert_eq!(input.columns.flags().len(), 2);
    assert_eq!(
        &*input.columns.ignored,
        [Box::from("Last login"), Box::from("scope")]
    );
    let described: Vec<bool> = input
        .columns
        .fields()
        .iter()
        .map(|field| field.described.is_some())
        .collect();
    assert_eq!(described, [true, true, true, false, true, false, true]);
}

#[test]
fn the_configuration_names_any_header() {
    let overrides = [
        (String::from("profile"), String::from("SF Profile")),
        (String::from("username"), String::from("mail")),
        (String::from("Region__c"), String::from("Where")),
    ];
    let options = ReadOptions {
        overrides: &overrides,
        ..ReadOptions::default()
    };
    let (input, _) =
        read_with(b"mail,Username,Profile,SF Profile,where\nx\n", &options).expect("readable");
    let headers: Vec<_> = input
        .columns
        .assigned()
        .into_iter()
        .map(|(attribute, header)| (input.columns.shown(attribute), header))
        .collect();
    assert_eq!(
        headers,
        [
            ("username", "mail"),
            ("profile", "SF Profile"),
            ("Region__c", "where")
        ]
    );
    let error = read_with(b"mail,Profile\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(
        error
            .to_string()
            .contains("[columns] says that profile is 'SF Profile'"),
        "{error}"
    );
    let wrong = [(String::from("colour"), String::from("mail"))];
    let options = ReadOptions {
        overrides: &wrong,
        ..ReadOptions::default()
    };
    let error = read_with(b"mail,username\nx\n", &options)
        .map(|_| ())
        .expect_err("refused");
    assert!(error.to_string().contains("'colour'"), "{error}");
}

#[test]
fn many_columns() {
    let wide: String = (0..10_000).map(|n| format!(",C{n}__c")).collect();
    let (input, _) = read(&format!("username{wide}\nx\n")).expect("readable");
    assert_eq!(input.columns.fields().len(), 10_001);
    let too_wide = ",".repeat(65_001);
    assert!(refusal(&format!("username{too_wide}\nx\n")).contains("the header has 65002 columns"));
}

#[test]
fn files_that_cannot_be_opened() {
    let open = |path: &str| {
        Input::open(path, &org(), &ReadOptions::default())
            .map(|_| ())
            .expect_err("refused")
            .to_string()
    };
    assert!(open("no/such/file.csv").contains("there is no such file"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    assert!(open(path).contains("this is a folder"));
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"username\na@x.example\n").expect("written");
    let path = file.path().to_str().expect("text");
    assert!(Input::open(path, &org(), &ReadOptions::default()).is_ok());
}

/// The real-shaped exports: each is read, or refused with its reason.
#[test]
fn okta_exports_open_or_are_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/okta");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        // Written past the lint on purpose: a test that did not run must say so.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {} is not there",
            folder.display()
        );
        return;
    };
    let refused = [
        ("admin_mapping_sheet.csv", "group mapping"),
        ("okta_api_mappings.csv", "attribute mapping"),
        ("powershell_export_csv_quirks.csv", "PowerShell type line"),
        ("rockstar_export_app_groups.csv", "group mapping"),
        ("rockstar_export_mappings.csv", "attribute mapping"),
        ("api_app_users_page1.json", "Okta users"),
        ("api_app_groups_expand_group.json", "Okta groups"),
        ("api_mapping.json", "attribute mapping"),
        ("terraform_show_plan.json", "Terraform plan"),
    ];
    let mut met = 0;
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let expected = refused.iter().find(|(file, _)| *file == name);
        if !name.ends_with(".csv") && expected.is_none() {
            continue;
        }
        met += 1;
        let bytes = std::fs::read(&path).expect("readable");
        match (read_with(&bytes, &ReadOptions::default()), expected) {
            (Ok((input, rows)), None) => {
                assert!(!rows.is_empty(), "{name}");
                assert!(input.columns.has(Attribute::Username), "{name}");
            }
            (Err(error), Some((_, words))) => {
                assert!(error.to_string().contains(words), "{name}: {error}")
            }
            (Ok(_), Some(_)) => panic!("{name} is not refused"),
            (Err(error), None) => panic!("{error}"),
        }
    }
    assert!(met >= 13, "{met} files");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), block in 1usize..64) {
        // Nothing to compare with: it must end, without a panic.
        let _ = read_with(&bytes, &ReadOptions { block, ..ReadOptions::default() });
    }

    #[test]
    fn any_text_below_a_header_is_read_or_refused(text in "(username|role|,|;|\"|\r|\n|\t|\u{feff}|[a\u{e9}]|\\[\\]){0,40}", mark in 0usize..4) {
        let text = format!("username,role\n{text}");
        let bytes: Vec<u8> = match mark {
            0 => text.into_bytes(),
            1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            2 => std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            _ => std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        };
        let whole = read_with(&bytes, &ReadOptions::default()).map(|(_, rows)| rows).ok();
        let pieces = read_with(&bytes, &ReadOptions { block: 3, ..ReadOptions::default() }).map(|(_, rows)| rows).ok();
        prop_assert_eq!(whole, pieces);
    }
}
