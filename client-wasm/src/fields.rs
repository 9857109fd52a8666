//! What `JSON.parse` made of a reply, as the protocol asks for it.

use alloc::{boxed::Box, string::String, vec::Vec};
use protocol::Fields;
use wasm_bindgen::prelude::*;

/// A parsed body. `JSON.parse` makes plain objects, which have no getters to run.
pub(crate) struct JsFields(JsValue);

impl JsFields {
    /// Takes a value that is a JSON object.
    pub(crate) fn new(value: JsValue) -> Option<Self> {
        (value.is_object() && !is_array(&value)).then_some(Self(value))
    }

    fn at(&self, path: &[&str]) -> Option<JsValue> {
        path.iter().try_fold(self.0.clone(), |value, name| {
            // Own members only: the text of a reply must not reach `Object.prototype`.
            (value.is_object() && has_own(&value, name)).then(|| member(&value, name))
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

    // These three are asked for by challenges that this module does not know.

    fn truth(&self, _: &[&str]) -> bool {
        false
    }

    fn embedded(&self, _: &[&str]) -> Option<Box<dyn Fields>> {
        None
    }

    fn entries(&self, _: &[&str]) -> Vec<(String, String)> {
        Vec::new()
    }
}

// On what `JSON.parse` makes, none of these can throw.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> bool;

    #[wasm_bindgen(js_namespace = Object, js_name = hasOwn)]
    fn has_own(object: &JsValue, name: &str) -> bool;

    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn member(object: &JsValue, name: &str) -> JsValue;
}
