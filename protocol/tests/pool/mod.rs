// A pool in memory that plays the other side of a sign-in, and lets a test edit any of
// its replies on the way.

use base64ct::{Base64, Encoding};
use protocol::{
    Fields, Reply, Request, Timestamp,
    srp::{ClientPublic, PasswordClaim, Salt, ServerHandshake, Verifier},
};
use serde_json::{Value, json};

/// `USER_ID_FOR_SRP` of the one user.
pub const USER_ID: &str = "7f0c2f3e-1111-4222-8333-444455556666";
const CODE: &str = "123456";
/// Key, group and password of the one device.
pub const DEVICE: (&str, &str, &str) = ("us-east-1_device-1", "-group", "device password");

/// The user pool `us-east-1_Example1` with one user.
pub struct Pool {
    handshake: Option<ServerHandshake>,
    wrong: u32,
    sends: u32,
    requests: u32,
}

/// A reply that owns its parts.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `x-amzn-ErrorType`.
    pub error_type: Option<String>,
    /// The header `Date`.
    pub date: Option<Timestamp>,
    /// The body, or `None` if it was no JSON object.
    pub body: Option<Value>,
}

impl Pool {
    /// A fresh pool.
    pub fn new() -> Self {
        Self {
            handshake: None,
            wrong: 0,
            sends: 0,
            requests: 0,
        }
    }

    /// Answers a request as Cognito with this project's triggers does.
    pub fn post(&mut self, request: &Request) -> Answer {
        self.requests += 1;
        let body: Value = serde_json::from_str(request.body()).expect("requests are JSON");
        if !request.target().ends_with("SoftwareToken") {
            assert_eq!(body["ClientId"], "exampleclient");
        }
        let reply = match (
            request.target().rsplit('.').next(),
            body["ChallengeName"].as_str(),
        ) {
            (Some("InitiateAuth"), None) => self.challenge(&body),
            (Some("RespondToAuthChallenge"), Some("PASSWORD_VERIFIER")) => self.password(&body),
            (Some("RespondToAuthChallenge"), Some("CUSTOM_CHALLENGE")) => self.code(&body),
            (Some("RespondToAuthChallenge"), Some("DEVICE_SRP_AUTH")) => self.device(&body),
            (Some("RespondToAuthChallenge"), Some("DEVICE_PASSWORD_VERIFIER")) => {
                self.device_password(&body)
            }
            // A test says by its edit what follows.
            _ => (200, tokens()),
        };
        Answer {
            status: reply.0,
            error_type: None,
            date: None,
            body: Some(reply.1),
        }
    }

    fn session(&self) -> String {
        format!("session-of-request-{:04}", self.requests)
    }

    fn challenge(&mut self, body: &Value) -> (u16, Value) {
        let parameters = &body["AuthParameters"];
        let custom = body["AuthFlow"] == "CUSTOM_AUTH";
        assert_eq!(parameters["CHALLENGE_NAME"] == "SRP_A", custom);
        let Some(srp_a) = parameters["SRP_A"].as_str() else {
            return (200, tokens());
        };
        let mut reply = self.handshake("PASSWORD_VERIFIER", srp_a);
        reply["ChallengeParameters"]["USER_ID_FOR_SRP"] = USER_ID.into();
        if body["AuthFlow"] == "USER_SRP_AUTH" {
            reply["Session"] = Value::Null;
        }
        (200, reply)
    }

    /// A handshake with the person or with the device.
    pub fn handshake(&mut self, name: &str, srp_a: &str) -> Value {
        let salt = Salt::from_bytes([0x9a; 16]);
        let (group, key, password) = match name {
            "PASSWORD_VERIFIER" => ("Example1", USER_ID, "Correct-Horse-9"),
            _ => (DEVICE.1, DEVICE.0, DEVICE.2),
        };
        let verifier = Verifier::derive(group, key, password.as_bytes(), &salt);
        let a = ClientPublic::from_hex(srp_a);
        let handshake = ServerHandshake::begin(&verifier, a.expect("A"), &[3; 64]).expect("b");
        let srp_b = handshake.server_public_hex();
        self.handshake = Some(handshake);
        let parameters = json!({
            "SALT": salt.to_hex(),
            "SRP_B": srp_b,
            "SECRET_BLOCK": Base64::encode_string(b"secret block"),
            "USERNAME": USER_ID,
        });
        json!({
            "ChallengeName": name,
            "Session": self.session(),
            "ChallengeParameters": parameters,
        })
    }

    fn device(&mut self, body: &Value) -> (u16, Value) {
        let responses = &body["ChallengeResponses"];
        assert_eq!(responses["DEVICE_KEY"], DEVICE.0);
        let srp_a = responses["SRP_A"].as_str().expect("SRP_A");
        (200, self.handshake("DEVICE_PASSWORD_VERIFIER", srp_a))
    }

    fn device_password(&mut self, body: &Value) -> (u16, Value) {
        let responses = &body["ChallengeResponses"];
        assert_eq!(responses["DEVICE_KEY"], DEVICE.0);
        if self.accepts(responses, DEVICE.1, DEVICE.0) {
            (200, tokens())
        } else {
            refused()
        }
    }

    fn accepts(&mut self, responses: &Value, group: &str, key: &str) -> bool {
        let text = |name: &str| responses[name].as_str().expect("a string");
        let bytes = |name: &str| Base64::decode_vec(text(name)).expect("base64");
        let handshake = self.handshake.take().expect("a challenge");
        handshake.accepts(&PasswordClaim {
            pool_name: group,
            user_id: key,
            secret_block: &bytes("PASSWORD_CLAIM_SECRET_BLOCK"),
            timestamp: text("TIMESTAMP"),
            signature: &bytes("PASSWORD_CLAIM_SIGNATURE"),
        })
    }

    fn password(&mut self, body: &Value) -> (u16, Value) {
        let responses = &body["ChallengeResponses"];
        assert_eq!(responses["USERNAME"], USER_ID);
        let accepted = self.accepts(responses, "Example1", USER_ID);
        if !accepted {
            return refused();
        }
        self.sends = 1;
        self.prompt(true)
    }

    fn code(&mut self, body: &Value) -> (u16, Value) {
        if body["ClientMetadata"]["action"] == "resend" {
            self.sends += 1;
            return self.prompt(true);
        }
        if body["ChallengeResponses"]["ANSWER"] == CODE {
            return (200, tokens());
        }
        self.wrong += 1;
        if self.wrong == 3 {
            refused()
        } else {
            self.prompt(false)
        }
    }

    fn prompt(&self, sent: bool) -> (u16, Value) {
        let mut parameters = json!({
            "USERNAME": USER_ID,
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": "u***@e***",
            "CODE_LENGTH": "6",
            "CODE_SENT": sent.to_string(),
            "EXPIRES_IN": "180",
            "ATTEMPTS_LEFT": (3 - self.wrong).to_string(),
        });
        if self.sends < 4 {
            parameters["RESEND_IN"] = "30".into();
        }
        (
            200,
            json!({
                "ChallengeName": "CUSTOM_CHALLENGE",
                "Session": self.session(),
                "ChallengeParameters": parameters,
            }),
        )
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
        },
        "ChallengeParameters": {},
    })
}

fn refused() -> (u16, Value) {
    let message = "Incorrect username or password.";
    (
        400,
        json!({ "__type": "NotAuthorizedException", "message": message }),
    )
}

impl Answer {
    /// As a driver hands it over.
    pub fn view(&self) -> Reply<'_> {
        Reply {
            status: self.status,
            error_type: self.error_type.as_deref(),
            date: self.date,
            body: self.body.as_ref().map(|body| body as &dyn Fields),
        }
    }
}
