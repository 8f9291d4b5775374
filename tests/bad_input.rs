//! Bad input: one clear error that says where, the right exit code, and never a part of a report presented as a whole.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "a test that cannot go on ends and says why"
)]

mod support;

use std::collections::BTreeSet;
use support::{Run, Sandbox};

const CLEAN: &str = "Username,Profile Name\nnew.one@brackenford.example,Brackenford Sales\n";

/// Everything in the folder of a test but the org.
fn files(sandbox: &Sandbox) -> BTreeSet<String> {
    std::fs::read_dir(sandbox.path("."))
        .expect("readable")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

/// The run is refused with this code and one line that holds these parts; no report is left anywhere.
fn refused_run(sandbox: &Sandbox, arguments: &[&str], code: i32, parts: &[&str]) {
    let before = files(sandbox);
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    if arguments.first() == Some(&"check") {
        all.extend([
            "--output",
            "csv=report.csv",
            "--output",
            "json=report.json",
            "--output",
            "table=report.txt",
        ]);
    }
    let run = sandbox.run(&all);
    assert_eq!(run.code, code, "{arguments:?}: {}", run.stderr);
    assert_eq!(run.stdout, "", "{arguments:?}: something on stdout");
    assert_eq!(
        run.stderr.lines().count(),
        1,
        "{arguments:?}: not one line: {}",
        run.stderr
    );
    let reason = run.reason();
    assert!(
        reason.starts_with(&format!("sfcompat: exit {code}: ")),
        "{reason}"
    );
    assert!(
        reason.len() < 1000 && !reason.chars().any(char::is_control),
        "{reason}"
    );
    for part in parts {
        assert!(reason.contains(part), "`{part}` is not in: {reason}");
    }
    assert_eq!(
        files(sandbox),
        before,
        "{arguments:?}: files were left behind"
    );
}

/// `check` and `seats` refuse the file alike.
fn refused(sandbox: &Sandbox, input: &str, parts: &[&str]) {
    for command in ["check", "seats"] {
        refused_run(sandbox, &[command, input, "--snapshot", "org"], 3, parts);
    }
}

fn refused_text(content: impl AsRef<[u8]>, parts: &[&str]) {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", content);
    let mut all = vec!["in.csv"];
    all.extend(parts);
    refused(&sandbox, "in.csv", &all);
}

fn check(sandbox: &Sandbox, content: impl AsRef<[u8]>) -> Run {
    sandbox.write("in.csv", content);
    sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", "json"])
}

#[test]
fn nothing_to_judge() {
    refused_text("", &["the file is empty"]);
    refused_text("\u{feff}", &["the file is empty"]);
    refused_text("\r\n\n\r\n", &["the file is empty"]);
    for header in [
        "Username,Profile",
        "Username,Profile\n",
        "\u{feff}Username;Profile\r\n\r\n\r\n",
    ] {
        refused_text(header, &["line 1", "only a header and no data row"]);
    }
    refused_text("\n\nUsername,Profile\n", &["line 3", "only a header"]);
    refused_text(
        "Profile,Role\nBrackenford Sales,Marketing\n",
        &["line 1", "no column names the user", "Profile, Role"],
    );
}

#[test]
fn an_empty_stdin_is_an_empty_file() {
    let sandbox = Sandbox::with_org();
    let run = sandbox.run_with(
        &["check", "-", "--snapshot", "org", "--format", "json"],
        b"",
    );
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    assert!(run.reason().contains("the file is empty"), "{}", run.stderr);
}

#[test]
fn files_that_are_no_text() {
    refused_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0", &["no text"]);
    refused_text(
        b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0A7\x82\xcf",
        &["Excel workbook", "CSV"],
    );
    refused_text(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0",
        &["Excel workbook", "CSV"],
    );
    refused_text(b"\x1f\x8b\x08\0\0\0\0\0\0\x03", &["gzip", "unpack"]);
    refused_text(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", &["PDF", "CSV"]);
    refused_text(
        "Username,Pro\0file\na@b.example,X\n",
        &["line 1: byte 12 is NUL"],
    );
    refused_text(
        "Username,Profile\na@b.example,X\nb@b.example,\0\n",
        &["line 3: byte 43 is NUL"],
    );
}

#[test]
fn nul_far_from_the_beginning_is_found() {
    let mut text = String::from("Username,Profile Name\n");
    for n in 0..40_000 {
        text.extend([
            "user.",
            &n.to_string(),
            "@brackenford.example,Brackenford Sales
",
        ]);
    }
    let offset = text.len();
    text.push_str("\0\n");
    refused_text(&text, &[&format!("line 40002: byte {offset} is NUL")]);
}

#[test]
fn bytes_that_are_no_text_in_their_encoding() {
    refused_text(
        b"Username,Profil\xe9\na@b.example,X\n",
        &["line 1: byte 15 is not valid utf-8"],
    );
    refused_text(
        b"Username,Profile\na@b.example,K\xfchn\n",
        &["line 2: byte 30 is not valid utf-8", "CSV UTF-8"],
    );
    refused_text(
        utf16("Username,Profile\na@b.example,X\n", u16::to_le_bytes),
        &["UTF-16 without a byte order mark"],
    );
    refused_text(
        utf16("Username,Profile\na@b.example,X\n", u16::to_be_bytes),
        &["UTF-16 without a byte order mark"],
    );
    let mut cut = utf16(
        "\u{feff}Username,Profile\na@b.example,X\n",
        u16::to_le_bytes,
    );
    cut.pop();
    refused_text(cut, &["not valid utf-16le", "damaged or cut"]);
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn every_encoding_gives_the_same_findings() {
    let sandbox = Sandbox::with_org();
    let text = "Username,Profile Name,Last Name\nzoë@brackenford.example,Brackenford Salse,Łubów\n";
    let plain = check(&sandbox, text);
    assert_eq!(plain.code, 1, "{}", plain.stderr);
    let expected = plain.report();
    let marked = format!("\u{feff}{text}");
    let variants = [
        (marked.clone().into_bytes(), "utf-8-bom"),
        (utf16(&marked, u16::to_le_bytes), "utf-16le"),
        (utf16(&marked, u16::to_be_bytes), "utf-16be"),
    ];
    for (bytes, encoding) in variants {
        let run = check(&sandbox, bytes);
        let report = run.report();
        assert_eq!(report["inputs"][0]["encoding"], encoding);
        assert_eq!(report["findings"], expected["findings"], "{encoding}");
        assert_eq!(run.code, plain.code);
    }
}

#[test]
fn quotes_that_are_never_closed() {
    refused_text(
        "Username,\"Profile\na@b.example,X\n",
        &["line 1", "never closed"],
    );
    refused_text(
        "Username,Profile\na@b.example,X\nb@b.example,\"X\nc@b.example,X\n",
        &["line 3", "never closed"],
    );
}

#[test]
fn records_that_do_not_fit_the_header() {
    refused_text(
        "Username,Profile\na@b.example,X\nb@b.example,X,Y\n",
        &["line 3", "3 cells", "header has 2"],
    );
    let sandbox = Sandbox::with_org();
    // Cells that are missing at the end are empty, as spreadsheets write them; empty cells too many are none.
    let short = check(
        &sandbox,
        "Username,Profile Name,Role\nnew.one@brackenford.example,Brackenford Salse\n",
    );
    let full = check(
        &sandbox,
        "Username,Profile Name,Role\nnew.one@brackenford.example,Brackenford Salse,\n",
    );
    let long = check(
        &sandbox,
        "Username,Profile Name,Role\nnew.one@brackenford.example,Brackenford Salse,,,,\n",
    );
    assert!(
        full.findings()
            .iter()
            .any(|finding| finding == "1:profile profile-not-found"),
        "{:?}",
        full.findings()
    );
    assert_eq!(short.report()["findings"], full.report()["findings"]);
    assert_eq!(long.report()["findings"], full.report()["findings"]);
}

#[test]
fn headers_that_cannot_be_understood() {
    refused_text(
        "Username,Profile,Profile Name\na@b.example,X,Y\n",
        &[
            "line 1",
            "2 ('Profile')",
            "3 ('Profile Name')",
            "both mean profile",
        ],
    );
    refused_text(
        "Username,Username\na@b.example,X\n",
        &["line 1", "1 ('Username')", "2 ('Username')"],
    );
    refused_text(
        "Username,Profile\ra@b.example,X\r",
        &["line 1", "carriage return alone"],
    );
    refused_text(
        "#TYPE System.Object\n\"Username\"\n\"a@b.example\"\n",
        &["line 1", "-NoTypeInformation"],
    );
    refused_text(
        "Username,Permission Sets\na@b.example,\nb@b.example,System.Object[]\n",
        &["line 3", "'Permission Sets'", "-join"],
    );
    refused_text(
        "Username,Permission Sets\na@b.example,System.String[]\n",
        &["line 2", "'Permission Sets'", "-join"],
    );
}

#[test]
fn files_that_cannot_be_opened() {
    let sandbox = Sandbox::with_org();
    refused(
        &sandbox,
        "nowhere.csv",
        &["nowhere.csv: there is no such file"],
    );
    refused(&sandbox, "org", &["org: this is a folder"]);
    sandbox.write("good.csv", CLEAN);
    // One bad file of several: nothing is judged.
    refused_run(
        &sandbox,
        &["check", "good.csv", "nowhere.csv", "--snapshot", "org"],
        3,
        &["nowhere.csv"],
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_org();
    sandbox.write("secret.csv", CLEAN);
    std::fs::set_permissions(
        sandbox.path("secret.csv"),
        std::fs::Permissions::from_mode(0o000),
    )
    .expect("own file");
    if std::fs::File::open(sandbox.path("secret.csv")).is_ok() {
        eprintln!("left out: this user may read every file");
        return;
    }
    refused(
        &sandbox,
        "secret.csv",
        &["secret.csv: cannot be read", "ermission denied"],
    );
}

#[test]
fn selections_that_name_no_rule() {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", CLEAN);
    for option in ["--select", "--ignore"] {
        refused_run(
            &sandbox,
            &[
                "check",
                "in.csv",
                "--snapshot",
                "org",
                option,
                "license-seat",
            ],
            2,
            &["no rule 'license-seat'", "nearest: license-seats"],
        );
        refused_run(
            &sandbox,
            &[
                "check",
                "in.csv",
                "--snapshot",
                "org",
                option,
                "license-seats,zzz*",
            ],
            2,
            &["no rule 'zzz*'"],
        );
    }
}

/// 200 MB in one line: it must end with one error, in bounded memory, before anybody wonders.
#[test]
fn a_line_of_200_megabytes() {
    let starts: [(&str, &[&str]); 3] = [
        ("", &["line 1", "64 MiB"]),
        ("Username,Profile\n", &["line 2", "64 MiB"]),
        ("Username,Profile\na@b.example,\"", &["line 2"]),
    ];
    for (start, parts) in starts {
        let sandbox = Sandbox::with_org();
        huge(&sandbox, start);
        let begun = std::time::Instant::now();
        let run = bounded(
            &sandbox,
            &[
                "check",
                "huge.csv",
                "--snapshot",
                "org",
                "--output",
                "json=report.json",
            ],
        );
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        for part in parts {
            assert!(run.reason().contains(part), "{}", run.stderr);
        }
        assert!(!sandbox.path("report.json").exists());
        assert!(
            begun.elapsed().as_secs() < 60,
            "{start:?} took {:?}",
            begun.elapsed()
        );
    }
}

fn huge(sandbox: &Sandbox, start: &str) {
    use std::io::Write;
    let mut file = std::fs::File::create(sandbox.path("huge.csv")).expect("a file");
    file.write_all(start.as_bytes()).expect("written");
    let chunk = vec![b'a'; 1 << 20];
    for _ in 0..200 {
        file.write_all(&chunk).expect("written");
    }
}

/// A run that may have 768 MiB of address space where a shell can say so: it is killed when it wants more.
fn bounded(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    if !cfg!(target_os = "linux") {
        return sandbox.run(arguments);
    }
    let output = std::process::Command::new("/bin/sh")
        .args([
            "-c",
            "ulimit -v 786432 && exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_sfcompat"),
        ])
        .args(arguments)
        .args(["--threads", "2"])
        .current_dir(sandbox.path("."))
        .env_clear()
        .env("SFCOMPAT_TODAY", support::DAY)
        .output()
        .expect("a shell");
    output.into()
}

#[test]
fn ten_thousand_columns() {
    let sandbox = Sandbox::with_org();
    let mut text = String::from("Username,Profile Name");
    for n in 0..10_000 {
        text.extend([",Extra ", &n.to_string()]);
    }
    text.push_str("\nnew.one@brackenford.example,Brackenford Salse");
    text.push_str(&",x".repeat(10_000));
    text.push('\n');
    let run = check(&sandbox, &text);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.findings()
            .contains(&String::from("1:profile profile-not-found"))
    );
    let table = sandbox.run(&["check", "in.csv", "--snapshot", "org"]);
    assert_eq!(table.code, 1);
    assert!(
        table.stdout.len() < 200_000,
        "the table repeats all {} bytes",
        table.stdout.len()
    );
    let more = format!("Username{}\na@b.example\n", ",x".repeat(70_000));
    refused_text(more, &["line 1", "70001 columns"]);
}

#[test]
fn cells_of_a_megabyte() {
    let sandbox = Sandbox::with_org();
    let (profile, role) = ("p".repeat(1 << 20), "r".repeat(1 << 20));
    let run = check(
        &sandbox,
        format!("Username,Profile Name,Role\nnew.one@brackenford.example,{profile},{role}\n"),
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let found = run.findings();
    assert!(
        found.contains(&String::from("1:profile profile-not-found"))
            && found.contains(&String::from("1:role role-not-found")),
        "{found:?}"
    );
    for format in ["table", "markdown"] {
        let run = sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", format]);
        assert_eq!(run.code, 1);
        assert!(
            run.stdout.len() < 100_000,
            "{format} is for people, and has {} bytes",
            run.stdout.len()
        );
    }
}

#[test]
fn text_that_could_fool_a_reader_is_made_visible() {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", "Username,Profile Name,Role\nnew.one@brackenford.example,Bracken\u{202e}selaS drof,\u{1b}[2J\u{7}Marke\u{200f}ting\n");
    for format in ["table", "markdown", "csv", "json", "jsonl"] {
        let run = sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stdout.contains("profile-not-found"), "{format}");
        // CSV is complete: it keeps a value as it is, and nobody but a spreadsheet reads it.
        assert!(
            format == "csv" || !run.stdout.contains(['\u{1b}', '\u{7}']),
            "{format} lets control characters through"
        );
        if format == "table" || format == "markdown" {
            assert!(
                !run.stdout.contains(['\u{202e}', '\u{200f}']),
                "{format} lets marks of direction through"
            );
        }
    }
    // JSON keeps the value itself.
    let report = sandbox
        .run(&["check", "in.csv", "--snapshot", "org", "--format", "json"])
        .report();
    assert!(
        report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .any(|finding| finding["value"] == "Bracken\u{202e}selaS drof")
    );
}

#[test]
fn formulas_are_text_in_every_format() {
    const FORMULAS: [&str; 6] = [
        "=HYPERLINK(\"http://x.example\")",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "<script>alert(1)</script>",
    ];
    let sandbox = Sandbox::with_org();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["Username", "Profile Name", "Role"])
        .expect("memory");
    for (n, formula) in FORMULAS.iter().enumerate() {
        writer
            .write_record([&format!("new.{n}@brackenford.example"), *formula, *formula])
            .expect("memory");
    }
    sandbox.write("in.csv", writer.into_inner().expect("memory"));
    let run = sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", "csv"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.expect("a record") {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']) || cell.parse::<f64>().is_ok(),
                "a spreadsheet computes `{cell}`"
            );
            cells += 1;
        }
    }
    assert!(cells > 100, "{cells} cells");
    let markdown = sandbox
        .run(&[
            "check",
            "in.csv",
            "--snapshot",
            "org",
            "--format",
            "markdown",
        ])
        .stdout;
    assert!(!markdown.contains("<script"), "HTML in Markdown");
    let report = sandbox
        .run(&["check", "in.csv", "--snapshot", "org", "--format", "json"])
        .report();
    assert!(
        report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .any(|finding| finding["value"] == FORMULAS[0])
    );
}

#[test]
fn ids_of_another_org() {
    let sandbox = Sandbox::with_org();
    let run = check(
        &sandbox,
        "Username,UserId,ProfileId,UserRoleId\nnew.one@brackenford.example,005Fk000000AAAAIA4,00eFk000000AAAA,00EFk000000AAAA\n",
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let unknown: Vec<String> = run
        .findings()
        .into_iter()
        .filter(|finding| finding.ends_with("id-unknown"))
        .collect();
    assert_eq!(unknown.len(), 3, "{:?}", run.findings());
}

fn broken(file: &str, change: impl Fn(String) -> String, parts: &[&str]) {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", CLEAN);
    let path = format!("org/{file}");
    let text = std::fs::read_to_string(sandbox.path(&path)).expect("a file of the sample org");
    let changed = change(text.clone());
    assert_ne!(text, changed, "{file} was not broken");
    sandbox.write(&path, changed);
    let mut all = vec!["snapshot org", file];
    all.extend(parts);
    refused(&sandbox, "in.csv", &all);
    refused_run(&sandbox, &["matrix", "--snapshot", "org"], 3, &all);
}

#[test]
fn a_snapshot_that_is_none() {
    let sandbox = Sandbox::with_org();
    sandbox.write("in.csv", CLEAN);
    std::fs::create_dir(sandbox.path("empty")).expect("a folder");
    for (dir, part) in [
        ("nowhere", "nowhere is not a folder"),
        ("in.csv", "in.csv is not a folder"),
        ("empty", "holds no snapshot"),
    ] {
        for arguments in [&["check", "in.csv"][..], &["seats"], &["matrix"]] {
            refused_run(
                &sandbox,
                &[arguments, &["--snapshot", dir]].concat(),
                3,
                &[part],
            );
        }
    }
}

#[test]
fn snapshots_with_a_broken_file() {
    broken(
        "UserRole.csv",
        |text| text + "00E7R000000K0XX,\"Sales\n",
        &["line 63", "quote"],
    );
    broken(
        "UserRole.csv",
        |_| String::new(),
        &["empty, without a header"],
    );
    broken(
        "UserRole.csv",
        |text| text.replacen("00E", "00!", 1),
        &["line 2", "column Id", "no Salesforce id"],
    );
    broken(
        "UserRole.csv",
        |text| text.replace(',', ";"),
        &["line 1", "semicolons"],
    );
    broken(
        "UserRole.csv",
        |text| text.replacen("Id,", "Key,", 1),
        &["line 1", "column Id is missing"],
    );
    broken(
        "UserRole.csv",
        |text| text.replacen("Name,", "Name,Name,", 1),
        &["line 1", "Name is there twice"],
    );
    broken(
        "UserRole.csv",
        |text| text.clone() + text.lines().nth(1).expect("a role"),
        &["line 63", "there twice"],
    );
    broken(
        "UserRole.csv",
        |text| text.replacen("Field Sales", "Field\0Sales", 1),
        &["line", "NUL"],
    );
    broken(
        "User.csv",
        |text| text.replacen(",true", ",yes", 1),
        &["line 2", "column ", "'yes' is no boolean"],
    );
    broken(
        "UserLicense.csv",
        |text| text.replacen(",220,", ",many,", 1),
        &["line 2", "column TotalLicenses", "'many'"],
    );
    broken(
        "Profile.csv",
        |text| {
            text + "x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x\n"
        },
        &["line 53", "cells"],
    );
}

#[test]
fn snapshots_with_a_broken_describe() {
    broken(
        "describe/User.json",
        |text| text[..text.len() / 2].to_owned(),
        &["line", "column"],
    );
    broken(
        "describe/User.json",
        |_| String::from("{\"name\":\"User\"}"),
        &["fields"],
    );
    broken(
        "describe/User.json",
        |_| String::from("[1,\n2]"),
        &["line 1"],
    );
    broken(
        "describe/User.json",
        |_| String::from("<html>Maintenance</html>"),
        &["line 1, column 1"],
    );
}

/// Roles whose parents go round: Salesforce never has them, a hand-made folder may.
#[test]
fn a_cycle_of_roles() {
    let sandbox = Sandbox::with_org();
    sandbox.write("org/UserRole.csv", "Id,Name,DeveloperName,ParentRoleId,PortalType\n00E7R000000K0AA,Marketing,Marketing,00E7R000000K0BB,None\n00E7R000000K0BB,Sales,Sales,00E7R000000K0AA,None\n00E7R000000K0CC,Self,Self,00E7R000000K0CC,None\n");
    sandbox.write("in.csv", "Username,Profile Name,Role\nnew.one@brackenford.example,Brackenford Sales,Sales\nnew.two@brackenford.example,Brackenford Salse,Self\n");
    let run = sandbox.run(&["check", "in.csv", "--snapshot", "org", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.findings()
            .contains(&String::from("2:profile profile-not-found")),
        "{:?}",
        run.findings()
    );
    assert_eq!(
        sandbox
            .run(&["matrix", "--snapshot", "org", "--format", "json"])
            .code,
        0
    );
}
