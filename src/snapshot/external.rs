//! What external users need: accounts, contacts, Experience Cloud sites; and public groups.

use super::Error;
use super::folder::Folder;
use super::objects;
use super::reference::{Unique, columns_of, enter};
use super::row::Row;
use super::seen::Seen;
use crate::model::{Account, ContactsBuilder, Known, Network, Org, PublicGroup, Record, SfId};
use rustc_hash::FxHashMap;

pub(super) fn public_groups(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::GROUP)? else {
        return Ok(());
    };
    let [id, name, developer_name, kind] =
        ["Id", "Name", "DeveloperName", "Type"].map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        // Queues, roles and whole territories are groups too, and nobody is assigned to them.
        if row.filled(kind).is_some_and(|kind| kind != "Regular") {
            return Ok(());
        }
        let group = org.public_groups.push(PublicGroup {
            id: own,
            name: row.name(name),
            developer_name: row.name(developer_name),
        });
        enter(&mut org.by_id, row, own, Record::PublicGroup(group))
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn accounts(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::ACCOUNT)? else {
        return Ok(());
    };
    let [id, name, owner, partner, person] =
        ["Id", "Name", "OwnerId", "IsPartner", "IsPersonAccount"]
            .map(|column| sheet.column(column));
    sheet.each(|row| {
        let own = row.own_id(id)?;
        let account = org.accounts.push(Account {
            id: own,
            name: row.name(name),
            owner: row.known_id(owner)?,
            is_partner: row.flag(partner)?.into(),
            is_person_account: row.flag(person)?.into(),
        });
        match org.account_ids.insert(own, account) {
            None => Ok(()),
            Some(_) => Err(row.duplicate(&own)),
        }
    })?;
    folder.close(sheet);
    Ok(())
}

pub(super) fn contacts(
    folder: &mut Folder<'_>,
    org: &mut Org,
    threads: usize,
) -> Result<(), Error> {
    let Some(mut sheet) = folder.open(&objects::CONTACT)? else {
        return Ok(());
    };
    let id = sheet.column("Id");
    let (account, account_name) = columns_of(&sheet, "AccountId");
    let by_name = account_name.is_there().then(|| {
        Unique::of(
            org.accounts
                .iter()
                .map(|(_, account)| (&*account.name, account.id)),
        )
    });
    let owner = sheet.column("OwnerId");
    let account_of = |row: &Row<'_>| match (&by_name, row.text(account_name)) {
        (Some(_), Some("")) => Ok(Known::Yes(None)),
        (Some(names), Some(name)) => Ok(names.get(name).map(Some).into()),
        _ => row.known_id(account),
    };
    let mut all = ContactsBuilder::default();
    let mut seen = Seen::new(sheet.expected_rows());
    sheet.each_on(
        threads,
        Vec::new,
        |desk, row| {
            let (id, account) = (row.own_id(id)?, account_of(row)?);
            desk.push((id, account, row.id(owner)?, row.line));
            Ok(())
        },
        |desk| {
            for (id, account, owned_by, line) in desk.drain(..) {
                seen.note(id, line);
                all.push(id, account);
                if owner.is_there() {
                    all.owned_by(owned_by);
                }
            }
            Ok(())
        },
    )?;
    if let Some((id, line)) = seen.repeated(|| all.ids()) {
        return Err(sheet.duplicate(line, id));
    }
    org.contacts = all.finish_on(threads);
    folder.close(sheet);
    Ok(())
}

pub(super) fn networks(folder: &mut Folder<'_>, org: &mut Org) -> Result<(), Error> {
    let mut places: FxHashMap<SfId, usize> = FxHashMap::default();
    if let Some(mut sheet) = folder.open(&objects::NETWORK)? {
        let [id, name, status] = ["Id", "Name", "Status"].map(|column| sheet.column(column));
        sheet.each(|row| {
            let own = row.own_id(id)?;
            if places.insert(own, org.networks.len()).is_some() {
                return Err(row.duplicate(&own));
            }
            org.networks.push(Network {
                id: own,
                name: row.name(name),
                status: row.word(status),
                members: Vec::new(),
            });
            Ok(())
        })?;
        folder.close(sheet);
    }
    let Some(mut sheet) = folder.open(&objects::NETWORK_MEMBER_GROUP)? else {
        return Ok(());
    };
    let [network, parent] = ["NetworkId", "ParentId"].map(|column| sheet.column(column));
    sheet.each(|row| {
        let (network, parent) = (row.id(network)?, row.id(parent)?);
        let network = network
            .and_then(|id| places.get(&id))
            .and_then(|&place| org.networks.get_mut(place));
        if let (Some(network), Some(parent)) = (network, parent) {
            network.members.push(parent);
        }
        Ok(())
    })?;
    folder.close(sheet);
    Ok(())
}
