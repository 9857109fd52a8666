//! Values of JavaScript in and out.

use crate::value::Value;
use js_sys::{JSON, Object, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A member of an input.
pub(crate) fn member(input: &JsValue, name: &str) -> Value {
    let value = Reflect::get(input, &name.into()).unwrap_or_default();
    serde_wasm_bindgen::from_value(value).unwrap_or(Value::Foreign)
}

/// Reads a reply. The error says what was expected, and quotes nothing.
pub(crate) fn read<T: DeserializeOwned>(reply: &JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(reply.clone()).map_err(|error| {
        let text = message(&error.into());
        let expected = text.split_once("expected ").map(|(_, expected)| expected);
        match (expected, text.split('`').nth(1)) {
            (Some(expected), _) => format!("expected {expected}"),
            (None, Some(field)) => format!("expected a field {field}"),
            (None, None) => "expected a JSON object".to_owned(),
        }
    })
}

/// Makes a value: maps become plain objects.
pub(crate) fn write(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true);
    // What is written here are texts, numbers and objects, which cannot fail.
    value.serialize(&serializer).unwrap_or_default()
}

/// The JSON of a value.
pub(crate) fn json(value: &impl Serialize) -> String {
    JSON::stringify(&write(value)).map_or_else(|_| String::new(), String::from)
}

/// An object with these members; those that are undefined are left out.
pub(crate) fn record(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_undefined()) {
        // Setting a member of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn message(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok();
    message
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
