//! `sfcompat demo`

use super::{Error, online};
use crate::args::{Cli, CommandArgs, DemoArgs};
use crate::env::Env;
use crate::exit::Exit;
use clap::Parser;
use sfcompat::auth::{self, LoggedIn, Request, Surroundings, Way};
use sfcompat::demo::{Entry, FakeOkta, FakeOrg};
use sfcompat::net::{Client, Hosts, Timeouts};
use sfcompat::pull::{self, Options};
use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

pub(crate) fn run(args: &DemoArgs, env: &mut Env) -> Result<Exit, Error> {
    if args.run {
        return everything(args, env);
    }
    let org = start(args, args.port)?;
    let okta = args.okta.then(|| start_okta(args)).transpose()?;
    written(&org, okta.as_ref(), env).map_err(Error::Stdout)?;
    // The org serves on its own thread until the program is ended.
    let (mut shown, mut shown_of_okta) = (0, 0);
    loop {
        std::thread::sleep(LOOK);
        let entries = okta.as_ref().map(|okta| okta.journal_after(shown_of_okta));
        for entry in entries.unwrap_or_default() {
            shown_of_okta += 1;
            if args.log {
                logged(&entry, env).map_err(Error::Stdout)?;
            }
        }
        for entry in org.journal_after(shown) {
            shown += 1;
            if args.log {
                logged(&entry, env).map_err(Error::Stdout)?;
            }
        }
    }
}

/// How often the journal is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// One request, on stderr. Parameters other than the query may be secrets and are left out.
fn logged(entry: &Entry, env: &mut Env) -> io::Result<()> {
    let (status, method, path) = (entry.status, &entry.method, &entry.path);
    let query = entry
        .soql()
        .map_or_else(String::new, |soql| format!("  {soql}"));
    writeln!(env.err, "{status} {method} {path}{query}")
}

fn start(args: &DemoArgs, port: u16) -> Result<FakeOrg, Error> {
    let mut builder = match &args.snapshot {
        Some(dir) => FakeOrg::builder(dir),
        None => FakeOrg::fictional(),
    };
    if let Some(file) = &args.scenario {
        builder = builder.scenario(file)?;
    }
    Ok(builder.port(port).start()?)
}

fn start_okta(args: &DemoArgs) -> Result<FakeOkta, Error> {
    let mut builder = match &args.okta_folder {
        Some(dir) => FakeOkta::builder(dir),
        None => FakeOkta::fictional(),
    };
    if let Some(file) = &args.scenario {
        builder = builder.scenario(file)?;
    }
    // Any that is free stays any that is free.
    let port = match args.port {
        0 => 0,
        own => own.saturating_add(1),
    };
    Ok(builder.port(port).start()?)
}

/// What to type next.
fn written(org: &FakeOrg, okta: Option<&FakeOkta>, env: &mut Env) -> io::Result<()> {
    let url = org.base_url();
    let (user, token) = (org.username(), org.access_token());
    let out = &mut env.out;
    writeln!(
        out,
        "A Salesforce org that is none listens on {url} until Ctrl-C. Nothing leaves this machine; nothing can be changed."
    )?;
    writeln!(out, "You are {user}. In another terminal:")?;
    writeln!(out)?;
    writeln!(out, "export SFCOMPAT_INSTANCE_URL={url}")?;
    writeln!(out, "export SFCOMPAT_ACCESS_TOKEN='{token}'")?;
    writeln!(out)?;
    writeln!(out, "sfcompat pull -o org --allow-loopback-http")?;
    writeln!(out, "sfcompat matrix --snapshot org")?;
    writeln!(out, "sfcompat check assignments.csv --snapshot org")?;
    writeln!(out)?;
    writeln!(
        out,
        "Or log in as to any org, by a page that says yes at once; then every command takes --org demo:"
    )?;
    writeln!(out)?;
    writeln!(
        out,
        "sfcompat login --org demo --instance-url {url} --client-id demo --allow-loopback-http"
    )?;
    writeln!(out, "sfcompat pull --org demo -o org --allow-loopback-http")?;
    writeln!(out)?;
    writeln!(out, "Or ask it yourself:")?;
    writeln!(out)?;
    writeln!(
        out,
        "curl -H \"Authorization: Bearer $SFCOMPAT_ACCESS_TOKEN\" \"{url}/services/data/v65.0/query?q=SELECT+Name,TotalLicenses,UsedLicenses+FROM+UserLicense\""
    )?;
    if let Some(okta) = okta {
        writeln!(out)?;
        writeln!(
            out,
            "An Okta org that is none listens on {}:",
            okta.base_url()
        )?;
        writeln!(out)?;
        writeln!(out, "export SFCOMPAT_OKTA_URL={}", okta.base_url())?;
        writeln!(out, "export SFCOMPAT_OKTA_API_TOKEN={}", okta.api_token())?;
        writeln!(out)?;
        writeln!(out, "sfcompat okta pull -o okta --allow-loopback-http")?;
    }
    out.flush()
}

/// Assignments of the fictional company: some fit, some do not.
const ASSIGNMENTS: &str = include_str!("../../../../sample-data/assignments.csv");

/// The whole way once: login, pull, matrix, check. Ends as the check ends.
fn everything(args: &DemoArgs, env: &mut Env) -> Result<Exit, Error> {
    let org = start(args, 0)?;
    let folder = tempfile::tempdir().map_err(Error::Temporary)?;
    let (snapshot, file) = (
        folder.path().join("org"),
        folder.path().join("assignments.csv"),
    );
    std::fs::write(&file, ASSIGNMENTS).map_err(Error::Temporary)?;
    let around = Surroundings {
        hosts: Hosts::with_loopback_http(),
        store: Some(folder.path().join("home")),
        ..Surroundings::default()
    };
    let made = login(&org, &around)?;
    step(
        env,
        &format!(
            "login: {} at {}, by a page, a code and PKCE",
            made.username.as_deref().unwrap_or("somebody"),
            org.base_url()
        ),
    )?;
    let connection = auth::open(Some(ALIAS), &around)?;
    let options = Options {
        with_metadata: true,
        ..Options::default()
    };
    let pulled = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Temporary)?
        .block_on(pull::pull(
            &connection,
            &around.clock,
            &snapshot,
            &options,
            &|_| {},
        ))
        .map_err(|fault| Error::Pull(Box::new(fault)))?;
    let counts = org.counts();
    step(
        env,
        &format!(
            "pull: {} objects in {} requests, {} of them writing",
            pulled.manifest.objects.len(),
            counts.requests,
            counts.writes
        ),
    )?;
    drop(connection);
    step(env, "matrix: which license has which feature")?;
    command(
        &["matrix", "--only", "features", "--snapshot"],
        &[&snapshot],
        env,
    )?;
    step(env, "check: assignments against the org")?;
    command(
        &["check"],
        &[&file, Path::new("--snapshot"), &snapshot],
        env,
    )
}

/// The login of the run; it lies in a folder that goes away.
const ALIAS: &str = "demo";

/// Logs in as a person does, by the page of the org. The part of the browser is played here: the page approves at once,
/// and the browser goes where the page sends it.
fn login(org: &FakeOrg, around: &Surroundings) -> Result<LoggedIn, Error> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|port| port.local_addr());
    let request = Request {
        alias: ALIAS.to_owned(),
        instance_url: Some(org.base_url()),
        way: Way::Web {
            client_id: ALIAS.to_owned(),
            client_secret: None,
            port: free.map_err(Error::Temporary)?.port(),
            wait: WAIT,
            username: None,
        },
        keyring: false,
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let mut tell = Some(tell);
    let mut announce = |page: &url::Url| {
        if let Some(tell) = tell.take() {
            // Whoever waits for the page waits until the login ends.
            let _ = tell.send(page.clone());
        }
    };
    online(async {
        let browser = async {
            if let Ok(page) = told.await {
                visit(around.hosts, page).await;
            }
            // The login alone says how it ended.
            std::future::pending().await
        };
        tokio::select! {
            made = auth::login(&request, around, &mut announce) => made,
            made = browser => made,
        }
    })
}

/// How long the answer of the page is waited for.
const WAIT: Duration = Duration::from_secs(20);

/// Opens a page and goes where it leads, once.
async fn visit(hosts: Hosts, page: url::Url) {
    let client = Client::new(hosts, Timeouts::default());
    let mut next = Some(page);
    for _ in 0..2 {
        let Some(url) = next.take() else { return };
        let Ok(request) = client.get(&url) else {
            return;
        };
        let Ok(answer) = request.send().await else {
            return;
        };
        let location = answer.headers().get("location");
        next = location
            .and_then(|target| target.to_str().ok())
            .and_then(|target| url.join(target).ok());
    }
}

/// Runs another command as if it had been typed.
fn command(words: &[&str], paths: &[&Path], env: &mut Env) -> Result<Exit, Error> {
    let typed = ["sfcompat"].iter().chain(words).map(OsString::from);
    let typed = typed.chain(paths.iter().map(OsString::from));
    let cli = Cli::try_parse_from(typed).map_err(|fault| Error::usage(fault.to_string()))?;
    match cli.command {
        CommandArgs::Matrix(args) => super::matrix::run(&args, env),
        CommandArgs::Check(args) => super::check::run(&args, env),
        _ => Err(Error::usage("demo runs no other command")),
    }
}

/// One line between the steps, on stderr and after what stdout holds.
fn step(env: &mut Env, what: &str) -> Result<(), Error> {
    env.out.flush().map_err(Error::Stdout)?;
    writeln!(env.err, "== {what}").map_err(Error::Stdout)
}
