//! The codes that the pool itself sends to somebody who signs in: by mail or by text message.
//! Both come to the inbox.

use crate::{
    entropy,
    error::ApiError,
    inbox::{Mail, Medium},
    service::Service,
};

/// A code on its way.
pub struct Sent {
    /// The digits.
    pub code: String,
    /// `CODE_DELIVERY_DELIVERY_MEDIUM`.
    pub medium: &'static str,
    /// `CODE_DELIVERY_DESTINATION`.
    pub destination: String,
}

/// Sends a fresh code.
///
/// # Errors
/// If the operating system has no random bytes.
pub fn send(service: &Service, medium: Medium, to: &str) -> Result<Sent, ApiError> {
    let number = u64::from_be_bytes(entropy::bytes()?);
    let (code, destination) = match medium {
        Medium::Email => (format!("{:08}", number % 100_000_000), masked_address(to)),
        Medium::Sms => (format!("{:06}", number % 1_000_000), masked_number(to)),
    };
    let (from, subject) = match medium {
        Medium::Email => ("no-reply@verificationemail.com", "Your authentication code"),
        Medium::Sms => ("", ""),
    };
    service.inbox.put(Mail {
        id: entropy::uuid()?.to_string(),
        medium,
        to: to.to_owned(),
        from: from.into(),
        subject: subject.into(),
        text: format!("Your authentication code is {code}."),
        html: String::new(),
        at: service.clock.now().as_millis(),
    });
    let medium = medium.name();
    Ok(Sent {
        code,
        medium,
        destination,
    })
}

/// `u***@e***`.
fn masked_address(address: &str) -> String {
    let first = |text: &str| text.chars().next().map_or(String::new(), String::from);
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("{}***@{}***", first(local), first(domain))
}

/// `+*******0123`: as many stars as digits are hidden.
fn masked_number(number: &str) -> String {
    let shown = number.chars().count().saturating_sub(4);
    let masked = number.chars().enumerate();
    masked
        .map(|(place, char)| match char {
            char if place >= shown || char == '+' => char,
            _ => '*',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_show_as_little_as_cognito_does() {
        assert_eq!(masked_address("ada@example.com"), "a***@e***");
        assert_eq!(masked_number("+12065550108"), "+*******0108");
        assert_eq!(masked_number("123"), "123");
    }
}
