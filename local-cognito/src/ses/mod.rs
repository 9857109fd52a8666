//! SES, as far as a trigger needs it: `SendEmail`, in the two versions that AWS has.

pub mod v1;
pub mod v2;

use std::time::Duration;

use crate::{
    entropy,
    faults::SesFault,
    inbox::{Mail, Medium},
    service::Service,
};

/// What either version asks to be mailed.
struct Message {
    from: String,
    to: Vec<String>,
    subject: String,
    text: String,
    html: String,
}

/// Why a mail was not taken; the sentence is for whoever sent it.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// The request has no form that could be mailed.
    Invalid(&'static str),
    /// SES does not want it.
    Rejected(&'static str),
    /// Nothing is wrong with it.
    OutOfOrder,
}

/// Mails a code of the pool's own, in the words that Cognito has unless it is told others.
///
/// # Errors
/// Why it was not taken.
pub async fn deliver_code(
    service: &Service,
    address: &str,
    code: &str,
) -> Result<(), &'static str> {
    let message = Message {
        from: "no-reply@verificationemail.com".into(),
        to: vec![address.to_owned()],
        subject: "Your verification code".into(),
        text: format!("Your confirmation code is {code}"),
        html: String::new(),
    };
    match deliver(service, message).await {
        Ok(_) => Ok(()),
        Err(Refusal::Invalid(why) | Refusal::Rejected(why)) => Err(why),
        Err(Refusal::OutOfOrder) => Err("The mail could not be sent."),
    }
}

/// Puts a mail into the inbox and tells its `MessageId`.
async fn deliver(service: &Service, message: Message) -> Result<String, Refusal> {
    match service.faults.ses() {
        SesFault::Ok => {}
        SesFault::Reject => return Err(Refusal::Rejected("Email address is not verified.")),
        SesFault::Hang => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            return Err(Refusal::Rejected("Thirty seconds have passed."));
        }
    }
    check(&message)?;
    let id = entropy::uuid()
        .map_err(|_| Refusal::OutOfOrder)?
        .to_string();
    service.inbox.put(Mail {
        id: id.clone(),
        medium: Medium::Email,
        to: message.to.join(", "),
        from: message.from,
        subject: message.subject,
        text: message.text,
        html: message.html,
        at: service.clock.now().as_millis(),
    });
    service.log.outcome("SendEmail", None);
    Ok(id)
}

fn check(message: &Message) -> Result<(), Refusal> {
    let addresses = || message.to.iter().chain([&message.from]);
    let mut lines = addresses().chain([&message.subject]);
    let why = if message.to.is_empty() || message.to.len() > 50 {
        "ToAddresses must have 1 to 50 addresses."
    } else if !addresses().all(|text| text.contains('@')) {
        "Sender and ToAddresses must be addresses."
    } else if lines.any(|text| text.contains(char::is_control)) {
        "Addresses and the subject must be one line each."
    } else if message.text.is_empty() && message.html.is_empty() {
        "The body must have a text or an HTML part."
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            from: "no-reply@example.com".into(),
            to: vec!["user@example.com".into()],
            subject: "Code".into(),
            text: "123456".into(),
            html: String::new(),
        }
    }

    #[test]
    fn only_what_can_be_mailed_is_taken() {
        assert_eq!(check(&message()), Ok(()));
        let spoilt: [fn(&mut Message); 7] = [
            |message| message.to.clear(),
            |message| message.to = vec!["user@example.com".into(); 51],
            |message| message.to.push("nobody".into()),
            |message| {
                message
                    .to
                    .push("a@example.com\r\nBcc: b@example.com".into())
            },
            |message| message.from = "nobody".into(),
            |message| message.subject = "Code\nBcc: b@example.com".into(),
            |message| message.text.clear(),
        ];
        for (case, spoil) in spoilt.into_iter().enumerate() {
            let mut message = message();
            spoil(&mut message);
            assert!(
                matches!(check(&message), Err(Refusal::Invalid(_))),
                "{case}"
            );
        }
    }
}
