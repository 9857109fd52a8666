//! A trigger in 100 lines: whatever speaks the Lambda Runtime API can be one.
//!
//! `stand_in define|create|verify [BEHAVIOUR]` asks for the password, then for the code
//! 123456, three times at most. `RECORD=FILE` in the environment keeps the events.

use std::{
    env,
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process, thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let trigger = env::args().nth(1).unwrap_or_default();
    let behaviour = env::args().nth(2).unwrap_or_default();
    loop {
        let (id, event) = request("GET", "invocation/next", "")?;
        if let Ok(file) = env::var("RECORD") {
            writeln!(
                OpenOptions::new().create(true).append(true).open(file)?,
                "{event}"
            )?;
        }
        let mut event: Value = serde_json::from_str(&event)?;
        let asked = event.get("request").cloned().unwrap_or_default();
        let response = match trigger.as_str() {
            "define" => define(&asked, &behaviour),
            "create" => json!({
                "publicChallengeParameters": { "CODE_LENGTH": "6", "NOW": now() },
                "privateChallengeParameters": { "code": "123456" },
                "challengeMetadata": "stand-in",
            }),
            _ => {
                let code = asked.pointer("/privateChallengeParameters/code");
                json!({ "answerCorrect": asked.get("challengeAnswer") == code })
            }
        };
        if let Some(event) = event.as_object_mut() {
            event.insert("response".into(), response);
        }
        let answer = event.to_string();
        match behaviour.as_str() {
            "fail" => error(&id, r#"{"errorType":"STAND_IN","errorMessage":"STAND_IN"}"#)?,
            "fail-oddly" => error(&id, "no JSON")?,
            "not-json" => respond(&id, "{\"response\":")?,
            "not-an-object" => respond(&id, "\"done\"")?,
            "no-response" => respond(&id, "{}")?,
            "wrong-types" => respond(
                &id,
                r#"{"response":{"issueTokens":"true","answerCorrect":1,"challengeMetadata":[]}}"#,
            )?,
            "nothing" => respond(&id, r#"{"response":{}}"#)?,
            "other-challenge" => respond(&id, r#"{"response":{"challengeName":"SMS_MFA"}}"#)?,
            "exit" => process::exit(3),
            "end" => process::exit(0),
            "hang" => thread::sleep(Duration::from_secs(60)),
            "once" => {
                respond(&id, &answer)?;
                return Ok(());
            }
            _ => respond(&id, &answer)?,
        }
    }
}

/// `careless` asks for no password, and lets in whoever has the code.
fn define(asked: &Value, behaviour: &str) -> Value {
    let rounds = asked
        .get("session")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let named = |round: &Value, name| round.get("challengeName") == Some(&json!(name));
    let right = |round: &Value| round.get("challengeResult") == Some(&json!(true));
    let codes = rounds
        .iter()
        .filter(|round| named(round, "CUSTOM_CHALLENGE"))
        .count();
    match rounds.last() {
        Some(last) if named(last, "SRP_A") => json!({ "challengeName": "PASSWORD_VERIFIER" }),
        Some(last) if named(last, "PASSWORD_VERIFIER") && right(last) => {
            json!({ "challengeName": "CUSTOM_CHALLENGE" })
        }
        Some(last) if codes > 0 && right(last) => json!({ "issueTokens": true }),
        Some(_) if (1..3).contains(&codes) => json!({ "challengeName": "CUSTOM_CHALLENGE" }),
        None if behaviour == "careless" => json!({ "challengeName": "CUSTOM_CHALLENGE" }),
        Some(_) | None => json!({ "failAuthentication": true }),
    }
}

/// Seconds since 1970, by this program's own clock.
fn now() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    now.as_secs().to_string()
}

fn respond(id: &str, body: &str) -> io::Result<()> {
    request("POST", &format!("invocation/{id}/response"), body).map(drop)
}

fn error(id: &str, body: &str) -> io::Result<()> {
    request("POST", &format!("invocation/{id}/error"), body).map(drop)
}

/// One request to the Runtime API: the invocation's id, if the reply has one, and the body.
fn request(method: &str, path: &str, body: &str) -> io::Result<(String, String)> {
    let host = env::var("AWS_LAMBDA_RUNTIME_API").map_err(io::Error::other)?;
    let mut stream = TcpStream::connect(&host)?;
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {host}\r\n\
         Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut reader = BufReader::new(stream);
    let mut id = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") => {
                id = value.to_owned();
            }
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = String::new();
    reader.read_to_string(&mut body)?;
    Ok((id, body))
}
