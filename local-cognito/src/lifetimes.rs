//! How long an app client's tokens live, and whether its refresh tokens rotate.

use std::{ops::RangeInclusive, time::Duration};

use serde::{Deserialize, Serialize};

use crate::error::{ApiError, Exception};

/// How long tokens live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lifetimes {
    /// Of access tokens.
    pub access: u64,
    /// Of ID tokens.
    pub id: u64,
    /// Of refresh tokens, from the sign-in on: rotation does not prolong it.
    pub refresh: u64,
}

/// `RefreshTokenRotation`, where it is on.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rotation {
    /// `RetryGracePeriodSeconds`.
    grace: u8,
}

/// The parameters of an app client that say so.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Validities {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_validity: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token_validity: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_validity: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_validity_units: Option<Units>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Units {
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Unit>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// `RefreshTokenRotation`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RotationRequest {
    feature: Feature,
    #[serde(default)]
    retry_grace_period_seconds: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Feature {
    Enabled,
    Disabled,
}

/// What Cognito allows for one kind of tokens.
struct Kind {
    parameter: &'static str,
    unit: Unit,
    default: u64,
    /// In seconds.
    range: RangeInclusive<u64>,
}

const ACCESS: Kind = Kind {
    parameter: "AccessTokenValidity",
    unit: Unit::Hours,
    default: 3600,
    range: 300..=86_400,
};
const ID: Kind = Kind {
    parameter: "IdTokenValidity",
    ..ACCESS
};
/// An hour to ten years.
const REFRESH: Kind = Kind {
    parameter: "RefreshTokenValidity",
    unit: Unit::Days,
    default: 30 * 86_400,
    range: 3600..=315_360_000,
};

const LONGEST_GRACE: u8 = 60;

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access: ACCESS.default,
            id: ID.default,
            refresh: REFRESH.default,
        }
    }
}

impl Rotation {
    /// For a client of this program's own.
    pub const fn with_grace(seconds: u8) -> Self {
        Self { grace: seconds }
    }

    /// How long a refresh token outlives its first use.
    pub fn grace(self) -> Duration {
        Duration::from_secs(self.grace.into())
    }
}

impl Validities {
    /// What they come to; those that are not there are Cognito's defaults.
    ///
    /// # Errors
    /// `InvalidParameterException`, if one is out of its range.
    pub fn lifetimes(&self) -> Result<Lifetimes, ApiError> {
        let none = Units::default();
        let units = self.token_validity_units.as_ref().unwrap_or(&none);
        // Cognito takes 0 for its default here.
        let refresh = self.refresh_token_validity.filter(|value| *value != 0);
        Ok(Lifetimes {
            access: ACCESS.seconds(self.access_token_validity, units.access_token)?,
            id: ID.seconds(self.id_token_validity, units.id_token)?,
            refresh: REFRESH.seconds(refresh, units.refresh_token)?,
        })
    }
}

impl Kind {
    fn seconds(&self, value: Option<u64>, unit: Option<Unit>) -> Result<u64, ApiError> {
        let unit = unit.unwrap_or(self.unit).seconds();
        let seconds = value.map_or(self.default, |value| value.saturating_mul(unit));
        if self.range.contains(&seconds) {
            return Ok(seconds);
        }
        let (name, least, most) = (self.parameter, self.range.start(), self.range.end());
        Err(Exception::InvalidParameter.because(format!(
            "Invalid range for token validity: {name} must be {least} to {most} seconds, but is {seconds}."
        )))
    }
}

impl RotationRequest {
    /// The rotation, if it is on.
    ///
    /// # Errors
    /// `InvalidParameterException`, if the grace period is too long.
    pub fn rotation(&self) -> Result<Option<Rotation>, ApiError> {
        let seconds = self.retry_grace_period_seconds;
        let grace = u8::try_from(seconds)
            .ok()
            .filter(|grace| *grace <= LONGEST_GRACE);
        let grace = grace.ok_or_else(|| {
            Exception::InvalidParameter.because(format!(
                "RetryGracePeriodSeconds must be 0 to {LONGEST_GRACE}, but is {seconds}."
            ))
        })?;
        Ok(match self.feature {
            Feature::Enabled => Some(Rotation { grace }),
            Feature::Disabled => None,
        })
    }
}

impl Unit {
    const fn seconds(self) -> u64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3600,
            Self::Days => 86_400,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn lifetimes(request: Value) -> Result<Lifetimes, String> {
        let validities: Validities = serde_json::from_value(request).unwrap();
        validities.lifetimes().map_err(|error| error.message)
    }

    #[test]
    fn hours_and_days_are_the_units_unless_others_are_named() {
        assert_eq!(lifetimes(json!({})), Ok(Lifetimes::default()));
        let plain =
            json!({ "AccessTokenValidity": 2, "IdTokenValidity": 3, "RefreshTokenValidity": 4 });
        let expected = Lifetimes {
            access: 7200,
            id: 10_800,
            refresh: 345_600,
        };
        assert_eq!(lifetimes(plain), Ok(expected));
        let units =
            json!({ "AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours" });
        let named = json!({
            "AccessTokenValidity": 5,
            "IdTokenValidity": 300,
            "RefreshTokenValidity": 1,
            "TokenValidityUnits": units,
        });
        let expected = Lifetimes {
            access: 300,
            id: 300,
            refresh: 3600,
        };
        assert_eq!(lifetimes(named), Ok(expected));
        let zero = lifetimes(json!({ "RefreshTokenValidity": 0 }));
        assert_eq!(zero, Ok(Lifetimes::default()));
    }

    #[test]
    fn a_life_out_of_its_range_is_refused_by_name() {
        let seconds =
            json!({ "AccessToken": "seconds", "IdToken": "days", "RefreshToken": "minutes" });
        for (name, value) in [
            ("AccessTokenValidity", 299),
            ("AccessTokenValidity", 86_401),
            ("IdTokenValidity", 2),
            ("RefreshTokenValidity", 59),
            ("RefreshTokenValidity", u64::MAX),
        ] {
            let refused = lifetimes(json!({ name: value, "TokenValidityUnits": seconds }));
            let message = refused.unwrap_err();
            assert!(message.contains(&format!("{name} must be")), "{message}");
        }
    }
}
