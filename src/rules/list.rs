//! The list of all rules, by family. Adding a rule is one line here and its pair of files.

use super::{Family, Rule};

/// Turns the list into modules, the table of rules and the table of families.
macro_rules! rules {
    ($($family:ident $about:literal { $($rule:ident),* $(,)? })*) => {
        $(pub(crate) mod $family { $(pub(crate) mod $rule;)* })*

        /// Every rule, family by family.
        pub static RULES: &[Rule] = &[$($(Rule { docs: include_str!(concat!(stringify!($family), "/", stringify!($rule), ".md")), ..$family::$rule::RULE },)*)*];

        /// The families, with the names of their rules.
        pub static FAMILIES: &[(Family, &[&str])] =
            &[$((Family { name: stringify!($family), about: $about }, &[$($family::$rule::RULE.name),*])),*];
    };
}

rules! {
    names "Names and ids in the file lead to exactly one record of the org" {
        profile_missing,
        profile_not_found,
        profile_ambiguous,
        profile_api_name,
        profile_legacy_code,
        profile_translated,
        role_not_found,
        role_ambiguous,
        role_is_portal_role,
        permission_set_not_found,
        permission_set_ambiguous,
        permission_set_not_assignable,
        psl_not_found,
        public_group_not_found,
        id_malformed,
        id_unknown,
        name_spelling,
    }
    license "The profile fits the user's license, and a move to another license is possible" {
        license_disabled,
        license_transition_user_type,
        license_transition_to_chatter,
        license_transition_required_permission,
        license_transition_portal,
        license_transition_downgrade,
        license_transition_unknown,
        license_transition_one_way,
        license_change_drops_permission_sets,
        license_change_drops_feature_licenses,
        profile_guest,
        profile_system,
        profile_standard_external,
        profile_self_change,
        profile_modify_all_data,
        profile_default_lead_creator,
        profile_portal_administrator,
        profile_last_admin,
        api_only_profile,
    }
    role "The role fits the kind of user and its account" {
        role_type_mismatch,
        role_not_allowed,
        role_unproven,
        role_portal_account,
        role_removed_from_account_owner,
        role_kept_on_move,
        role_static_for_portal,
        role_mixed_dml,
    }
    feature_license "Feature licenses that the org has and the user license allows" {
        feature_license_absent,
        feature_license_not_allowed,
        feature_license_external_user,
        feature_license_implicit,
        feature_license_seats,
        feature_license_not_found,
        feature_license_totals_stale,
        feature_licenses_removed,
    }
    user_fields "The fields of a user hold what Salesforce takes" {
        required_field_missing,
        username_format,
        username_taken,
        username_taken_elsewhere,
        username_unique_per_org,
        username_uppercase,
        username_changed,
        email_format,
        email_domain,
        field_too_long,
        nickname_taken,
        nickname_missing,
        federation_id_taken,
        federation_id_not_enabled,
        federation_id_missing,
        picklist_value,
        language_not_displayed,
        state_country,
        stored_value_rejected,
        manager_not_found,
        manager_cycle,
        manager_inactive,
        custom_validation,
        custom_required_field,
        field_unknown,
        field_type_mismatch,
        duplicate_row,
    }
    external_users "External users and their contacts" {
        contact_missing,
        contact_without_account,
        contact_taken,
        contact_on_internal_user,
        account_owner_without_role,
        account_owner_inactive,
        account_owner_external,
        account_not_partner,
        partner_person_account,
        contactless_not_enabled,
        portal_role_growth,
        site_membership,
        site_not_live,
        public_group_user_type,
    }
    deactivation "Who can be deactivated, and at what price" {
        deactivate_hierarchy_field,
        deactivate_default_owner,
        deactivate_portal_account_owner,
        deactivate_self,
        deactivate_external_api,
    }
    api_user "The user that Okta logs in with can do what Okta needs"  {
        api_user_not_found,
        api_user_inactive,
        api_user_frozen,
        api_user_locked,
        api_user_password_expiry,
        api_user_api_disabled,
        api_user_manage_users,
        api_user_implied_perms,
        api_user_sso_delegated,
        api_user_standard_profile,
        api_user_license,
        api_user_language,
        api_user_modify_all,
        api_user_external_perms,
        api_user_in_file,
    }
    okta_app "The Salesforce app of Okta pushes what the file asks for, to this org" {
        okta_app_inactive,
        okta_create_disabled,
        okta_update_disabled,
        okta_deactivate_disabled,
        okta_reactivation_disabled,
        okta_instance_type,
        okta_integration_type,
        okta_password_sync_sso_only,
        okta_profile_source,
        okta_entitlement_management,
        okta_legacy_integration,
        okta_portal_settings,
        okta_link_broken,
        okta_schema_drift,
        okta_attribute_absent,
        okta_mapped_attribute,
    }
    evidence "The facts are fresh and complete enough to judge from" {
        snapshot_stale,
        snapshot_incomplete,
        counts_differ,
    }
    permission_set "Permission sets, groups and permission set licenses fit the license, and nothing is lost" {
        permission_set_license_mismatch,
        permission_set_permission_not_allowed,
        permission_set_permission_unproven,
        permission_set_needs_psl,
        permission_set_takes_psl,
        psl_license_mismatch,
        psl_expired,
        psl_expiring,
        permission_set_group_member,
        permission_set_group_status,
        permission_set_session,
        permission_set_already_assigned,
        permission_set_assignment_revoked,
        permission_set_guest_writes,
        permission_set_inactive_user,
        permission_set_modify_all_data,
        permission_sets_removed,
        permission_set_revalidation,
        permission_set_order,
        psl_removal_blocked,
        psl_left_behind,
    }
    seats "Seats suffice for the whole file" {
        license_seats,
        license_seats_order,
        license_seats_low,
        license_login_based,
        seats_overdrawn,
        psl_seats,
        psl_held_by_inactive_user,
        seats_held_by_frozen,
        reactivation_seats,
        package_license_seats,
        package_seat_held_by_inactive,
    }
    okta_mapping "Mappings and groups of Okta give what is meant" {
        mapping_value_not_found,
        mapping_substring_switch,
        mapping_membership_stale,
        mapping_not_checkable,
        group_priority_tie,
        group_null_value,
        group_shadowed,
        group_priority_sensitive,
        public_groups_removed,
    }
    import "Salesforce as profile source: Okta takes the values of every user" {
        import_login_taken,
        import_login_format,
        import_email_format,
        import_required_missing,
        import_too_long,
        import_too_short,
        import_value_not_allowed,
        import_locale_format,
        import_timezone_format,
    }
    // Last: they tell of what no other rule needed.
    waivers "What is accepted for a while has a reason and an end, and is still needed" {
        waiver_expired,
        waiver_unused,
        waiver_invalid,
        baseline_stale,
    }
}
