//! A value of an input as it came, and of a request as it goes: one type for both, so that
//! there is one reader and one writer.

use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What JSON has. Texts may be secrets and are wiped on drop.
pub(crate) enum Value {
    /// Undefined or null.
    Absent,
    /// What JSON does not have, such as a function, or has it inside.
    Foreign,
    Flag(bool),
    Number(f64),
    Text(Zeroizing<String>),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Zeroizing::new(text.to_owned()))
    }

    /// What it is, without what it says.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Absent => "nothing".to_owned(),
            Self::Foreign => "a value that JSON does not have".to_owned(),
            Self::Flag(_) => "a boolean".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::Text(text) => format!("a string of {} characters", text.chars().count()),
            Self::List(_) => "an array".to_owned(),
            Self::Map(_) => "an object".to_owned(),
        }
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        // Beyond 32 bits nothing that is asked for fits.
        Ok(Value::Number(
            i32::try_from(number).map_or(f64::NAN, f64::from),
        ))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(
            u32::try_from(number).map_or(f64::NAN, f64::from),
        ))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(Zeroizing::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, value)) = members.next_entry()? {
            map.insert(name, value);
        }
        Ok(Value::Map(map))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Foreign => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(map) => serializer.collect_map(map),
        }
    }
}
