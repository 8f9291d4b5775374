#![doc = include_str!("api_user_external_perms.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::matrix::Matrix;
use crate::model::{UserId, UserType};
use crate::rules::api_rights::{Right, missing, of, right};
use crate::rules::{
    Command, EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Setting, Sink,
};

pub(crate) const RULE: Rule = Rule {
    name: "api-user-external-perms",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "org, both",
    needs: &[
        Need::optional("Profile", "PermissionsManageUsers"),
        Need::optional("Profile", "PermissionsManagePartners"),
        Need::optional("Profile", "PermissionsManageCssUsers"),
    ],
    requires: &[Setting::IntegrationUser],
    asks: "It can manage external users",
    row: Some(check),
    leavers: true,
    end: Some(end),
    when: Occasion::EXTERNAL,
    speaks: |m, _, run| {
        run.integration_user
            .is_some_and(|user| !matches!(rights(m, user), Rights::Enough(_)))
    },
    ..Rule::TEMPLATE
};

/// What the integration user may do with external users.
enum Rights {
    /// This permission is there.
    Enough(&'static str),
    /// Manage Users, and neither of the other two.
    ManageUsersAlone,
    /// None of the three.
    Nothing,
    /// A column that only some orgs have is missing.
    Untold(String),
    /// A file is missing.
    Missing(&'static str),
}

/// Manage Users, Manage External Users, and Edit Self-Service Users: the fields of the last two are inferred from their labels.
const PERMISSIONS: [(&str, &str); 3] = [
    ("ManagePartners", "Manage External Users"),
    ("ManageCssUsers", "Manage Customer Users"),
    ("ManageUsers", "Manage Users"),
];

fn rights(m: &Matrix, user: UserId) -> Rights {
    let mut untold = None;
    for (name, label) in PERMISSIONS {
        match right(m, user, name) {
            Right::Profile | Right::Set(_) if name != "ManageUsers" => return Rights::Enough(label),
            Right::Profile | Right::Set(_) => {
                return untold.map_or(Rights::ManageUsersAlone, Rights::Untold);
            }
            Right::Nowhere => {}
            Right::Untold(what) => untold = untold.or(Some(what)),
            Right::Missing(what) => return Rights::Missing(what),
        }
    }
    untold.map_or(Rights::Nothing, Rights::Untold)
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if !cx.row.person.kind.is_some_and(UserType::is_external) {
        return;
    }
    let Some(user) = cx.run.integration_user else {
        return;
    };
    let (cause, alone) = match rights(cx.m, user) {
        Rights::Enough(_) | Rights::Untold(_) => return,
        Rights::Missing(what) => return sink.undecided(what),
        Rights::ManageUsersAlone => (Cause::warning(Confidence::Documented), true),
        Rights::Nothing => (Cause::error(Confidence::Documented), false),
    };
    sink.once(cause.key(u64::from(alone)), || explain(cx.m, user, alone));
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx).filter(|_| cx.run.command == Command::Preflight) else {
        return;
    };
    let users = &cx.m.org.users;
    let is_external = |user: &UserId| {
        let profile = users.profile(*user);
        users.active(*user) == Some(true)
            && profile
                .and_then(|profile| cx.m.kind_of(profile))
                .is_some_and(UserType::is_external)
    };
    let external = users.iter().filter(is_external).count();
    if external == 0 {
        return sink.passes(RULE.asks, "the org has no active external users");
    }
    let alone = match rights(cx.m, user) {
        Rights::Enough(label) => return sink.passes(RULE.asks, label),
        Rights::Untold(what) => return sink.cannot_tell(RULE.asks, missing(&what)),
        Rights::Missing(what) => return sink.undecided(RULE.asks, missing(what)),
        Rights::ManageUsersAlone => true,
        Rights::Nothing => false,
    };
    // Whether Okta pushes external users at all is not known without a file.
    let cause = Cause::warning(Confidence::Documented).key(u64::from(alone));
    sink.report(Place::default(), cause, || {
        explain(cx.m, user, alone).because(format!(
            "the org has {external} active external users; it matters if Okta pushes such users"
        ))
    });
}

fn explain(m: &Matrix, user: UserId, alone: bool) -> Explanation {
    let shown = m.org.users.shown(user);
    let words = if alone {
        Explanation::new(format!(
            "the integration user {shown} has Manage Users alone; partner and customer users ask for Manage External Users as well"
        ))
        .because("neither PermissionsManagePartners nor PermissionsManageCssUsers is true on its profile or a permission set")
    } else {
        Explanation::new(format!(
            "the integration user {shown} may not manage external users"
        ))
        .because("none of Manage Users, Manage External Users and Edit Self-Service Users is on its profile or a permission set")
        .predicts_code("INSUFFICIENT_ACCESS_OR_READONLY")
    };
    words.fix("grant Manage External Users to the integration user")
}
