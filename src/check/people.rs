//! The inputs of one run opened and joined: groups, who is in them, and users with an assignment of their own.

use super::{Error, Options};
use crate::input::{Input, InputBlocks, Keys, Kind, ReadOptions, RowKind};
use crate::model::Org;
use crate::okta::overlay::{Overlay, Told};
use crate::okta::{self, App, Directory, Mappings, groups::Groups, members::Members};
use crate::rules::NullMeaning;
use crate::tabular::Records;
use std::path::Path;

/// An input that is ready to be judged.
pub(super) type Opened = (Input, InputBlocks);

/// All inputs of a run, ready to be judged, and what they say together.
pub(super) struct People {
    pub(super) opened: Vec<Opened>,
    pub(super) groups: Groups,
    /// What attribute mappings made of the users whose attributes are at hand.
    pub(super) told: Told,
}

/// What the files of a run say, before they are joined.
#[derive(Default)]
struct Gathered {
    opened: Vec<Opened>,
    groups: Groups,
    mappings: Mappings,
    /// Inputs that are users of Okta.
    directories: Vec<String>,
}

impl Gathered {
    fn add(
        &mut self,
        path: &str,
        (org, app): (&Org, Option<&App>),
        options: &Options,
    ) -> Result<(), Error> {
        let lists = (options.list_separator.as_deref(), options.block);
        let read = reading(options, path, app);
        let opened = match okta::open(path, org, &read) {
            Err(okta::Error::OktaUsers { path }) => {
                self.directories.push(path.into());
                return Ok(());
            }
            other => other?,
        };
        for (input, blocks) in opened {
            let blocks = self.groups.add(&input, blocks, lists)?;
            let blocks = self.mappings.add(&input, blocks, options.block)?;
            self.opened.push((input, blocks));
        }
        Ok(())
    }
}

/// Opens every input, in order, and last what the members of groups get.
pub(super) fn open_all(
    inputs: &[String],
    org: &Org,
    options: &Options,
    app: Option<&App>,
) -> Result<People, Error> {
    let mut all = Gathered::default();
    for path in inputs {
        all.add(path, (org, app), options)?;
    }
    // Members alone say nothing: the groups are those of the configuration, unless an input has some.
    let configured = options.okta_groups.as_deref();
    let configured = configured.filter(|_| options.members.is_some() && all.groups.all.is_empty());
    if let Some(path) = configured {
        all.add(&path.to_string_lossy(), (org, app), options)?;
    }
    let Gathered {
        opened,
        mut groups,
        mappings,
        mut directories,
    } = all;
    if let Some(path) = &options.okta_schema {
        groups.read_schema(options.files.real(path))?;
    }
    let template = app.and_then(|app| app.username.as_ref());
    if let Some(path) = &options.members {
        let file = options.files.real(path);
        groups.members = Some(Members::read(file, &groups, template)?);
        groups.blanks_count = options.run.nulls == NullMeaning::Pushed;
    }
    if let Some(path) = directories.first().filter(|_| mappings.is_empty()) {
        let path = path.as_str().into();
        return Err(okta::Error::OktaUsers { path }.into());
    }
    let configured = options.okta_users.as_ref();
    directories.extend(configured.map(|path| path.to_string_lossy().into_owned()));
    // Who else says who is assigned wants to look users up; otherwise they are read one after the other.
    let is_user = |(input, _): &Opened| input.columns.rows == RowKind::User;
    let looks_up = options.members.is_some() || opened.iter().any(is_user);
    let mut directory = Directory::default();
    for path in directories
        .iter()
        .filter(|_| looks_up && !mappings.is_empty())
    {
        let real = options.files.real(Path::new(path));
        directory.add(path, real, &mappings.wanted())?;
    }
    // A file of members may tell more of each than the group.
    if let Some(path) = options.members.as_ref().filter(|_| !mappings.is_empty()) {
        let wanted = mappings.wanted();
        directory.add_members(&path.to_string_lossy(), options.files.real(path), &wanted)?;
    }
    let asked = options.explain_user.as_deref();
    let mut overlay = Overlay::new(&mappings, &directory, asked);
    let mut own = (!mappings.is_empty()).then_some(&mut overlay);
    let users = (own.as_deref_mut(), app);
    let mut opened = join(opened, &mut groups, users, (org, options))?;
    if let Some(path) = &options.members {
        let read = options.reading(&path.to_string_lossy());
        let members = okta::of_members(path, &mut groups, own.as_deref_mut(), (org, &read))?;
        opened.extend(members);
    }
    // Nobody else says who is assigned: then these users are.
    let has_users = opened.iter().any(is_user);
    if let Some(overlay) = own.filter(|_| !has_users) {
        for path in &directories {
            let read = options.reading(path);
            opened.extend(okta::of_directory(path, template, overlay, (org, &read))?);
        }
    }
    let told = overlay.finish();
    Ok(People {
        opened,
        groups,
        told,
    })
}

/// Lets the users of an app get what their groups give, keeps members who have a row of their own from getting a second
/// one (an individual assignment beats every group), and lets all get what a mapping makes of them.
fn join(
    opened: Vec<Opened>,
    groups: &mut Groups,
    (mut overlay, app): (Option<&mut Overlay<'_>>, Option<&App>),
    (org, options): (&Org, &Options),
) -> Result<Vec<Opened>, Error> {
    let template = app.and_then(|app| app.username.as_ref());
    let mut all = Vec::new();
    for (input, blocks) in opened {
        // What a plan sets beats what a mapping fills, or Okta refuses it: a rule says so.
        let is_planned = input.kind == Kind::TerraformPlan;
        if input.columns.rows != RowKind::User || is_planned && groups.members.is_none() {
            all.push((input, blocks));
            continue;
        }
        let path = input.path.to_string();
        let read = reading(options, &path, app);
        if input.kind == Kind::OktaUsersJson {
            if groups.members.is_none() && overlay.is_none() {
                all.push((input, blocks));
            } else if input.part == 0 {
                // The file is read again as a whole, whatever parts it has.
                let overlay = overlay.as_deref_mut();
                all.extend(okta::joined(&path, groups, overlay, (org, &read))?);
            }
            continue;
        }
        if groups.members.is_some() {
            let logins = individuals(&path, org, &read)?;
            if let Some(members) = &mut groups.members {
                members.hold_individuals(logins.into_iter());
            }
        }
        if is_planned {
            all.push((input, blocks));
            continue;
        }
        let overlay = overlay.as_deref_mut();
        let one = (input, blocks);
        all.extend(okta::completed(
            one,
            groups,
            overlay,
            template,
            (org, &read),
        )?);
    }
    Ok(all)
}

/// How an input is read where the run knows the app.
fn reading<'o>(options: &'o Options, path: &str, app: Option<&'o App>) -> ReadOptions<'o> {
    ReadOptions {
        okta_app: app.and_then(|app| app.id.as_deref()),
        ..options.reading(path)
    }
}

/// The keys of the usernames of a file, those aside that it says to be assigned by a group (`scope` of an export).
fn individuals(path: &str, org: &Org, read: &ReadOptions<'_>) -> Result<Vec<u64>, Error> {
    if path == "-" && read.at.is_none() {
        return Err(okta::Error::Shape {
            path: path.into(),
            line: 1,
            reason: "users on standard input cannot be joined with members; give the file by its name",
        }
        .into());
    }
    let mut found = Vec::new();
    let mut records = Records::default();
    for (input, mut blocks) in okta::open(path, org, read)? {
        if input.columns.rows != RowKind::User {
            continue;
        }
        let headers = input.columns.headers.iter();
        let scope = headers
            .map(|header| header.trim())
            .position(|header| header.eq_ignore_ascii_case("scope"));
        let mut buffer = Vec::new();
        let failed = |error| crate::input::Error::of_block(path, error);
        while let Some(block) = blocks.next(std::mem::take(&mut buffer)).map_err(failed)? {
            records.split(input.text(&block)?, input.delimiter);
            let text = input.text(&block)?;
            for cells in (0..records.len()).filter_map(|n| records.get(text, n)) {
                let by_group = scope
                    .and_then(|place| cells.get(place))
                    .is_some_and(|cell| cell.trim().eq_ignore_ascii_case("GROUP"));
                if !by_group {
                    found.push(Keys::of_cells(&input.columns, cells).login);
                }
            }
            buffer = block.bytes;
        }
    }
    Ok(found)
}
