//! Which second factors somebody uses, as they say themselves and as an administrator says.

use protocol::Next;
use serde_json::{Value, json};

use crate::{
    client::{Pool, signed_in},
    support::{PASSWORD, Refusal},
};

fn pool() -> (Pool, String) {
    let mfa = json!({
        "MfaConfiguration": "OPTIONAL",
        "EmailMfaConfiguration": {},
        "SmsMfaConfiguration": {},
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    let pool = Pool::new(json!({}), mfa).with_permanent_password();
    let access = signed_in(pool.begin(PASSWORD, None)).access().to_owned();
    (pool, access)
}

fn prefer(pool: &Pool, access: &str, preferences: Value) -> Result<Value, Refusal> {
    let mut request = preferences;
    request["AccessToken"] = access.into();
    pool.server.call("SetUserMFAPreference", request)
}

fn shown(pool: &Pool, operation: &str, access: &str) -> (Value, Value) {
    let request = json!({ "AccessToken": access });
    let reply = pool.server.call(operation, request).unwrap();
    (
        reply["UserMFASettingList"].clone(),
        reply["PreferredMfaSetting"].clone(),
    )
}

#[test]
fn a_person_chooses_second_factors_and_is_asked_for_the_preferred_one() {
    let (pool, access) = pool();
    for operation in ["GetUser", "GetUserAuthFactors"] {
        assert_eq!(shown(&pool, operation, &access), (Value::Null, Value::Null));
    }
    let both = json!({
        "EmailMfaSettings": { "Enabled": true },
        "SMSMfaSettings": { "Enabled": true, "PreferredMfa": true },
    });
    assert_eq!(prefer(&pool, &access, both), Ok(json!({})));
    for operation in ["GetUser", "GetUserAuthFactors"] {
        let expected = (json!(["SMS_MFA", "EMAIL_OTP"]), json!("SMS_MFA"));
        assert_eq!(shown(&pool, operation, &access), expected);
    }
    let Ok(Next::AskCode(prompt)) = pool.begin(PASSWORD, None) else {
        panic!("no code is asked for")
    };
    let code = prompt.read_code(&pool.texted_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));

    let without = json!({ "SMSMfaSettings": { "Enabled": false } });
    assert_eq!(prefer(&pool, &access, without), Ok(json!({})));
    let left = (json!(["EMAIL_OTP"]), Value::Null);
    assert_eq!(shown(&pool, "GetUser", &access), left);
    let none = json!({ "EmailMfaSettings": { "Enabled": false } });
    assert_eq!(prefer(&pool, &access, none), Ok(json!({})));
    signed_in(pool.begin(PASSWORD, None));
}

#[test]
fn a_preference_that_cannot_be_is_refused_and_changes_nothing() {
    let (pool, access) = pool();
    let on = json!({ "Enabled": true, "PreferredMfa": true });
    for (wrong, message) in [
        (
            json!({ "SoftwareTokenMfaSettings": on, }),
            "User has not verified software token mfa",
        ),
        (
            json!({ "EmailMfaSettings": on, "SMSMfaSettings": on }),
            "Only one factor can be preferred.",
        ),
        (
            json!({ "SMSMfaSettings": { "PreferredMfa": true } }),
            "SMS_MFA cannot be preferred: it is not enabled.",
        ),
        (
            json!({ "EmailMfaSettings": { "Enabled": true }, "SoftwareTokenMfaSettings": on }),
            "User has not verified software token mfa",
        ),
    ] {
        let Refusal(name, text) = prefer(&pool, &access, wrong).unwrap_err();
        assert_eq!(
            (name.as_str(), text.as_str()),
            ("InvalidParameterException", message)
        );
        assert_eq!(shown(&pool, "GetUser", &access), (Value::Null, Value::Null));
    }
    let number = json!({ "AccessToken": access, "UserAttributeNames": ["phone_number"] });
    pool.server.call("DeleteUserAttributes", number).unwrap();
    let Refusal(name, text) = prefer(&pool, &access, json!({ "SMSMfaSettings": on })).unwrap_err();
    assert_eq!(name, "InvalidParameterException");
    assert_eq!(
        text,
        "User does not have delivery config set to turn on SMS_MFA"
    );
    let foreign = prefer(&pool, "x.y.z", json!({})).unwrap_err();
    assert_eq!(foreign.0, "NotAuthorizedException");
}

#[test]
fn the_ways_to_begin_are_those_that_the_pool_and_the_person_have() {
    let (pool, access) = pool();
    let request = json!({ "AccessToken": access });
    let reply = pool
        .server
        .call("GetUserAuthFactors", request.clone())
        .unwrap();
    assert_eq!(reply["Username"], "ada");
    let all = json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP"]);
    assert_eq!(reply["ConfiguredUserAuthFactors"], all);
    let plain = json!({ "UserPoolId": pool.id });
    pool.server.call("SetUserPoolMfaConfig", plain).unwrap();
    let reply = pool.server.call("GetUserAuthFactors", request).unwrap();
    assert_eq!(reply["ConfiguredUserAuthFactors"], json!(["PASSWORD"]));
}
