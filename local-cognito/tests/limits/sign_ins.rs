//! Whole sign-ins with the triggers that are deployed.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{CLIENT, EMAIL, PASSWORD, Refusal, Server};

fn server() -> Server {
    let program = env!("CARGO_BIN_EXE_local-cognito");
    let create = Path::new(program).with_file_name("create-auth-challenge");
    assert!(
        create.is_file(),
        "`cargo xtask test native` builds {}",
        create.display()
    );
    let mut command = Command::new(program);
    command.args(["--port", "0", "--faults"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    Server::spawn(command.stderr(Stdio::null()))
}

fn set_faults(server: &Server, faults: Value) {
    let reply = server.request("POST", "/faults", &[], &faults.to_string());
    assert_eq!(reply.status, 200);
}

/// The codes in the inbox, oldest first.
fn codes(server: &Server) -> Vec<String> {
    let mut mails = server.get("/inbox/messages").json();
    let mails = mails.as_array_mut().unwrap();
    mails.sort_by_key(|mail| mail["at"].as_u64());
    let code = |mail: &Value| {
        let text = mail["text"].as_str().unwrap();
        text.lines()
            .find_map(|line| line.strip_prefix("    "))
            .unwrap()
            .to_owned()
    };
    mails.iter().map(code).collect()
}

fn other_than(code: &str) -> String {
    let first = if code.starts_with('9') { "0" } else { "9" };
    format!("{first}{}", &code[1..])
}

fn error(word: &str) -> Refusal {
    let message = format!("CreateAuthChallenge failed with error {word}.");
    Refusal("UserLambdaValidationException".to_owned(), message)
}

#[test]
fn twenty_sign_ins_at_once_share_a_code_and_ten_guesses() {
    let server = server();
    let challenges: Vec<_> = (0..20)
        .map(|_| server.password(CLIENT, EMAIL, PASSWORD).unwrap())
        .collect();
    let codes = codes(&server);
    assert_eq!(codes.len(), 1, "one mail for all");
    let (server, wrong) = (&server, other_than(&codes[0]));
    thread::scope(|scope| {
        for challenge in challenges.iter().skip(1) {
            let wrong = wrong.as_str();
            scope.spawn(move || {
                let mut challenge = challenge.clone();
                for _ in 0..2 {
                    challenge = server.answer(&challenge, wrong).unwrap();
                }
                server.answer(&challenge, wrong).unwrap_err();
            });
        }
    });
    // Ten were compared and the user is locked: the right code is not compared either.
    let challenge = server.answer(&challenges[0], &codes[0]).unwrap();
    assert_eq!(challenge["ChallengeName"], "CUSTOM_CHALLENGE");
    let refusal = server.password(CLIENT, EMAIL, PASSWORD).unwrap_err();
    assert_eq!(refusal, error("TOO_MANY_ATTEMPTS"));
}

#[test]
fn eight_right_answers_at_once_are_one_sign_in() {
    let server = server();
    let challenges: Vec<_> = (0..8)
        .map(|_| server.password(CLIENT, EMAIL, PASSWORD).unwrap())
        .collect();
    let (server, code) = (&server, &codes(&server)[0]);
    // Each sign-in has a session of its own, so that nothing but the code's single use helps.
    let signed_in = thread::scope(|scope| {
        let answer = |challenge| scope.spawn(move || server.answer(challenge, code).unwrap());
        let answers: Vec<_> = challenges.iter().map(answer).collect();
        let answers = answers.into_iter().map(|answer| answer.join().unwrap());
        answers
            .filter(|answer| answer.get("AuthenticationResult").is_some())
            .count()
    });
    assert_eq!(signed_in, 1);
}

#[test]
fn without_its_table_nobody_is_mailed_or_let_in() {
    let server = server();
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let code = codes(&server).remove(0);
    for fault in ["throttle", "hang"] {
        set_faults(&server, json!({ "table": fault }));
        let start = Instant::now();
        let refusal = server.password(CLIENT, EMAIL, PASSWORD).unwrap_err();
        assert_eq!(refusal, error("STORE_UNAVAILABLE"), "{fault}");
        assert!(
            start.elapsed() < Duration::from_secs(4),
            "{fault}: {:?}",
            start.elapsed()
        );
    }
    let challenge = server.answer(&challenge, &code).unwrap();
    assert_eq!(
        challenge["ChallengeName"], "CUSTOM_CHALLENGE",
        "what is not counted is wrong"
    );
    assert_eq!(codes(&server).len(), 1);
    set_faults(&server, json!({}));
    assert!(
        server
            .answer(&challenge, &code)
            .unwrap()
            .get("AuthenticationResult")
            .is_some()
    );
}

#[test]
fn a_call_repeated_while_ses_is_slow_mails_one_code_twice_at_most() {
    let server = server();
    set_faults(&server, json!({ "ses": "hang" }));
    let start = Instant::now();
    let refusal = server.password(CLIENT, EMAIL, PASSWORD).unwrap_err();
    assert_eq!(refusal, error("MAIL_NOT_SENT"));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    set_faults(&server, json!({}));
    // It is not known whether the first mail went out: this one has the same code.
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let mailed = codes(&server);
    assert_eq!(mailed.len(), 1);
    assert!(
        server
            .answer(&challenge, &mailed[0])
            .unwrap()
            .get("AuthenticationResult")
            .is_some()
    );
    // Whoever has read the mail may sign in again at once.
    server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let mailed = codes(&server);
    assert_eq!(mailed.len(), 2);
    assert_ne!(mailed[0], mailed[1]);
}
