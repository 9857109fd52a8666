//! Every challenge of Cognito's service model, answered or handed back.

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

use base64ct::{Base64, Encoding};
use pool::{Answer, DEVICE, USER_ID};
use protocol::{
    AwaitingReply, Confirmation, Credentials, Device, Error, FirstFactor, Flow, Medium, NewDevice,
    Next, Password, Pool, Purpose, Reason, RefusalKind, Request, Timestamp, remember_device,
    sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);
const SESSION: &str = "a session of twenty characters";

/// A sign-in, with all that was posted.
struct SignIn {
    cognito: pool::Pool,
    posted: Vec<Value>,
    waiting: Option<(Request, AwaitingReply)>,
}

impl SignIn {
    fn new(password: Option<&str>, flow: Flow) -> Self {
        let password = password.map(Password::new);
        Self::with(Credentials::of("user@example.com", password, flow).unwrap())
    }

    fn with(credentials: Credentials) -> Self {
        let pool = Pool::new("us-east-1_Example1", "exampleclient").unwrap();
        let ephemeral = Ephemeral::from_be_bytes(&[7]).unwrap();
        Self {
            cognito: pool::Pool::new(),
            posted: Vec::new(),
            waiting: Some(sign_in(&pool, credentials, ephemeral)),
        }
    }

    /// After the password, which the pool answers with this.
    fn after_password(reply: &Value) -> (Self, Next) {
        let mut sign_in = Self::new(Some("Correct-Horse-9"), Flow::UserSrp);
        sign_in.sent();
        let next = sign_in.replied(reply).unwrap();
        (sign_in, next)
    }

    fn take(&mut self) -> (Request, AwaitingReply) {
        let (request, state) = self.waiting.take().expect("a request");
        let mut body: Value = serde_json::from_str(request.body()).unwrap();
        body["target"] = request.target().rsplit('.').next().into();
        self.posted.push(body);
        (request, state)
    }

    /// Posts; the reply is the pool's own.
    fn post(&mut self) -> Result<Next, Error> {
        let (request, state) = self.take();
        let answer = self.cognito.post(&request);
        state.receive(answer.view(), NOW)
    }

    /// Posts; the reply is the pool's own, and another request follows from it.
    fn sent(&mut self) {
        match self.post().unwrap() {
            Next::Send(request, state) => self.waiting = Some((request, state)),
            other => panic!("{other:?}"),
        }
    }

    /// Posts; the reply is this one.
    fn replied(&mut self, reply: &Value) -> Result<Next, Error> {
        let (_, state) = self.take();
        let is_error = reply.get("__type").is_some();
        state.receive(answer(if is_error { 400 } else { 200 }, reply).view(), NOW)
    }

    /// Answers a question, and posts the answer; the reply is this one.
    fn answered(
        &mut self,
        exchange: (Request, AwaitingReply),
        reply: &Value,
    ) -> Result<Next, Error> {
        self.waiting = Some(exchange);
        self.replied(reply)
    }

    fn last(&self) -> &Value {
        self.posted.last().unwrap()
    }
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        error_type: None,
        date: None,
        body: Some(pool::Json(body.clone())),
    }
}

fn challenge(name: &str, parameters: Value) -> Value {
    json!({ "ChallengeName": name, "Session": SESSION, "ChallengeParameters": parameters })
}

fn refusal(exception: &str, message: &str) -> Value {
    json!({ "__type": exception, "message": message })
}

fn is_signed_in(next: Result<Next, Error>) -> bool {
    matches!(next, Ok(Next::SignedIn(_)))
}

fn kind(next: Result<Next, Error>) -> RefusalKind {
    match next.unwrap_err() {
        Error::PoolRefused(refusal) => refusal.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn codes_have_their_own_names() {
    for (name, field, medium) in [
        ("EMAIL_OTP", "EMAIL_OTP_CODE", Medium::Email),
        ("SMS_OTP", "SMS_OTP_CODE", Medium::Sms),
        ("SMS_MFA", "SMS_MFA_CODE", Medium::Sms),
        (
            "SOFTWARE_TOKEN_MFA",
            "SOFTWARE_TOKEN_MFA_CODE",
            Medium::Authenticator,
        ),
    ] {
        let asked = challenge(name, json!({ "CODE_DELIVERY_DESTINATION": "u***@e***" }));
        let (mut sign_in, next) = SignIn::after_password(&asked);
        let Next::AskCode(prompt) = next else {
            panic!("{name}: {next:?}")
        };
        assert_eq!(
            (prompt.challenge(), prompt.reason()),
            (name, Reason::FirstCode)
        );
        assert_eq!(prompt.details().medium, Some(medium));
        assert_eq!(prompt.details().destination.as_deref(), Some("u***@e***"));
        assert_eq!(prompt.is_sent(), medium != Medium::Authenticator);
        assert!(prompt.read_code("open sesame").is_err());
        let code = prompt.read_code("123 45-678").unwrap();

        let mismatch = refusal(
            "CodeMismatchException",
            "Invalid code or auth state for the user.",
        );
        let next = sign_in.answered(prompt.submit(&code), &mismatch);
        let Next::AskCode(prompt) = next.unwrap() else {
            panic!("{name}")
        };
        assert_eq!(
            (prompt.reason(), prompt.is_sent()),
            (Reason::WrongCode, false)
        );
        assert!(is_signed_in(
            sign_in.answered(prompt.submit(&code), &pool::tokens())
        ));
        for body in &sign_in.posted[2..] {
            assert_eq!(body["ChallengeName"], name);
            assert_eq!(body["Session"], SESSION);
            assert_eq!(
                body["ChallengeResponses"],
                json!({ "USERNAME": USER_ID, field: "12345678" })
            );
        }
    }
}

#[test]
fn what_a_code_challenge_ends_with() {
    for (exception, message, expected) in [
        ("ExpiredCodeException", "x", RefusalKind::SessionExpired),
        (
            "NotAuthorizedException",
            "Invalid session for the user, session can only be used once.",
            RefusalKind::SessionExpired,
        ),
        (
            "NotAuthorizedException",
            "x",
            RefusalKind::CodeAttemptsExceeded,
        ),
        (
            "SoftwareTokenMFANotFoundException",
            "x",
            RefusalKind::Misconfigured,
        ),
        ("InvalidPasswordException", "x", RefusalKind::Other),
    ] {
        let (mut sign_in, next) = SignIn::after_password(&challenge("EMAIL_OTP", json!({})));
        let Next::AskCode(prompt) = next else {
            panic!()
        };
        let code = prompt.read_code("123456").unwrap();
        let next = sign_in.answered(prompt.submit(&code), &refusal(exception, message));
        assert_eq!(kind(next), expected, "{exception}");
    }
}

#[test]
fn one_code_after_another_is_not_a_wrong_one() {
    let (mut sign_in, next) = SignIn::after_password(&challenge("EMAIL_OTP", json!({})));
    let Next::AskCode(prompt) = next else {
        panic!()
    };
    let code = prompt.read_code("123456").unwrap();
    let next = sign_in.answered(prompt.submit(&code), &challenge("SMS_MFA", json!({})));
    let Next::AskCode(prompt) = next.unwrap() else {
        panic!()
    };
    assert_eq!(prompt.reason(), Reason::FirstCode);
}

#[test]
fn a_temporary_password_is_replaced() {
    let asked = challenge(
        "NEW_PASSWORD_REQUIRED",
        json!({
            "USER_ID_FOR_SRP": USER_ID,
            "requiredAttributes": r#"["userAttributes.given_name","family_name"]"#,
            "userAttributes": r#"{"email":"user@example.com","email_verified":"true"}"#,
        }),
    );
    let (mut sign_in, next) = SignIn::after_password(&asked);
    let Next::AskNewPassword(prompt) = next else {
        panic!()
    };
    assert_eq!(prompt.required(), ["given_name", "family_name"]);
    assert_eq!(
        prompt.attributes()[0],
        ("email".into(), "user@example.com".into())
    );
    let misused = prompt.submit("n", &[("given_name", "A")]).unwrap_err();
    assert_eq!(
        (misused.misuse.field, misused.misuse.got.as_str()),
        ("attributes", "none for family_name")
    );
    let misused = misused.prompt.submit("", &[]).unwrap_err();
    assert_eq!(misused.misuse.field, "newPassword");

    let attributes = [("given_name", "A"), ("family_name", "B")];
    let weak = refusal("InvalidPasswordException", "Password not long enough");
    let next = sign_in.answered(misused.prompt.submit("n", &attributes).unwrap(), &weak);
    let Next::AskNewPassword(prompt) = next.unwrap() else {
        panic!()
    };
    assert_eq!(prompt.rejected(), Some("Password not long enough"));
    let exchange = prompt.submit("New-Horse-10", &attributes).unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({
            "USERNAME": USER_ID,
            "NEW_PASSWORD": "New-Horse-10",
            "userAttributes.given_name": "A",
            "userAttributes.family_name": "B",
        })
    );
}

#[test]
fn user_srp_has_no_session_at_first() {
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::UserSrp);
    sign_in.sent();
    assert!(is_signed_in(sign_in.replied(&pool::tokens())));
    assert_eq!(sign_in.posted[0]["AuthFlow"], "USER_SRP_AUTH");
    assert_eq!(
        sign_in.posted[0]["AuthParameters"]
            .as_object()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(sign_in.posted[1].get("Session"), None);
    let mut wrong = SignIn::new(Some("wrong"), Flow::UserSrp);
    wrong.sent();
    assert_eq!(kind(wrong.post()), RefusalKind::BadCredentials);
}

#[test]
fn only_a_choice_begins_with_anything_but_the_password() {
    for flow in [Flow::Custom, Flow::UserSrp] {
        assert_eq!(
            Credentials::of("u", None, flow).unwrap_err().field,
            "password"
        );
        for name in [
            "EMAIL_OTP",
            "PASSWORD",
            "SELECT_CHALLENGE",
            "DEVICE_SRP_AUTH",
        ] {
            let mut sign_in = SignIn::new(Some("Correct-Horse-9"), flow);
            let next = sign_in.replied(&challenge(name, json!({})));
            assert!(matches!(next, Err(Error::PoolMisbehaved(_))), "{name}");
        }
    }
}

#[test]
fn a_preference_is_sent_with_what_it_needs() {
    for (factor, more) in [
        (FirstFactor::EmailOtp, None),
        (FirstFactor::SmsOtp, None),
        (FirstFactor::WebAuthn, None),
        (FirstFactor::Password, Some("PASSWORD")),
        (FirstFactor::PasswordSrp, Some("SRP_A")),
    ] {
        let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(Some(factor)));
        let _ = sign_in.post();
        let parameters = sign_in.last()["AuthParameters"].as_object().unwrap();
        assert_eq!(sign_in.last()["AuthFlow"], "USER_AUTH");
        assert_eq!(parameters["PREFERRED_CHALLENGE"], factor.name());
        assert_eq!(parameters.len(), 2 + more.iter().count(), "{parameters:?}");
        assert!(more.is_none_or(|name| parameters.contains_key(name)));
        let needs = Credentials::of("u", None, Flow::Choice(Some(factor))).is_err();
        assert_eq!(needs, more.is_some());
        assert_eq!(FirstFactor::from_name(factor.name()), Ok(factor));
    }
    let odd = Some(Password::new([0xff]));
    let flow = Flow::Choice(Some(FirstFactor::Password));
    assert_eq!(
        Credentials::of("u", odd, flow).unwrap_err().field,
        "password"
    );
    assert_eq!(
        FirstFactor::from_name("password").unwrap_err().field,
        "preferred"
    );
}

#[test]
fn flows_are_read_by_name() {
    let factor = FirstFactor::EmailOtp;
    assert_eq!(Flow::from_name("custom", None), Ok(Flow::Custom));
    assert_eq!(Flow::from_name("srp", None), Ok(Flow::UserSrp));
    assert_eq!(Flow::from_name("choice", None), Ok(Flow::Choice(None)));
    let preferring = Flow::from_name("choice", Some("EMAIL_OTP"));
    assert_eq!(preferring, Ok(Flow::Choice(Some(factor))));
    for (name, preferred, field) in [
        ("USER_AUTH", None, "flow"),
        ("", None, "flow"),
        ("srp", Some("EMAIL_OTP"), "preferred"),
        ("choice", Some("SMS"), "preferred"),
    ] {
        assert_eq!(Flow::from_name(name, preferred).unwrap_err().field, field);
    }
}

#[test]
fn a_first_factor_is_chosen() {
    let offered = json!({
        "ChallengeName": "SELECT_CHALLENGE",
        "Session": SESSION,
        "ChallengeParameters": {},
        "AvailableChallenges": ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"],
    });
    let offer = |password| {
        let mut sign_in = SignIn::new(password, Flow::Choice(None));
        let Ok(Next::AskChoice(prompt)) = sign_in.replied(&offered) else {
            panic!()
        };
        assert_eq!(prompt.purpose(), Purpose::FirstFactor);
        assert_eq!(prompt.options(), ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]);
        (sign_in, prompt)
    };
    let (mut sign_in, prompt) = offer(None);
    let misused = prompt.choose("SMS_OTP", None).unwrap_err();
    assert_eq!(misused.misuse.field, "option");
    let misused = misused.prompt.choose("PASSWORD_SRP", None).unwrap_err();
    assert_eq!(misused.misuse.field, "password");
    let exchange = misused.prompt.choose("EMAIL_OTP", None).unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": "user@example.com", "ANSWER": "EMAIL_OTP" })
    );

    let (mut sign_in, prompt) = offer(None);
    let exchange = prompt.choose("PASSWORD", Some("Correct-Horse-9")).unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"]["PASSWORD"],
        "Correct-Horse-9"
    );
}

/// SRP in the middle of a conversation, with the password from the beginning or from then.
#[test]
fn a_password_is_proved_when_it_is_chosen() {
    let offered = json!({
        "ChallengeName": "SELECT_CHALLENGE",
        "Session": SESSION,
        "AvailableChallenges": ["PASSWORD_SRP"],
    });
    for (early, late) in [
        (Some("Correct-Horse-9"), None),
        (None, Some("Correct-Horse-9")),
    ] {
        let mut sign_in = SignIn::new(early, Flow::Choice(None));
        let Ok(Next::AskChoice(prompt)) = sign_in.replied(&offered) else {
            panic!()
        };
        let exchange = prompt.choose("PASSWORD_SRP", late).unwrap();
        prove(&mut sign_in, exchange);
        assert_eq!(
            sign_in.posted[1]["ChallengeResponses"]["ANSWER"],
            "PASSWORD_SRP"
        );
    }
}

/// The pool's half of SRP begins with any request that has an `SRP_A`.
fn prove(sign_in: &mut SignIn, exchange: (Request, AwaitingReply)) {
    let body: Value = serde_json::from_str(exchange.0.body()).unwrap();
    let srp_a = body["ChallengeResponses"]["SRP_A"].as_str().unwrap();
    let mut reply = sign_in.cognito.handshake("PASSWORD_VERIFIER", srp_a);
    reply["ChallengeParameters"]["USER_ID_FOR_SRP"] = USER_ID.into();
    let Ok(Next::Send(request, state)) = sign_in.answered(exchange, &reply) else {
        panic!()
    };
    sign_in.waiting = Some((request, state));
    let next = sign_in.post().unwrap();
    assert!(matches!(next, Next::AskCode(_)), "{next:?}");
    assert_eq!(sign_in.last()["ChallengeName"], "PASSWORD_VERIFIER");
    assert!(!format!("{:?}", sign_in.posted).contains("Correct-Horse-9"));
}

#[test]
fn a_pool_that_asks_for_a_proof_gets_one() {
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(None));
    let next = sign_in.replied(&challenge("PASSWORD_SRP", json!({})));
    let Ok(Next::Send(request, state)) = next else {
        panic!()
    };
    prove(&mut sign_in, (request, state));
    assert_eq!(sign_in.posted[1]["ChallengeName"], "PASSWORD_SRP");

    let mut sign_in = SignIn::new(None, Flow::Choice(None));
    let next = sign_in.replied(&challenge("PASSWORD_SRP", json!({})));
    let Ok(Next::AskPassword(prompt)) = next else {
        panic!()
    };
    assert_eq!(prompt.factor(), FirstFactor::PasswordSrp);
    let misused = prompt.submit(Password::new("")).unwrap_err();
    let exchange = misused
        .prompt
        .submit(Password::new("Correct-Horse-9"))
        .unwrap();
    prove(&mut sign_in, exchange);
}

#[test]
fn a_password_is_never_sent_unasked() {
    // Neither a pool that asks for it, nor another preference brings it out.
    for preferred in [
        None,
        Some(FirstFactor::PasswordSrp),
        Some(FirstFactor::EmailOtp),
    ] {
        let mut sign_in = SignIn::new(Some("Correct-Horse-9"), Flow::Choice(preferred));
        let next = sign_in.replied(&challenge("PASSWORD", json!({})));
        let Ok(Next::AskPassword(prompt)) = next else {
            panic!("{next:?}")
        };
        assert_eq!(prompt.factor(), FirstFactor::Password);
        assert!(!format!("{:?}", sign_in.posted).contains("Correct-Horse-9"));
        let exchange = prompt.submit(Password::new("typed now")).unwrap();
        let _ = sign_in.answered(exchange, &pool::tokens());
        assert_eq!(
            sign_in.last()["ChallengeResponses"],
            json!({ "USERNAME": "user@example.com", "PASSWORD": "typed now" })
        );
    }
    let flow = Flow::Choice(Some(FirstFactor::Password));
    let mut sign_in = SignIn::new(Some("Correct-Horse-9"), flow);
    let next = sign_in.replied(&challenge("PASSWORD", json!({})));
    let Ok(Next::Send(request, _)) = next else {
        panic!()
    };
    assert!(request.body().contains("Correct-Horse-9"));
}

#[test]
fn a_second_factor_is_chosen() {
    let offered = json!({ "MFAS_CAN_CHOOSE": r#"["SMS_MFA", "SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("SELECT_MFA_TYPE", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    assert_eq!(prompt.purpose(), Purpose::SecondFactor);
    assert_eq!(
        prompt.options(),
        ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
    );
    let exchange = prompt.choose("EMAIL_OTP", None).unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(sign_in.last()["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID, "ANSWER": "EMAIL_OTP" })
    );
}

#[test]
fn an_authenticator_is_set_up() {
    let offered = json!({ "MFAS_CAN_SETUP": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("MFA_SETUP", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    assert_eq!(
        (prompt.purpose(), prompt.options()),
        (Purpose::SetUp, &["SOFTWARE_TOKEN_MFA".to_owned()][..])
    );
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let exchange = prompt.choose("SOFTWARE_TOKEN_MFA", None).unwrap();
    let session = |number: u32| format!("session of the authenticator {number}");
    let next = sign_in.answered(
        exchange,
        &json!({ "SecretCode": secret, "Session": session(1) }),
    );
    let Ok(Next::AskAuthenticator(prompt)) = next else {
        panic!("{next:?}")
    };
    assert_eq!((prompt.secret(), prompt.is_wrong()), (secret, false));
    assert_eq!(
        *sign_in.last(),
        json!({ "target": "AssociateSoftwareToken", "Session": SESSION })
    );
    let mut prompt = *prompt.submit("12345").unwrap_err().prompt;

    for wrong in [
        refusal("EnableSoftwareTokenMFAException", "Code mismatch"),
        refusal("CodeMismatchException", "Code mismatch"),
        json!({ "Status": "ERROR" }),
    ] {
        let next = sign_in.answered(prompt.submit("000 000").unwrap(), &wrong);
        let Ok(Next::AskAuthenticator(again)) = next else {
            panic!("{next:?}")
        };
        assert!(again.is_wrong());
        prompt = again;
    }
    let verified = json!({ "Status": "SUCCESS", "Session": session(2) });
    let next = sign_in.answered(prompt.submit("123 456").unwrap(), &verified);
    let Ok(Next::Send(request, state)) = next else {
        panic!("{next:?}")
    };
    let expected =
        json!({ "target": "VerifySoftwareToken", "Session": session(1), "UserCode": "123456" });
    assert_eq!(*sign_in.last(), expected);
    assert!(is_signed_in(
        sign_in.answered((request, state), &pool::tokens())
    ));
    assert_eq!(sign_in.last()["ChallengeName"], "MFA_SETUP");
    assert_eq!(sign_in.last()["Session"], session(2));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID })
    );
}

#[test]
fn mail_is_set_up() {
    let offered = json!({ "MFAS_CAN_SETUP": r#"["EMAIL_OTP"]"# });
    let (mut sign_in, next) = SignIn::after_password(&challenge("MFA_SETUP", offered));
    let Next::AskChoice(prompt) = next else {
        panic!()
    };
    let misused = prompt.choose("EMAIL_OTP", None).unwrap_err();
    assert_eq!(misused.misuse.field, "email");
    let exchange = misused
        .prompt
        .choose("EMAIL_OTP", Some("user@example.com"))
        .unwrap();
    let next = sign_in.answered(exchange, &challenge("EMAIL_OTP", json!({})));
    assert!(matches!(next, Ok(Next::AskCode(_))));
    assert_eq!(
        sign_in.last()["ChallengeResponses"],
        json!({ "USERNAME": USER_ID, "EMAIL": "user@example.com" })
    );
}

#[test]
fn a_passkey_goes_through_as_it_is() {
    let options = r#"{"challenge":"Y2hhbGxlbmdl","rpId":"example.com","allowCredentials":[]}"#;
    let asked = challenge(
        "WEB_AUTHN",
        json!({ "CREDENTIAL_REQUEST_OPTIONS": options }),
    );
    let mut sign_in = SignIn::new(None, Flow::Choice(Some(FirstFactor::WebAuthn)));
    let Ok(Next::AskPasskey(prompt)) = sign_in.replied(&asked) else {
        panic!()
    };
    assert_eq!(prompt.options(), options);
    let misused = prompt.submit("").unwrap_err();
    let credential = r#"{"id":"x"}"#;
    let exchange = misused.prompt.submit(credential).unwrap();
    assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
    assert_eq!(
        sign_in.last()["ChallengeResponses"]["CREDENTIAL"],
        credential
    );
    for bad in [
        json!({}),
        json!({ "CREDENTIAL_REQUEST_OPTIONS": "not JSON" }),
    ] {
        let mut sign_in = SignIn::new(None, Flow::Choice(None));
        let next = sign_in.replied(&challenge("WEB_AUTHN", bad));
        assert!(matches!(next, Err(Error::PoolMisbehaved(_))));
    }
}

/// What is left has a name, a session, parameters, and an answer.
#[test]
fn other_challenges_are_handed_back_and_can_be_answered() {
    for name in [
        "PASSWORD_VERIFIER",
        "PASSWORD",
        "PASSWORD_SRP",
        "SELECT_CHALLENGE",
        "SELECT_MFA_TYPE",
        "MFA_SETUP",
        "DEVICE_SRP_AUTH",
        "DEVICE_PASSWORD_VERIFIER",
        "ADMIN_NO_SRP_AUTH",
        "SOMETHING_NEW",
    ] {
        let asked = challenge(name, json!({ "one": "1", "two": 2, "USERNAME": "renamed" }));
        let (mut sign_in, next) = SignIn::after_password(&asked);
        let Next::OtherChallenge(challenge) = next else {
            panic!("{name}")
        };
        assert_eq!(challenge.name, name);
        assert_eq!(challenge.session.as_ref().unwrap().as_str(), SESSION);
        let one = ("one".to_owned(), "1".to_owned());
        assert!(challenge.parameters.contains(&one) && challenge.parameters.len() == 2);
        let exchange = challenge.answer(&[("ANSWER", "yes")]);
        assert!(is_signed_in(sign_in.answered(exchange, &pool::tokens())));
        assert_eq!(sign_in.last()["ChallengeName"], name);
        assert_eq!(sign_in.last()["Session"], SESSION);
        assert_eq!(
            sign_in.last()["ChallengeResponses"],
            json!({ "USERNAME": "renamed", "ANSWER": "yes" })
        );
    }
}

#[test]
fn a_form_without_a_session_is_handed_back_as_it_is() {
    for name in ["EMAIL_OTP", "NEW_PASSWORD_REQUIRED", "WEB_AUTHN"] {
        let mut asked = challenge(name, json!({}));
        asked["Session"] = Value::Null;
        let (_, next) = SignIn::after_password(&asked);
        assert!(matches!(next, Next::OtherChallenge(_)), "{name}");
    }
}

fn remembered(password: &str) -> SignIn {
    let device = Device::new(DEVICE.0, DEVICE.1, password).unwrap();
    let credentials = Credentials::of(
        "user@example.com",
        Some(Password::new("Correct-Horse-9")),
        Flow::UserSrp,
    );
    SignIn::with(credentials.unwrap().with_device(device, &[5; 64]))
}

#[test]
fn a_remembered_device_proves_itself() {
    let mut sign_in = remembered(DEVICE.2);
    sign_in.sent();
    assert_eq!(sign_in.posted[0]["AuthParameters"]["DEVICE_KEY"], DEVICE.0);
    let next = sign_in.replied(&challenge("DEVICE_SRP_AUTH", json!({})));
    let Ok(Next::Send(request, state)) = next else {
        panic!("{next:?}")
    };
    sign_in.waiting = Some((request, state));
    sign_in.sent();
    let Ok(Next::SignedIn(tokens)) = sign_in.post() else {
        panic!()
    };
    assert!(!tokens.is_device_forgotten());
    let names: Vec<_> = sign_in
        .posted
        .iter()
        .map(|body| body["ChallengeName"].as_str())
        .collect();
    assert_eq!(
        names[1..],
        [
            Some("PASSWORD_VERIFIER"),
            Some("DEVICE_SRP_AUTH"),
            Some("DEVICE_PASSWORD_VERIFIER"),
        ]
    );
    for body in &sign_in.posted[1..] {
        assert_eq!(
            body["ChallengeResponses"]["DEVICE_KEY"], DEVICE.0,
            "on every leg"
        );
        assert_eq!(body["ChallengeResponses"]["USERNAME"], USER_ID);
    }
}

#[test]
fn another_password_of_the_device_is_told_from_the_persons() {
    let mut sign_in = remembered("another");
    sign_in.sent();
    let next = sign_in.replied(&challenge("DEVICE_SRP_AUTH", json!({})));
    let Ok(Next::Send(request, state)) = next else {
        panic!()
    };
    sign_in.waiting = Some((request, state));
    sign_in.sent();
    assert_eq!(kind(sign_in.post()), RefusalKind::DeviceRefused);
}

#[test]
fn a_device_that_was_deleted_is_forgotten_on_any_leg() {
    let gone = refusal("ResourceNotFoundException", "Device does not exist.");
    for leg in 0..3 {
        let mut sign_in = remembered(DEVICE.2);
        let mut next = None;
        for current in 0..=3 {
            if current == leg {
                let Ok(Next::Send(request, state)) = sign_in.replied(&gone) else {
                    panic!("{leg}")
                };
                let before = sign_in.last().clone();
                sign_in.waiting = Some((request, state));
                let again: Value =
                    serde_json::from_str(sign_in.waiting.as_ref().unwrap().0.body()).unwrap();
                let mut expected = before;
                for member in ["AuthParameters", "ChallengeResponses"] {
                    if let Some(map) = expected[member].as_object_mut() {
                        map.remove("DEVICE_KEY").unwrap();
                    }
                }
                expected.as_object_mut().unwrap().remove("target");
                expected
                    .as_object_mut()
                    .unwrap()
                    .retain(|_, value| !value.is_null());
                assert_eq!(again, expected, "the same but for the device");
            }
            match sign_in.post().unwrap() {
                Next::Send(request, state) => sign_in.waiting = Some((request, state)),
                Next::AskCode(prompt) => {
                    let code = prompt.read_code("123456").unwrap();
                    sign_in.waiting = Some(prompt.submit(&code));
                }
                other => {
                    next = Some(other);
                    break;
                }
            }
        }
        let Some(Next::SignedIn(tokens)) = next else {
            panic!("{leg}: {next:?}")
        };
        assert!(tokens.is_device_forgotten());
        assert!(!sign_in.last().to_string().contains("DEVICE_KEY"));
    }
    // Once it is forgotten, the pool has nothing to say about it.
    let mut sign_in = remembered(DEVICE.2);
    let Ok(Next::Send(request, state)) = sign_in.replied(&gone) else {
        panic!()
    };
    sign_in.waiting = Some((request, state));
    assert_eq!(kind(sign_in.replied(&gone)), RefusalKind::DeviceRefused);
}

#[test]
fn a_new_device_is_announced_with_the_tokens() {
    let mut reply = pool::tokens();
    let metadata = json!({ "DeviceKey": "us-east-1_key", "DeviceGroupKey": "-group" });
    reply["AuthenticationResult"]["NewDeviceMetadata"] = metadata;
    let (_, next) = SignIn::after_password(&reply);
    let Next::SignedIn(tokens) = next else {
        panic!()
    };
    let new = NewDevice {
        key: "us-east-1_key".into(),
        group_key: "-group".into(),
    };
    assert_eq!(tokens.new_device(), Some(&new));
}

/// The verifiers that other implementations computed for a password and a salt.
#[test]
fn a_device_is_confirmed_with_the_verifier_that_others_compute() {
    let file: Value = serde_json::from_str(include_str!("../vectors/srp-vectors.json")).unwrap();
    let cases = file["published"]["device_confirmations"]["cases"]
        .as_array()
        .unwrap();
    assert!(cases.len() >= 2);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let mut entropy = Base64::decode_vec(text("device_random_password")).unwrap();
        entropy.extend(Base64::decode_vec(text("salt_bytes_b64")).unwrap());
        let new = NewDevice {
            key: text("DeviceKey").into(),
            group_key: text("DeviceGroupKey").into(),
        };
        let entropy: [u8; 56] = entropy.try_into().unwrap();
        let (request, state) = remember_device("access", new, Some("Browser"), &entropy);
        assert!(request.target().ends_with(".ConfirmDevice"));
        let body: Value = serde_json::from_str(request.body()).unwrap();
        assert_eq!(
            body,
            json!({
                "AccessToken": "access",
                "DeviceKey": text("DeviceKey"),
                "DeviceName": "Browser",
                "DeviceSecretVerifierConfig": {
                    "Salt": text("Salt_b64"),
                    "PasswordVerifier": text("PasswordVerifier_b64"),
                },
            })
        );
        let answer = |body| answer(200, &body);
        let asked = answer(json!({ "UserConfirmationNecessary": true }));
        let Confirmation::Send(request, state) = state.receive(asked.view()).unwrap() else {
            panic!()
        };
        assert!(request.target().ends_with(".UpdateDeviceStatus"));
        let body: Value = serde_json::from_str(request.body()).unwrap();
        assert_eq!(body["DeviceRememberedStatus"], "remembered");
        let Confirmation::Remembered(device) = state.receive(answer(json!({})).view()).unwrap()
        else {
            panic!()
        };
        assert_eq!(device.password(), text("device_random_password"));
        assert_eq!(
            (device.key(), device.group_key()),
            (text("DeviceKey"), text("DeviceGroupKey"))
        );
        assert!(!format!("{device:?}").contains(device.password()));
    }
}

#[test]
fn a_device_that_needs_no_confirmation_is_remembered_at_once() {
    let new = || NewDevice {
        key: "k".into(),
        group_key: "g".into(),
    };
    for (status, body, remembered) in [
        (200, json!({ "UserConfirmationNecessary": false }), true),
        (200, json!({}), true),
        (400, refusal("ResourceNotFoundException", "x"), false),
    ] {
        let (_, state) = remember_device("access", new(), None, &[1; 56]);
        let outcome = state.receive(answer(status, &body).view());
        assert_eq!(
            matches!(outcome, Ok(Confirmation::Remembered(_))),
            remembered
        );
    }
    for (key, group, password) in [("", "g", "p"), ("k", "", "p"), ("k", "g", "")] {
        assert!(Device::new(key, group, password).is_err());
    }
}
