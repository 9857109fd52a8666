//! Values of replies that look different to JavaScript.

use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};
use std::collections::BTreeMap;

/// Attributes, a list of pairs on the wire; for JavaScript they are an object.
#[derive(Default)]
pub(crate) struct ListedAttributes(BTreeMap<String, String>);

/// A point in time: seconds since 1970 on the wire, a `Date` for JavaScript.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Moment(f64);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    name: String,
    value: Option<String>,
}

impl<'de> Visitor<'de> for ListedAttributes {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of attributes")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self, A::Error> {
        while let Some(Pair { name, value }) = list.next_element()? {
            self.0.insert(name, value.unwrap_or_default());
        }
        Ok(self)
    }
}

impl<'de> Deserialize<'de> for ListedAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self::default())
    }
}

impl Serialize for ListedAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let date = js_sys::Date::new(&(self.0 * 1000.0).into());
        serde_wasm_bindgen::preserve::serialize(&date, serializer)
    }
}
