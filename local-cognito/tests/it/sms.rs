//! Codes by text message: as a second factor, and as the way to begin.

use protocol::{CodePrompt, Error, FirstFactor, Flow, Next};
use serde_json::json;

use crate::{
    client::{Pool, signed_in},
    support::PASSWORD,
};

fn pool(mode: &str) -> Pool {
    let mfa = json!({ "MfaConfiguration": mode, "SmsMfaConfiguration": {} });
    Pool::new(json!({}), mfa).with_permanent_password()
}

fn asked(next: Result<Next, Error>) -> CodePrompt {
    match next {
        Ok(Next::AskCode(prompt)) => prompt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_by_text_message_follows_the_password_where_everybody_has_to_have_one() {
    let pool = pool("ON");
    let prompt = asked(pool.begin(PASSWORD, None));
    let wrong = prompt.read_code("000000").unwrap();
    let prompt = asked(pool.go_on(prompt.submit(&wrong)));
    let code = prompt.read_code(&pool.texted_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));
}

#[test]
fn a_code_by_text_message_is_a_way_to_begin() {
    let pool = pool("OFF");
    let prompt = asked(pool.begin_by(Flow::Choice(Some(FirstFactor::SmsOtp)), None, None));
    let code = prompt.read_code(&pool.texted_code()).unwrap();
    signed_in(pool.go_on(prompt.submit(&code)));
}

#[test]
fn a_number_is_shown_by_its_last_digits_and_a_text_message_has_six() {
    let pool = pool("ON");
    let reply = pool.server.call(
        "InitiateAuth",
        json!({
            "ClientId": pool.client,
            "AuthFlow": "USER_AUTH",
            "AuthParameters": { "USERNAME": "ada", "PREFERRED_CHALLENGE": "SMS_OTP" },
        }),
    );
    let reply = reply.unwrap();
    assert_eq!(reply["ChallengeName"], "SMS_OTP");
    let parameters = &reply["ChallengeParameters"];
    assert_eq!(parameters["CODE_DELIVERY_DELIVERY_MEDIUM"], "SMS");
    assert_eq!(parameters["CODE_DELIVERY_DESTINATION"], "+*******0108");
    assert_eq!(pool.texted_code().len(), 6);
    let page = pool.server.get("/inbox").body;
    assert!(page.contains("Text message") && page.contains("+12065550108"));
}

#[test]
fn a_way_to_begin_that_somebody_has_not_is_not_offered() {
    let pool = pool("OFF");
    let begin = |name: &str| {
        let request = json!({
            "ClientId": pool.client,
            "AuthFlow": "USER_AUTH",
            "AuthParameters": { "USERNAME": name },
        });
        pool.server.call("InitiateAuth", request).unwrap()["AvailableChallenges"].clone()
    };
    assert_eq!(begin("ada"), json!(["PASSWORD_SRP", "PASSWORD", "SMS_OTP"]));
    let request = json!({ "UserPoolId": pool.id, "Username": "bob" });
    pool.server.call("AdminCreateUser", request).unwrap();
    assert_eq!(begin("bob"), json!(["PASSWORD_SRP", "PASSWORD"]));
}
