//! SELECT statements that fit into an address.

use std::fmt::Write as _;

/// The longest encoded path of a query, in bytes. Salesforce takes 16,384 for the address and all headers; this leaves
/// more than 4,000 for headers.
pub const LONGEST: usize = 12_000;

/// One statement, in parts, so that a range of ids can be set into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// API name of the object.
    pub object: String,
    /// Fields, in order.
    pub columns: Vec<String>,
    /// The condition, without `WHERE`.
    pub filter: Option<String>,
    /// Whether records come in the order of their ids, and ranges of ids can be asked for.
    pub by_id: bool,
}

impl Query {
    /// The statement for all that is wanted.
    #[must_use]
    pub fn text(&self) -> String {
        self.within("")
    }

    /// The statement for a further condition, which may be empty.
    #[must_use]
    pub fn within(&self, condition: &str) -> String {
        let order = if self.by_id { " ORDER BY Id" } else { "" };
        format!(
            "{}{order}",
            self.select(&self.columns.join(", "), condition)
        )
    }

    /// How many records the statement gives.
    #[must_use]
    pub fn count(&self) -> String {
        self.select("COUNT()", "")
    }

    fn select(&self, what: &str, condition: &str) -> String {
        let mut text = format!("SELECT {what} FROM {}", self.object);
        let filter = self.filter.as_deref().unwrap_or_default();
        match (filter.is_empty(), condition.is_empty()) {
            (true, true) => {}
            (false, true) => {
                text.push_str(" WHERE ");
                text.push_str(filter);
            }
            (true, false) => {
                text.push_str(" WHERE ");
                text.push_str(condition);
            }
            (false, false) => {
                // Writing to a String cannot fail.
                let _ = write!(text, " WHERE ({filter}) AND {condition}");
            }
        }
        text
    }
}

/// A text as the value of a query parameter. What may stand there stays as it is, so that addresses stay short.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b','
            | b'('
            | b')'
            | b'*' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Bytes that the rest of an address takes: the path before the statement, and a range of ids.
const AROUND: usize = 300;

/// Cuts the columns of a query so that the address of each part is short enough. Every part begins with `keys`, by which
/// the parts are joined again; one part is the whole.
#[must_use]
pub fn chunks(query: &Query, keys: &[&str]) -> Vec<Query> {
    let part = |columns: Vec<String>| Query {
        columns,
        ..query.clone()
    };
    let fits =
        |columns: &[String]| encoded(&part(columns.to_vec()).text()).len() + AROUND <= LONGEST;
    if fits(&query.columns) {
        return vec![query.clone()];
    }
    let keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
    let base = encoded(&part(keys.clone()).text()).len() + AROUND;
    let mut parts = Vec::new();
    let (mut columns, mut length) = (keys.clone(), base);
    for column in query.columns.iter().filter(|column| !keys.contains(column)) {
        // A comma and a space before each.
        let more = encoded(column).len() + 2;
        if length + more > LONGEST && columns.len() > keys.len() {
            parts.push(part(std::mem::replace(&mut columns, keys.clone())));
            length = base;
        }
        columns.push(column.clone());
        length += more;
    }
    parts.push(part(columns));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(columns: &[&str], filter: Option<&str>) -> Query {
        Query {
            object: String::from("Profile"),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            filter: filter.map(str::to_owned),
            by_id: true,
        }
    }

    #[test]
    fn conditions_are_joined() {
        let plain = query(&["Id", "Name"], None);
        assert_eq!(plain.text(), "SELECT Id, Name FROM Profile ORDER BY Id");
        assert_eq!(plain.count(), "SELECT COUNT() FROM Profile");
        assert_eq!(
            plain.within("Id > 'a'"),
            "SELECT Id, Name FROM Profile WHERE Id > 'a' ORDER BY Id"
        );
        let filtered = query(&["Id"], Some("A = 1 OR B = 2"));
        assert_eq!(
            filtered.count(),
            "SELECT COUNT() FROM Profile WHERE A = 1 OR B = 2"
        );
        assert_eq!(
            filtered.within("Id > 'a'"),
            "SELECT Id FROM Profile WHERE (A = 1 OR B = 2) AND Id > 'a' ORDER BY Id"
        );
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(
            encoded("SELECT Id, Name FROM X WHERE A = 'ü%+'"),
            "SELECT+Id,+Name+FROM+X+WHERE+A+%3D+%27%C3%BC%25%2B%27"
        );
    }

    #[test]
    fn many_columns_are_cut_below_the_limit_and_joined_by_key() {
        let names: Vec<String> = (0..386)
            .map(|n| format!("PermissionsSomethingLongish{n:04}"))
            .collect();
        let mut columns = vec!["Id", "SystemModstamp", "Name"];
        columns.extend(names.iter().map(String::as_str));
        let whole = query(&columns, None);
        let parts = chunks(&whole, &["Id", "SystemModstamp"]);
        assert!(parts.len() > 1);
        for part in &parts {
            assert!(encoded(&part.text()).len() <= LONGEST - 200);
            assert_eq!(
                part.columns.get(..2),
                Some(&[String::from("Id"), String::from("SystemModstamp")][..])
            );
        }
        let mut all: Vec<&String> = parts
            .iter()
            .flat_map(|part| part.columns.iter().skip(2))
            .collect();
        all.sort();
        let mut due: Vec<&String> = whole.columns.iter().skip(2).collect();
        due.sort();
        assert_eq!(all, due);
        let small = query(&["Name", "Id"], None);
        assert_eq!(chunks(&small, &["Id"]), vec![small]);
    }
}
