//! `sfcompat login`, `logout` and `orgs`

use super::{Error, configuration, online};
use crate::args::{Flow, LoginArgs, LogoutArgs, OrgsArgs, OrgsFormat};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::auth::{self, Diagnosis, LoggedOut, Request, State, Surroundings, Way};
use sfcompat::net::{self, Secret};
use std::io::{self, Write};
use std::process::{Command, Stdio};

pub(crate) fn run(args: LoginArgs, env: &mut Env) -> Result<Exit, Error> {
    let around = Env::surroundings(args.loopback);
    let alias = alias(args.org.as_deref(), env)?;
    if args.check && args.flow.is_none() {
        let proxy = net::proxy(|name| std::env::var(name).ok());
        let found = online(auth::check(&alias, proxy.as_deref(), &around))?;
        return report(&found, env);
    }
    let (check, no_browser) = (args.check, args.no_browser);
    let request = request(args, alias, &around)?;
    let mut announce = |page: &url::Url| {
        let mut err = io::stderr();
        let line = writeln!(
            err,
            "Log in and allow access on this page, in a browser of this machine:\n\n{page}\n"
        );
        // Without stderr nobody reads the page; the wait ends by itself.
        let _ = line.and_then(|()| err.flush());
        if Env::is_attended() && !no_browser {
            open_browser(page.as_str());
        }
    };
    if check {
        let proxy = net::proxy(|name| std::env::var(name).ok());
        let found = online(auth::check_request(
            &request,
            proxy.as_deref(),
            &around,
            &mut announce,
        ))?;
        return report(&found, env);
    }
    let made = online(auth::login(&request, &around, &mut announce))?;
    let who = made
        .username
        .as_deref()
        .unwrap_or("a user that the org does not name");
    let org = made
        .org_id
        .map_or_else(String::new, |id| format!(" of the org {id}"));
    let replaced = if made.replaced {
        " (in the place of an older login)"
    } else {
        ""
    };
    Ok(Exit::Clean(format!(
        "logged in as {who}{org} at {}, kept as '{}'{replaced}",
        made.instance_url.as_str().trim_end_matches('/'),
        request.alias
    )))
}

pub(crate) fn logout(args: &LogoutArgs, env: &mut Env) -> Result<Exit, Error> {
    let around = Env::surroundings(args.loopback);
    let alias = alias(args.org.as_deref(), env)?;
    let done = online(auth::logout(&alias, args.forget, &around))?;
    Ok(Exit::Clean(match done {
        LoggedOut::Revoked => format!("logged out of '{alias}': Salesforce has ended its tokens"),
        LoggedOut::LeftToSalesforceCli => {
            format!(
                "logged out of '{alias}'; the Salesforce CLI keeps its own login (sf org logout)"
            )
        }
        LoggedOut::Forgotten => format!("'{alias}' is removed here; nothing was revoked"),
    }))
}

pub(crate) fn orgs(args: &OrgsArgs, env: &mut Env) -> Result<Exit, Error> {
    let listed = auth::list(&Env::surroundings(crate::args::LoopbackArgs::default()))?;
    let out = &mut env.out;
    match args.format {
        OrgsFormat::Json => serde_json::to_writer_pretty(&mut *out, &listed)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
        OrgsFormat::Table => listed.iter().try_for_each(|login| {
            let keyring = if login.keyring { ", keyring" } else { "" };
            writeln!(
                out,
                "{}  {}  {}  {}  {}{keyring}  since {}",
                login.alias,
                login.username.as_deref().unwrap_or("-"),
                login.instance_url,
                login.org_id.as_deref().unwrap_or("-"),
                login.flow,
                login.since.strftime("%Y-%m-%d"),
            )
        }),
    }
    .map_err(Error::Stdout)?;
    Ok(Exit::Clean(match listed.len() {
        0 => String::from("nobody has logged in yet (sfcompat login)"),
        1 => String::from("1 login"),
        many => format!("{many} logins"),
    }))
}

/// The login that is meant: the option, its variable, or the configuration.
fn alias(given: Option<&str>, env: &Env) -> Result<String, Error> {
    if let Some(alias) = given {
        return Ok(alias.to_owned());
    }
    configuration(env)?.raw.source.org.ok_or_else(|| {
        Error::usage("which login? --org ALIAS, SFCOMPAT_ORG, or org in [source] of sfcompat.toml")
    })
}

/// The arguments as a login to be made.
fn request(args: LoginArgs, alias: String, around: &Surroundings) -> Result<Request, Error> {
    let flow = args.flow.unwrap_or(Flow::Web);
    let secret = match &args.secret_file {
        Some(path) => Some(
            auth::read_secret(path, &mut io::stdin().lock()).map_err(auth::Error::SecretFile)?,
        ),
        None => None,
    };
    let variable = || {
        std::env::var("SFCOMPAT_CLIENT_SECRET")
            .ok()
            .filter(|text| !text.is_empty())
    };
    let client_secret = || secret.clone().or_else(|| variable().map(Secret::new));
    let wanted = |value: Option<String>, option: &str| {
        value.ok_or_else(|| Error::usage(format!("this flow needs {option}")))
    };
    let way = match flow {
        Flow::Web => Way::Web {
            client_secret: client_secret(),
            client_id: wanted(args.client_id, "--client-id: the consumer key of your External Client App (README, Log in to your org)")?,
            port: args.callback_port,
            wait: args.timeout,
            username: args.username,
        },
        Flow::ClientCredentials => Way::ClientCredentials {
            client_secret: client_secret().ok_or_else(|| {
                Error::usage("this flow needs the consumer secret: --secret-file FILE, --secret-file - or SFCOMPAT_CLIENT_SECRET")
            })?,
            client_id: wanted(args.client_id, "--client-id")?,
        },
        Flow::Jwt => Way::Jwt {
            client_id: wanted(args.client_id, "--client-id")?,
            username: wanted(args.username, "--username")?,
            key_file: args.key_file.ok_or_else(|| Error::usage("this flow needs --key-file"))?,
            audience: args.audience,
        },
        Flow::Sf => Way::Sf {
            org: args.sf_org.unwrap_or_else(|| alias.clone()),
        },
        Flow::SfdxUrl => Way::SfdxUrl {
            url: secret.ok_or_else(|| {
                Error::usage("this flow needs the SFDX auth URL from a file or stdin: --secret-file FILE, --secret-file -")
            })?,
        },
        Flow::Token => Way::Token {
            token: secret.or_else(|| around.access_token.clone()).ok_or_else(|| {
                Error::usage("this flow needs a token: SFCOMPAT_ACCESS_TOKEN, --secret-file FILE or --secret-file -")
            })?,
        },
    };
    Ok(Request {
        alias,
        instance_url: args.instance_url,
        way,
        keyring: args.keyring,
    })
}

/// Prints an examination.
fn report(found: &Diagnosis, env: &mut Env) -> Result<Exit, Error> {
    for step in &found.steps {
        let word = match step.state {
            State::Good => "ok  ",
            State::Warning => "warn",
            State::Bad => "FAIL",
        };
        let lines = std::iter::once(format!("{word}  {}", step.text))
            .chain(step.hints.iter().map(|hint| format!("      {hint}")));
        for line in lines {
            writeln!(env.out, "{line}").map_err(Error::Stdout)?;
        }
    }
    Ok(if found.is_healthy() {
        Exit::Clean(String::from("the login works"))
    } else {
        let first = found.steps.iter().find(|step| step.state == State::Bad);
        Exit::Unreachable(first.map_or_else(String::new, |step| step.text.clone()))
    })
}

/// Shows a page to the person at this machine. Whoever has no browser opens the printed address.
fn open_browser(page: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(arguments)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env_remove("SFCOMPAT_ACCESS_TOKEN")
        .env_remove("SFCOMPAT_CLIENT_SECRET")
        .spawn();
    if let Err(error) = started {
        tracing::debug!(%error, program, "no browser");
    }
}
