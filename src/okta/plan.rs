//! What `terraform show -json` says of the Salesforce app: its resources as they would be, and what is not known yet.

use super::Error;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// A plan or a state, as far as it concerns an app of Okta. Terraform adds members as it grows.
#[derive(Deserialize)]
struct Plan {
    #[serde(default)]
    resource_changes: Vec<Change>,
    #[serde(default)]
    planned_values: Option<Values>,
    /// Of a state.
    #[serde(default)]
    values: Option<Values>,
}

#[derive(Deserialize)]
struct Values {
    #[serde(default)]
    root_module: Module,
}

#[derive(Default, Deserialize)]
struct Module {
    #[serde(default)]
    resources: Vec<Held>,
    #[serde(default)]
    child_modules: Vec<Module>,
}

#[derive(Deserialize)]
struct Held {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    values: Value,
}

#[derive(Deserialize)]
struct Change {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    mode: Option<String>,
    #[serde(rename = "change")]
    ends: Ends,
}

#[derive(Deserialize)]
struct Ends {
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
    #[serde(default)]
    after_unknown: Value,
}

/// A resource as it would be.
pub(super) struct Resource {
    pub(super) address: String,
    pub(super) kind: String,
    pub(super) after: Value,
    unknown: Value,
}

impl Resource {
    /// A text of it.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        text_of(&self.after, key)
    }

    /// Whether something of it is known only after the plan is applied.
    pub(super) fn is_later(&self, key: &str) -> bool {
        is_later(&self.unknown, key)
    }

    /// The elements of a list of it, each with what is not known of it yet.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = (&Value, &Value)> {
        let elements = self.after.get(key).and_then(Value::as_array);
        let unknown = self.unknown.get(key).and_then(Value::as_array);
        let elements = elements.into_iter().flatten().enumerate();
        elements.map(move |(n, element)| {
            let unknown = unknown.and_then(|all| all.get(n));
            (element, unknown.unwrap_or(&Value::Null))
        })
    }
}

/// A text of an object.
pub(super) fn text_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Whether `after_unknown` marks a member.
pub(super) fn is_later(unknown: &Value, key: &str) -> bool {
    unknown.get(key) == Some(&Value::Bool(true))
}

/// The resources of one app.
pub(super) struct Resources {
    pub(super) all: Vec<Resource>,
    /// The app; `None`: no resource names one.
    pub(super) app: Option<String>,
    /// Users from whom the plan takes the app away, and groups.
    pub(super) gone: (usize, usize),
}

const USER: &str = "okta_app_user";
const GROUP: &str = "okta_app_group_assignment";
const GROUPS: &str = "okta_app_group_assignments";
const MAPPING: &str = "okta_profile_mapping";

/// Reads a plan, and keeps what belongs to the Salesforce app: the one of this id, else the one that the plan itself names so,
/// else the only one.
pub(super) fn resources(path: &str, text: &str, wanted: Option<&str>) -> Result<Resources, Error> {
    let plan: Plan = serde_json::from_str(text).map_err(|error| Error::json(path, 1, &error))?;
    let is_data = |mode: &Option<String>| mode.as_deref() == Some("data");
    let mut all = Vec::new();
    let mut removed = Vec::new();
    for Change {
        address,
        kind,
        mode,
        ends,
    } in plan.resource_changes
    {
        if is_data(&mode) {
            continue;
        }
        if ends.after.is_null() {
            removed.push((kind, ends.before));
            continue;
        }
        all.push(Resource {
            address,
            kind,
            after: ends.after,
            unknown: ends.after_unknown,
        });
    }
    if all.is_empty() && removed.is_empty() {
        for values in plan.planned_values.into_iter().chain(plan.values) {
            collect(values.root_module, &mut all);
        }
    }
    let app = app_of(path, &all, wanted)?;
    all.retain(|resource| belongs(resource, app.as_deref()));
    let left = |(kind, before): &&(String, Value)| {
        let id = text_of(before, "app_id");
        let keeps = before.get("retain_assignment") == Some(&Value::Bool(true));
        !keeps && (app.is_none() || id == app.as_deref()) && [USER, GROUP].contains(&kind.as_str())
    };
    let gone = removed.iter().filter(left);
    let (users, groups): (Vec<_>, Vec<_>) = gone.partition(|(kind, _)| kind == USER);
    Ok(Resources {
        gone: (users.len(), groups.len()),
        all,
        app,
    })
}

fn collect(module: Module, into: &mut Vec<Resource>) {
    let own = module.resources.into_iter();
    let own = own.filter(|held| held.mode.as_deref() != Some("data"));
    into.extend(own.map(|held| Resource {
        address: held.address,
        kind: held.kind,
        after: held.values,
        unknown: Value::Null,
    }));
    for child in module.child_modules {
        collect(child, into);
    }
}

fn is_assignment(resource: &Resource) -> bool {
    [USER, GROUP, GROUPS].contains(&resource.kind.as_str())
}

/// The Salesforce app of a plan; `None`: it names no app.
fn app_of(path: &str, all: &[Resource], wanted: Option<&str>) -> Result<Option<String>, Error> {
    const LATER: &str = "one that is made by the plan";
    let id_of = |resource: &Resource| resource.text("app_id").map(str::to_owned);
    let mut apps: BTreeSet<String> = BTreeSet::new();
    for resource in all.iter().filter(|resource| is_assignment(resource)) {
        let later = resource.is_later("app_id").then(|| LATER.to_owned());
        apps.extend(id_of(resource).or(later));
    }
    if apps.is_empty() {
        let mappings = all.iter().filter(|resource| resource.kind == MAPPING);
        let to_app = mappings.filter(|resource| !goes_to_okta(resource));
        apps.extend(to_app.filter_map(|resource| Some(resource.text("target_id")?.to_owned())));
    }
    if let Some(wanted) = wanted {
        if apps.is_empty() || apps.contains(wanted) {
            return Ok(Some(wanted.to_owned()));
        }
        return Err(Error::Shape {
            path: path.into(),
            line: 1,
            reason: "none of its resources is of the app of --okta-app",
        });
    }
    // An app of the catalogue says which one it is.
    let named = all.iter().filter(|resource| {
        let of_catalogue = resource.text("preconfigured_app").unwrap_or_default();
        resource.kind.starts_with("okta_app_") && of_catalogue.starts_with("salesforce")
    });
    let named: Vec<Option<&str>> = named.map(|resource| resource.text("id")).collect();
    if let [Some(id)] = named.as_slice()
        && apps.contains(*id)
    {
        return Ok(Some((*id).to_owned()));
    }
    if apps.len() > 1 {
        return Err(Error::PlanOfApps {
            path: path.into(),
            apps: apps.into_iter().collect::<Vec<_>>().join(", "),
        });
    }
    Ok(apps.pop_first().filter(|id| id != LATER))
}

/// Whether a mapping fills the users of Okta, from an app.
fn goes_to_okta(resource: &Resource) -> bool {
    let is = |key, kind| resource.text(key) == Some(kind);
    let target = resource.text("target_id").unwrap_or_default();
    is("target_type", "user") || is("source_type", "appuser") || target.starts_with("oty")
}

fn belongs(resource: &Resource, app: Option<&str>) -> bool {
    let own = |key| match (resource.text(key), app) {
        (Some(id), Some(app)) => id == app,
        _ => true,
    };
    match resource.kind.as_str() {
        USER | GROUP | GROUPS => own("app_id"),
        MAPPING => {
            let is_source = app.is_some() && resource.text("source_id") == app;
            !is_source && !goes_to_okta(resource) && own("target_id")
        }
        _ => false,
    }
}
