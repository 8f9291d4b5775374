//! Queries against the fictional org: what is found, and in which order.

use super::{Page, Plan, Shape};
use crate::demo::seed::Seed;
use crate::demo::sight::{Hidden, Sight};
use crate::demo::store::Store;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static STORE: LazyLock<Store> =
    LazyLock::new(|| Store::read(&Seed::Embedded).expect("the fictional org"));

/// The records that a query finds.
fn records(soql: &str) -> Vec<Value> {
    let (hidden, lacks) = (Hidden::default(), BTreeSet::new());
    let sight = Sight {
        store: &STORE,
        hidden: &hidden,
        lacks: &lacks,
        tooling: false,
    };
    let plan = Plan::new(&sight, soql).unwrap_or_else(|refusal| panic!("{soql}: {refusal:?}"));
    let asked = plan.find(&STORE, false);
    if let Shape::Groups(groups) = &plan.shape {
        return groups.records(&STORE, plan.table, &asked.rows);
    }
    let page = Page {
        store: &STORE,
        plan: &plan,
        base: "/services/data/v65.0",
    };
    let mut text = vec![b'['];
    page.records(&mut text, &asked.rows);
    text.push(b']');
    serde_json::from_slice(&text).expect("JSON")
}

fn column(soql: &str, name: &str) -> Vec<String> {
    records(soql)
        .iter()
        .map(|record| match &record[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect()
}

fn count(filter: &str) -> usize {
    records(&format!("SELECT Id FROM User WHERE {filter}")).len()
}

const ALL: usize = 426;

#[test]
fn a_condition_and_its_opposite_split_the_records() {
    for (one, two) in [
        ("IsActive = true", "IsActive = false"),
        ("IsActive = true", "NOT IsActive = true"),
        ("UserRoleId = null", "UserRoleId != null"),
        (
            "Username LIKE '%@brackenford.example'",
            "NOT (Username LIKE '%@brackenford.example')",
        ),
        (
            "Profile.UserLicense.Name = 'Salesforce'",
            "Profile.UserLicense.Name != 'salesforce'",
        ),
        (
            "UserType IN ('Standard', 'Guest')",
            "UserType NOT IN ('standard', 'guest')",
        ),
        (
            "CreatedDate < 2022-01-01T00:00:00Z",
            "CreatedDate >= 2022-01-01T00:00:00Z",
        ),
    ] {
        let (left, right) = (count(one), count(two));
        assert!(left > 0 && right > 0, "{one}: {left}, {two}: {right}");
        assert_eq!(left + right, ALL, "{one} / {two}");
    }
    assert_eq!(
        count("IsActive = true AND (UserType = 'Standard' OR UserType != 'Standard')"),
        count("IsActive = true")
    );
    assert_eq!(count("FirstName LIKE '_'"), 0);
    assert_eq!(count("FirstName LIKE 'R%a'"), count("FirstName LIKE 'r%A'"));
}

#[test]
fn ids_bound_the_search_and_order_it() {
    let all = column("SELECT Id FROM User ORDER BY Id", "Id");
    assert_eq!(all.len(), ALL);
    assert!(all.is_sorted());
    let mut descending = column("SELECT Id FROM User ORDER BY Id DESC", "Id");
    descending.reverse();
    assert_eq!(descending, all);
    let (low, high) = (&all[100], &all[200]);
    let part = |filter: &str| {
        column(
            &format!("SELECT Id FROM User WHERE {filter} ORDER BY Id"),
            "Id",
        )
    };
    assert_eq!(
        part(&format!("Id > '{low}' AND Id <= '{high}'")),
        all[101..=200]
    );
    assert_eq!(
        part(&format!("Id >= '{}' AND Id < '{high}'", &low[..15])),
        all[100..200]
    );
    assert_eq!(part(&format!("Id > '{low}' AND Id >= '{low}'")), all[101..]);
    assert_eq!(part(&format!("Id = '{low}'")), all[100..=100]);
    assert_eq!(
        part(&format!("Id IN ('{high}', '{low}', '005000000000001')")),
        [low.clone(), high.clone()]
    );
    assert_eq!(
        part(&format!("Id > '{high}' AND Id < '{low}'")),
        Vec::<String>::new()
    );
    assert_eq!(part(&format!("Id = '{low}' OR Id = '{high}'")).len(), 2);
    let keyset = column(
        &format!("SELECT Id FROM User WHERE Id > '{low}' ORDER BY Id LIMIT 5"),
        "Id",
    );
    assert_eq!(keyset, all[101..106]);
    assert_eq!(
        column("SELECT Id FROM User ORDER BY Id DESC LIMIT 2", "Id"),
        [all[425].clone(), all[424].clone()]
    );
    assert_eq!(
        column("SELECT Id FROM User ORDER BY Id LIMIT 3 OFFSET 4", "Id"),
        all[4..7]
    );
}

#[test]
fn other_orders_put_nulls_where_they_belong() {
    let names = column(
        "SELECT LastName FROM User ORDER BY LastName, Id",
        "LastName",
    );
    assert!(names.is_sorted_by_key(|name| name.to_lowercase()));
    let roles = column(
        "SELECT UserRoleId FROM User ORDER BY UserRoleId",
        "UserRoleId",
    );
    assert_eq!(roles[0], "null");
    let last = column(
        "SELECT UserRoleId FROM User ORDER BY UserRoleId NULLS LAST",
        "UserRoleId",
    );
    assert_eq!(last[425], "null");
    let down = column(
        "SELECT UserRoleId FROM User ORDER BY UserRoleId DESC NULLS LAST",
        "UserRoleId",
    );
    assert!(down[0] != "null" && down[425] == "null");
    let totals = records("SELECT TotalLicenses FROM UserLicense ORDER BY TotalLicenses DESC");
    let totals: Vec<i64> = totals
        .iter()
        .filter_map(|record| record["TotalLicenses"].as_i64())
        .collect();
    assert!(totals.is_sorted_by(|one, two| one >= two), "{totals:?}");
}

#[test]
fn parents_are_nested_and_polymorphic_ones_are_names() {
    let found = records(
        "SELECT Id, Profile.Name, Username, Profile.UserLicense.LicenseDefinitionKey FROM User WHERE Profile.Name = 'System Administrator' LIMIT 1",
    );
    let profile = &found[0]["Profile"];
    assert_eq!(profile["attributes"]["type"], "Profile");
    assert_eq!(profile["Name"], "System Administrator");
    assert_eq!(profile["UserLicense"]["LicenseDefinitionKey"], "SFDC");
    let keys: Vec<&String> = found[0].as_object().expect("a record").keys().collect();
    assert_eq!(keys.len(), 4);
    let sets = records(
        "SELECT Name, License.Name, Profile.Name FROM PermissionSet WHERE IsOwnedByProfile = false AND LicenseId != null LIMIT 1",
    );
    assert_eq!(sets[0]["License"]["attributes"]["type"], "Name");
    assert!(sets[0]["Profile"].is_null());
    assert_eq!(
        records("SELECT GroupId FROM GroupMember WHERE Group.Type = 'Regular'").len(),
        59
    );
}

#[test]
fn values_have_the_type_of_their_field() {
    let user = &records("SELECT FIELDS(ALL) FROM User WHERE IsActive = true LIMIT 1")[0];
    assert_eq!(user["IsActive"], true);
    assert_eq!(
        user["Name"],
        format!(
            "{} {}",
            user["FirstName"].as_str().expect("a name"),
            user["LastName"].as_str().expect("a name")
        )
    );
    assert!(user["AboutMe"].is_null());
    assert_eq!(user["EmailPreferencesAutoBcc"], false);
    let license = &records(
        "SELECT TotalLicenses, MonthlyLoginsUsed FROM UserLicense WHERE LicenseDefinitionKey = 'SFDC'",
    )[0];
    assert_eq!(
        (
            license["TotalLicenses"].as_i64(),
            &license["MonthlyLoginsUsed"]
        ),
        (Some(220), &Value::Null)
    );
}

#[test]
fn groups_are_counted() {
    let groups = records("SELECT UserType, COUNT(Id) n, MAX(LastName) FROM User GROUP BY UserType");
    let sum: u64 = groups.iter().filter_map(|group| group["n"].as_u64()).sum();
    assert_eq!(sum, ALL as u64);
    assert_eq!(groups[0]["attributes"]["type"], "AggregateResult");
    assert!(groups[0]["expr0"].is_string());
    let whole = records("SELECT COUNT(UserRoleId), COUNT_DISTINCT(UserRoleId) roles FROM User");
    assert_eq!(whole.len(), 1);
    assert_eq!(
        whole[0]["expr0"].as_u64(),
        Some(count("UserRoleId != null") as u64)
    );
    assert!(whole[0]["roles"].as_u64() < whole[0]["expr0"].as_u64());
    assert_eq!(
        records("SELECT MAX(SystemModstamp) m FROM User WHERE Id = null")[0]["m"],
        Value::Null
    );
}
