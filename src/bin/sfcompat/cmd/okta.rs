//! `sfcompat okta pull`

use super::Error;
use crate::args::{OktaArgs, OktaCommand, OktaPullArgs};
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::net::Clock;
use sfcompat::okta_pull::{self, Asked, Event, Options};
use std::cell::RefCell;
use std::io::Write;

pub(crate) fn run(args: OktaArgs, env: &mut Env) -> Result<Exit, Error> {
    match args.command {
        OktaCommand::Pull(args) => pull(args, env),
    }
}

fn pull(args: OktaPullArgs, env: &mut Env) -> Result<Exit, Error> {
    let asked = Asked {
        url: args.url,
        custom_domain: args.custom_domain,
        loopback: args.loopback.allow_loopback_http,
        client_id: args.client_id,
        key_file: args.key_file,
        key_id: args.key_id,
        token_file: args.token_file,
    };
    let account = okta_pull::account(&asked, |name| std::env::var(name).ok())?;
    let options = Options {
        app: args.app,
        parts: args.parts,
    };
    let target = env.folder.join(&args.output);
    let told = !env.quiet;
    let err = RefCell::new(&mut env.err);
    let events = |event: Event| {
        if told {
            let Event::Done {
                file,
                elements,
                pages,
            } = event;
            // Whoever closed stderr does not want to read it.
            let _ = writeln!(
                err.borrow_mut(),
                "{file}: {elements} in {pages} page{}",
                if pages == 1 { "" } else { "s" }
            );
        }
    };
    let clock = Clock::system();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::usage(format!("the network cannot be started: {error}")))?;
    let manifest = runtime.block_on(async {
        tokio::select! {
            done = okta_pull::pull(&account, &clock, &target, &options, &events) => done.map_err(Error::from),
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    })?;
    Ok(Exit::Clean(format!(
        "{} '{}' of {}: {} files in {} requests, written to {}",
        manifest.app,
        manifest.label,
        manifest.host,
        manifest.files.len(),
        manifest.requests,
        args.output.display()
    )))
}

/// How a run ends whose pull failed.
pub(super) fn exit(error: &okta_pull::Error, reason: String) -> Exit {
    if error.is_usage() {
        Exit::Usage(reason)
    } else if error.is_output() {
        Exit::Output(reason)
    } else {
        Exit::Unreachable(reason)
    }
}
