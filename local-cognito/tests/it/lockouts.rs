//! Five wrong passwords, and each more doubles the wait.

use std::thread;

use crate::support::{
    CLIENT, EMAIL, PASSWORD, Proof, Refusal, SRP_CLIENT, Server, incorrect, refusal,
};

fn exceeded() -> Refusal {
    refusal("NotAuthorizedException", "Password attempts exceeded")
}

#[test]
fn the_sixth_try_waits_and_the_right_password_waits_too() {
    for name in [EMAIL, "nobody@example.com"] {
        let server = Server::start(&["--test-clock"]);
        for _ in 0..5 {
            assert_eq!(server.password(CLIENT, name, "wrong"), Err(incorrect()));
        }
        assert_eq!(
            server.password(CLIENT, name, PASSWORD),
            Err(exceeded()),
            "{name}"
        );
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            server.advance(seconds);
            assert_eq!(
                server.password(CLIENT, name, "wrong"),
                Err(incorrect()),
                "{name}"
            );
            assert_eq!(
                server.password(CLIENT, name, "wrong"),
                Err(exceeded()),
                "{seconds}"
            );
        }
    }
}

#[test]
fn success_forgets_and_codes_do_not_count() {
    let server = Server::start(&["--test-clock"]);
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(server.password(CLIENT, EMAIL, "wrong"), Err(incorrect()));
        }
        let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
        assert!(server.answer(&challenge, "000000").is_ok());
    }
}

#[test]
fn another_client_of_the_pool_is_no_way_round() {
    let server = Server::start(&["--test-clock"]);
    for _ in 0..5 {
        assert_eq!(
            server.password(SRP_CLIENT, &EMAIL.to_uppercase(), "wrong"),
            Err(incorrect())
        );
    }
    assert_eq!(server.password(CLIENT, EMAIL, PASSWORD), Err(exceeded()));
}

#[test]
fn of_twenty_parallel_guesses_one_is_judged() {
    let server = Server::start(&["--test-clock"]);
    // After eleven failures the next lock is long enough for the test to be slow.
    for lock in [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64] {
        assert_eq!(server.password(CLIENT, EMAIL, "wrong"), Err(incorrect()));
        server.advance(lock);
    }
    let proofs: Vec<_> = (0..20)
        .map(|_| server.prove(CLIENT, EMAIL, "wrong").unwrap())
        .collect();
    let outcomes: Vec<_> = thread::scope(|scope| {
        let guess = |proof: &Proof| {
            let session = proof.session.as_deref();
            server
                .respond(CLIENT, "PASSWORD_VERIFIER", session, &proof.responses)
                .unwrap_err()
        };
        let guesses: Vec<_> = proofs
            .iter()
            .map(|proof| scope.spawn(move || guess(proof)))
            .collect();
        guesses
            .into_iter()
            .map(|guess| guess.join().unwrap())
            .collect()
    });
    let count = |refusal: Refusal| {
        outcomes
            .iter()
            .filter(|outcome| **outcome == refusal)
            .count()
    };
    assert_eq!(
        (count(incorrect()), count(exceeded())),
        (1, 19),
        "{outcomes:?}"
    );
}
