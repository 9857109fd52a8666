//! What a person does when asked, who may mistype anything.

use protocol::{
    AwaitingReply, Beside, ChoicePrompt, CodePrompt, FirstFactor, Misused, NewPasswordPrompt, Next,
    Password, Request,
};

use crate::{conversation::PASSWORD, script::Script, tally::reached};

/// A request, and what awaits its reply.
type Step = (Request, AwaitingReply);

/// Answers, unless nothing fits. `password_allowed` becomes true if the answer is that the
/// password itself may be sent.
pub fn answer(script: &mut Script<'_>, asked: Next, password_allowed: &mut bool) -> Option<Step> {
    match asked {
        Next::AskCode(prompt) => code(script, prompt),
        Next::AskNewPassword(prompt) => new_password(script, prompt),
        Next::AskChoice(prompt) => choice(script, prompt, password_allowed),
        Next::AskPassword(prompt) => {
            reached("asked for the password");
            *password_allowed |= prompt.factor() == FirstFactor::Password;
            kept(prompt.submit(Password::new(PASSWORD)))
        }
        Next::AskAuthenticator(prompt) => {
            reached("asked for an authenticator");
            match prompt.submit(&typed(script)) {
                Ok(step) => Some(step),
                Err(misused) => misused.prompt.submit("123456").ok(),
            }
        }
        Next::AskPasskey(prompt) => {
            reached("asked for a passkey");
            kept(prompt.submit(r#"{"id":"AAAA"}"#))
        }
        Next::OtherChallenge(challenge) => {
            reached("asked for something else");
            let value = script.text();
            let mut responses = vec![("ANSWER", value.as_str())];
            if script.once_in(4) {
                responses.push(("USERNAME", "somebody"));
            }
            Some(challenge.answer(&responses))
        }
        Next::Send(..) | Next::SignedIn(_) => None,
    }
}

fn code(script: &mut Script<'_>, prompt: CodePrompt) -> Option<Step> {
    reached("asked for a code");
    if script.once_in(4) {
        return prompt.resend().ok();
    }
    let code = prompt.read_code(&typed(script));
    let code = code.or_else(|_| prompt.read_code("123456"));
    code.ok().map(|code| prompt.submit(&code))
}

fn new_password(script: &mut Script<'_>, prompt: NewPasswordPrompt) -> Option<Step> {
    reached("asked for a new password");
    let rejected = prompt.rejected().unwrap_or_default();
    assert!(rejected.chars().count() <= 1024);
    let value = script.text();
    let required = prompt.required().to_vec();
    let pairs: Vec<_> = required.iter().map(|name| (&**name, &*value)).collect();
    kept(prompt.submit("New-Horse-10", &pairs))
}

fn choice(script: &mut Script<'_>, prompt: ChoicePrompt, allowed: &mut bool) -> Option<Step> {
    reached("asked for a choice");
    let options: Vec<&str> = prompt.options().iter().map(String::as_str).collect();
    assert!(!options.is_empty(), "nothing to choose from");
    let option = script.pick(&options).to_owned();
    *allowed |= option == "PASSWORD";
    let beside = Beside {
        password: script.once_in(2).then_some(PASSWORD),
        email: Some("user@example.com"),
    };
    kept(prompt.choose(&option, beside))
}

fn typed(script: &mut Script<'_>) -> String {
    match script.below(3) {
        0 => "123456".to_owned(),
        1 => "000 000".to_owned(),
        _ => script.text(),
    }
}

fn kept<P>(outcome: Result<Step, Misused<P>>) -> Option<Step> {
    match outcome {
        Ok(step) => Some(step),
        Err(Misused { misuse, .. }) => {
            let text = misuse.to_string();
            assert!(!text.contains(PASSWORD) && text.len() < 1_000, "{text}");
            None
        }
    }
}
