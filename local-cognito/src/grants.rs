//! What outlives a sign-in: refresh tokens, and whether the tokens made of them still count.

use std::{collections::HashMap, time::Duration};

use crate::{devices::NewDevice, refresh_tokens::RefreshTokens};

/// All grants, by `origin_jti`.
#[derive(Default)]
pub struct Grants(HashMap<String, Grant>);

/// One sign-in's right to tokens.
#[derive(Clone)]
pub struct Grant {
    /// `origin_jti` of all its tokens.
    pub origin_jti: String,
    /// `event_id` of all its tokens.
    pub event_id: String,
    /// The opaque refresh tokens.
    pub refresh_tokens: RefreshTokens,
    /// The pool it belongs to.
    pub pool_id: String,
    /// The client it belongs to.
    pub client_id: String,
    /// Who signed in.
    pub username: String,
    /// When, since 1970.
    pub auth_time: Duration,
    /// Until when its refresh tokens count, since 1970.
    pub expires: Duration,
    /// The device that its refresh tokens are bound to.
    pub device_key: Option<String>,
    /// The device that the tokens announced.
    pub new_device: Option<NewDevice>,
    /// Whether RevokeToken or GlobalSignOut has ended it.
    pub revoked: bool,
}

/// More grants than this are not remembered: the oldest go.
const MOST: usize = 10_000;

impl Grants {
    /// Keeps a new grant.
    pub fn insert(&mut self, grant: Grant) {
        if self.0.len() >= MOST {
            let oldest = self.0.values().min_by_key(|grant| grant.auth_time);
            if let Some(oldest) = oldest.map(|grant| grant.origin_jti.clone()) {
                self.0.remove(&oldest);
            }
        }
        self.0.insert(grant.origin_jti.clone(), grant);
    }

    /// The grant of an access or ID token's `origin_jti`.
    pub fn by_origin(&self, origin_jti: &str) -> Option<&Grant> {
        self.0.get(origin_jti)
    }

    /// The grant of a refresh token, also of one that has been rotated out, if it is not too old.
    pub fn by_refresh_token(&mut self, token: &str, now: Duration) -> Option<&mut Grant> {
        self.0
            .values_mut()
            .find(|grant| now < grant.expires && grant.refresh_tokens.contains(token))
    }

    /// Ends all grants of a user.
    pub fn revoke_all(&mut self, pool_id: &str, username: &str) {
        for grant in self.0.values_mut() {
            if grant.pool_id == pool_id && grant.username == username {
                grant.revoked = true;
            }
        }
    }
}
