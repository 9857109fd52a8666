//! Events as Cognito sends them.

use serde_json::{Value, json};

/// The word that no log may hold.
pub const CANARY: &str = "canary";

/// An event for a trigger, with what Cognito puts around every request. The user is
/// `user@example.com`, verified.
pub fn event(trigger: &str, request: &Value) -> Value {
    let mut event = json!({
        "version": "1",
        "region": "us-east-1",
        "userPoolId": "us-east-1_Example1",
        "userName": "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": "exampleclient",
        },
        "triggerSource": format!("{trigger}_Authentication"),
        "request": {
            "userAttributes": {
                "sub": "3f1c2e7a-8a1b-4f3e-9d0c-1b2a3c4d5e6f",
                "cognito:user_status": "CONFIRMED",
                "email_verified": "true",
                "email": "user@example.com",
            },
            "userNotFound": false,
        },
        "response": null,
    });
    let fields = event["request"].as_object_mut().unwrap();
    fields.extend(request.as_object().unwrap().clone());
    event
}

/// The history of a sign-in whose password is proven.
pub fn password_proven() -> Value {
    let passed =
        |name| json!({ "challengeName": name, "challengeResult": true, "challengeMetadata": null });
    json!([passed("SRP_A"), passed("PASSWORD_VERIFIER")])
}

/// The same event, with [`CANARY`] wherever a person, a client or the pool may write what they
/// like, and in fields that nobody knows.
pub fn full_of_canaries(mut event: Value) -> Value {
    event["region"] = json!(CANARY);
    event["userPoolId"] = json!("canary_pool");
    event["userName"] = json!("canary-user");
    event["callerContext"] = json!({ "awsSdkVersion": CANARY, "clientId": "canary-client" });
    event["canary"] = json!({ CANARY: [CANARY] });
    let request = &mut event["request"];
    request["canary"] = json!(CANARY);
    request["challengeAnswer"] = json!("canary-answer");
    request["clientMetadata"] = json!({ "action": CANARY, "locale": CANARY, CANARY: CANARY });
    request["validationData"] = json!({ CANARY: CANARY });
    let attributes = request["userAttributes"].as_object_mut().unwrap();
    for name in ["sub", "name", "phone_number", "locale", "custom:canary"] {
        attributes.insert(name.to_owned(), json!(CANARY));
    }
    attributes.insert("email".to_owned(), json!("canary@canary.example"));
    event
}
