//! What a figure has to reach.

use crate::statistics::rounded;
use serde_json::{Value, json};

/// A figure and its limit.
pub struct Bar {
    /// What is measured, and in which unit.
    pub what: String,
    /// What it was; `None` where this machine cannot tell.
    pub measured: Option<f64>,
    /// What it has to be.
    pub limit: Limit,
}

/// On which side of a number a figure has to be.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Bar {
    /// As it is kept in the results.
    pub fn to_json(&self) -> Value {
        let (side, limit) = match self.limit {
            Limit::AtLeast(limit) => ("atLeast", limit),
            Limit::AtMost(limit) => ("atMost", limit),
        };
        json!({
            "what": self.what,
            side: limit,
            "measured": self.measured.map(rounded),
            "met": self.is_met(),
        })
    }

    /// What was not measured is not met.
    fn is_met(&self) -> bool {
        match (self.measured, self.limit) {
            (Some(measured), Limit::AtLeast(limit)) => measured >= limit,
            (Some(measured), Limit::AtMost(limit)) => measured <= limit,
            (None, _) => false,
        }
    }
}

/// Whether all bars in some results are met.
pub fn all_met(results: &Value) -> bool {
    results["bars"]
        .as_array()
        .is_some_and(|bars| bars.iter().all(|bar| bar["met"] == true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_met_on_its_side_of_the_limit() {
        for (limit, measured, met) in [
            (Limit::AtLeast(150.0), Some(150.0), true),
            (Limit::AtLeast(150.0), Some(149.9), false),
            (Limit::AtMost(0.8), Some(0.8), true),
            (Limit::AtMost(0.8), Some(0.81), false),
            (Limit::AtMost(0.8), None, false),
        ] {
            let what = "zip, MB".to_owned();
            let bar = Bar {
                what,
                measured,
                limit,
            };
            assert_eq!(bar.is_met(), met, "{limit:?} {measured:?}");
            assert_eq!(all_met(&json!({ "bars": [bar.to_json()] })), met);
        }
        assert!(!all_met(&json!({})));
    }
}
