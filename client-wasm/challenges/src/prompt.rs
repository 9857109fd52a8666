//! The question that is open, and the answer to it as JavaScript gives it.

use protocol::{
    AuthenticatorPrompt, AwaitingReply, Beside, Challenge, ChoicePrompt, CodePrompt, Misuse,
    Misused, NewPasswordPrompt, PasskeyPrompt, Password, PasswordPrompt, Request,
};

/// What the pool asks.
#[derive(Debug)]
pub(crate) enum Prompt {
    Code(CodePrompt),
    NewPassword(NewPasswordPrompt),
    Choice(ChoicePrompt),
    Password(PasswordPrompt),
    Authenticator(AuthenticatorPrompt),
    Passkey(PasskeyPrompt),
    Other(Challenge),
}

impl Prompt {
    /// What names the user at the pool, where the question can be put aside: where neither the
    /// password nor another secret would have to be.
    pub(crate) fn username(&self) -> Option<&str> {
        match self {
            Self::Code(prompt) => Some(prompt.username()),
            Self::NewPassword(prompt) => Some(prompt.username()),
            Self::Passkey(prompt) => Some(prompt.username()),
            Self::Other(challenge) => Some(challenge.username()),
            Self::Choice(_) | Self::Password(_) | Self::Authenticator(_) => None,
        }
    }

    /// Answers with one value, and with what goes beside it: `npm/challenges.js` has the order.
    pub(crate) fn answer(
        self,
        first: &str,
        beside: &[&str],
    ) -> Result<(Request, AwaitingReply), Misused<Self>> {
        match self {
            Self::Code(prompt) => match prompt.read_code(first) {
                Ok(code) => Ok(prompt.submit(&code)),
                Err(misuse) => Err(keep(misuse, Self::Code(prompt))),
            },
            Self::NewPassword(prompt) => prompt
                .submit(first, &pairs(beside))
                .map_err(|misused| keep(misused.misuse, Self::NewPassword(*misused.prompt))),
            Self::Choice(prompt) => prompt
                .choose(first, values_beside(&pairs(beside)))
                .map_err(|misused| keep(misused.misuse, Self::Choice(*misused.prompt))),
            Self::Password(prompt) => prompt
                .submit(Password::new(first))
                .map_err(|misused| keep(misused.misuse, Self::Password(*misused.prompt))),
            Self::Authenticator(prompt) => prompt
                .submit(first)
                .map_err(|misused| keep(misused.misuse, Self::Authenticator(*misused.prompt))),
            Self::Passkey(prompt) => prompt
                .submit(first)
                .map_err(|misused| keep(misused.misuse, Self::Passkey(*misused.prompt))),
            Self::Other(challenge) => Ok(challenge.answer(&pairs(beside))),
        }
    }
}

fn keep(misuse: Misuse, prompt: Prompt) -> Misused<Prompt> {
    Misused {
        misuse,
        prompt: Box::new(prompt),
    }
}

fn values_beside<'a>(pairs: &[(&str, &'a str)]) -> Beside<'a> {
    let named = |wanted| {
        let found = pairs.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| *value)
    };
    Beside {
        password: named("password"),
        email: named("email"),
    }
}

/// Names and values in turn.
fn pairs<'a>(values: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks_exact(2) {
        if let [name, value] = *pair {
            pairs.push((name, value));
        }
    }
    pairs
}
