//! How a sign-in begins.

use crate::{Misuse, Password};

/// The flow, as `AuthFlow` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// `CUSTOM_AUTH`, SRP first: the password, then what the pool's triggers ask for.
    Custom,
    /// `USER_SRP_AUTH`: the password, then what the pool itself asks for, such as the code
    /// of its own e-mail MFA.
    UserSrp,
    /// `USER_AUTH`: the pool offers the ways that the user has, unless one is preferred.
    Choice(Option<FirstFactor>),
}

/// A way to begin a sign-in by [`Flow::Choice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstFactor {
    /// `PASSWORD`: the password itself is sent.
    Password,
    /// `PASSWORD_SRP`: the password stays here.
    PasswordSrp,
    /// `EMAIL_OTP`: a code by mail.
    EmailOtp,
    /// `SMS_OTP`: a code by text message.
    SmsOtp,
    /// `WEB_AUTHN`: a passkey.
    WebAuthn,
}

impl FirstFactor {
    const ALL: [Self; 5] = [
        Self::Password,
        Self::PasswordSrp,
        Self::EmailOtp,
        Self::SmsOtp,
        Self::WebAuthn,
    ];

    /// Reads Cognito's name.
    ///
    /// # Errors
    /// [`Misuse`] if it is none of the five.
    pub fn from_name(name: &str) -> Result<Self, Misuse> {
        let found = Self::ALL.into_iter().find(|factor| factor.name() == name);
        found.ok_or(Misuse::new(
            "preferred",
            "PASSWORD, PASSWORD_SRP, EMAIL_OTP, SMS_OTP or WEB_AUTHN",
            name,
        ))
    }

    /// Cognito's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "PASSWORD",
            Self::PasswordSrp => "PASSWORD_SRP",
            Self::EmailOtp => "EMAIL_OTP",
            Self::SmsOtp => "SMS_OTP",
            Self::WebAuthn => "WEB_AUTHN",
        }
    }
}

impl Flow {
    /// Reads `custom`, `srp` or `choice`; the last may have one of [`FirstFactor`]'s names
    /// beside it.
    ///
    /// # Errors
    /// [`Misuse`] if it is none of the three, or has a preference that it cannot have.
    pub fn from_name(name: &str, preferred: Option<&str>) -> Result<Self, Misuse> {
        let preferred = preferred.map(FirstFactor::from_name).transpose()?;
        match (name, preferred) {
            ("custom", None) => Ok(Self::Custom),
            ("srp", None) => Ok(Self::UserSrp),
            ("choice", preferred) => Ok(Self::Choice(preferred)),
            ("custom" | "srp", Some(factor)) => Err(Misuse::new(
                "preferred",
                "none but with the flow `choice`",
                factor.name(),
            )),
            _ => Err(Misuse::new("flow", "custom, srp or choice", name)),
        }
    }

    /// Whether the first request has no effect that a second one would double. A code is
    /// mailed, a passkey's challenge drawn and a password tried each time.
    pub(crate) const fn begins_unnoticed(self) -> bool {
        match self {
            Self::Custom | Self::UserSrp => true,
            Self::Choice(preferred) => matches!(preferred, None | Some(FirstFactor::PasswordSrp)),
        }
    }

    /// Whether the password that came is one to begin with.
    pub(crate) fn check(self, password: Option<&Password>) -> Result<(), Misuse> {
        // At most 256 characters of at most 4 bytes.
        let expected = "1 to 1024 bytes";
        match (self, password) {
            (_, Some(password)) if !(1..=1024).contains(&password.as_bytes().len()) => {
                Err(password.misuse(expected))
            }
            (Self::Choice(Some(FirstFactor::Password)), Some(password))
                if password.text().is_none() =>
            {
                Err(password.misuse("UTF-8"))
            }
            (
                Self::Custom
                | Self::UserSrp
                | Self::Choice(Some(FirstFactor::Password | FirstFactor::PasswordSrp)),
                None,
            ) => Err(Misuse::missing("password", expected)),
            _ => Ok(()),
        }
    }
}
