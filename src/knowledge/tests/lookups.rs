//! What callers ask, with the facts that are easy to get wrong.

use super::super::*;

#[test]
fn a_license_is_found_by_key_and_the_keys_mislead() {
    let name = |key| shipped().license(Some(key), "").map(|license| license.name);
    assert_eq!(name("SFDC"), Some("Salesforce"));
    assert_eq!(
        name("PID_Customer_Portal_Standard"),
        Some("Customer Portal Manager Custom")
    );
    assert_eq!(
        name("PID_Customer_Portal_Basic"),
        Some("Customer Portal Manager Standard")
    );
}

#[test]
fn a_name_finds_a_license_only_where_it_cannot_be_another() {
    let key = |key, name| shipped().license(key, name).map(|license| license.key);
    assert_eq!(key(None, "Salesforce"), Some("SFDC"));
    assert_eq!(key(Some(""), "Salesforce"), Some("SFDC"));
    assert_eq!(key(None, "High Volume Customer Portal"), None);
    assert_eq!(key(None, "Authenticated Website"), None);
    assert_eq!(
        key(Some("PLATFORM_PORTAL"), "Authenticated Website"),
        Some("PLATFORM_PORTAL")
    );
    assert_eq!(key(Some("NEW_KEY"), "Salesforce"), None);
    assert_eq!(key(Some("NEW_KEY"), "External Apps"), Some(""));
    assert_eq!(key(None, ""), None);
}

#[test]
fn roles_and_contacts_of_licenses() {
    let facts = |key| shipped().license(Some(key), "");
    let role = |key| facts(key).map(|license| (license.role, license.role_confidence));
    assert_eq!(
        role("CSN_User"),
        Some((Some(RoleKind::None), Confidence::Documented))
    );
    assert_eq!(
        role("PID_Identity_User"),
        Some((None, Confidence::Inferred))
    );
    assert_eq!(
        role("PID_Partner_Community"),
        Some((Some(RoleKind::Partner), Confidence::Documented))
    );
    let contact = |key| facts(key).and_then(|license| license.contact);
    assert_eq!(contact("SFDC"), Some(ContactNeed::No));
    assert_eq!(
        contact("PID_External_Identity"),
        Some(ContactNeed::Optional)
    );
    assert_eq!(contact("PID_Ideas_Only_Site"), None);
}

#[test]
fn moves_that_are_easy_to_get_wrong() {
    let verdict = |from, to| {
        let transition = shipped().transition(Family(from), Family(to));
        transition.map(|known| (known.verdict, known.confidence))
    };
    let documented = |verdict| Some((verdict, Confidence::Documented));
    let identity = shipped().transition(Family("internal-full"), Family("identity"));
    assert!(identity.is_some_and(|known| known.message.contains("ChatterInternalUser")));
    assert_eq!(
        verdict("internal-full", "identity"),
        documented(TransitionVerdict::Rejected)
    );
    assert_eq!(
        verdict("chatter-free", "internal-full"),
        documented(TransitionVerdict::OneWay)
    );
    assert_eq!(
        verdict("internal-full", "chatter-free"),
        documented(TransitionVerdict::Rejected)
    );
    assert_eq!(
        verdict("internal-full", "partner"),
        documented(TransitionVerdict::Rejected)
    );
    assert_eq!(
        verdict("external-identity", "partner"),
        documented(TransitionVerdict::Allowed)
    );
    assert_eq!(
        verdict("community-plus", "community-high-volume"),
        Some((TransitionVerdict::Unknown, Confidence::Inferred))
    );
    assert_eq!(verdict("internal-full", "no-such-family"), None);
}

#[test]
fn a_feature_is_found_by_every_name_it_has_or_had() {
    let field = |name| shipped().feature(name).map(|feature| feature.field);
    let chat = Some("UserPermissionsLiveAgentUser");
    assert_eq!(field("UserPermissionsLiveAgentUser"), chat);
    assert_eq!(field("LiveAgentUser"), chat);
    assert_eq!(field("Chat User"), chat);
    assert_eq!(field("Live Agent User"), chat);
    assert_eq!(field("chat user"), None);
    assert_eq!(field(""), None);
    assert_eq!(
        shipped()
            .features()
            .iter()
            .filter(|feature| feature.seat_bearing)
            .count(),
        15
    );
    let content = shipped().feature("SFContentUser");
    assert!(content.is_some_and(|feature| feature.allowed_keys == ["SFDC", "AUL"]));
    let marketing = shipped().feature("Marketing User");
    assert!(
        marketing.is_some_and(|feature| feature.rejected_keys == ["AUL"]
            && feature.rejected_confidence == Confidence::Documented)
    );
}

#[test]
fn standard_profiles_by_their_other_names() {
    let label = |name| {
        shipped()
            .profile_by_metadata_name(name)
            .map(|profile| profile.label)
    };
    assert_eq!(label("Admin"), Some("System Administrator"));
    assert_eq!(
        label("Force%2Ecom - Free User"),
        Some("Force.com - Free User")
    );
    assert_eq!(
        label("Force%2ecom - Free User"),
        Some("Force.com - Free User")
    );
    assert_eq!(label("Force.com - Free User"), None);
    assert_eq!(label(""), None);
    let coded = |code| {
        shipped()
            .profile_by_legacy_code(code)
            .map(|profile| profile.label)
    };
    assert_eq!(coded("PT1"), Some("System Administrator"));
    assert_eq!(coded("PT14"), Some("Customer Portal Manager"));
    assert_eq!(coded(""), None);
    assert!(shipped().is_standard_profile_label("Authenticated Website"));
    assert!(!shipped().is_standard_profile_label("Admin"));
    assert!(!shipped().is_standard_profile_label(""));
}

#[test]
fn permissions_and_their_labels() {
    assert_eq!(
        shipped().permission_label("ManageUsers"),
        Some("Manage Users")
    );
    assert_eq!(
        shipped().permission_label("PermissionsManageUsers"),
        Some("Manage Users")
    );
    assert_eq!(
        shipped().permission_by_label("Manage Users"),
        Some("ManageUsers")
    );
    let padded = "Use Register Guest Buyer API";
    assert_eq!(
        shipped().permission_by_label(padded),
        Some("UseRegisterGuestBuyerAPI")
    );
    assert_eq!(
        shipped().permission_by_label("Create AppExchange Packages"),
        None
    );
    let observed = Some(Observed {
        profiles: 21,
        exports: 15,
    });
    assert_eq!(
        shipped().observed("Salesforce Integration", "ApiUserOnly"),
        observed
    );
    assert_eq!(
        shipped().observed("Salesforce Integration", "PermissionsApiUserOnly"),
        observed
    );
    assert_eq!(
        shipped().observed("Salesforce Integration", "RunReports"),
        None
    );
}

#[test]
fn exclusions_say_what_they_cover() {
    let of = |family| shipped().exclusions(Family(family)).collect::<Vec<_>>();
    assert_eq!(of("internal-full"), Vec::<&Exclusion>::new());
    let platform: Vec<_> = of("internal-platform")
        .iter()
        .map(|exclusion| exclusion.permission)
        .collect();
    assert_eq!(platform, ["AuthorApex"]);
    let integration = of("integration");
    let account = integration.iter().find(|exclusion| {
        exclusion.object_right() == Some((ObjectRight::Read, ObjectScope::Named("Account")))
    });
    assert!(account.is_some_and(|exclusion| exclusion.psl == Some("SalesforceAPIIntegrationPsl")));
    let custom = of("identity")
        .iter()
        .find_map(|exclusion| exclusion.object_right());
    assert_eq!(
        custom,
        Some((ObjectRight::ViewAllRecords, ObjectScope::Custom))
    );
    assert!(ObjectScope::Custom.covers("Deal__c") && !ObjectScope::Custom.covers("Account"));
}

#[test]
fn user_fields_and_psl_keys() {
    let length = |field| {
        shipped()
            .field_default(field)
            .and_then(|default| default.length)
    };
    assert_eq!(length("Alias"), Some(8));
    assert_eq!(length("AboutMe"), Some(1000));
    assert_eq!(length("TimeZoneSidKey"), None);
    assert_eq!(shipped().required_fields().count(), 8);
    assert_eq!(
        shipped().psl_kind("SalesforceAPIIntegrationPsl"),
        Some(PslKind::Integration)
    );
    assert_eq!(shipped().psl_kind("B2BBuyerPsl"), Some(PslKind::Community));
    assert_eq!(
        shipped().psl_kind("CompanyCommunityPsl"),
        Some(PslKind::Core)
    );
    assert_eq!(shipped().psl_kind("SomethingElse"), None);
}
