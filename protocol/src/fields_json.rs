//! Replies as serde_json reads them, for drivers that have no JSON of their platform.

use crate::Fields;
use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use serde_json::Value;

impl Fields for Value {
    fn text(&self, path: &[&str]) -> Option<String> {
        at(self, path)?.as_str().map(ToOwned::to_owned)
    }

    fn number(&self, path: &[&str]) -> Option<f64> {
        at(self, path)?.as_f64()
    }

    fn truth(&self, path: &[&str]) -> bool {
        at(self, path).and_then(Self::as_bool) == Some(true)
    }

    fn embedded(&self, path: &[&str]) -> Option<Box<dyn Fields>> {
        let value: Self = serde_json::from_str(at(self, path)?.as_str()?).ok()?;
        (value.is_object() || value.is_array()).then(|| Box::new(value) as Box<dyn Fields>)
    }

    fn entries(&self, path: &[&str]) -> Vec<(String, String)> {
        let value = at(self, path);
        let members = value.and_then(Self::as_object).into_iter().flatten();
        let members = members.map(|(name, value)| (name.as_str(), value));
        let items = value.and_then(Self::as_array).into_iter().flatten();
        members
            .chain(items.map(|value| ("", value)))
            .filter_map(|(name, value)| Some((name.to_owned(), value.as_str()?.to_owned())))
            .collect()
    }
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, name| value.as_object()?.get(*name))
}
