//! What a case of a million starts from: a sign-in that waits for its code, and what else may
//! have become of it.

use std::sync::Arc;

use rules::{CodeSettings, Item, MemoryStore, Put, Store, StoreError, user_hash};
use serde_json::{Value, json};

use crate::{
    cognito::{SUB, SignIn, raw, settings, wait},
    sign_ins::told,
};

const OLD: &str = "old:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NEW: &str = "new:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// A store that fails, or one in memory.
#[derive(Clone)]
pub enum Memory {
    Works(MemoryStore),
    Fails,
}

impl Store for Memory {
    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        match self {
            Self::Works(store) => store.get(key).await,
            Self::Fails => Err(StoreError { reason: "timeout" }),
        }
    }

    async fn put_if_version(&self, key: &str, at: u64, item: Item) -> Result<Put, StoreError> {
        match self {
            Self::Works(store) => store.put_if_version(key, at, item).await,
            Self::Fails => Err(StoreError { reason: "timeout" }),
        }
    }
}

/// One sign-in that waits for its code, with everything that may be said of it.
pub struct Scene {
    pub code: String,
    pub record: String,
    /// With the key that made the code; without it.
    pub keys: [CodeSettings; 2],
    /// The user's state as it is, and as it is no more.
    pub stores: [Vec<Option<Memory>>; 2],
    pub issued: u64,
}

impl Scene {
    pub fn new(length: &str, table: &str) -> Self {
        let with = |keys: &str| {
            let keys = ("CODE_KEY", keys);
            settings(&[("CODE_LENGTH", length), ("ATTEMPTS_TABLE", table), keys])
        };
        let mut sign_in = match table {
            "" => SignIn::without_store(),
            _ => SignIn::new(),
        };
        (sign_in.codes, sign_in.mail) = with(OLD);
        told(sign_in.begin());
        let (rotated, _) = with(&format!("{NEW},{OLD}"));
        let (without, _) = with(NEW);
        Self {
            code: sign_in.mailed[0].clone(),
            record: sign_in.session[2]["challengeMetadata"]
                .as_str()
                .unwrap()
                .to_owned(),
            keys: [rotated, without],
            stores: match &sign_in.store {
                Some(_) => stores(&sign_in),
                None => [vec![None], Vec::new()],
            },
            issued: sign_in.now,
        }
    }
}

fn stores(sign_in: &SignIn) -> [Vec<Option<Memory>>; 2] {
    let after = |change: &dyn Fn(&mut SignIn)| {
        let mut other = SignIn::of(SUB, &Arc::new(snapshot(sign_in)));
        other.codes = sign_in.codes.clone();
        change(&mut other);
        Some(Memory::Works(snapshot(&other)))
    };
    let answer = |other: &SignIn, code: &str| {
        let mut event = sign_in.verify_event(&json!(code), &Value::Null);
        event["request"]["userAttributes"]["sub"] = json!(SUB);
        other.verified(&raw(&event)).unwrap();
    };
    let code = &sign_in.mailed[0];
    let good = vec![
        after(&|_| {}),
        after(&|other| (0..9).for_each(|_| answer(other, "0"))),
        after(&|other| edit(other, "v1||0|", "v1||99|")),
    ];
    let bad = vec![
        Some(Memory::Fails),
        Some(Memory::Works(MemoryStore::default())),
        after(&|other| answer(other, code)),
        after(&|other| (0..10).for_each(|_| answer(other, "0"))),
        after(&|other| edit(other, "v1||0|", "v1||100|")),
        after(&|other| edit(other, "v1|", "v2|")),
        after(&|other| {
            other.now += 30;
            told(other.begin());
        }),
    ];
    [good, bad]
}

fn snapshot(sign_in: &SignIn) -> MemoryStore {
    sign_in.store.as_deref().unwrap().clone()
}

/// Changes the text that the store keeps of the user.
fn edit(sign_in: &SignIn, from: &str, to: &str) {
    let store = sign_in.store.as_deref().unwrap();
    let user = user_hash(&raw(&sign_in.create_event(&Value::Null))).unwrap();
    let item = wait(store.get(&user)).unwrap().unwrap();
    let (version, state) = (item.version, item.state.replacen(from, to, 1));
    assert_ne!(state, item.state);
    let item = Item {
        state,
        version: version + 1,
        ..item
    };
    assert_eq!(
        wait(store.put_if_version(&user, version, item)),
        Ok(Put::Done)
    );
}
