//! Sets, permission set licenses and feature licenses of a row.

use super::world::{id, org, row, with};
use crate::input::{Attribute, FeatureRef, ListStyle, Resolution, SetRef};
use crate::model::{FeatureId, PermissionSetGroupId, PermissionSetId, PslId, Record};
use crate::rules::NullMeaning;

#[test]
fn sets_and_groups_of_both_columns() {
    let text = "login,permissionSets,permissionSetGroups\n\
        x@acme.example,nothing;that;must;stay,x\n\
        x@acme.example,\"Quote_Approver;Quote Approver;Crew;quote_approver;Nobody;X00ex1;0PS000000000002\",0PG000000000000\n";
    row(text, |row| {
        assert!(row.sets.present);
        let to: Vec<_> = row.sets.items.iter().map(|item| item.to).collect();
        let set = |n| SetRef::Set(PermissionSetId(n));
        let group = SetRef::Group(PermissionSetGroupId(0));
        assert_eq!(
            to,
            [
                Resolution::Found(set(0)),
                Resolution::Found(set(0)),
                Resolution::Found(group),
                Resolution::Folded(set(0)),
                Resolution::NotFound,
                Resolution::NotFound,
                Resolution::Found(set(2)),
                Resolution::Found(group),
            ]
        );
        assert_eq!(row.sets.items[7].column, Attribute::PermissionSetGroups);
        assert!(row.lists.contains(ListStyle::Semicolon));
    });
    row(
        "login,permissionSets\nx@acme.example,\"Quote_Approver, Crew\"\n",
        |row| {
            assert_eq!(row.sets.items.len(), 2);
            assert!(row.lists.contains(ListStyle::Comma));
        },
    );
    row(
        "login,permissionSets\nx@acme.example,\"Reports, Europe\"\n",
        |row| {
            assert_eq!(row.sets.items.len(), 1);
            assert_eq!(
                row.sets.items[0].to,
                Resolution::Found(SetRef::Set(PermissionSetId(1)))
            );
        },
    );
    row("login,profile\nx@acme.example,\n", |row| {
        assert!(!row.sets.present);
    });
}

#[test]
fn spellings_of_a_namespace_are_one() {
    for text in [
        "acme.FieldPsl",
        "acme_FieldPsl",
        "acme__FieldPsl",
        "FieldPsl",
        "Field",
        "0PL000000000000",
    ] {
        let mut org = org();
        org.by_id
            .insert(id("0PL000000000000"), Record::Psl(PslId(0)));
        with(
            org,
            NullMeaning::Ignored,
            &format!("login,psl\nx@acme.example,{text}\n"),
            |row| {
                assert_eq!(
                    row.expect("a row").psls.items[0].to,
                    Resolution::Found(PslId(0)),
                    "{text}"
                );
            },
        );
    }
    row("login,psl\nx@acme.example,Other_Psl\n", |row| {
        assert_eq!(row.psls.items[0].to, Resolution::NotFound);
    });
}

fn feature_kind(to: FeatureRef) -> &'static str {
    match to {
        FeatureRef::Feature(FeatureId(0)) => "marketing",
        FeatureRef::Feature(_) => "other",
        FeatureRef::Absent(_) => "absent",
        FeatureRef::NotALicense => "no license",
        FeatureRef::Unknown => "unknown",
        FeatureRef::Unseen(_) => "unseen",
    }
}

#[test]
fn feature_licenses_of_the_list() {
    let text = "login,featureLicenses\nann@acme.example,\"MarketingUser;marketing user;UserPermissionsSupportUser;Knowledge User;Live Agent User;CallCenterAutoLogin;Nonsense\"\n";
    row(text, |row| {
        let kinds: Vec<_> = row
            .features
            .iter()
            .map(|item| feature_kind(item.to))
            .collect();
        assert_eq!(
            kinds,
            [
                "marketing",
                "marketing",
                "other",
                "absent",
                "absent",
                "no license",
                "unknown"
            ]
        );
        assert_eq!(
            (row.person.features_before, row.person.features),
            (0b01, 0b11)
        );
    });
    row("login,featureLicenses\nann@acme.example,[]\n", |row| {
        assert_eq!(row.person.features, 0);
    });
    row("login,featureLicenses\nann@acme.example,\n", |row| {
        assert!(row.has_feature_list);
        assert_eq!(row.person.features, 0b01);
    });
    with(
        org(),
        NullMeaning::Pushed,
        "login,featureLicenses\nann@acme.example,\n",
        |row| {
            assert_eq!(row.expect("a row").person.features, 0);
        },
    );
    let mut blind = org();
    blind.features = crate::model::Table::default();
    blind.coverage.objects.remove("User");
    with(
        blind,
        NullMeaning::Ignored,
        "login,featureLicenses\nx@acme.example,MarketingUser\n",
        |row| {
            assert_eq!(feature_kind(row.expect("a row").features[0].to), "unseen");
        },
    );
}

#[test]
fn flags_stand_above_the_list() {
    let text = "login,featureLicenses,UserPermissionsMarketingUser,UserPermissionsSupportUser\n\
        ann@acme.example,MarketingUser,No,maybe\n";
    row(text, |row| {
        assert_eq!(row.person.features, 0);
        let sent: Vec<_> = row
            .features
            .iter()
            .map(|item| (&*item.text, item.on))
            .collect();
        assert_eq!(
            sent,
            [
                ("MarketingUser", true),
                ("UserPermissionsMarketingUser", false)
            ]
        );
    });
    row(
        "login,UserPermissionsSupportUser\nann@acme.example,TRUE\n",
        |row| {
            assert_eq!(row.person.features, 0b11);
            assert!(!row.has_feature_list);
        },
    );
}
