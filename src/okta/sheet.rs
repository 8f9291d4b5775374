//! Sheets of users, completed: those who are assigned by a group get what the group gives, and what an attribute mapping
//! fills is evaluated for each user whose attributes are at hand.

use super::directory::{self, columns_of};
use super::join::Join;
use super::overlay::{MappedColumns, Overlay, Whose};
use super::table::{Part, PartsWriter};
use super::{Error, Template, record_number};
use crate::input::{Attribute, Input, InputBlocks, access_column};
use crate::tabular::{Cells, Records};
use std::borrow::Cow;

/// Headers that say who assigned a user, and by which group, as exports of app users have them.
const SCOPE: &str = "scope";
const GROUP_NAME: &str = "groupname";

/// Whether a sheet says of each user whether a group assigned them.
pub(super) fn has_scope(input: &Input) -> bool {
    place_of(input, SCOPE).is_some()
}

fn place_of(input: &Input, wanted: &str) -> Option<usize> {
    let mut headers = input.columns.headers.iter();
    headers.position(|header| directory::attribute_key(header) == wanted)
}

/// The usernames that the app makes of the users of a sheet that has their logins in Okta.
pub(super) struct Usernames<'t> {
    template: &'t Template,
    /// Place of the column of logins.
    place: usize,
    /// Users of whom it is not known what the template makes.
    unknown: u64,
    /// Whether a username was made of any.
    any: bool,
    /// The first of those of whom none was made.
    first: Option<String>,
}

impl<'t> Usernames<'t> {
    /// For a sheet whose users are named by logins. `None`: they are not, or usernames are the logins.
    pub(super) fn new(input: &Input, template: Option<&'t Template>) -> Option<Self> {
        let template = template.filter(|template| !template.is_login())?;
        let header = input.columns.header(Attribute::Username)?;
        if !["login", "oktausername"].contains(&directory::attribute_key(header).as_str()) {
            return None;
        }
        Some(Self {
            template,
            place: usize::from(input.columns.place(Attribute::Username)),
            unknown: 0,
            any: false,
            first: None,
        })
    }

    /// A template of which nothing is known for anybody: all users would be taken for new ones.
    fn refused(&self, path: &str) -> Option<Error> {
        let login = self.first.clone().filter(|_| !self.any)?;
        Some(Error::Template {
            path: path.into(),
            template: format!("{}{}", self.template.text, self.template.suffix),
            login,
        })
    }

    /// The username of a record.
    fn of<'c>(&mut self, headers: &[String], cell: &dyn Fn(usize) -> &'c str) -> Option<String> {
        let login = cell(self.place).trim();
        if login.is_empty() {
            return None;
        }
        let made = self.template.of(&|attribute| {
            let wanted = directory::attribute_key(attribute);
            let mut keys = headers
                .iter()
                .map(|header| directory::attribute_key(header));
            let place = keys.position(|key| key == wanted);
            let place = place.or_else(|| (wanted == "login").then_some(self.place))?;
            Some(cell(place).trim().to_owned()).filter(|text| !text.is_empty())
        });
        self.unknown += u64::from(made.is_none());
        self.any |= made.is_some();
        if made.is_none() && self.first.is_none() {
            self.first = Some(login.to_owned());
        }
        made
    }

    /// What people should know of it.
    pub(super) fn told(&self) -> String {
        let template = format!("{}{}", self.template.text, self.template.suffix);
        match self.unknown {
            0 => format!("its logins became usernames by the template of the app, {template}"),
            users => format!(
                "the template of the app, {template}, makes usernames of more than the file has: for {users} of its users the login was taken as it is"
            ),
        }
    }
}

/// What completes the records of a sheet.
struct Completion<'a, 'j, 'o, 't> {
    input: &'a Input,
    join: Option<Join<'j>>,
    overlay: Option<&'a mut Overlay<'o>>,
    usernames: Option<&'a mut Usernames<'t>>,
    /// The headers of the sheet, and with the columns that are added.
    headers: Vec<String>,
    header: Vec<String>,
    /// The columns that a mapping fills.
    mapped: Option<MappedColumns>,
    /// The columns that only groups fill: of somebody whom no group of the run decides nothing is known there.
    of_groups: Vec<usize>,
    /// The columns of the attributes that a mapping reads.
    own: Vec<Option<usize>>,
    scope: Option<usize>,
    group_name: Option<usize>,
}

impl<'a, 'j, 'o, 't> Completion<'a, 'j, 'o, 't> {
    fn new(
        input: &'a Input,
        join: Option<Join<'j>>,
        overlay: Option<&'a mut Overlay<'o>>,
        usernames: Option<&'a mut Usernames<'t>>,
    ) -> Self {
        let headers = input.columns.headers.iter();
        let headers: Vec<String> = headers.map(ToString::to_string).collect();
        let mut header = headers.clone();
        if let Some(join) = &join {
            header.extend(join.further(headers.iter()));
        }
        // What the sheet says itself stands; a mapping fills what is not in it.
        let is_ours = |property: &str| {
            access_column(property).is_some_and(|column| !input.columns.has(column))
        };
        let joined = headers.len()..header.len();
        let mapped = overlay
            .as_ref()
            .map(|overlay| overlay.columns(&mut header, is_ours));
        let is_mapped = |place| {
            let mapped = mapped.as_ref();
            mapped.is_some_and(|mapped| mapped.fills(place))
        };
        let of_groups = joined.filter(|&place| !is_mapped(place)).collect();
        let wanted = overlay.as_ref().map_or(&[][..], |overlay| overlay.wanted());
        Self {
            own: columns_of(wanted, headers.iter().map(String::as_str)),
            scope: place_of(input, SCOPE),
            group_name: place_of(input, GROUP_NAME),
            input,
            join,
            overlay,
            usernames,
            headers,
            header,
            mapped,
            of_groups,
        }
    }

    /// A record completed, and the places of the columns that cannot be told of it.
    fn of<'c>(&mut self, cells: Cells<'c>, line: u64) -> (Vec<Cow<'c, str>>, Vec<usize>)
    where
        'j: 'c,
    {
        let cell = |n: usize| cells.get(n).unwrap_or_default();
        let username = self.input.columns.cell(Attribute::Username, cells).sent();
        if let Some(join) = &mut self.join {
            let scope = self.scope.map(cell).unwrap_or_default();
            let group = self.group_name.map(cell);
            let group = group.filter(|name| !name.trim().is_empty());
            join.row(
                &[username],
                !scope.trim().eq_ignore_ascii_case("GROUP"),
                group,
            );
        }
        let join = self.join.as_ref();
        let value = |name: &str| join.and_then(|join| join.value(name));
        let header = self.header.iter().enumerate();
        let mut row: Vec<Cow<'c, str>> = header
            .map(|(n, name)| match value(name) {
                Some(given) => given,
                None if n < self.headers.len() => Cow::Borrowed(cell(n)),
                None => Cow::Borrowed(""),
            })
            .collect();
        if let Some(usernames) = &mut self.usernames
            && let Some(name) = usernames.of(&self.headers, &cell)
            && let Some(cell) = row.get_mut(usernames.place)
        {
            *cell = Cow::Owned(name);
        }
        let mut absent = Vec::new();
        if !join.is_some_and(Join::decides) {
            absent.clone_from(&self.of_groups);
        }
        let (Some(overlay), Some(mapped)) = (&mut self.overlay, &self.mapped) else {
            return (row, absent);
        };
        let known = self.own.iter();
        let known = known.map(|place| place.map(|n| directory::cell(cell(n))));
        let id = self.input.columns.cell(Attribute::UserId, cells).sent();
        let whose = Whose {
            names: [None, username, None],
            place: (&self.input.path, line),
            known: Some(known.collect()),
            linked: id.map(|_| true),
            member: join.and_then(Join::person),
            stored: false,
        };
        let members = join.and_then(Join::membership);
        let by_group = |name: &str| value(name).is_some();
        let mut untold = overlay.fill(mapped, whose, members, &by_group, &mut row);
        untold.append(&mut absent);
        untold.sort_unstable();
        (row, untold)
    }
}

/// Completes a sheet.
pub(super) fn tables(
    (input, mut blocks): (&Input, InputBlocks),
    join: Option<Join<'_>>,
    overlay: Option<&mut Overlay<'_>>,
    usernames: Option<&mut Usernames<'_>>,
) -> Result<Vec<Part>, Error> {
    let path = &*input.path;
    let mut completion = Completion::new(input, join, overlay, usernames);
    let mapped = completion.mapped.as_ref();
    let mut open = mapped.map_or_else(Vec::new, |mapped| mapped.access().to_vec());
    open.extend(&completion.of_groups);
    open.sort_unstable();
    let mut writer = PartsWriter::new(completion.header.clone(), input.delimiter);
    let mut records = Records::default();
    let mut buffer = Vec::new();
    let mut number = 0;
    let failed = |error| crate::input::Error::of_block(path, error);
    while let Some(block) = blocks.next(std::mem::take(&mut buffer)).map_err(failed)? {
        let text = input.text(&block)?;
        records.split(text, input.delimiter);
        for cells in (0..records.len()).filter_map(|n| records.get(text, n)) {
            number += 1;
            let line = block.first_line + u64::from(cells.line());
            input.check_width(cells, line)?;
            let (row, untold) = completion.of(cells, line);
            let part = writer
                .row((&untold, &open), (record_number(number), line), &row)
                .map_err(Error::Table)?;
            if let Some(join) = &mut completion.join {
                join.placed(part);
            }
        }
        buffer = block.bytes;
    }
    if let Some(join) = completion.join {
        join.finish(path);
    }
    let refused = completion.usernames.as_ref();
    if let Some(refused) = refused.and_then(|usernames| usernames.refused(path)) {
        return Err(refused);
    }
    let mut parts = writer.finish().map_err(Error::Table)?;
    // What no group gives is simply not in the file.
    let of_groups = completion.of_groups.iter();
    let of_groups: Vec<&String> = of_groups
        .filter_map(|&place| completion.header.get(place))
        .collect();
    for part in &mut parts {
        part.untold
            .retain(|name| !of_groups.iter().any(|own| **own == **name));
    }
    Ok(parts)
}

/// Whether a mapping has anything to evaluate in a sheet.
pub(super) fn is_at_hand(input: &Input, overlay: &Overlay<'_>) -> bool {
    let keys = input
        .columns
        .headers
        .iter()
        .map(|header| directory::attribute_key(header));
    overlay.is_at_hand_of_sheet(keys)
}

/// What the mapping makes of users of Okta who stand in no other file: the tables, by the lines of the file.
pub(super) fn of_directory(
    path: &str,
    at: &std::path::Path,
    template: &Template,
    overlay: &mut Overlay<'_>,
) -> Result<(Vec<Part>, u64), Error> {
    let mut header = vec![Attribute::Username.name().to_owned()];
    let mapped = overlay.columns(&mut header, |_| true);
    let mut writer = PartsWriter::new(header.clone(), b',');
    let mut gone = 0;
    let wanted = overlay.wanted().to_vec();
    directory::each(path, at, &wanted, &mut |user| {
        if user.gone {
            gone += 1;
            return Ok(());
        }
        let username = template.apply(&user.login).ok_or_else(|| Error::Template {
            path: path.into(),
            template: template.text.clone(),
            login: user.login.clone(),
        })?;
        let mut cells = vec![Cow::Borrowed(""); header.len()];
        let whose = Whose {
            names: [user.id.as_deref(), Some(&user.login), Some(&username)],
            place: (path, user.line),
            known: Some(user.known),
            linked: None,
            member: None,
            stored: false,
        };
        let untold = overlay.fill(&mapped, whose, None, &|_| false, &mut cells);
        if let Some(cell) = cells.first_mut() {
            *cell = Cow::Borrowed(&username);
        }
        let open: Vec<usize> = (1..header.len()).collect();
        writer
            .row((&untold, &open), (user.record, user.line), &cells)
            .map(|_| ())
            .map_err(Error::Table)
    })?;
    Ok((writer.finish().map_err(Error::Table)?, gone))
}
