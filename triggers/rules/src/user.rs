//! A user's name in the table of attempts and in logs.

use std::fmt::Write;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::event::Wire;

/// The user of an event, for the table of attempts and for logs: SHA-256 of
/// `<userPoolId>/<sub>`, in 64 hexadecimal digits of lower case. `None` if the event has no
/// pool or no user with a `sub`.
///
/// `sub` is a random UUID, so nobody can guess it back. There is no key to it: whoever knows
/// pool and `sub` finds the user's item, and a new `CODE_KEY` forgets no failures.
pub fn user_hash(event: &RawValue) -> Option<String> {
    let wire: Wire = serde_json::from_str(event.get()).ok()?;
    hash(wire.user_pool_id.as_deref()?, wire.request.as_ref()?.sub()?)
}

/// The hash of a user; `None` if `sub` is empty, as nobody's is.
pub(crate) fn hash(user_pool_id: &str, sub: &str) -> Option<String> {
    if sub.is_empty() {
        return None;
    }
    let hash = Sha256::digest(format!("{user_pool_id}/{sub}"));
    Some(hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json, value::to_raw_value};

    use super::*;

    /// By `printf '%s' us-east-1_Example1/3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f | sha256sum`.
    const KNOWN: &str = "eb5f651fcbb32f3e229356d912aceb5f14f07b6dad3fc46fd73b1ba310d116f3";

    fn hashed(user_pool_id: Value, user_attributes: Value) -> Option<String> {
        let request = json!({ "userAttributes": user_attributes });
        let event = json!({ "userPoolId": user_pool_id, "request": request });
        user_hash(&to_raw_value(&event).unwrap())
    }

    #[test]
    fn it_is_what_sha256sum_says() {
        let sub = json!({ "sub": "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f" });
        assert_eq!(
            hashed(json!("us-east-1_Example1"), sub.clone()).as_deref(),
            Some(KNOWN)
        );
        assert_ne!(hashed(json!("us-east-1_Example2"), sub), Some(KNOWN.into()));
    }

    #[test]
    fn without_a_user_there_is_none() {
        for (pool, attributes) in [
            (json!(null), json!({ "sub": "a" })),
            (json!("p"), json!({})),
            (json!("p"), json!(null)),
            (json!("p"), json!({ "sub": "" })),
            (json!("p"), json!({ "sub": 7 })),
            (json!("p"), json!(["a"])),
        ] {
            assert_eq!(hashed(pool, attributes), None);
        }
        for event in ["null", "[]", "{}", "\"\"", "{\"userPoolId\":\"p\"}"] {
            let event: Box<RawValue> = serde_json::from_str(event).unwrap();
            assert_eq!(user_hash(&event), None, "{event}");
        }
    }
}
