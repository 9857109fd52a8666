//! What a hostile pool replies.

use serde_json::{Map, Value, json};

use crate::script::Script;

const CHALLENGES: [&str; 17] = [
    "CUSTOM_CHALLENGE",
    "EMAIL_OTP",
    "SMS_MFA",
    "SMS_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_CHALLENGE",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "NEW_PASSWORD_REQUIRED",
    "WEB_AUTHN",
    "PASSWORD",
    "PASSWORD_SRP",
    "PASSWORD_VERIFIER",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "",
];

const MEMBERS: [&str; 19] = [
    "USERNAME",
    "USER_ID_FOR_SRP",
    "SALT",
    "SRP_B",
    "SECRET_BLOCK",
    "DEVICE_KEY",
    "MFAS_CAN_CHOOSE",
    "MFAS_CAN_SETUP",
    "requiredAttributes",
    "userAttributes",
    "CREDENTIAL_REQUEST_OPTIONS",
    "CODE_DELIVERY_DESTINATION",
    "CODE_DELIVERY_DELIVERY_MEDIUM",
    "CODE_LENGTH",
    "CODE_SENT",
    "EXPIRES_IN",
    "ATTEMPTS_LEFT",
    "RESEND_IN",
    "x",
];

const EXCEPTIONS: [&str; 18] = [
    "NotAuthorizedException",
    "CodeMismatchException",
    "ExpiredCodeException",
    "InvalidPasswordException",
    "PasswordHistoryPolicyViolationException",
    "EnableSoftwareTokenMFAException",
    "ResourceNotFoundException",
    "UserLambdaValidationException",
    "InvalidLambdaResponseException",
    "TooManyRequestsException",
    "LimitExceededException",
    "InvalidParameterException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "ForbiddenException",
    "InternalErrorException",
    "com.amazonaws.cognito#NotAuthorizedException",
    "",
];

const MESSAGES: [&str; 12] = [
    "Incorrect username or password.",
    "Invalid session for the user.",
    "Invalid session for the user, session is expired.",
    "Invalid session for the user, session can only be used once.",
    "Password attempts exceeded",
    "Device does not exist.",
    "Invalid device.",
    "User is disabled.",
    "CreateAuthChallenge failed with error MAIL_NOT_SENT.",
    "DefineAuthChallenge failed with error TOO_MANY_MAILS.",
    "failed with error",
    "",
];

/// A body; nothing if it is no JSON object.
pub fn body(script: &mut Script<'_>) -> Option<Value> {
    let mut body = match script.below(16) {
        0..=8 => challenge(script),
        9 => tokens(),
        10..=11 => json!({
            "__type": script.pick(&EXCEPTIONS),
            "message": script.pick(&MESSAGES),
        }),
        12 | 13 => return Some(authenticator(script)),
        14 => script.value(),
        _ => return None,
    };
    if script.once_in(3) {
        script.spoil(&mut body);
    }
    body.is_object().then_some(body)
}

/// What follows a question about an authenticator, or nothing that fits.
pub fn authenticator(script: &mut Script<'_>) -> Value {
    let session = session(script);
    match script.below(8) {
        0..=3 => json!({ "SecretCode": "JBSWY3DPEHPK3PXP", "Session": session }),
        4 | 5 => json!({ "Status": "SUCCESS", "Session": session }),
        6 => json!({ "Status": "ERROR", "Session": session }),
        _ => json!({ "SecretCode": script.value(), "Status": script.value() }),
    }
}

/// A status, one that goes with the body more often than not.
pub fn status(script: &mut Script<'_>, body: Option<&Value>) -> u16 {
    match script.below(16) {
        0 => u16::try_from(script.below(1 << 16)).unwrap(),
        1 => script.pick(&[0, 200, 302, 400, 403, 413, 429, 500, 503, 65_535]),
        _ if body.is_some_and(|body| body.get("__type").is_some()) => 400,
        _ => 200,
    }
}

/// What a sign-in ends with.
pub fn tokens() -> Value {
    json!({
        "AuthenticationResult": {
            "AccessToken": "access.e30.signature",
            "IdToken": "id.e30.signature",
            "RefreshToken": "refresh",
            "TokenType": "Bearer",
            "ExpiresIn": 3600,
            "NewDeviceMetadata": { "DeviceKey": "us-east-1_device-1", "DeviceGroupKey": "-group" },
        },
        "ChallengeParameters": {},
    })
}

fn session(script: &mut Script<'_>) -> String {
    match script.below(16) {
        0 => script.text(),
        1 => "s".repeat(script.pick(&[19, 20, 4096, 4097])),
        n => format!("session-of-20-characters-{n}"),
    }
}

fn challenge(script: &mut Script<'_>) -> Value {
    let mut parameters = Map::new();
    for _ in 0..script.below(6) {
        let name = script.pick(&MEMBERS);
        parameters.insert(name.to_owned(), usual(script, name).into());
    }
    let mut reply = json!({
        "ChallengeName": script.pick(&CHALLENGES),
        "Session": session(script),
        "ChallengeParameters": parameters,
    });
    if script.once_in(3) {
        reply["AvailableChallenges"] = json!([
            script.pick(&CHALLENGES),
            script.pick(&CHALLENGES),
            script.text()
        ]);
    }
    reply
}

/// What a parameter usually has, or any text.
fn usual(script: &mut Script<'_>, name: &str) -> String {
    if script.once_in(3) {
        return script.text();
    }
    match name {
        "MFAS_CAN_CHOOSE" | "MFAS_CAN_SETUP" => r#"["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"#,
        "requiredAttributes" => r#"["userAttributes.given_name"]"#,
        "userAttributes" => r#"{"email":"user@example.com","given_name":""}"#,
        "CREDENTIAL_REQUEST_OPTIONS" => r#"{"challenge":"AAAA"}"#,
        "CODE_DELIVERY_DELIVERY_MEDIUM" => "EMAIL",
        "CODE_SENT" => "true",
        "CODE_LENGTH" => "6",
        // Zero is refused; a power is computed of nothing that stands here.
        "SRP_B" => "0",
        "SALT" => "9a",
        "SECRET_BLOCK" => "AAAA",
        "EXPIRES_IN" | "RESEND_IN" | "ATTEMPTS_LEFT" => "30",
        _ => "us-east-1_device-1",
    }
    .to_owned()
}
