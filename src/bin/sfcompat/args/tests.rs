use super::*;
use clap::CommandFactory;
use jiff::SignedDuration;

fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once(&"sfcompat").chain(arguments))
}

fn check(arguments: &[&str]) -> CheckArgs {
    let all: Vec<&str> = ["check", "a.csv", "--snapshot", "org"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    match parse(&all).expect("arguments").command {
        CommandArgs::Check(args) => args,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn defaults_are_those_of_the_contract() {
    let args = check(&[]);
    assert_eq!(args.report.format, FormatName::Table);
    // What the command line does not say is left to the configuration.
    assert_eq!(args.judge.fail_on.fail_on, None);
    assert_eq!(args.run.permission_sets, None);
    assert_eq!(args.run.null_values, None);
    assert_eq!(args.run.threads, None);
    assert!(
        !args.judge.exit_zero
            && args.report.max_findings.is_none()
            && args.report.output.is_empty()
    );
}

#[test]
fn rules_are_separated_by_commas() {
    let args = check(&[
        "--select",
        "license-seats,role-*",
        "--ignore",
        "email-domain",
    ]);
    assert_eq!(args.judge.select, ["license-seats", "role-*"]);
    assert_eq!(args.judge.ignore, ["email-domain"]);
}

#[test]
fn outputs_name_a_format_and_a_file() {
    let args = check(&["--output", "json=a=b.json", "-o", "csv=out.csv"]);
    assert_eq!(args.report.output.len(), 2);
    assert_eq!(args.report.output[0].format, FormatName::Json);
    assert_eq!(args.report.output[0].path, std::path::Path::new("a=b.json"));
    for wrong in ["json", "json=", "json=-", "word=x.doc"] {
        let all = ["check", "a.csv", "--snapshot", "org", "--output", wrong];
        assert_eq!(parse(&all).expect_err(wrong).exit_code(), 2);
    }
}

#[test]
fn ages_are_durations() {
    let age = |text| check(&["--max-age", text]).run.max_age;
    assert_eq!(age("24h"), Some(SignedDuration::from_secs(86_400)));
    assert_eq!(age("7d"), Some(SignedDuration::from_secs(7 * 86_400)));
    assert_eq!(age("1w"), Some(SignedDuration::from_secs(7 * 86_400)));
    assert_eq!(age("PT36H"), Some(SignedDuration::from_secs(129_600)));
    assert_eq!(age("90m"), Some(SignedDuration::from_secs(5400)));
    for wrong in ["", "24", "soon", "-1h", "1mo", "1y"] {
        let all = ["check", "a.csv", "--snapshot", "org", "--max-age", wrong];
        assert!(parse(&all).is_err(), "{wrong}");
    }
}

#[test]
fn kinds_are_those_of_reports() {
    let args = check(&["--kind", "assignments"]);
    assert_eq!(args.kind, Some(sfcompat::input::Kind::Assignments));
    let wrong = ["check", "a.csv", "--snapshot", "org", "--kind", "poem"];
    assert!(parse(&wrong).is_err());
}

#[test]
fn a_check_needs_inputs_and_the_configuration_may_name_the_snapshot() {
    assert!(parse(&["check", "--snapshot", "org"]).is_err());
    assert!(parse(&["check", "a.csv"]).is_ok());
    assert!(parse(&["seats", "--snapshot", "org"]).is_ok());
    assert!(parse(&["matrix", "--knowledge"]).is_ok());
    assert!(parse(&["matrix"]).is_ok());
    assert!(parse(&["check", "-", "--snapshot", "org"]).is_ok());
}

#[test]
fn a_configuration_is_named_or_refused_but_not_both() {
    let cli = parse(&["--config", "a.toml", "matrix"]).expect("arguments");
    assert_eq!(cli.config.as_deref(), Some(std::path::Path::new("a.toml")));
    assert!(parse(&["matrix", "--no-config"]).is_ok_and(|cli| cli.no_config));
    assert!(parse(&["matrix", "--no-config", "--config", "a.toml"]).is_err());
}
