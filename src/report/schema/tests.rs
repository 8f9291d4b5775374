//! Makes the schemas of the types, and compares them with the files.
//!
//! `BLESS=1 cargo test --lib schema` writes the files, to be read before they are committed.

use super::{SCHEMAS, by_name};
use crate::config::{KEYS, Kind, Raw};
use crate::explain::{Answer, Backtest};
use crate::report::matrix::{data, why};
use crate::report::{diff, jsonl, knowledge, person, recheck, rules, seats, summary, waivers};
use crate::rules::RULES;
use crate::{approval, baseline, evidence, snapshot};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::path::Path;

/// What either view of a matrix is.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum AnyMatrix {
    Cells(data::Document<'static>),
    Why(why::WhyDocument<'static>),
}

/// What `explain` answers.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum AnyAnswer {
    Message(Box<Answer>),
    Rule(Box<rules::Explained>),
}

fn written() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
}

fn generated(name: &str) -> Value {
    let schema = match name {
        "report" => written().into_root_schema_for::<summary::Document>(),
        "seats" => written().into_root_schema_for::<seats::Document>(),
        "matrix" => written().into_root_schema_for::<AnyMatrix>(),
        "knowledge" => written().into_root_schema_for::<knowledge::Document>(),
        "explain" => written().into_root_schema_for::<Vec<AnyAnswer>>(),
        "backtest" => written().into_root_schema_for::<Backtest>(),
        "rules" => written().into_root_schema_for::<rules::Document>(),
        "jsonl" => written().into_root_schema_for::<jsonl::Line<'static>>(),
        "person" => written().into_root_schema_for::<person::Person>(),
        "diff" => written().into_root_schema_for::<diff::Answer<'static>>(),
        "plan" => written().into_root_schema_for::<approval::Sealed>(),
        "recheck" => written().into_root_schema_for::<recheck::Document>(),
        "evidence" => written().into_root_schema_for::<evidence::Manifest>(),
        "waivers" => written().into_root_schema_for::<waivers::Document>(),
        "baseline" => written().into_root_schema_for::<baseline::Line>(),
        "snapshot" => written().into_root_schema_for::<snapshot::manifest::Manifest>(),
        "config" => SchemaSettings::draft2020_12()
            .for_deserialize()
            .into_generator()
            .into_root_schema_for::<Raw>(),
        other => panic!("nobody knows the types of {other}"),
    };
    let mut schema = schema.to_value();
    let about = by_name(name).map(|schema| schema.about);
    schema["title"] = json!(about);
    if name == "config" {
        narrow(&mut schema);
    } else {
        // A reader of today must take what a later version adds.
        open(&mut schema);
    }
    schema
}

/// Lets objects have keys that are added later.
fn open(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for closed in ["additionalProperties", "unevaluatedProperties"] {
                if object.get(closed) == Some(&Value::Bool(false)) {
                    object.remove(closed);
                }
            }
            object.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        _ => {}
    }
}

/// Adds to the types of the configuration what the table of its keys knows: words, defaults, names of rules.
fn narrow(schema: &mut Value) {
    for key in KEYS {
        let section = &schema["properties"][key.section];
        let name = section["$ref"].as_str().expect("a section is a type");
        let name = name.rsplit('/').next().expect("a name").to_owned();
        let property = &mut schema["$defs"][name.as_str()]["properties"][key.name];
        assert!(property.is_object(), "{}.{}", key.section, key.name);
        if let Kind::OneOf(words) = key.kind {
            property["enum"] = json!(words);
            property.as_object_mut().expect("an object").remove("type");
        }
        if let Some(default) = key.default {
            let value: toml::Table = format!("value = {default}").parse().expect("TOML");
            property["default"] = serde_json::to_value(&value["value"]).expect("JSON");
        }
    }
    let names: Map<String, Value> = RULES
        .iter()
        .map(|rule| (rule.name.to_owned(), json!({"description": rule.title()})))
        .collect();
    let severity = &mut schema["properties"]["severity"];
    severity["properties"] = Value::Object(names);
    severity["patternProperties"] = json!({"": {"enum": ["error", "warning", "notice", "off"]}});
    severity["additionalProperties"] = json!(false);
    severity["propertyNames"] =
        json!({"enum": RULES.iter().map(|rule| rule.name).collect::<Vec<_>>()});
}

#[test]
fn schemas_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/schema");
    let mut old = Vec::new();
    for schema in SCHEMAS {
        let text = format!("{:#}\n", generated(schema.name));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(folder.join(format!("{}.json", schema.name)), text).expect("written");
        } else if text != schema.text {
            old.push(schema.name);
        }
    }
    assert!(
        old.is_empty(),
        "BLESS=1 cargo test --lib schema rewrites {old:?}"
    );
    let files = std::fs::read_dir(&folder).expect("the folder");
    let names: Vec<String> = files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| {
            name.strip_suffix(".json")
                .is_some_and(|name| by_name(name).is_none())
        })
        .collect();
    assert!(names.is_empty(), "schemas of nothing: {names:?}");
}

#[test]
fn a_configuration_is_held_to_its_schema() {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler
        .add_resource("config.json", generated("config"))
        .expect("a resource");
    let schema = compiler
        .compile("config.json", &mut schemas)
        .expect("a schema");
    let accepts = |text: &str| {
        let table: toml::Table = text.parse().expect("TOML");
        let value = serde_json::to_value(table).expect("JSON");
        schemas.validate(&value, schema).is_ok()
    };
    assert!(accepts(include_str!("../../config/tests/everything.toml")));
    assert!(accepts(
        "[severity]\nrole-mixed-dml = \"off\"\n[columns]\nprofile = \"SF Profile\""
    ));
    for wrong in [
        "[severity]\nno-such-rule = \"off\"",
        "[severity]\nrole-mixed-dml = \"loud\"",
        "[check]\nfail_on = \"sometimes\"",
        "[check]\nfail-on = \"error\"",
        "[chekc]",
        "[seats]\nreserve = { SFDC = \"5\" }",
    ] {
        assert!(!accepts(wrong), "{wrong}");
    }
}
