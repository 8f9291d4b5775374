#![doc = include_str!("name_spelling.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::rules::named::{Lead, Named, each};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "name-spelling",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    applies: "both, mapping",
    columns: &[
        Attribute::Profile,
        Attribute::Role,
        Attribute::PermissionSets,
        Attribute::PermissionSetGroups,
        Attribute::PermissionSetLicenses,
        Attribute::PublicGroups,
        Attribute::Packages,
    ],
    needs: &[
        Need::optional("Profile", ""),
        Need::optional("UserRole", ""),
        Need::optional("PermissionSet", ""),
        Need::optional("PermissionSetGroup", ""),
    ],
    row: Some(check),
    when: Occasion::UNCLEAR,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    each(cx, |named| {
        if named.to != Lead::Folded {
            return;
        }
        let cause = Cause::warning(Confidence::Certain)
            .column(named.column)
            .value(named.text)
            .subject("name", named.text);
        sink.report(cause, || explain(cx.m, &named));
    });
}

fn explain(m: &Matrix, named: &Named<'_>) -> Explanation {
    let text = named.text;
    let spelled = match named.object {
        "Profile" => m.profile_names.spelled(text),
        "UserRole" => m.role_names.spelled(text),
        "PermissionSet" => m.set_names.spelled(text),
        "PermissionSetLicense" => m.psl_names.spelled(text),
        "Group" => m.public_group_names.spelled(text),
        _ => m.package_names.spelled(text),
    }
    .unwrap_or(text);
    let words = if text == spelled {
        Explanation::new(format!("the cell holds white space around '{spelled}'"))
    } else {
        Explanation::new(format!("'{text}' is spelled '{spelled}' in the org"))
    };
    let words = words
        .because("Okta and Salesforce compare names character by character")
        .fix(format!("write '{spelled}'"));
    match named.column {
        // In a list, the one element is not the whole cell.
        Attribute::Profile | Attribute::Role => words.replace(named.column, spelled),
        _ => words,
    }
}
