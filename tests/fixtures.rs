//! Files as Okta, scripts and administrators really write them, against the sample org: read, judged, or refused with what they are.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::path::PathBuf;
use support::{Run, Sandbox, copy_folder, shared};

/// File, exit code, the columns that must be understood, and the columns of which the coverage says that they are not there.
struct Shape {
    file: &'static str,
    code: i32,
    rows: u64,
    columns: &'static [(&'static str, &'static str)],
    absent: &'static [&'static str],
}

const USERS: &[Shape] = &[
    Shape {
        file: "admin_assignment_sheet.csv",
        code: 1,
        rows: 3,
        columns: &[
            ("username", "Salesforce Username"),
            ("profile", "Profile"),
            ("role", "Role"),
            ("permissionSets", "Permission Sets"),
            ("featureLicenses", "Feature Licenses"),
            ("manager", "Manager Salesforce Id"),
        ],
        absent: &["contact", "permissionSetLicenses"],
    },
    Shape {
        file: "multi_value_encodings.csv",
        code: 1,
        rows: 7,
        columns: &[
            ("username", "login"),
            ("profile", "profile"),
            ("permissionSets", "permission_sets"),
        ],
        absent: &["contact", "federationId", "email"],
    },
    Shape {
        file: "okta_console_report_app_users.csv",
        code: 1,
        rows: 2,
        columns: &[
            ("username", "credentials.userName"),
            ("profile", "profile.profile"),
            ("role", "profile.role"),
            ("permissionSets", "profile.salesforceGroups"),
        ],
        absent: &["contact", "federationId"],
    },
    Shape {
        file: "okta_report_current_assignments.csv",
        code: 5,
        rows: 2,
        columns: &[("username", "Application login")],
        absent: &["profile", "role"],
    },
    Shape {
        file: "okta_report_recent_unassignments.csv",
        code: 5,
        rows: 1,
        columns: &[("username", "assigneeAppUsername")],
        absent: &["profile", "role"],
    },
    Shape {
        file: "okta_users_import_template.csv",
        code: 1,
        rows: 2,
        columns: &[
            ("username", "login"),
            ("language", "preferredLanguage"),
            ("timezone", "timezone"),
            ("manager", "managerId"),
        ],
        absent: &["profile", "role", "contact"],
    },
    Shape {
        file: "rockstar_export_app_users.csv",
        code: 1,
        rows: 3,
        columns: &[
            ("username", "userName"),
            ("userId", "externalId"),
            ("permissionSets", "salesforceGroups"),
        ],
        absent: &["profile", "role"],
    },
];

/// What is no list of users, and the words that say what it is.
const OTHERS: &[(&str, &str)] = &[
    (
        "rockstar_export_mappings.csv",
        "no columns property and expression",
    ),
    ("powershell_export_csv_quirks.csv", "a PowerShell type line"),
    ("api_app_salesforce.json", "--okta-app FILE"),
    ("api_app_user_schema.json", "--okta-schema FILE"),
    ("api_default_user_schema.json", "import-check"),
    ("api_features_error.json", "an error of Okta's API"),
    ("api_system_log.json", "sfcompat explain --log FILE"),
    ("api_response_headers.txt", "no column names the user"),
    ("tasks_page_errors.txt", "sfcompat explain --file FILE"),
];

/// What says who gets what without being a list of users: kind, rows, and rules of which the fixture must give findings
/// against an org that it was not made for.
const MAPPINGS: &[(&str, &str, u64, &[&str])] = &[
    (
        "admin_mapping_sheet.csv",
        "group-mapping",
        3,
        &["role-not-found"],
    ),
    (
        "rockstar_export_app_groups.csv",
        "group-mapping",
        2,
        &["role-not-found"],
    ),
    (
        "okta_api_mappings.csv",
        "attribute-mapping",
        6,
        &["mapping-value-not-found", "mapping-membership-stale"],
    ),
    (
        "api_mapping.json",
        "attribute-mapping",
        3,
        &["mapping-value-not-found"],
    ),
    (
        "api_app_groups_expand_group.json",
        "okta-groups-json",
        2,
        &["role-not-found"],
    ),
    (
        "api_app_groups_expand_metadata.json",
        "okta-groups-json",
        1,
        &["role-not-found"],
    ),
    (
        "api_app_users_page1.json",
        "okta-users-json",
        3,
        &["role-not-found", "okta-link-broken"],
    ),
    (
        "terraform_show_plan.json",
        "terraform-plan",
        4,
        &["role-not-found"],
    ),
];

#[test]
fn mappings_and_exports_of_the_api_are_judged() {
    let Some(sandbox) = world() else { return };
    for (file, kind, rows, rules) in MAPPINGS {
        let run = check(&sandbox, file, "org");
        assert_eq!(run.code, 1, "{file}: {}", run.stderr);
        let report = run.report();
        let inputs = report["inputs"].as_array().expect("inputs");
        assert!(inputs.iter().all(|input| input["kind"] == *kind), "{file}");
        let counted: u64 = inputs
            .iter()
            .filter_map(|input| input["rows"].as_u64())
            .sum();
        assert_eq!(counted, *rows, "{file}");
        assert_eq!(report["summary"]["rows"], *rows, "{file}");
        for rule in *rules {
            assert!(
                !report["summary"]["by_rule"][rule].is_null(),
                "{file}: {rule}"
            );
        }
        for finding in report["findings"].as_array().expect("findings") {
            if let Some(row) = finding["row"].as_u64() {
                assert!((1..=*rows).contains(&row), "{file}: {finding}");
            }
        }
    }
}

/// A sandbox with the sample org and the Okta files.
fn world() -> Option<Sandbox> {
    let okta = shared("fixtures/okta")?;
    let sandbox = Sandbox::with_org();
    copy_folder(&okta, &sandbox.path("okta"));
    Some(sandbox)
}

fn check(sandbox: &Sandbox, file: &str, org: &str) -> Run {
    sandbox.run(&[
        "check",
        &format!("okta/{file}"),
        "--snapshot",
        org,
        "--format",
        "json",
    ])
}

fn reasons(report: &serde_json::Value) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    report["coverage"]
        .as_array()
        .expect("coverage")
        .iter()
        .map(|line| (text(&line["rule"]), text(&line["reason"])))
        .collect()
}

fn is_read(shape: &Shape, run: &Run) {
    let file = shape.file;
    assert_eq!(run.code, shape.code, "{file}: {}", run.stderr);
    let report = run.report();
    let input = &report["inputs"][0];
    assert_eq!(
        (&input["kind"], &input["rows"]),
        (&"assignments".into(), &shape.rows.into()),
        "{file}"
    );
    for (column, header) in shape.columns {
        assert_eq!(input["columns"][column], *header, "{file}: {column}");
    }
    let coverage = reasons(&report);
    for column in shape.absent {
        assert!(
            coverage
                .iter()
                .any(|(_, reason)| reason == &format!("the file has no {column} column")),
            "{file}: nothing says that there is no {column} column"
        );
    }
    // Without profiles nobody knows the license of a new user: undecided, unless an error is certain anyway.
    let summary = &report["summary"];
    if shape.absent.contains(&"profile") {
        assert!(input["columns"].get("profile").is_none(), "{file}");
        assert_eq!(
            summary["compatible"]
                .as_u64()
                .zip(summary["warned"].as_u64()),
            Some((0, 0)),
            "{file}: {summary}"
        );
        for rule in ["profile-missing", "profile-not-found"] {
            assert!(
                coverage.iter().any(|(name, _)| name == rule),
                "{file}: {rule} is not in the coverage"
            );
        }
    } else {
        assert_eq!(summary["undecided"], 0, "{file}: {summary}");
    }
}

#[test]
fn every_file_of_users_is_read() {
    let Some(sandbox) = world() else { return };
    for shape in USERS {
        is_read(shape, &check(&sandbox, shape.file, "org"));
    }
}

#[test]
fn other_files_are_called_what_they_are() {
    let Some(sandbox) = world() else { return };
    for (file, what) in OTHERS {
        let run = check(&sandbox, file, "org");
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (3, ""),
            "{file}: {}",
            run.stderr
        );
        assert_eq!(run.stderr.lines().count(), 1, "{file}: {}", run.stderr);
        assert!(
            run.reason()
                .starts_with(&format!("sfcompat: exit 3: okta/{file}: ")),
            "{}",
            run.stderr
        );
        assert!(run.reason().contains(what), "{file}: {}", run.stderr);
    }
}

/// A new file beside the project wants a line in one of the lists.
#[test]
fn no_file_is_left_out() {
    let Some(okta) = shared("fixtures/okta") else {
        return;
    };
    for entry in std::fs::read_dir(okta).expect("readable") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        let known = name == "README.md"
            || USERS.iter().any(|shape| shape.file == name)
            || MAPPINGS.iter().any(|(file, ..)| *file == name)
            || OTHERS.iter().any(|(file, _)| *file == name);
        assert!(known, "{name} is in no list");
    }
}

/// What real orgs answered when they were asked to describe User.
fn describes() -> Vec<(&'static str, PathBuf)> {
    let Some(rest) = shared("fixtures/rest") else {
        return Vec::new();
    };
    let of = |name, path: &str| (name, rest.join(path));
    vec![
        of(
            "reduced",
            "salesforce-experiencecloud__lwrfileupload/describe/User.json",
        ),
        of(
            "old",
            "developerforce__Force.com-Toolkit-for-NET/tests/ForceToolkitForNET.Tests/KnownGoodContent/UserObjectDescribeMetadata.json",
        ),
    ]
}

fn with_describe(sandbox: &Sandbox, path: &PathBuf) -> serde_json::Value {
    let bytes = std::fs::read(path).expect("a describe");
    sandbox.write("org/describe/User.json", &bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON")
}

#[test]
fn real_descriptions_of_user() {
    let Some(sandbox) = world() else { return };
    for (name, path) in describes() {
        let describe = with_describe(&sandbox, &path);
        let field = |wanted: &str| {
            describe["fields"]
                .as_array()
                .expect("fields")
                .iter()
                .find(|field| field["name"] == wanted)
                .cloned()
        };
        for shape in USERS {
            let run = check(&sandbox, shape.file, "org");
            is_read(shape, &run);
            for finding in run.report()["findings"].as_array().expect("findings") {
                let rule = finding["rule"].as_str().expect("a rule");
                // What a describe does not say is unknown: no rule about fields may call it an error.
                if rule == "field-too-long" {
                    let reason = finding["reason"].to_string();
                    assert!(
                        name == "old" || reason.contains("by default"),
                        "{}: a length that nobody gave: {finding}",
                        shape.file
                    );
                }
                if rule == "picklist-value" {
                    let column = finding["column"].as_str().expect("a column");
                    let api = [
                        ("timezone", "TimeZoneSidKey"),
                        ("language", "LanguageLocaleKey"),
                        ("locale", "LocaleSidKey"),
                        ("emailEncoding", "EmailEncodingKey"),
                    ]
                    .iter()
                    .find(|(own, _)| *own == column)
                    .map_or(column, |(_, api)| *api);
                    let values =
                        field(api).unwrap_or_else(|| panic!("{api} is not described: {finding}"));
                    let held = values["picklistValues"]
                        .as_array()
                        .expect("values")
                        .iter()
                        .any(|value| value["value"] == finding["value"] && value["active"] == true);
                    assert!(
                        !held,
                        "{}: {} is in the list: {finding}",
                        shape.file, finding["value"]
                    );
                }
                assert!(
                    ![
                        "state-country",
                        "stored-value-rejected",
                        "field-unknown",
                        "custom-required-field"
                    ]
                    .contains(&rule),
                    "{name} {}: {finding}",
                    shape.file
                );
            }
        }
    }
}

/// The coverage says what a reduced describe keeps silent about.
#[test]
fn a_reduced_description_is_told() {
    let Some(sandbox) = world() else { return };
    let silent: [(&str, &str); 4] = [
        ("field-too-long", "length"),
        ("picklist-value", "restrictedPicklist"),
        ("custom-required-field", "createable"),
        ("custom-required-field", "defaultedOnCreate"),
    ];
    let told = |report: &serde_json::Value, rule: &str, property: &str| {
        reasons(report).contains(&(
            rule.to_owned(),
            format!("describe/User.json does not give the {property} of fields"),
        ))
    };
    for (name, path) in describes() {
        with_describe(&sandbox, &path);
        let report = check(&sandbox, "okta_users_import_template.csv", "org").report();
        for (rule, property) in silent {
            assert_eq!(
                told(&report, rule, property),
                name == "reduced",
                "{name}: {rule} {property}"
            );
        }
        // The field is not in these two: the column is read, and said to mean nothing.
        let ignored = report["inputs"][0]["ignored"].as_array().expect("a list");
        assert!(
            ignored.iter().any(|header| header == "countryCode"),
            "{name}: {ignored:?}"
        );
    }
    let whole = Sandbox::with_org();
    copy_folder(&sandbox.path("okta"), &whole.path("okta"));
    let report = check(&whole, "okta_users_import_template.csv", "org").report();
    for (rule, property) in silent {
        assert!(!told(&report, rule, property), "{rule} {property}");
    }
}
