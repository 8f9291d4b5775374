//! Which rows cannot be judged for want of a file or column, and that nothing else is called so.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use support::Sandbox;

/// Verdicts of the rows, in order.
fn verdicts(sandbox: &Sandbox, input: &str) -> Vec<String> {
    sandbox.write("in.csv", input);
    let run = sandbox.run(&[
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
        "--rows",
        "--no-config",
    ]);
    let report = run.report();
    let rows = report["rows"].as_array().expect("rows");
    let verdicts = rows
        .iter()
        .map(|row| row["verdict"].as_str().expect("a verdict").to_owned())
        .collect();
    let undecided = rows.iter().any(|row| row["verdict"] == "undecided");
    let fails = rows.iter().any(|row| row["verdict"] == "incompatible");
    assert_eq!(
        run.code,
        if fails { 1 } else { 5 * i32::from(undecided) },
        "{}",
        run.stderr
    );
    verdicts
}

/// The rows that cannot be judged.
fn undecided(sandbox: &Sandbox, input: &str) -> Vec<usize> {
    let verdicts = verdicts(sandbox, input);
    verdicts
        .iter()
        .enumerate()
        .filter(|(_, verdict)| *verdict == "undecided")
        .map(|(n, _)| n + 1)
        .collect()
}

fn without(file: &str) -> Sandbox {
    let sandbox = Sandbox::with_org();
    std::fs::remove_file(sandbox.path(&format!("org/{file}.csv"))).expect("the file is there");
    sandbox
}

/// The sample org without a column.
fn without_column(file: &str, column: &str) -> Sandbox {
    let sandbox = Sandbox::with_org();
    let name = format!("org/{file}.csv");
    let text = std::fs::read_to_string(sandbox.path(&name)).expect("the file is there");
    // A header that nobody knows is kept out of the way: the column is gone.
    let (header, rest) = text.split_once('\n').expect("a header");
    let header: Vec<&str> = header
        .trim_end()
        .split(',')
        .map(|found| if found == column { "Gone__c" } else { found })
        .collect();
    assert!(header.contains(&"Gone__c"), "{file} has {column}");
    sandbox.write(&name, format!("{}\n{rest}", header.join(",")));
    sandbox
}

#[test]
fn licenses_concern_rows_that_take_a_seat_of_one_or_move_to_one() {
    let rows = "username,profile,active\n\
        yara.tunstall@brackenford.example,,false\n\
        new.one@brackenford.example,Brackenford Sales,false\n\
        new.two@brackenford.example,Brackenford Sales,true\n\
        teodor.larkfield@brackenford.example,,true\n";
    assert_eq!(undecided(&without("UserLicense"), rows), [3, 4]);
    assert_eq!(
        undecided(&without_column("UserLicense", "Status"), rows),
        [3, 4]
    );
}

#[test]
fn keys_concern_moves_to_another_license_only() {
    let rows = "username,profile\n\
        katya.ibsley@brackenford.example,Brackenford Finance\n\
        yara.tunstall@brackenford.example,Standard Platform User\n";
    assert_eq!(
        undecided(&without_column("UserLicense", "LicenseDefinitionKey"), rows),
        [2]
    );
}

#[test]
fn without_users_nobody_is_known_to_be_new() {
    let rows = "username,profile\nyara.tunstall@brackenford.example,Brackenford Sales\n";
    assert_eq!(undecided(&without("User"), rows), [1]);
    let rows = "username,profile\nyara.tunstall@brackenford.example,Brackenford Sales\n";
    assert_eq!(undecided(&without_column("User", "ProfileId"), rows), [1]);
    let rows = "username,active\nyara.tunstall@brackenford.example,true\nimke.kobata@brackenford.example,\n";
    assert_eq!(undecided(&without_column("User", "IsActive"), rows), [1]);
}

#[test]
fn groups_concern_rows_that_send_one() {
    let rows = "username,permission sets\n\
        yara.tunstall@brackenford.example,Order_Reader\n\
        ysolde.yewdale@brackenford.example,Sales_Core\n";
    assert_eq!(undecided(&without("PermissionSetGroup"), rows), [2]);
    assert_eq!(
        undecided(&without("PermissionSetGroupComponent"), rows),
        [2]
    );
}

#[test]
fn who_holds_a_license_concerns_rows_that_may_take_its_seat() {
    let rows = "username,permission sets\n\
        yara.tunstall@brackenford.example,Order_Reader\n\
        ysolde.yewdale@brackenford.example,Dispatch_Console\n\
        yara.garrowby@brackenford.example,Search_Answers\n";
    // The last license has no limit.
    assert_eq!(undecided(&without("PermissionSetLicenseAssign"), rows), [2]);
}

#[test]
fn the_rights_of_the_integration_user_concern_rows_that_give_or_take_them() {
    let sandbox = without("PermissionSetAssignment");
    sandbox.write("in.csv", "username,profile\nnew.admin@brackenford.example,System Administrator\nnew.seller@brackenford.example,Brackenford Sales\n");
    let arguments = [
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
        "--rows",
        "--no-config",
    ];
    let run = sandbox.run(
        &[
            &arguments[..],
            &["--integration-user", "tess.ingleby@brackenford.example"],
        ]
        .concat(),
    );
    assert_eq!(run.code, 5, "{}", run.stderr);
    let report = run.report();
    assert_eq!(report["rows"][0]["verdict"], "undecided");
    assert_ne!(report["rows"][1]["verdict"], "undecided");
}

/// Rights on objects decide for licenses that are known to refuse some, and for guests; nowhere else.
#[test]
fn rights_on_objects_decide_for_some_licenses_only() {
    let input = "username,profile,permissionSets
ann.rowe@brackenford.example,Brackenford Sales,Returns_Intake
bo.rowe@brackenford.example,Brackenford SSO Only,Returns_Intake
cy.rowe@brackenford.example,Brackenford SSO Only,
";
    assert_eq!(undecided(&without("ObjectPermissions"), input), [2]);
    assert_eq!(undecided(&Sandbox::with_org(), input), [0_usize; 0]);
    let guest = "username,permissionSets\nlab_support_center@brackenford.example,Returns_Intake\n";
    assert_eq!(undecided(&without("ObjectPermissions"), guest), [1]);
    // Assigned apps are an optional file.
    assert_eq!(
        undecided(&without("SetupEntityAccess"), input),
        [0_usize; 0]
    );
}

#[test]
fn a_total_that_is_given_by_hand_stands_in_for_a_figure_that_is_not_there() {
    let code = |sandbox: &Sandbox, input: &str, totals: &str| {
        sandbox.write("in.csv", input);
        sandbox.write(
            "sfcompat.toml",
            format!("[seats]\ntotals = {{ {totals} }}\n"),
        );
        let run = sandbox.run(&[
            "check",
            "in.csv",
            "--snapshot",
            "org",
            "--format",
            "json",
            "--config",
            "sfcompat.toml",
        ]);
        (run.code, run.findings())
    };
    let features = "username,profile,featureLicenses\n\
        new.one@brackenford.example,Brackenford Sales,MarketingUser\n";
    let metrics = without("ActiveFeatureLicenseMetric");
    assert_eq!(undecided(&metrics, features), [1]);
    assert_eq!(code(&metrics, features, "OfflineUser = 5").0, 5);
    assert_eq!(code(&metrics, features, "MarketingUser = 500").0, 0);
    let (failed, findings) = code(&metrics, features, "MarketingUser = 0");
    assert_eq!(failed, 1);
    let short = |finding: &String| finding.contains("feature-license-seats");
    assert!(findings.iter().any(short), "{findings:?}");

    let creates = "username,profile\nnew.one@brackenford.example,Brackenford Sales\n";
    let licenses = without_column("UserLicense", "TotalLicenses");
    assert_eq!(undecided(&licenses, creates), [1]);
    assert_eq!(code(&licenses, creates, "AUL = 5").0, 5);
    assert_eq!(code(&licenses, creates, "SFDC = 5000").0, 0);
    assert_eq!(code(&licenses, creates, "SFDC = 0").0, 1);
}

#[test]
fn a_file_without_contacts_says_so_and_judges_who_has_none_all_the_same() {
    let sandbox = Sandbox::with_org();
    sandbox.write(
        "in.csv",
        "username,profile\nmagnus@ridgeline.example,Dealer User\n",
    );
    let run = sandbox.run(&[
        "check",
        "in.csv",
        "--snapshot",
        "org",
        "--format",
        "json",
        "--no-config",
    ]);
    let report = run.report();
    let coverage = report["coverage"].as_array().expect("coverage");
    let line = |line: &serde_json::Value| {
        line["rule"] == "contact-missing" && line["reason"] == "the file has no contact column"
    };
    assert!(coverage.iter().any(line), "{coverage:?}");
    let told = |finding: &String| finding.contains("contact-missing");
    assert!(!run.findings().iter().any(told), "{:?}", run.findings());
}
