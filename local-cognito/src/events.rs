//! The events that triggers get, key for key as Cognito sends them.
//!
//! What is not there is as important as what is: no `clientMetadata` where the client sent
//! none, no `userNotFound` for a legacy client, no `session` for Verify, and `null` for what
//! the trigger has to fill in.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{seed::REGION, triggers::TriggerName};

/// One round of a sign-in, as Define and Create see it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    /// `SRP_A`, `PASSWORD_VERIFIER` or `CUSTOM_CHALLENGE`.
    pub challenge_name: &'static str,
    /// Whether the answer was right.
    pub challenge_result: bool,
    /// What Create said to note; `null` for rounds that are not Create's.
    pub challenge_metadata: Option<String>,
}

/// What every event of a sign-in has in common.
pub struct Scene {
    /// `userPoolId`.
    pub pool_id: String,
    /// `callerContext.clientId`.
    pub client_id: String,
    /// `userName`.
    pub username: String,
    /// `userAttributes`; empty for a user that does not exist.
    pub attributes: BTreeMap<String, String>,
    /// `userNotFound`; absent for a legacy client.
    pub user_not_found: Option<bool>,
    /// `clientMetadata` of this RespondToAuthChallenge call.
    pub client_metadata: Option<BTreeMap<String, String>>,
}

/// The event of Define.
pub fn define(scene: &Scene, session: &[Round]) -> Value {
    event(
        TriggerName::Define,
        scene,
        json!({ "session": session }),
        json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null }),
    )
}

/// The event of Create.
pub fn create(scene: &Scene, session: &[Round]) -> Value {
    event(
        TriggerName::Create,
        scene,
        json!({ "session": session, "challengeName": "CUSTOM_CHALLENGE" }),
        json!({
            "publicChallengeParameters": null,
            "privateChallengeParameters": null,
            "challengeMetadata": null,
        }),
    )
}

/// The event of Verify.
pub fn verify(scene: &Scene, private_parameters: &Map<String, Value>, answer: &str) -> Value {
    event(
        TriggerName::Verify,
        scene,
        json!({ "privateChallengeParameters": private_parameters, "challengeAnswer": answer }),
        json!({ "answerCorrect": null }),
    )
}

fn event(trigger: TriggerName, scene: &Scene, mut request: Value, response: Value) -> Value {
    if let Some(request) = request.as_object_mut() {
        request.insert("userAttributes".into(), json!(scene.attributes));
        if let Some(metadata) = &scene.client_metadata {
            request.insert("clientMetadata".into(), json!(metadata));
        }
        if let Some(not_found) = scene.user_not_found {
            request.insert("userNotFound".into(), not_found.into());
        }
    }
    json!({
        "version": "1",
        "triggerSource": format!("{trigger}_Authentication"),
        "region": REGION,
        "userPoolId": scene.pool_id,
        "userName": scene.username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": scene.client_id,
        },
        "request": request,
        "response": response,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene {
            pool_id: "us-east-1_Test".into(),
            client_id: "client".into(),
            username: "sub".into(),
            attributes: BTreeMap::from([("email".into(), "a@example.com".into())]),
            user_not_found: None,
            client_metadata: None,
        }
    }

    #[test]
    fn define_of_a_legacy_client_without_metadata_has_exactly_these_keys() {
        let round = Round {
            challenge_name: "SRP_A",
            challenge_result: true,
            challenge_metadata: None,
        };
        let expected = json!({
            "version": "1",
            "triggerSource": "DefineAuthChallenge_Authentication",
            "region": "us-east-1",
            "userPoolId": "us-east-1_Test",
            "userName": "sub",
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown",
                "clientId": "client",
            },
            "request": {
                "userAttributes": { "email": "a@example.com" },
                "session": [{
                    "challengeName": "SRP_A",
                    "challengeResult": true,
                    "challengeMetadata": null,
                }],
            },
            "response": {
                "challengeName": null,
                "issueTokens": null,
                "failAuthentication": null,
            },
        });
        assert_eq!(define(&scene(), &[round]), expected);
    }

    #[test]
    fn verify_has_no_session_and_says_what_the_client_may_know() {
        let scene = Scene {
            user_not_found: Some(false),
            client_metadata: Some(BTreeMap::from([("action".into(), "resend".into())])),
            ..scene()
        };
        let private = Map::from_iter([("challenge".to_owned(), json!("v1"))]);
        let event = verify(&scene, &private, "123456");
        let expected = json!({
            "userAttributes": { "email": "a@example.com" },
            "privateChallengeParameters": { "challenge": "v1" },
            "challengeAnswer": "123456",
            "clientMetadata": { "action": "resend" },
            "userNotFound": false,
        });
        assert_eq!(event["request"], expected);
        assert_eq!(event["response"], json!({ "answerCorrect": null }));
        assert_eq!(
            event["triggerSource"],
            "VerifyAuthChallengeResponse_Authentication"
        );
    }

    #[test]
    fn create_names_the_challenge() {
        let event = create(&scene(), &[]);
        assert_eq!(event["request"]["challengeName"], "CUSTOM_CHALLENGE");
        assert_eq!(event["response"].as_object().unwrap().len(), 3);
        assert!(
            event["response"]
                .as_object()
                .unwrap()
                .values()
                .all(Value::is_null)
        );
    }
}
