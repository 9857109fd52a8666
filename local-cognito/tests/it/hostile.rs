//! Requests no client of ours makes: each gets a clear error, and the server lives on.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::support::{CLIENT, EMAIL, PASSWORD, Proof, Refusal, Server, incorrect, refusal};

/// N of RFC 3526 group 15, once more and by itself.
const N: &str = include_str!("n.hex");

fn initiate(server: &Server, change: impl FnOnce(&mut Value)) -> Result<Value, Refusal> {
    let mut request = json!({
        "ClientId": CLIENT,
        "AuthFlow": "CUSTOM_AUTH",
        "AuthParameters": { "USERNAME": EMAIL, "SRP_A": "2", "CHALLENGE_NAME": "SRP_A" },
    });
    change(&mut request);
    server.call("InitiateAuth", request)
}

#[test]
fn srp_a_is_between_0_and_n() {
    let server = Server::start(&[]);
    let n = N.trim();
    let with = |srp_a: &str| {
        initiate(&server, |request| {
            request["AuthParameters"]["SRP_A"] = srp_a.into()
        })
    };
    let nines = "9".repeat(768);
    for good in [
        "1",
        "2",
        "abc",
        "ABC",
        "0002",
        &n.replace("ffffffffffffffff", "fffffffffffffffe"),
    ] {
        assert!(with(good).is_ok(), "{good}");
    }
    assert!(with(&nines).is_ok());
    for bad in [
        "0",
        "00",
        n,
        &n.to_ascii_uppercase(),
        &format!("1{n}"),
        &"f".repeat(768),
        &"1".repeat(769),
        &"0".repeat(1000),
        &"f".repeat(60_000),
        "-1",
        "0x12",
        "zz",
        "1 2",
        " 1",
        "1\n",
        "\u{ff11}",
        "\0",
    ] {
        let Refusal(name, message) = with(bad).unwrap_err();
        assert_eq!(name, "InvalidParameterException", "{bad:.20}");
        assert!(message.starts_with("SRP_A is not "), "{message}");
    }
    let missing = Err(refusal(
        "InvalidParameterException",
        "Missing required parameter SRP_A",
    ));
    assert_eq!(with(""), missing);
}

#[test]
fn initiate_auth_names_what_is_wrong() {
    let server = Server::start(&[]);
    let long = "a".repeat(2049);
    let cases: [(&str, Value, &str, &str); 13] = [
        (
            "/ClientId",
            json!("nobody"),
            "ResourceNotFoundException",
            "client",
        ),
        (
            "/ClientId",
            json!(""),
            "InvalidParameterException",
            "ClientId",
        ),
        (
            "/ClientId",
            json!("a".repeat(129)),
            "InvalidParameterException",
            "ClientId",
        ),
        ("/ClientId", Value::Null, "SerializationException", "type"),
        ("/AuthFlow", json!(5), "SerializationException", "type"),
        (
            "/AuthFlow",
            json!("USER_PASSWORD_AUTH"),
            "InvalidParameterException",
            "AuthFlow",
        ),
        (
            "/AuthParameters",
            json!([]),
            "SerializationException",
            "type",
        ),
        (
            "/AuthParameters",
            json!({}),
            "InvalidParameterException",
            "USERNAME",
        ),
        (
            "/AuthParameters/USERNAME",
            json!(""),
            "InvalidParameterException",
            "USERNAME",
        ),
        (
            "/AuthParameters/USERNAME",
            json!(long),
            "InvalidParameterException",
            "USERNAME",
        ),
        (
            "/AuthParameters/USERNAME",
            json!(["a"]),
            "SerializationException",
            "type",
        ),
        (
            "/AuthParameters/CHALLENGE_NAME",
            json!("CUSTOM_CHALLENGE"),
            "InvalidParameterException",
            "CHALLENGE_NAME",
        ),
        (
            "/AuthParameters/CHALLENGE_NAME",
            json!(""),
            "InvalidParameterException",
            "CHALLENGE_NAME",
        ),
    ];
    for (place, value, name, word) in cases {
        let outcome = initiate(&server, |request| {
            *request.pointer_mut(place).unwrap() = value.clone();
        });
        let Refusal(actual, message) = outcome.unwrap_err();
        assert_eq!(actual, name, "{place} {value:.40}");
        assert!(message.contains(word), "{place}: {message}");
    }
    for name in [
        "\0",
        "\u{202e}",
        "a\r\nb",
        "' or 1=1",
        "\u{1f600}",
        " user@example.com",
    ] {
        let outcome = initiate(&server, |request| {
            request["AuthParameters"]["USERNAME"] = name.into();
        });
        assert_eq!(
            outcome.unwrap()["ChallengeName"],
            "PASSWORD_VERIFIER",
            "as unknown: {name:?}"
        );
    }
}

#[test]
fn bodies_that_are_no_request_are_refused_without_being_quoted() {
    let server = Server::start(&[]);
    let deep = "[".repeat(10_000);
    for body in [
        "",
        "null",
        "[]",
        "[\"secret\",\"CUSTOM_AUTH\",{}]",
        "\"secret\"",
        "{",
        "{\"ClientId\":\"secret\"",
        "{\"ClientId\":5,\"AuthFlow\":\"secret\"}",
        "{\"ClientId\":\"secret\",\"ClientId\":\"secret\",\"AuthFlow\":\"secret\"}",
        "{\"ClientId\":\"\\ud800\",\"AuthFlow\":\"secret\"}",
        "\u{feff}{}",
        &deep,
    ] {
        let reply = server.call_raw("InitiateAuth", body);
        assert_eq!(reply.status, 400, "{body:.40}");
        assert_eq!(
            reply.json()["__type"],
            "SerializationException",
            "{body:.40}"
        );
        assert!(!reply.body.contains("secret"), "{reply:?}");
    }
    let reply = server.call_raw("InitiateAuth", "{}");
    assert_eq!(
        reply.json()["message"],
        "Missing required parameter ClientId"
    );
}

fn respond(server: &Server, proof: &Proof) -> Result<Value, Refusal> {
    server.respond(
        CLIENT,
        "PASSWORD_VERIFIER",
        proof.session.as_deref(),
        &proof.responses,
    )
}

/// What a test does to a claim; the second is of another session.
struct Alteration(&'static str, fn(&mut Value, &Proof));

/// One bit of base64 text is another.
fn altered(text: &Value) -> Value {
    let mut bytes = Base64::decode_vec(text.as_str().unwrap()).unwrap();
    bytes[7] ^= 1;
    Base64::encode_string(&bytes).into()
}

#[test]
fn a_claim_with_one_thing_altered_fails_like_a_wrong_password() {
    let server = Server::start(&[]);
    let alterations: [Alteration; 8] = [
        Alteration("a bit of the signature", |responses, _| {
            responses["PASSWORD_CLAIM_SIGNATURE"] = altered(&responses["PASSWORD_CLAIM_SIGNATURE"]);
        }),
        Alteration("a short signature", |responses, _| {
            responses["PASSWORD_CLAIM_SIGNATURE"] = "AAAA".into();
        }),
        Alteration("a long signature", |responses, _| {
            responses["PASSWORD_CLAIM_SIGNATURE"] = Base64::encode_string(&[0; 64]).into();
        }),
        Alteration("a bit of the block", |responses, _| {
            let block = altered(&responses["PASSWORD_CLAIM_SECRET_BLOCK"]);
            responses["PASSWORD_CLAIM_SECRET_BLOCK"] = block;
        }),
        Alteration("the block of another session", |responses, other| {
            let block = other.responses["PASSWORD_CLAIM_SECRET_BLOCK"].clone();
            responses["PASSWORD_CLAIM_SECRET_BLOCK"] = block;
        }),
        Alteration("another time", |responses, _| {
            responses["TIMESTAMP"] = "Tue Jan 1 06:06:09 UTC 2019".into();
        }),
        Alteration("the signature of another session", |responses, other| {
            let signature = other.responses["PASSWORD_CLAIM_SIGNATURE"].clone();
            responses["PASSWORD_CLAIM_SIGNATURE"] = signature;
        }),
        Alteration("all of another session", |responses, other| {
            *responses = other.responses.clone()
        }),
    ];
    for Alteration(what, alter) in alterations {
        let other = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
        let mut proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
        alter(&mut proof.responses, &other);
        assert_eq!(respond(&server, &proof), Err(incorrect()), "{what}");
        let right = server.password(CLIENT, EMAIL, PASSWORD);
        assert!(right.is_ok(), "success resets the count of failures");
    }
}

#[test]
fn the_claim_is_parsed_before_the_session_is_spent() {
    let server = Server::start(&[]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    for (field, value, message) in [
        ("USERNAME", "", "Missing required parameter USERNAME"),
        ("TIMESTAMP", "", "Missing required parameter TIMESTAMP"),
        (
            "PASSWORD_CLAIM_SIGNATURE",
            "",
            "Missing required parameter PASSWORD_CLAIM_SIGNATURE",
        ),
        (
            "PASSWORD_CLAIM_SIGNATURE",
            "*",
            "PASSWORD_CLAIM_SIGNATURE should be base64.",
        ),
        (
            "PASSWORD_CLAIM_SECRET_BLOCK",
            "_-_-",
            "PASSWORD_CLAIM_SECRET_BLOCK should be base64.",
        ),
        (
            "TIMESTAMP",
            "Mar 5 2026",
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
        ),
        (
            "TIMESTAMP",
            "Die Sep 5 07:08:09 UTC 2026",
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
        ),
        (
            "TIMESTAMP",
            "Sat Sep 5 07:08:09 CET 2026",
            "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
        ),
    ] {
        let mut malformed = proof.clone();
        malformed.responses[field] = value.into();
        let expected = Err(refusal("InvalidParameterException", message));
        assert_eq!(respond(&server, &malformed), expected, "{field} {value}");
    }
    let missing = server.respond(CLIENT, "PASSWORD_VERIFIER", None, &json!({}));
    let Refusal(_, message) = missing.unwrap_err();
    assert_eq!(
        message, "Missing required parameter USERNAME",
        "the first of all that lack"
    );
    assert!(respond(&server, &proof).is_ok());
}

#[test]
fn a_clock_may_be_five_minutes_off() {
    let server = Server::start(&["--test-clock"]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    // The session lasts three minutes, so only the client can be further off than that.
    server.advance(170);
    assert!(respond(&server, &proof).is_ok());
    for (offset, right) in [(-360, false), (-290, true), (290, true), (360, false)] {
        let timestamp = server.now().saturating_add_signed(offset);
        let outcome = server.prove_at(CLIENT, EMAIL, PASSWORD, timestamp);
        assert_eq!(
            respond(&server, &outcome.unwrap()).is_ok(),
            right,
            "{offset}"
        );
    }
}

#[test]
fn answers_are_texts() {
    let server = Server::start(&[]);
    for (answer, refused) in [
        (Value::Null, "SerializationException"),
        (json!(["123456"]), "SerializationException"),
        (json!(123_456), "SerializationException"),
        (json!(true), "SerializationException"),
        (json!(""), "InvalidParameterException"),
    ] {
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        let name = &challenge["ChallengeParameters"]["USERNAME"];
        let responses = json!({ "USERNAME": name, "ANSWER": answer });
        let session = challenge["Session"].as_str();
        let outcome = server.respond(CLIENT, "CUSTOM_CHALLENGE", session, &responses);
        assert_eq!(outcome.unwrap_err().0, refused, "{answer}");
        assert!(server.answer(&challenge, "123456").is_ok());
    }
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let long = server.answer(&challenge, &"1".repeat(60_000)).unwrap();
    assert_eq!(
        long["ChallengeName"], "CUSTOM_CHALLENGE",
        "long, wrong, and that is all"
    );
}

#[test]
fn challenges_of_other_kinds_are_named_as_unknown() {
    let server = Server::start(&[]);
    for challenge in ["", "SMS", "custom_challenge", "SRP_A", "ADMIN_NO_SRP_AUTH"] {
        let outcome = server.respond(CLIENT, challenge, Some(&"A".repeat(86)), &json!({}));
        let Refusal(name, message) = outcome.unwrap_err();
        assert_eq!(name, "InvalidParameterException");
        assert!(message.starts_with("ChallengeName must be"), "{message}");
    }
    let nobody = server.respond("nobody", "CUSTOM_CHALLENGE", None, &json!({}));
    assert_eq!(nobody.unwrap_err().0, "ResourceNotFoundException");
}
