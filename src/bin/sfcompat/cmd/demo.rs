//! `sfcompat demo`

use super::Error;
use crate::args::DemoArgs;
use crate::env::Env;
use crate::exit::Exit;
use sfcompat::demo::{Entry, FakeOrg};
use std::io;
use std::time::Duration;

pub(crate) fn run(args: &DemoArgs, env: &mut Env) -> Result<Exit, Error> {
    let org = start(args)?;
    written(&org, env).map_err(Error::Stdout)?;
    // The org serves on its own thread until the program is ended.
    let mut shown = 0;
    loop {
        std::thread::sleep(LOOK);
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

fn start(args: &DemoArgs) -> Result<FakeOrg, Error> {
    let mut builder = match &args.snapshot {
        Some(dir) => FakeOrg::builder(dir),
        None => FakeOrg::fictional(),
    };
    if let Some(file) = &args.scenario {
        builder = builder.scenario(file)?;
    }
    Ok(builder.port(args.port).start()?)
}

/// What to type next.
fn written(org: &FakeOrg, env: &mut Env) -> io::Result<()> {
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
    writeln!(
        out,
        "curl -H \"Authorization: Bearer $SFCOMPAT_ACCESS_TOKEN\" \"{url}/services/data/v65.0/query?q=SELECT+Name,TotalLicenses,UsedLicenses+FROM+UserLicense\""
    )?;
    out.flush()
}
