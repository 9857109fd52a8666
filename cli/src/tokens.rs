//! Tokens for scripts.

use protocol::Tokens;
use serde_json::{Value, json};

/// The tokens under the names of Cognito's `AuthenticationResult`.
pub fn json(tokens: &Tokens) -> Value {
    let mut result = json!({
        "AccessToken": tokens.access(),
        "IdToken": tokens.id(),
        "TokenType": tokens.token_type(),
        "ExpiresIn": tokens.expires_in(),
    });
    if let (Some(members), Some(refresh)) = (result.as_object_mut(), tokens.refresh()) {
        members.insert("RefreshToken".to_owned(), refresh.into());
    }
    result
}
