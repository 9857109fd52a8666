//! Where users' states are kept, behind two methods.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    Failure,
    attempts::State,
    limits::{Event, Verdict, forgotten_at, judge},
};

/// Attempts to write while others write the same user's state.
const TRIES: u32 = 8;

/// Keeps one item for each key, which is a [`user_hash`](crate::user_hash).
pub trait Store {
    /// The item of a key, as last written.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Item>, StoreError>>;

    /// Writes an item if the stored one still has the version `expected`; 0 if there is none.
    fn put_if_version(
        &self,
        key: &str,
        expected: u64,
        item: Item,
    ) -> impl Future<Output = Result<Put, StoreError>>;
}

/// What a store keeps. `state` is for this crate alone to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The state of a user as text.
    pub state: String,
    /// 1 at first, and one more with each write.
    pub version: u64,
    /// From then on, in Unix seconds, the store may drop the item; `None`: never.
    pub expires_at: Option<u64>,
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is done.
    Done,
    /// Another write came first.
    Conflict,
}

/// The store gave no answer, or none that makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// Why, as one word from a list written in the source.
    pub reason: &'static str,
}

/// A store that ends with the process.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, Item>>);

/// One user's place in a store.
pub(crate) struct Ledger<'a, S> {
    pub store: &'a S,
    pub user: &'a str,
}

impl Clone for MemoryStore {
    fn clone(&self) -> Self {
        let items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Self(Mutex::new(items.clone()))
    }
}

impl Store for MemoryStore {
    async fn get(&self, key: &str) -> Result<Option<Item>, StoreError> {
        let items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(items.get(key).cloned())
    }

    async fn put_if_version(
        &self,
        key: &str,
        expected: u64,
        item: Item,
    ) -> Result<Put, StoreError> {
        let mut items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if items.get(key).map_or(0, |stored| stored.version) != expected {
            return Ok(Put::Conflict);
        }
        items.insert(key.to_owned(), item);
        Ok(Put::Done)
    }
}

impl<S: Store> Ledger<'_, S> {
    /// Judges an event on the stored state, and keeps what becomes of it before anybody acts
    /// on the verdict.
    pub async fn enter(&self, now: u64, event: Event) -> Result<(State, Verdict), StoreError> {
        for _ in 0..TRIES {
            let (version, state) = match self.store.get(self.user).await? {
                Some(item) => (item.version, read(&item)?),
                None => (0, State::default()),
            };
            let (next, verdict) = judge(&state, now, event);
            if verdict != Verdict::Granted {
                return Ok((next, verdict));
            }
            let item = Item {
                state: next.to_string(),
                version: version.saturating_add(1),
                expires_at: forgotten_at(&next, now),
            };
            match self.store.put_if_version(self.user, version, item).await? {
                Put::Done => return Ok((next, verdict)),
                Put::Conflict => {}
            }
        }
        Err(StoreError { reason: "conflict" })
    }
}

fn read(item: &Item) -> Result<State, StoreError> {
    let malformed = |_| StoreError {
        reason: "malformed_item",
    };
    item.state.parse().map_err(malformed)
}

impl From<StoreError> for Failure {
    fn from(StoreError { reason }: StoreError) -> Self {
        Self::StoreUnavailable { reason }
    }
}
