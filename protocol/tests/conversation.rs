//! Sign-ins against a pool in memory, as they should go, and with one reply altered.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic, and exports nothing"
)]

mod pool;

use pool::{Answer, USER_ID};
use proptest::prelude::*;
use protocol::{
    AwaitingReply, CodePrompt, Credentials, Error, Next, Password, Pool, Reason, RefusalKind,
    Request, Timestamp, sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);

/// A person's device and the pool it talks to.
struct Device {
    cognito: pool::Pool,
}

impl Device {
    fn new() -> Self {
        Self {
            cognito: pool::Pool::new(),
        }
    }

    /// With an `a` of one byte: these tests are about the states.
    fn begin(password: &str) -> (Request, AwaitingReply) {
        let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
        let credentials = Credentials::new("user@example.com", Password::new(password)).unwrap();
        sign_in(&pool, credentials, Ephemeral::from_be_bytes(&[7]).unwrap())
    }

    /// Posts, lets `edit` alter the answer, and hands it over.
    fn exchange(
        &mut self,
        (request, state): (Request, AwaitingReply),
        edit: impl FnOnce(&mut Answer),
    ) -> Result<Next, Error> {
        let mut answer = self.cognito.post(&request);
        edit(&mut answer);
        state.receive(answer.view(), NOW)
    }

    /// Goes on to the request after `InitiateAuth`.
    fn after_begin(&mut self, password: &str) -> (Request, AwaitingReply) {
        match self.exchange(Self::begin(password), |_| {}).unwrap() {
            Next::Send(request, state) => (request, state),
            other => panic!("{other:?}"),
        }
    }

    /// Goes on to the question for the code.
    fn prompt(&mut self) -> CodePrompt {
        let exchange = self.after_begin("Correct-Horse-9");
        prompt(self.exchange(exchange, |_| {}))
    }

    fn answer(&mut self, prompt: CodePrompt, code: &str) -> Result<Next, Error> {
        let code = prompt.read_code(code).unwrap();
        self.exchange(prompt.submit(&code), |_| {})
    }
}

fn prompt(next: Result<Next, Error>) -> CodePrompt {
    match next.unwrap() {
        Next::AskCode(prompt) => prompt,
        other => panic!("{other:?}"),
    }
}

fn refusal(next: Result<Next, Error>) -> RefusalKind {
    match next.unwrap_err() {
        Error::PoolRefused(refusal) => refusal.kind,
        other => panic!("{other:?}"),
    }
}

fn misbehaviour(next: Result<Next, Error>) -> &'static str {
    match next.unwrap_err() {
        Error::PoolMisbehaved(misbehaviour) => misbehaviour.field,
        other => panic!("{other:?}"),
    }
}

fn body(answer: &mut Answer) -> &mut Value {
    answer.body.as_mut().unwrap()
}

fn sent(request: &Request) -> Value {
    serde_json::from_str(request.body()).unwrap()
}

#[test]
fn the_right_code_signs_in() {
    let mut device = Device::new();
    let prompt = device.prompt();
    assert_eq!(prompt.reason(), Reason::FirstCode);
    let Next::SignedIn(tokens) = device.answer(prompt, " 123-456\n").unwrap() else {
        panic!()
    };
    assert_eq!(tokens.access(), "access.e30.signature");
    assert_eq!(tokens.id(), "id.e30.signature");
    assert_eq!(tokens.refresh(), Some("refresh"));
    assert_eq!((tokens.token_type(), tokens.expires_in()), ("Bearer", 3600));
}

#[test]
fn three_wrong_codes_end_it() {
    let mut device = Device::new();
    let mut question = device.prompt();
    for left in [2, 1] {
        question = prompt(device.answer(question, "000000"));
        assert_eq!(question.reason(), Reason::WrongCode);
        assert_eq!(question.details().attempts_left, Some(left));
    }
    assert_eq!(
        refusal(device.answer(question, "000000")),
        RefusalKind::CodeAttemptsExceeded
    );
}

#[test]
fn a_resend_needs_no_password_and_says_what_happened() {
    let mut device = Device::new();
    let exchange = device.prompt().resend().unwrap();
    let question = prompt(device.exchange(exchange, |_| {}));
    assert_eq!(question.reason(), Reason::NewCode);
    let exchange = question.resend().unwrap();
    let question = prompt(device.exchange(exchange, |answer| {
        body(answer)["ChallengeParameters"]["CODE_SENT"] = "false".into();
    }));
    assert_eq!(question.reason(), Reason::NoNewCode);
    assert!(matches!(
        device.answer(question, "123456"),
        Ok(Next::SignedIn(_))
    ));
}

#[test]
fn no_resend_where_none_is_offered() {
    let mut device = Device::new();
    let exchange = device.after_begin("Correct-Horse-9");
    let question = prompt(device.exchange(exchange, |answer| {
        let parameters = body(answer)["ChallengeParameters"].as_object_mut().unwrap();
        parameters.remove("RESEND_IN");
    }));
    let question = question.resend().unwrap_err();
    assert!(matches!(
        device.answer(question, "123456"),
        Ok(Next::SignedIn(_))
    ));
}

#[test]
fn what_cannot_be_a_code_costs_no_attempt() {
    let prompt = Device::new().prompt();
    let refused = [
        "",
        " ",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "-",
        "1e5",
        "0x1E24",
        "Your code: 123456",
        "12.345",
        "123\u{200b}456",
    ];
    for typed in refused {
        let misuse = prompt.read_code(typed).unwrap_err();
        assert_eq!(misuse.field, "code", "{typed:?}");
        assert!(!misuse.got.contains("123"), "{}", misuse.got);
    }
    assert!(prompt.read_code("\t123 456 ").is_ok());
}

#[test]
fn other_triggers_may_ask_for_anything() {
    let mut device = Device::new();
    let exchange = device.after_begin("Correct-Horse-9");
    let question = prompt(device.exchange(exchange, |answer| {
        body(answer)["ChallengeParameters"] = json!({});
    }));
    assert_eq!(question.details(), &protocol::Details::default());
    assert!(question.read_code("").is_err());
    let answer = question.read_code(" open sesame ").unwrap();
    let (request, _) = question.submit(&answer);
    assert_eq!(
        sent(&request)["ChallengeResponses"]["ANSWER"],
        "open sesame"
    );
}

#[test]
fn a_wrong_password_is_refused() {
    let mut device = Device::new();
    let exchange = device.after_begin("wrong");
    assert_eq!(
        refusal(device.exchange(exchange, |_| {})),
        RefusalKind::BadCredentials
    );
}

#[test]
fn the_claim_is_dated_by_the_server_if_it_can_be() {
    for (date, expected) in [
        (None, NOW),
        (Some(Timestamp::from_unix(5)), Timestamp::from_unix(5)),
    ] {
        let mut device = Device::new();
        let begin = Device::begin("Correct-Horse-9");
        let next = device.exchange(begin, |answer| answer.date = date).unwrap();
        let Next::Send(request, _) = next else {
            panic!()
        };
        assert_eq!(
            sent(&request)["ChallengeResponses"]["TIMESTAMP"],
            expected.to_string()
        );
    }
}

#[test]
fn client_metadata_rides_on_every_answer() {
    let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
    let credentials = Credentials::new("user@example.com", Password::new("Correct-Horse-9"))
        .and_then(|credentials| credentials.with_client_metadata("locale", "fr"))
        .unwrap();
    let begin = sign_in(&pool, credentials, Ephemeral::new(&[7; 64]).unwrap());
    let mut device = Device::new();
    let Next::Send(request, state) = device.exchange(begin, |_| {}).unwrap() else {
        panic!()
    };
    assert_eq!(sent(&request)["ClientMetadata"], json!({ "locale": "fr" }));
    let question = prompt(device.exchange((request, state), |_| {}));
    let (request, _) = question.resend().unwrap();
    assert_eq!(
        sent(&request)["ClientMetadata"],
        json!({ "locale": "fr", "action": "resend" })
    );
}

/// Replies to `InitiateAuth` that no pool gives, by the field that is at fault.
#[test]
fn a_bad_challenge_never_meets_the_password() {
    let n = "F".repeat(768);
    let long = "1".repeat(10_000);
    let parameter = |name: &'static str, values: Vec<Value>| -> Vec<(&'static str, Value)> {
        let edit = |value| json!({ "ChallengeParameters": { name: value } });
        values
            .into_iter()
            .map(|value| (name, edit(value)))
            .collect()
    };
    let top = |name: &'static str, values: Vec<Value>| -> Vec<(&'static str, Value)> {
        values
            .into_iter()
            .map(|value| (name, json!({ name: value })))
            .collect()
    };
    let cases = [
        parameter(
            "SRP_B",
            vec![
                Value::Null,
                "".into(),
                "0".into(),
                "00".into(),
                n.into(),
                "-1".into(),
                "zz".into(),
                " 1".into(),
                long.clone().into(),
                "f".repeat(100_000).into(),
                7.into(),
            ],
        ),
        parameter(
            "SALT",
            vec![
                Value::Null,
                "".into(),
                "-".into(),
                "0x12".into(),
                long.clone().into(),
            ],
        ),
        parameter(
            "SECRET_BLOCK",
            vec![
                Value::Null,
                "".into(),
                "_-_-".into(),
                "abc".into(),
                "A".repeat(1 << 20).into(),
            ],
        ),
        parameter(
            "USER_ID_FOR_SRP",
            vec![Value::Null, "".into(), json!(["a"]), long.clone().into()],
        ),
        top(
            "Session",
            vec![
                Value::Null,
                "".into(),
                "short".into(),
                "s".repeat(4097).into(),
                1.into(),
            ],
        ),
        top(
            "ChallengeName",
            vec![
                Value::Null,
                "".into(),
                "CUSTOM_CHALLENGE".into(),
                "SMS_MFA".into(),
                "NEW_PASSWORD_REQUIRED".into(),
                "SELECT_CHALLENGE".into(),
                "EMAIL_OTP".into(),
                "PASSWORD".into(),
                "password_verifier".into(),
            ],
        ),
    ];
    for (field, edit) in cases.into_iter().flatten() {
        let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
            let (target, edit) = match edit.get("ChallengeParameters") {
                Some(edit) => (&mut body(answer)["ChallengeParameters"], edit),
                None => (body(answer), &edit),
            };
            for (name, value) in edit.as_object().unwrap() {
                target[name] = value.clone();
            }
        });
        // A session that is no string counts as none.
        assert_eq!(misbehaviour(next), field, "{:.200}", edit.to_string());
    }
}

#[test]
fn tokens_before_the_password_are_no_sign_in() {
    let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
        *body(answer) = pool::tokens();
    });
    assert_eq!(misbehaviour(next), "ChallengeName");
}

#[test]
fn salts_of_every_shape_end_in_the_same_refusal() {
    for salt in [
        "0",
        "1",
        "00ff",
        "-16e462a84f2df159eee0c14642974ee7",
        &"f".repeat(64),
    ] {
        let mut device = Device::new();
        let next = device.exchange(Device::begin("Correct-Horse-9"), |answer| {
            body(answer)["ChallengeParameters"]["SALT"] = salt.into();
        });
        let Next::Send(request, state) = next.unwrap() else {
            panic!()
        };
        assert_eq!(
            refusal(device.exchange((request, state), |_| {})),
            RefusalKind::BadCredentials,
            "{salt}"
        );
    }
}

#[test]
fn user_ids_are_used_as_they_come() {
    for user_id in ["someone else", "ünï😀", "a:b", " "] {
        let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
            let parameters = &mut body(answer)["ChallengeParameters"];
            parameters["USER_ID_FOR_SRP"] = user_id.into();
            parameters.as_object_mut().unwrap().remove("USERNAME");
        });
        let Next::Send(request, _) = next.unwrap() else {
            panic!()
        };
        assert_eq!(sent(&request)["ChallengeResponses"]["USERNAME"], user_id);
    }
}

/// Results that cannot be right, by the field that is at fault.
#[test]
fn bad_tokens_are_no_sign_in() {
    let cases: &[(&str, &str, Value)] = &[
        ("AccessToken", "AccessToken", "two.parts".into()),
        ("AccessToken", "AccessToken", "one.two.three.four".into()),
        ("IdToken", "IdToken", Value::Null),
        ("IdToken", "IdToken", "".into()),
        ("ExpiresIn", "ExpiresIn", Value::Null),
        ("ExpiresIn", "ExpiresIn", 0.into()),
        ("ExpiresIn", "ExpiresIn", (-1).into()),
        ("ExpiresIn", "ExpiresIn", json!(1e99)),
        ("ExpiresIn", "ExpiresIn", "3600".into()),
    ];
    for (field, name, value) in cases {
        let mut device = Device::new();
        let prompt = device.prompt();
        let code = prompt.read_code("123456").unwrap();
        let next = device.exchange(prompt.submit(&code), |answer| {
            body(answer)["AuthenticationResult"][name] = value.clone();
        });
        assert_eq!(misbehaviour(next), *field, "{value}");
    }
}

#[test]
fn the_type_of_a_token_is_the_pools_or_bearer() {
    for (said, read) in [
        (json!("DPoP"), "DPoP"),
        (json!(""), "Bearer"),
        (json!(null), "Bearer"),
    ] {
        let mut device = Device::new();
        let prompt = device.prompt();
        let code = prompt.read_code("123456").unwrap();
        let next = device.exchange(prompt.submit(&code), |answer| {
            body(answer)["AuthenticationResult"]["TokenType"] = said.clone();
        });
        let Ok(Next::SignedIn(tokens)) = next else {
            panic!("{said}: {next:?}")
        };
        assert_eq!(tokens.token_type(), read, "{said}");
    }
}

/// Some servers keep one session through a sign-in. The newest is used all the same.
#[test]
fn a_session_may_stay_as_it_is() {
    let mut device = Device::new();
    let begin = Device::begin("Correct-Horse-9");
    let kept = "one session for all of it";
    let next = device
        .exchange(begin, |answer| body(answer)["Session"] = kept.into())
        .unwrap();
    let Next::Send(request, state) = next else {
        panic!()
    };
    let exchange = (request, state);
    let question =
        prompt(device.exchange(exchange, |answer| body(answer)["Session"] = kept.into()));
    assert!(matches!(
        device.answer(question, "123456"),
        Ok(Next::SignedIn(_))
    ));
}

#[test]
fn a_challenge_has_a_name_and_a_user() {
    let mut device = Device::new();
    let exchange = device.after_begin("Correct-Horse-9");
    let next = device.exchange(exchange, |answer| body(answer)["ChallengeName"] = "".into());
    assert_eq!(misbehaviour(next), "ChallengeName");

    for (username, expected) in [("", USER_ID), ("another name", "another name")] {
        let mut device = Device::new();
        let exchange = device.after_begin("Correct-Horse-9");
        let question = prompt(device.exchange(exchange, |answer| {
            body(answer)["ChallengeParameters"]["USERNAME"] = username.into();
        }));
        let code = question.read_code("123456").unwrap();
        let (request, _) = question.submit(&code);
        assert_eq!(sent(&request)["ChallengeResponses"]["USERNAME"], expected);
    }
}

#[test]
fn a_length_that_no_code_has_is_no_length() {
    for length in ["0", "65", "-6", "six", "4294967296"] {
        let mut device = Device::new();
        let exchange = device.after_begin("Correct-Horse-9");
        let question = prompt(device.exchange(exchange, |answer| {
            body(answer)["ChallengeParameters"]["CODE_LENGTH"] = length.into();
        }));
        assert_eq!(question.details().code_length, None, "{length}");
        assert!(question.read_code(" ").is_err());
    }
}

#[test]
fn a_refresh_token_may_be_missing() {
    let mut device = Device::new();
    let prompt = device.prompt();
    let code = prompt.read_code("123456").unwrap();
    let next = device.exchange(prompt.submit(&code), |answer| {
        body(answer)["AuthenticationResult"]["RefreshToken"] = Value::Null;
    });
    let Next::SignedIn(tokens) = next.unwrap() else {
        panic!()
    };
    assert_eq!(tokens.refresh(), None);
}

#[test]
fn tokens_beside_a_challenge_are_neither() {
    let mut device = Device::new();
    let exchange = device.after_begin("Correct-Horse-9");
    let next = device.exchange(exchange, |answer| {
        body(answer)["AuthenticationResult"] = pool::tokens()["AuthenticationResult"].clone();
    });
    assert_eq!(misbehaviour(next), "ChallengeName");
}

/// Bodies and statuses of anything that answers HTTP.
#[test]
fn replies_that_are_not_cognitos() {
    let outcome = |status, error_type: Option<&str>, body: Option<Value>| {
        Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
            answer.status = status;
            answer.error_type = error_type.map(str::to_owned);
            answer.body = body;
        })
    };
    assert_eq!(misbehaviour(outcome(200, None, None)), "body");
    assert_eq!(
        misbehaviour(outcome(200, None, Some(json!({})))),
        "ChallengeName"
    );
    assert_eq!(refusal(outcome(502, None, None)), RefusalKind::Unavailable);
    assert_eq!(refusal(outcome(403, None, None)), RefusalKind::Forbidden);
    assert_eq!(refusal(outcome(429, None, None)), RefusalKind::Throttled);
    assert_eq!(misbehaviour(outcome(404, None, None)), "status");
    assert_eq!(misbehaviour(outcome(302, None, None)), "status");
    assert_eq!(misbehaviour(outcome(0, None, None)), "status");
    let success = json!({ "ChallengeName": "PASSWORD_VERIFIER" });
    let nameless = [
        success,
        json!({ "message": "only a message" }),
        json!({ "__type": 7, "message": ["x"] }),
    ];
    for body in nameless {
        assert_eq!(misbehaviour(outcome(400, None, Some(body))), "status");
    }
    let error = json!({ "__type": "TooManyRequestsException" });
    assert_eq!(
        refusal(outcome(200, None, Some(error))),
        RefusalKind::Throttled
    );
}

/// Every spelling of an error, and every kind.
#[test]
fn errors_are_told_apart_by_name() {
    use RefusalKind::*;
    let cases: &[(Option<&str>, Value, RefusalKind)] = &[
        (Some("NotAuthorizedException:"), json!({}), BadCredentials),
        (
            Some("LimitExceededException:http://x/"),
            json!({ "__type": "Other" }),
            LimitExceeded,
        ),
        (Some("ForbiddenException,Other"), json!({}), Forbidden),
        (
            None,
            json!({ "__type": "com.amazonaws.cognito#UserNotFoundException" }),
            BadCredentials,
        ),
        (
            None,
            json!({ "code": "PasswordResetRequiredException" }),
            PasswordResetRequired,
        ),
        (
            None,
            json!({ "__type": "UserNotConfirmedException", "Message": "m" }),
            UserNotConfirmed,
        ),
        (
            None,
            json!({ "__type": "InternalErrorException" }),
            Unavailable,
        ),
        (
            None,
            json!({ "__type": "ResourceNotFoundException" }),
            Misconfigured,
        ),
        (
            None,
            json!({ "__type": "InvalidParameterException" }),
            Misconfigured,
        ),
        (
            None,
            json!({ "__type": "UnexpectedLambdaException" }),
            TriggerFailed,
        ),
        (
            None,
            json!({ "__type": "InvalidLambdaResponseException" }),
            TriggerFailed,
        ),
        (None, json!({ "__type": "SomethingNewException" }), Other),
        (
            None,
            not_authorized("Password attempts exceeded"),
            LockedOut,
        ),
        (
            None,
            not_authorized("Invalid session for the user."),
            SessionExpired,
        ),
        (
            None,
            not_authorized("Invalid session for the user, session is expired."),
            SessionExpired,
        ),
        (
            None,
            not_authorized("Invalid session for the user, session can only be used once."),
            SessionUsed,
        ),
        (
            None,
            not_authorized("PreAuthentication failed with error Not today.."),
            TriggerFailed,
        ),
        (
            None,
            not_authorized("DefineAuthChallenge failed with error TOO_MANY_ATTEMPTS."),
            LockedOut,
        ),
        (
            Some(":"),
            json!({ "__type": "LimitExceededException" }),
            LimitExceeded,
        ),
        (None, not_authorized("User is disabled."), UserDisabled),
        (
            None,
            not_authorized("Unable to verify secret hash for client x"),
            Misconfigured,
        ),
        (
            None,
            not_authorized("Client x is configured with secret but SECRET_HASH was not received"),
            Misconfigured,
        ),
        (None, not_authorized("anything new"), BadCredentials),
        (
            None,
            lambda("CreateAuthChallenge failed with error MAIL_NOT_SENT."),
            MailNotSent,
        ),
        (
            None,
            lambda("CreateAuthChallenge failed with error TOO_MANY_MAILS."),
            LimitExceeded,
        ),
        (
            None,
            lambda("CreateAuthChallenge failed with error TOO_MANY_ATTEMPTS."),
            LockedOut,
        ),
        (
            None,
            lambda("CreateAuthChallenge failed with error STORE_UNAVAILABLE."),
            TriggerFailed,
        ),
        (
            None,
            lambda("CreateAuthChallenge failed with error BAD_EVENT."),
            TriggerFailed,
        ),
    ];
    for (error_type, error, kind) in cases {
        let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
            answer.status = 400;
            answer.error_type = error_type.map(str::to_owned);
            *body(answer) = error.clone();
        });
        assert_eq!(refusal(next), *kind, "{error_type:?} {error}");
    }
}

fn not_authorized(message: &str) -> Value {
    json!({ "__type": "NotAuthorizedException", "message": message })
}

fn lambda(message: &str) -> Value {
    json!({ "__type": "UserLambdaValidationException", "message": message })
}

#[test]
fn a_trigger_is_named_where_cognito_names_it() {
    for (message, trigger) in [
        ("PreSignUp failed with error no.", Some("PreSignUp")),
        (
            "CreateAuthChallenge failed with error MAIL_NOT_SENT.",
            Some("CreateAuthChallenge"),
        ),
        (
            "VerifyAuthChallengeResponse invocation failed due to error Timeout.",
            Some("VerifyAuthChallengeResponse"),
        ),
        ("Unrecognizable lambda output", None),
        ("User failed", None),
        ("<b> failed with error x", None),
        (" failed with error x", None),
    ] {
        let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
            answer.status = 400;
            *body(answer) = lambda(message);
        });
        let Error::PoolRefused(refusal) = next.unwrap_err() else {
            panic!()
        };
        assert_eq!(refusal.trigger.as_deref(), trigger, "{message}");
    }
}

#[test]
fn what_the_pool_writes_is_kept_short() {
    let next = Device::new().exchange(Device::begin("Correct-Horse-9"), |answer| {
        answer.status = 400;
        *body(answer) =
            json!({ "__type": "é".repeat(1 << 20), "message": "é<script>".repeat(1 << 17) });
    });
    let Error::PoolRefused(refusal) = next.unwrap_err() else {
        panic!()
    };
    assert_eq!(refusal.exception.chars().count(), 128);
    assert_eq!(refusal.message.chars().count(), 1024);
}

#[test]
fn nothing_secret_is_printed() {
    let mut device = Device::new();
    let begin = Device::begin("Correct-Horse-9");
    let mut printed = format!("{begin:?}");
    let Next::Send(request, state) = device.exchange(begin, |_| {}).unwrap() else {
        panic!()
    };
    printed += &format!("{request:?} {state:?}");
    let question = prompt(device.exchange((request, state), |_| {}));
    let code = question.read_code("123456").unwrap();
    printed += &format!("{question:?} {code:?}");
    let submitted = question.submit(&code);
    printed += &format!("{submitted:?}");
    let signed_in = device.exchange(submitted, |_| {}).unwrap();
    printed += &format!("{signed_in:?}");
    let Next::SignedIn(tokens) = signed_in else {
        panic!()
    };
    printed += &format!("{tokens:?}");
    for secret in [
        "Correct",
        "123456",
        "session-of",
        "access.",
        "id.e30",
        "refresh",
        "user@",
    ] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Any JSON at all, most of it near what Cognito sends.
fn hostile() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[0-9a-fA-F]{0,800}".prop_map(Value::from),
        Just(Value::from("PASSWORD_VERIFIER")),
        Just(Value::from("CUSTOM_CHALLENGE")),
        Just(Value::from("session-of-request-0001")),
    ];
    let name = prop_oneof![
        Just("ChallengeName"),
        Just("Session"),
        Just("ChallengeParameters"),
        Just("AuthenticationResult"),
        Just("AccessToken"),
        Just("IdToken"),
        Just("ExpiresIn"),
        Just("SRP_B"),
        Just("SALT"),
        Just("SECRET_BLOCK"),
        Just("USER_ID_FOR_SRP"),
        Just("CODE_LENGTH"),
        Just("RESEND_IN"),
        Just("__type"),
        Just("message"),
        Just("__proto__"),
    ];
    leaf.prop_recursive(4, 32, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(10_000) })]

    #[test]
    fn no_first_reply_panics(reply in hostile(), status in prop_oneof![Just(200), any::<u16>()]) {
        let (_, state) = Device::begin("Correct-Horse-9");
        let answer = Answer { status, error_type: None, date: None, body: Some(reply) };
        let _ = state.receive(answer.view(), NOW);
    }
}

/// What a member of a valid reply may be replaced by.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "-?[0-9a-f]{0,800}".prop_map(Value::from),
        Just(Value::from("")),
        Just(Value::from("CUSTOM_CHALLENGE")),
        Just(Value::from("x".repeat(5000))),
    ]
}

/// Where every value of a reply is, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (name, value) in value.as_object().into_iter().flatten() {
        places(value, &format!("{at}/{name}"), found);
    }
}

/// Replaces one value of a valid reply.
fn alter(reply: &mut Value, place: prop::sample::Index, value: Value) {
    let mut found = Vec::new();
    places(reply, "", &mut found);
    if let Some(at) = reply.pointer_mut(&found[place.index(found.len())]) {
        *at = value;
    }
}

proptest! {
    // Fewer, because each begins with a handshake.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn no_altered_reply_panics(
        round in 0..5,
        alterations in prop::collection::vec((any::<prop::sample::Index>(), leaf()), 1..3),
    ) {
        let mut device = Device::new();
        let mut exchange = Device::begin("Correct-Horse-9");
        for current in 0..=round {
            let next = device.exchange(exchange, |answer| {
                if current == round {
                    for (place, value) in &alterations {
                        alter(body(answer), *place, value.clone());
                    }
                }
            });
            exchange = match next {
                Ok(Next::Send(request, state)) => (request, state),
                Ok(Next::AskCode(prompt)) if current % 2 == 0 => match prompt.resend() {
                    Ok(exchange) => exchange,
                    Err(prompt) => {
                        let Ok(code) = prompt.read_code("123456") else { break };
                        prompt.submit(&code)
                    }
                },
                Ok(Next::AskCode(prompt)) => match prompt.read_code("000000") {
                    Ok(code) => prompt.submit(&code),
                    Err(_) => break,
                },
                Ok(_) | Err(_) => break,
            };
        }
    }
}
