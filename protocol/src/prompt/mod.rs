//! What a person is asked. Each is spent on an answer; what cannot be one comes back.

mod authenticator;
mod challenge;
mod choice;
mod code;
mod new_password;
mod passkey;
mod password;

pub use authenticator::AuthenticatorPrompt;
pub use challenge::Challenge;
pub use choice::{Beside, ChoicePrompt, Purpose};
pub use code::{CodePrompt, Details, Medium, Reason};
pub use new_password::NewPasswordPrompt;
pub use passkey::PasskeyPrompt;
pub use password::PasswordPrompt;

pub(crate) use authenticator::AuthenticatorQuestion;
pub(crate) use choice::ChoiceQuestion;
pub(crate) use code::CodeQuestion;
pub(crate) use new_password::NewPasswordQuestion;

use crate::{Fields, Misuse};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;
use zeroize::Zeroizing;

/// A mistake of the caller. Nothing was sent, and the prompt is still there.
pub struct Misused<P> {
    /// What was wrong.
    pub misuse: Misuse,
    /// The prompt, as it was.
    pub prompt: Box<P>,
}

impl<P> Misused<P> {
    fn new(misuse: Misuse, prompt: P) -> Self {
        Self {
            misuse,
            prompt: Box::new(prompt),
        }
    }
}

impl<P> fmt::Debug for Misused<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Misused").field(&self.misuse).finish()
    }
}

/// The strings of a list that is written as JSON text in a challenge parameter.
fn list(fields: &dyn Fields, name: &str) -> Vec<String> {
    let list = fields.embedded(&["ChallengeParameters", name]);
    list.map(|list| values(&*list, &[])).unwrap_or_default()
}

/// The strings of the list at a path.
fn values(fields: &dyn Fields, path: &[&str]) -> Vec<String> {
    let mut values = Vec::new();
    for (_, value) in fields.entries(path) {
        values.push(value);
    }
    values
}

/// Only digits, without the spaces and hyphens between them.
fn digits(typed: &str) -> Option<Zeroizing<String>> {
    let mut digits = Zeroizing::new(String::with_capacity(typed.len()));
    digits.extend(
        typed
            .chars()
            .filter(|char| !char.is_whitespace() && *char != '-'),
    );
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    (all && !digits.is_empty()).then_some(digits)
}
