//! The rows of those who are decided by groups alone, and what the groups tell of a person.

use super::Error;
use super::groups::Groups;
use super::join::given;
use super::members::{Members, Standing};
use super::overlay::{Overlay, Whose};
use super::priority::effective;
use super::table::{Part, PartsWriter};
use crate::input::{Attribute, access_column};
use std::borrow::Cow;

impl Members {
    /// Whether a person is in a group, by a function of the expression language that asks for its name. `None`: that cannot
    /// be told of groups that the run does not have.
    pub(super) fn is_member(
        &self,
        groups: &Groups,
        person: Option<usize>,
        (function, names): (&str, &[&str]),
    ) -> Option<bool> {
        let [asked] = names else { return None };
        let fits = |name: &str| match function {
            "isMemberOfGroupName" => name == *asked,
            "isMemberOfGroupNameStartsWith" => name.starts_with(asked),
            "isMemberOfGroupNameContains" => name.contains(asked),
            _ => false,
        };
        let own = person.and_then(|person| self.person(person));
        let own = own.map_or_else(Vec::new, |person| person.in_order(groups));
        if own.iter().any(|group| fits(&group.name)) {
            return Some(true);
        }
        // Of one group by its name the list of members is complete; of other groups nothing is known.
        let is_listed = || groups.all.iter().any(|group| *group.name == **asked);
        (function == "isMemberOfGroupName" && is_listed()).then_some(false)
    }

    /// What each person without a row elsewhere gets, as tables of users that are shown as `path`.
    pub(super) fn tables(
        &mut self,
        groups: &Groups,
        path: &str,
        overlay: Option<&mut Overlay<'_>>,
    ) -> Result<Vec<Part>, Error> {
        let mut overlay = overlay.filter(|overlay| overlay.is_at_hand(std::iter::empty::<&str>()));
        let given = given(groups);
        let mut header = vec![Attribute::Username.name().to_owned()];
        header.extend(given.iter().map(|column| column.name().to_owned()));
        // Beside what groups give, a mapping fills what decides access.
        let is_access = |property: &str| access_column(property).is_some();
        let mapped = overlay
            .as_ref()
            .map(|overlay| overlay.columns(&mut header, is_access));
        let mut writer = PartsWriter::new(header.clone(), b',');
        let mut rows: Vec<Vec<Option<usize>>> = Vec::new();
        for (n, person) in self.people.iter().enumerate() {
            if person.standing != Standing::Member {
                continue;
            }
            let of = person.in_order(groups);
            let mut cells = vec![Cow::Borrowed(person.username())];
            cells.extend(given.iter().map(|column| effective(&of, *column, groups)));
            let mut untold = Vec::new();
            if let (Some(overlay), Some(mapped)) = (overlay.as_deref_mut(), &mapped) {
                cells.resize(header.len(), Cow::Borrowed(""));
                let whose = Whose {
                    names: [Some(&person.login), Some(person.username()), None],
                    place: (path, person.line),
                    known: None,
                    linked: None,
                    member: Some(n),
                    stored: false,
                };
                let by_group = |key: &str| {
                    access_column(key).is_some_and(|column| {
                        given.contains(&column) && !effective(&of, column, groups).is_empty()
                    })
                };
                let members = Some((groups, &*self));
                untold = overlay.fill(mapped, whose, members, &by_group, &mut cells);
            }
            let open = mapped.as_ref().map_or(&[][..], |mapped| mapped.access());
            let part = writer
                .row((&untold, open), (person.record, person.line), &cells)
                .map_err(Error::Table)?;
            if rows.len() <= part {
                rows.resize_with(part + 1, Vec::new);
            }
            if let Some(rows) = rows.get_mut(part) {
                rows.push(Some(n));
            }
        }
        for (part, rows) in rows.into_iter().enumerate() {
            self.note_rows(path, part, rows);
        }
        writer.finish().map_err(Error::Table)
    }
}
