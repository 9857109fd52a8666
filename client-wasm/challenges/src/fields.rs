//! What `JSON.parse` made of a reply, as the protocol asks for it.

use js_sys::{Object, Reflect};
use protocol::Fields;
use wasm_bindgen::{JsCast, JsValue};

/// A parsed body. `JSON.parse` makes plain objects, which have no getters to run.
pub(crate) struct JsFields(Object);

impl JsFields {
    /// Takes a value that is a JSON object.
    pub(crate) fn new(value: JsValue) -> Option<Self> {
        if js_sys::Array::is_array(&value) {
            None
        } else {
            value.dyn_into().ok().map(Self)
        }
    }

    fn at(&self, path: &[&str]) -> Option<JsValue> {
        path.iter().try_fold(JsValue::from(&self.0), |value, name| {
            // Own members only: the text of a reply must not reach `Object.prototype`.
            let object = value.dyn_ref::<Object>()?;
            let name = JsValue::from_str(name);
            if Object::has_own(object, &name) {
                Reflect::get(object, &name).ok()
            } else {
                None
            }
        })
    }
}

impl Fields for JsFields {
    fn text(&self, path: &[&str]) -> Option<String> {
        self.at(path)?.as_string()
    }

    fn number(&self, path: &[&str]) -> Option<f64> {
        self.at(path)?.as_f64()
    }

    fn truth(&self, path: &[&str]) -> bool {
        self.at(path).and_then(|value| value.as_bool()) == Some(true)
    }

    fn embedded(&self, path: &[&str]) -> Option<Box<dyn Fields>> {
        let value = js_sys::JSON::parse(&self.text(path)?).ok()?;
        let object = value.dyn_into().ok()?;
        Some(Box::new(Self(object)))
    }

    fn entries(&self, path: &[&str]) -> Vec<(String, String)> {
        let Some(object) = self
            .at(path)
            .and_then(|value| value.dyn_into::<Object>().ok())
        else {
            return Vec::new();
        };
        let text = |name: JsValue| {
            let value = Reflect::get(&object, &name).ok()?;
            Some((name.as_string()?, value.as_string()?))
        };
        Object::keys(&object).iter().filter_map(text).collect()
    }
}
