//! What the person reads.

use protocol::{Details, Medium, Reason};

/// What a prompt tells, in one or two sentences.
pub fn prompt(reason: Reason, details: &Details) -> String {
    let destination = details
        .destination
        .as_deref()
        .map_or("your address".to_owned(), printable);
    let opening = match reason {
        Reason::FirstCode if details.medium == Some(Medium::Authenticator) => {
            "Your authenticator shows a code.".to_owned()
        }
        Reason::FirstCode => format!("A code was sent to {destination}."),
        Reason::NewCode => format!("A new code was sent to {destination}; earlier ones are void."),
        Reason::NoNewCode => no_new_code(details.resend_in),
        Reason::WrongCode => "Authentication failed. The code is wrong or has expired.".to_owned(),
    };
    let valid = details
        .expires_in
        .map(|seconds| format!("it is valid for {}", duration(seconds)));
    let tries = details.attempts_left.map(|count| match count {
        1 => "1 try is left".to_owned(),
        _ => format!("{count} tries are left"),
    });
    let facts: Vec<_> = valid.into_iter().chain(tries).collect();
    match facts.join(", ") {
        facts if facts.is_empty() => opening,
        facts => format!("{opening} ({facts})"),
    }
}

/// The text without what would steer a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .collect()
}

fn no_new_code(resend_in: Option<u32>) -> String {
    match resend_in {
        Some(seconds) => {
            format!(
                "No new code yet: ask again in {}. The last one counts.",
                duration(seconds)
            )
        }
        None => "No new code is sent any more. The last one counts.".to_owned(),
    }
}

fn duration(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_says_what_is_known() {
        let details = Details {
            destination: Some("u***@e***".into()),
            attempts_left: Some(3),
            expires_in: Some(180),
            ..Details::default()
        };
        assert_eq!(
            prompt(Reason::FirstCode, &details),
            "A code was sent to u***@e***. (it is valid for 3 min, 3 tries are left)"
        );
        let wrong = Details {
            attempts_left: Some(1),
            expires_in: Some(61),
            ..details
        };
        assert_eq!(
            prompt(Reason::WrongCode, &wrong),
            "Authentication failed. The code is wrong or has expired. \
             (it is valid for 1 min 1 s, 1 try is left)"
        );
        let nothing = Details::default();
        assert_eq!(
            prompt(Reason::FirstCode, &nothing),
            "A code was sent to your address."
        );
        let soon = Details {
            resend_in: Some(12),
            ..nothing
        };
        assert_eq!(
            prompt(Reason::NoNewCode, &soon),
            "No new code yet: ask again in 12 s. The last one counts."
        );
    }

    #[test]
    fn a_pool_cannot_steer_the_terminal() {
        let details = Details {
            destination: Some("\x1b[2Jx\r\n".into()),
            ..Details::default()
        };
        let shown = prompt(Reason::FirstCode, &details);
        assert!(!shown.contains(char::is_control), "{shown:?}");
    }
}
