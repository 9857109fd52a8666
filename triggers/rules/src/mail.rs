//! The mail that carries a code.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Address, CodeSettings, MailSettings, code::Code};

/// A mail to be sent. The parts with the code are wiped on drop; `Debug` shows none.
///
/// Nothing in it comes from the user or the client but the address: what an attacker can
/// choose would otherwise reach the mailbox under the application's name. It has no links,
/// so that people learn to expect none.
pub struct Mail {
    /// To whom.
    pub to: Address,
    /// The subject, without the code: phones show it while locked.
    pub subject: String,
    /// The body as plain text.
    pub text: Zeroizing<String>,
    /// The body as HTML, in the same words.
    pub html: Zeroizing<String>,
}

impl Mail {
    /// The mail with a code that has just been issued.
    pub(crate) fn new(
        to: Address,
        code: &Code,
        codes: &CodeSettings,
        settings: &MailSettings,
    ) -> Self {
        let app_name = &settings.app_name;
        let app_name_html = escaped(app_name);
        let digits = code.digits();
        let life = life(codes.ttl);
        Self {
            to,
            subject: format!("Your {app_name} code"),
            text: Zeroizing::new(format!(
                "Your {app_name} code is:\n\n    {digits}\n\n\
                 It is valid for {life}. Enter it only where you are signing in to {app_name}, \
                 and never tell it to anyone, not even to us.\n\n\
                 Someone has just used your password. If it was not you, keep the code to \
                 yourself and change your password.\n"
            )),
            html: Zeroizing::new(format!(
                "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
                 <title>Your {app_name_html} code</title></head>\n\
                 <body style=\"font-family: sans-serif; line-height: 1.5\">\n\
                 <p>Your {app_name_html} code is:</p>\n\
                 <p style=\"font: bold 2em monospace; letter-spacing: 0.2em\">{digits}</p>\n\
                 <p>It is valid for {life}. Enter it only where you are signing in to \
                 {app_name_html}, and never tell it to anyone, not even to us.</p>\n\
                 <p>Someone has just used your password. If it was not you, keep the code to \
                 yourself and change your password.</p>\n</body>\n</html>\n"
            )),
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

/// How long a code is valid, in words.
fn life(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
    html
}
