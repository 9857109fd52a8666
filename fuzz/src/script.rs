//! Bytes as choices: whoever mutates the bytes changes what happens, and nothing is wasted on
//! input that does not parse.

use arbitrary::Unstructured;
use serde_json::{Value, json};

/// What is left of the bytes. At their end, every choice is the first one.
pub struct Script<'a>(Unstructured<'a>);

/// Texts near those that mean something somewhere.
const TEXTS: [&str; 36] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "00",
    "6",
    "10",
    "30",
    "4294967296",
    "1e9",
    "true",
    "false",
    "null",
    "\0",
    "\u{feff}x",
    "ü😀",
    "\"",
    "{}",
    "[]",
    "[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":1}}}",
    "[\"EMAIL_OTP\",\"SOFTWARE_TOKEN_MFA\",7,null]",
    "[\"SMS_MFA\"]",
    "{\"email\":\"a@b\",\"sub\":1}",
    "[\"userAttributes.name\",\"email\"]",
    "{\"challenge\":\"AAAA\",\"rpId\":\"localhost\"}",
    "EMAIL",
    "SMS",
    "EMAIL_OTP",
    "PASSWORD",
    "USER_ID_FOR_SRP",
    "AAAA",
    "AAA=",
    "__proto__",
    "a.e30.b",
];

impl<'a> Script<'a> {
    /// All of the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    /// Whether nothing is left to choose by.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// A number from 0, smaller than `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0.int_in_range(0..=limit - 1).unwrap_or_default()
    }

    /// In one of so many cases, but never at the end of the bytes.
    pub fn once_in(&mut self, cases: u64) -> bool {
        self.below(cases) == cases - 1
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    /// A text: near one that means something, or any, or a long one.
    pub fn text(&mut self) -> String {
        match self.below(16) {
            0..=10 => self.pick(&TEXTS).to_owned(),
            11 => "a".repeat(usize::try_from(self.below(5_000)).unwrap()),
            12 => self.pick(&["9", "f", "\u{0}", "é"]).repeat(800),
            _ => {
                let length = usize::try_from(self.below(24)).unwrap();
                let bytes = self.0.bytes(length.min(self.0.len())).unwrap_or_default();
                String::from_utf8_lossy(bytes).into_owned()
            }
        }
    }

    /// Any JSON, most of it small.
    pub fn value(&mut self) -> Value {
        self.value_of_depth(4)
    }

    fn value_of_depth(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 8 } else { 10 }) {
            0..=2 => self.text().into(),
            3 => Value::Null,
            4 => (self.below(2) == 1).into(),
            5 => json!(self.pick(&[0, -1, 1, 3600, 86_401, i64::MAX, i64::MIN])),
            6 => json!(self.pick(&[0.5, -0.0, 1e308, f64::MIN_POSITIVE])),
            7 => json!({}),
            8 => {
                let count = self.below(4);
                (0..count).map(|_| self.value_of_depth(depth - 1)).collect()
            }
            _ => {
                let count = self.below(4);
                let member = |_| (self.text(), self.value_of_depth(depth - 1));
                Value::Object((0..count).map(member).collect())
            }
        }
    }

    /// Replaces, adds or takes away one value in it.
    pub fn spoil(&mut self, value: &mut Value) {
        let into = self.below(8) != 0;
        match value {
            Value::Object(members) if into && !members.is_empty() => {
                let place = usize::try_from(self.below(members.len() as u64)).unwrap();
                let name = members.keys().nth(place).unwrap().clone();
                if self.once_in(4) {
                    members.remove(&name);
                } else {
                    self.spoil(&mut members[&name]);
                }
            }
            Value::Array(items) if into && !items.is_empty() => {
                let place = usize::try_from(self.below(items.len() as u64)).unwrap();
                self.spoil(&mut items[place]);
            }
            _ => *value = self.value(),
        }
    }
}
