//! The template as a tree, in which short forms such as `!Ref` are written out.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// A template.
pub struct Template(pub Value);

impl Template {
    pub fn parse(text: &str) -> Self {
        let documents = Yaml::load_from_str(text).unwrap();
        let [document] = documents.as_slice() else {
            panic!("a template is one document");
        };
        Self(node(document))
    }

    pub fn parameter(&self, name: &str) -> &Value {
        &self.0["Parameters"][name]
    }

    pub fn resource(&self, name: &str) -> &Value {
        &self.0["Resources"][name]
    }

    /// Names and properties of the resources of a type.
    pub fn of_type(&self, kind: &str) -> Vec<(&str, &Value)> {
        let resources = self.0["Resources"].as_object().unwrap();
        resources
            .iter()
            .filter(|(_, resource)| resource["Type"] == kind)
            .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
            .collect()
    }

    /// Names of the functions.
    pub fn functions(&self) -> Vec<&str> {
        let functions = self.of_type("AWS::Serverless::Function");
        functions.into_iter().map(|(name, _)| name).collect()
    }

    /// A property of a function, its own or that of all.
    pub fn of_function(&self, function: &str, property: &str) -> &Value {
        match &self.resource(function)["Properties"][property] {
            Value::Null => &self.0["Globals"]["Function"][property],
            own => own,
        }
    }
}

/// All that a value may turn out to be: the items of lists, and both sides of `Fn::If`. What
/// may be left out is null.
pub fn possible(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(possible).collect(),
        Value::Object(object) => match &object.get("Fn::If") {
            Some(Value::Array(parts)) => parts.iter().skip(1).flat_map(possible).collect(),
            _ if value == &json!({ "Ref": "AWS::NoValue" }) => vec![&Value::Null],
            _ => vec![value],
        },
        _ => vec![value],
    }
}

/// All texts anywhere in a value.
pub fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(object) => object.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn node(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(value) => json!(value),
            Scalar::Integer(value) => json!(value),
            Scalar::FloatingPoint(value) => json!(value.into_inner()),
            Scalar::String(value) => json!(value),
        },
        Yaml::Sequence(items) => items.iter().map(node).collect(),
        Yaml::Mapping(entries) => {
            let entry = |(key, value)| (node(key).as_str().unwrap().to_owned(), node(value));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        Yaml::Tagged(tag, argument) => written_out(&tag.suffix, node(argument)),
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            panic!("neither CloudFormation nor we understand {yaml:?}")
        }
    }
}

fn written_out(function: &str, argument: Value) -> Value {
    match (function, argument) {
        ("Ref" | "Condition", argument) => json!({ function: argument }),
        ("GetAtt", Value::String(text)) => {
            let (resource, attribute) = text.split_once('.').unwrap();
            json!({ "Fn::GetAtt": [resource, attribute] })
        }
        (_, argument) => json!({ format!("Fn::{function}"): argument }),
    }
}
