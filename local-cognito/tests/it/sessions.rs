//! A session opens one step, once, for one client and one user.

use std::{sync::Barrier, thread};

use serde_json::json;

use crate::support::{CLIENT, EMAIL, PASSWORD, Refusal, SRP_CLIENT, Server, incorrect, refusal};

fn invalid() -> Refusal {
    refusal("NotAuthorizedException", "Invalid session for the user.")
}

#[test]
fn both_steps_are_spent_by_their_use() {
    let server = Server::start(&[]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    let respond = || {
        let session = proof.session.as_deref();
        server.respond(CLIENT, "PASSWORD_VERIFIER", session, &proof.responses)
    };
    let challenge = respond().unwrap();
    assert_eq!(respond(), Err(invalid()));
    assert!(server.answer(&challenge, "123456").is_ok());
    assert_eq!(server.answer(&challenge, "123456"), Err(invalid()));
}

#[test]
fn a_secret_block_is_a_handle_only_where_there_is_no_session() {
    let server = Server::start(&[]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    let without = server.respond(CLIENT, "PASSWORD_VERIFIER", None, &proof.responses);
    assert_eq!(without, Err(invalid()));
    let proof = server.prove(SRP_CLIENT, EMAIL, PASSWORD).unwrap();
    let respond = || server.respond(SRP_CLIENT, "PASSWORD_VERIFIER", None, &proof.responses);
    assert!(respond().is_ok());
    assert_eq!(respond(), Err(invalid()));
}

#[test]
fn what_is_not_exactly_the_session_is_none() {
    let server = Server::start(&[]);
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let session = challenge["Session"].as_str().unwrap();
    let swapped: String = session
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c
            }
        })
        .collect();
    for wrong in [
        session[..session.len() - 1].to_owned(),
        format!("{session}A"),
        swapped,
        "A".repeat(86),
        "A".repeat(4096),
        "\u{1f600}".repeat(20),
    ] {
        let mut forged = challenge.clone();
        forged["Session"] = wrong.into();
        assert_eq!(server.answer(&forged, "123456"), Err(invalid()));
    }
    for wrong in ["", "A", &"A".repeat(4097)] {
        let mut forged = challenge.clone();
        forged["Session"] = wrong.into();
        let Refusal(name, message) = server.answer(&forged, "123456").unwrap_err();
        assert_eq!(name, "InvalidParameterException");
        assert!(
            message.starts_with("Session must have 20 to 4096 characters"),
            "{message}"
        );
    }
    assert!(
        server.answer(&challenge, "123456").is_ok(),
        "the right one is unharmed"
    );
}

#[test]
fn another_client_another_user_and_another_step_spend_it_in_vain() {
    let server = Server::start(&[]);
    let name = |challenge: &serde_json::Value| challenge["ChallengeParameters"]["USERNAME"].clone();
    let attempts: [(&str, &str, &str, Option<&str>); 4] = [
        ("another client", SRP_CLIENT, "CUSTOM_CHALLENGE", None),
        (
            "another user",
            CLIENT,
            "CUSTOM_CHALLENGE",
            Some("other@example.com"),
        ),
        (
            "a part of the name",
            CLIENT,
            "CUSTOM_CHALLENGE",
            Some("user"),
        ),
        ("another step", CLIENT, "PASSWORD_VERIFIER", None),
    ];
    for (what, client, step, other) in attempts {
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        let username = other.map_or_else(|| name(&challenge), Into::into);
        let responses = json!({
            "USERNAME": username,
            "ANSWER": "123456",
            "TIMESTAMP": "Tue Jan 1 06:06:09 UTC 2030",
            "PASSWORD_CLAIM_SIGNATURE": "AAAA",
            "PASSWORD_CLAIM_SECRET_BLOCK": "AAAA",
        });
        let session = challenge["Session"].as_str();
        assert_eq!(
            server.respond(client, step, session, &responses),
            Err(invalid()),
            "{what}"
        );
        assert_eq!(
            server.answer(&challenge, "123456"),
            Err(invalid()),
            "{what}"
        );
    }
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    let early = json!({ "USERNAME": EMAIL, "ANSWER": "123456" });
    let early = server.respond(CLIENT, "CUSTOM_CHALLENGE", proof.session.as_deref(), &early);
    assert_eq!(early, Err(invalid()));
}

#[test]
fn the_address_the_person_typed_is_a_name_of_theirs() {
    let server = Server::start(&[]);
    for typed in [EMAIL, "USER@Example.com"] {
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        let responses = json!({ "USERNAME": typed, "ANSWER": "123456" });
        let session = challenge["Session"].as_str();
        assert!(
            server
                .respond(CLIENT, "CUSTOM_CHALLENGE", session, &responses)
                .is_ok()
        );
    }
}

#[test]
fn each_step_lasts_three_minutes() {
    let server = Server::start(&["--test-clock"]);
    let expired = Err(refusal(
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.",
    ));
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    server.advance(170);
    let challenge = server.answer(&challenge, "000000").unwrap();
    server.advance(170);
    let challenge = server.answer(&challenge, "000000").unwrap();
    server.advance(180);
    assert_eq!(server.answer(&challenge, "123456"), expired);
    assert_eq!(server.answer(&challenge, "123456"), Err(invalid()));

    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    server.advance(180);
    let session = proof.session.as_deref();
    let late = server.respond(CLIENT, "PASSWORD_VERIFIER", session, &proof.responses);
    assert_eq!(late, expired);
}

#[test]
fn of_eight_parallel_uses_one_succeeds() {
    let server = Server::start(&[]);
    for _ in 0..5 {
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        let (server, challenge, barrier) = (&server, &challenge, &Barrier::new(8));
        let outcomes: Vec<_> = thread::scope(|scope| {
            let uses: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(move || {
                        barrier.wait();
                        server.answer(challenge, "123456")
                    })
                })
                .collect();
            uses.into_iter()
                .map(|handle| handle.join().unwrap())
                .collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.into_iter().all(|outcome| outcome == Err(invalid())));
    }
}

#[test]
fn a_request_that_is_refused_for_its_form_spends_nothing() {
    let server = Server::start(&[]);
    let proof = server.prove(CLIENT, EMAIL, PASSWORD).unwrap();
    let mut malformed = proof.clone();
    malformed.responses["TIMESTAMP"] = "2026-11-22T10:00:00Z".into();
    let session = proof.session.as_deref();
    let refused = server.respond(CLIENT, "PASSWORD_VERIFIER", session, &malformed.responses);
    assert_eq!(refused.unwrap_err().0, "InvalidParameterException");
    let wrong = server.password(CLIENT, EMAIL, "wrong password");
    assert_eq!(
        wrong,
        Err(incorrect()),
        "another sign-in does not disturb this one"
    );
    assert!(
        server
            .respond(CLIENT, "PASSWORD_VERIFIER", session, &proof.responses)
            .is_ok()
    );
}

#[test]
fn more_than_a_thousand_begun_sign_ins_push_the_oldest_out() {
    let server = Server::start(&[]);
    let first = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let begin = json!({
        "ClientId": SRP_CLIENT,
        "AuthFlow": "USER_SRP_AUTH",
        "AuthParameters": { "USERNAME": EMAIL, "SRP_A": "2" },
    });
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..250 {
                    assert!(server.call("InitiateAuth", begin.clone()).is_ok());
                }
            });
        }
    });
    assert_eq!(server.answer(&first, "123456"), Err(invalid()));
    server.sign_in();
}
