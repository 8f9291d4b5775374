//! What the user who pulls may see, and what is lost where a permission is missing.

use super::api_rights::{Right, missing, right};
use super::{Answer, RULES, Rule, Told};
use crate::matrix::Matrix;
use crate::model::key_of_folded;

/// A permission, its label, the objects that it opens, and whether a reader should have it.
struct Wish {
    name: &'static str,
    label: &'static str,
    objects: &'static [&'static str],
    /// Why it is not asked for, where it is not.
    spared: Option<&'static str>,
}

const WISHES: [Wish; 8] = [
    Wish {
        name: "ApiEnabled",
        label: "API Enabled",
        objects: &["User", "Profile", "UserLicense"],
        spared: None,
    },
    Wish {
        name: "ViewSetup",
        label: "View Setup and Configuration",
        objects: &[
            "PermissionSet",
            "PermissionSetAssignment",
            "PermissionSetLicenseAssign",
            "PermissionSetGroup",
            "PermissionSetGroupComponent",
            "MutingPermissionSet",
            "PermissionDependency",
            "ObjectPermissions",
            "SetupEntityAccess",
            "ValidationRule",
            "ApexTrigger",
            "FlowDefinitionView",
            "Network",
            "NetworkMemberGroup",
        ],
        spared: None,
    },
    Wish {
        name: "ViewRoles",
        label: "View Roles and Role Hierarchy",
        objects: &["UserRole"],
        spared: None,
    },
    Wish {
        name: "ViewAllUsers",
        label: "View All Users",
        objects: &["User"],
        spared: None,
    },
    Wish {
        name: "ViewAllProfiles",
        label: "View All Profiles",
        objects: &["Profile"],
        spared: None,
    },
    Wish {
        name: "ViewDeveloperName",
        label: "View Developer Name",
        objects: &["PermissionSetLicense"],
        spared: None,
    },
    Wish {
        name: "ManageUsers",
        label: "Manage Users",
        objects: &["UserLogin"],
        spared: Some("a reader does not need it; without it nobody is seen as frozen or locked"),
    },
    Wish {
        name: "ModifyMetadata",
        label: "Modify Metadata Through Metadata API Functions",
        objects: &["Settings"],
        spared: Some("a wide right, needed for pull --with-metadata only"),
    },
];

/// A line for each permission of the user who pulls.
pub(crate) fn reader(m: &Matrix) -> Vec<Told> {
    let org = &m.org;
    let named = org.pulled.user.as_deref();
    let user = named.and_then(|name| org.users.by_login(key_of_folded(name.trim())));
    let tell = |wish: &Wish| {
        let check = format!("The reader has {}", wish.label);
        let cost = cost(wish);
        let Some(user) = user else {
            let why = match named {
                None => String::from("no manifest.json says who pulls"),
                Some(name) => format!("the user who pulled, {name}, is not in User.csv"),
            };
            return Told::new(check, Answer::CannotTell, format!("{why}; {cost}"));
        };
        match right(m, user, wish.name) {
            Right::Profile => Told::new(check, Answer::Pass, "on its profile"),
            Right::Set(set) => Told::new(check, Answer::Pass, format!("by permission set '{set}'")),
            Right::Nowhere => Told::new(check, Answer::Fail, cost),
            Right::Untold(what) => Told::new(
                check,
                Answer::CannotTell,
                format!("{}; {cost}", missing(&what)),
            ),
            Right::Missing(what) => Told::new(
                check,
                Answer::CannotTell,
                format!("{}; {cost}", missing(what)),
            ),
        }
    };
    WISHES.iter().map(tell).collect()
}

/// What a missing permission costs: the objects that it opens, and the rules that read them.
fn cost(wish: &Wish) -> String {
    let reads = |rule: &&Rule| {
        rule.needs
            .iter()
            .any(|need| wish.objects.contains(&need.object))
    };
    let mut rules: Vec<&str> = RULES.iter().filter(reads).map(|rule| rule.name).collect();
    rules.sort_unstable();
    let objects = wish.objects.join(", ");
    let spared = wish
        .spared
        .map_or_else(String::new, |why| format!("{why}; "));
    match rules.as_slice() {
        [] => format!("{spared}without it {objects} may be missing"),
        rules if rules.len() > 6 => format!(
            "{spared}without it {objects} may be missing, and {} rules cannot decide",
            rules.len()
        ),
        rules => format!(
            "{spared}without it {objects} may be missing, and {} cannot decide",
            rules.join(", ")
        ),
    }
}
