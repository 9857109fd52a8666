//! What comes of triggers that do well, fail, hang, die or talk nonsense.

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    CLIENT, EMAIL, PASSWORD, Refusal, Server, command, incorrect, refusal, scratch, stand_in,
};

/// A server with one trigger that misbehaves.
fn server(trigger: &str, behaviour: &str) -> Server {
    Server::start(&[
        "--trigger",
        &format!("{trigger}={}", stand_in(trigger, behaviour)),
    ])
}

/// The first error of a sign-in with the right password and the right code.
fn failure(server: &Server) -> Refusal {
    match server.password(CLIENT, EMAIL, PASSWORD) {
        Ok(challenge) => server.answer(&challenge, "123456").unwrap_err(),
        Err(error) => error,
    }
}

#[test]
fn cognitos_names_for_what_functions_do_wrong() {
    let validation = |text: &str| refusal("UserLambdaValidationException", text);
    let invalid = |text: &str| refusal("InvalidLambdaResponseException", text);
    let not_json = invalid("Invalid lambda function output : Invalid JSON");
    let unrecognizable = invalid("Unrecognizable lambda output");
    for (trigger, name) in [
        ("define", "DefineAuthChallenge"),
        ("create", "CreateAuthChallenge"),
        ("verify", "VerifyAuthChallengeResponse"),
    ] {
        for (behaviour, expected) in [
            (
                "fail",
                &validation(&format!("{name} failed with error STAND_IN.")),
            ),
            (
                "fail-oddly",
                &validation(&format!("{name} failed with error Unhandled.")),
            ),
            ("not-json", &not_json),
            ("wrong-types", &not_json),
            ("not-an-object", &unrecognizable),
            ("no-response", &unrecognizable),
        ] {
            assert_eq!(
                failure(&server(trigger, behaviour)),
                *expected,
                "{trigger} {behaviour}"
            );
        }
    }
}

#[test]
fn a_function_that_decides_nothing_lets_nobody_in() {
    for behaviour in ["nothing", "other-challenge"] {
        let Refusal(name, _) = failure(&server("define", behaviour));
        assert_eq!(name, "InvalidLambdaResponseException", "{behaviour}");
    }
    let server = server("verify", "nothing");
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    assert_eq!(
        server.answer(&challenge, "123456").unwrap()["ChallengeName"],
        "CUSTOM_CHALLENGE"
    );
}

#[test]
fn a_process_that_dies_is_tried_three_times() {
    let events = scratch("dies.jsonl");
    let recorded = format!(
        "env RECORD={} {}",
        events.display(),
        stand_in("create", "exit")
    );
    let server = Server::start(&["--trigger", &format!("create={recorded}")]);
    let Refusal(name, message) = failure(&server);
    assert_eq!(name, "UserLambdaValidationException");
    assert!(
        message.starts_with("CreateAuthChallenge failed with error RequestId: "),
        "{message}"
    );
    assert!(
        message.ends_with(" Error: Runtime exited with error: exit status 3."),
        "{message}"
    );
    assert_eq!(fs::read_to_string(events).unwrap().lines().count(), 3);
}

#[test]
fn a_process_that_ends_in_mid_call_without_a_fault_gives_no_reason() {
    let Refusal(name, message) = failure(&server("create", "end"));
    assert_eq!(name, "UserLambdaValidationException");
    assert!(
        message.ends_with(" Error: Runtime exited without providing a reason."),
        "{message}"
    );
}

#[test]
fn a_process_that_ends_between_calls_is_started_anew() {
    let server = server("define", "once");
    for _ in 0..3 {
        server.sign_in();
    }
}

#[test]
fn a_process_that_hangs_has_five_seconds_three_times() {
    let server = server("define", "hang");
    let begun = Instant::now();
    let expected = "DefineAuthChallenge invocation failed due to error Socket timeout while \
                    invoking Lambda function.";
    assert_eq!(
        failure(&server),
        refusal("UnexpectedLambdaException", expected)
    );
    let elapsed = begun.elapsed();
    assert!(elapsed >= Duration::from_secs(15), "{elapsed:?}");
    assert!(elapsed < Duration::from_secs(18), "{elapsed:?}");
}

#[test]
fn a_command_that_does_not_start_is_an_error_of_the_call() {
    let server = Server::start(&["--trigger", "define=/nonexistent/trigger"]);
    let Refusal(name, message) = failure(&server);
    assert_eq!(name, "UserLambdaValidationException");
    assert!(message.ends_with("exit status 127."), "{message}");
}

#[test]
fn a_missing_executable_is_said_at_the_start() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_local-cognito"))
        .args(["--port", "0", "--triggers", "/nonexistent"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("/nonexistent/define-auth-challenge does not exist"),
        "{error}"
    );
}

#[test]
fn define_alone_can_skip_the_password_but_not_for_nobody() {
    let careless = format!("define={}", stand_in("define", "careless"));
    let events = scratch("careless.jsonl");
    let verify = format!(
        "verify=env RECORD={} {}",
        events.display(),
        stand_in("verify", "")
    );
    let server = Server::start(&["--trigger", &careless, "--trigger", &verify]);
    let begin = |name: &str| {
        let request = json!({
            "ClientId": CLIENT,
            "AuthFlow": "CUSTOM_AUTH",
            "AuthParameters": { "USERNAME": name },
        });
        server.call("InitiateAuth", request).unwrap()
    };
    let known = begin(EMAIL);
    assert!(server.answer(&known, "123456").unwrap()["AuthenticationResult"].is_object());
    let unknown = begin("nobody@example.com");
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&known), keys(&unknown));
    assert_eq!(
        keys(&known["ChallengeParameters"]),
        keys(&unknown["ChallengeParameters"])
    );
    assert_eq!(server.answer(&unknown, "123456"), Err(incorrect()));
    let events = fs::read_to_string(events).unwrap();
    let asked: Value = serde_json::from_str(events.lines().nth(1).unwrap()).unwrap();
    assert_eq!(asked["request"]["userNotFound"], true);
    assert_eq!(asked["request"]["userAttributes"], json!({}));
}

#[test]
fn the_events_of_a_sign_in_are_cognitos() {
    let events = scratch("events.jsonl");
    let record = |trigger: &str| {
        format!(
            "{trigger}=env RECORD={} {}",
            events.display(),
            stand_in(trigger, "")
        )
    };
    let flags = ["define", "create", "verify"].map(record);
    let server = Server::start(&[
        "--trigger",
        &flags[0],
        "--trigger",
        &flags[1],
        "--trigger",
        &flags[2],
    ]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    let mut request = json!({
        "ClientId": CLIENT,
        "ChallengeName": "PASSWORD_VERIFIER",
        "Session": proof.session,
        "ChallengeResponses": proof.responses,
        "ClientMetadata": { "lang": "de" },
    });
    let challenge = server
        .call("RespondToAuthChallenge", request.take())
        .unwrap();
    server.answer(&challenge, "123456").unwrap();

    let sub = &proof.parameters["USERNAME"];
    let attributes = json!({
        "sub": sub,
        "cognito:user_status": "CONFIRMED",
        "email": EMAIL,
        "email_verified": "true",
    });
    let round = |name: &str, metadata: Option<&str>| {
        json!({
            "challengeName": name, "challengeResult": true, "challengeMetadata": metadata,
        })
    };
    let (a, password) = (round("SRP_A", None), round("PASSWORD_VERIFIER", None));
    let code = round("CUSTOM_CHALLENGE", Some("stand-in"));
    let lang = json!({ "lang": "de" });
    let undecided =
        json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null });
    let expected = [
        (
            "DefineAuthChallenge",
            json!({ "session": [a] }),
            undecided.clone(),
        ),
        (
            "DefineAuthChallenge",
            json!({ "session": [a, password], "clientMetadata": lang }),
            undecided.clone(),
        ),
        (
            "CreateAuthChallenge",
            json!({
                "session": [a, password],
                "clientMetadata": lang,
                "challengeName": "CUSTOM_CHALLENGE",
            }),
            json!({
                "publicChallengeParameters": null,
                "privateChallengeParameters": null,
                "challengeMetadata": null,
            }),
        ),
        (
            "VerifyAuthChallengeResponse",
            json!({
                "privateChallengeParameters": { "code": "123456" },
                "challengeAnswer": "123456",
            }),
            json!({ "answerCorrect": null }),
        ),
        (
            "DefineAuthChallenge",
            json!({ "session": [a, password, code] }),
            undecided,
        ),
    ];
    let text = fs::read_to_string(&events).unwrap();
    let sent: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(sent.len(), expected.len());
    for (sent, (trigger, mut request, response)) in sent.iter().zip(expected) {
        request["userAttributes"] = attributes.clone();
        request["userNotFound"] = false.into();
        let whole = json!({
            "version": "1",
            "region": "us-east-1",
            "userPoolId": "us-east-1_EmailMfa1",
            "userName": sub,
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown",
                "clientId": CLIENT,
            },
            "triggerSource": format!("{trigger}_Authentication"),
            "request": request,
            "response": response,
        });
        assert_eq!(*sent, whole);
    }
}

#[test]
fn the_environment_is_lambdas_and_leads_nowhere_else() {
    let file = scratch("environment.txt");
    let spy = format!("create=sh -c 'env > {}'", file.display());
    let mut command = command(&["--trigger", &spy]);
    command
        .env("AWS_PROFILE", "production")
        .env("https_proxy", "http://proxy.example");
    let server = Server::spawn(command.stderr(Stdio::null()));
    assert!(server.password(CLIENT, EMAIL, PASSWORD).is_err());
    let environment = fs::read_to_string(file).unwrap();
    let has = |line: &str| environment.lines().any(|found| found == line);
    let origin = format!("http://127.0.0.1:{}", server.port);
    assert!(has(&format!("AWS_ENDPOINT_URL_SESV2={origin}")));
    assert!(has(&format!("AWS_ENDPOINT_URL={origin}")));
    assert!(has("AWS_REGION=us-east-1"));
    assert!(has("AWS_ACCESS_KEY_ID=local"));
    assert!(has("EMAIL_SENDER=no-reply@example.com"));
    assert!(has("APP_NAME=Demo"));
    assert!(environment.contains("AWS_LAMBDA_RUNTIME_API=127.0.0.1:"));
    let key = environment
        .lines()
        .find_map(|line| line.strip_prefix("CODE_KEY="))
        .unwrap();
    assert_eq!(key.len(), 44, "base64 of 32 bytes");
    assert!(!environment.contains("production") && !environment.contains("proxy.example"));
}

#[test]
fn the_test_clock_says_whether_the_triggers_clocks_go_along() {
    let server = Server::start(&["--test-clock"]);
    let time_of_create = || -> u64 {
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        challenge["ChallengeParameters"]["NOW"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    let before = time_of_create();
    let reply = server
        .request("POST", "/clock/advance", &[], r#"{"seconds":3600}"#)
        .json();
    let moved = time_of_create() - before;
    if reply["triggers"] == true {
        assert!((3600..3660).contains(&moved), "{moved}");
    } else {
        assert_eq!(reply["triggers"], false);
        assert!(moved < 60, "{moved}");
    }
}
