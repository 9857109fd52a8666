//! Known answers, natively and in a browser: `cargo test -p protocol` and
//! `cargo test -p protocol --target wasm32-unknown-unknown`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic, and exports nothing"
)]

mod known_answers;

use known_answers::{check, tests};
use protocol::srp::{self, ClientPublic, Drawing, Ephemeral, Handshake, Salt, ServerPublic};
use serde_json::Value;
use std::collections::BTreeSet;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn file() -> Value {
    serde_json::from_str(include_str!("../vectors/cognito_srp_test.json")).unwrap()
}

#[test]
fn every_known_answer_is_ours() {
    let file = file();
    let tests = tests(&file).unwrap();
    assert_eq!(tests.len(), 191);
    let wrong: Vec<_> = tests
        .into_iter()
        .filter_map(|(kind, test)| Some((&test["tcId"], check(kind, test).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Powers may be computed in parts, between which a page does what is due.
#[test]
fn a_handshake_in_parts_is_the_same_handshake() {
    let parts = |advance: &mut dyn FnMut() -> bool| (1..=1_000).find(|_| advance());
    let entropy = [5; 64];
    let whole = Ephemeral::new(&entropy).unwrap();
    let mut drawing = Drawing::new(&entropy).unwrap();
    assert!(parts(&mut || drawing.advance()).is_some_and(|count| count > 1));
    let client = drawing.finish();
    assert_eq!(client.public_hex(), whole.public_hex());

    let server = ServerPublic::from_hex("5").unwrap();
    let salt = Salt::from_hex("1").unwrap();
    let agreed = client.agreement(&server, &salt, "pool", "user", b"password");
    let mut agreement = agreed.unwrap();
    assert!(parts(&mut || agreement.advance()).is_some_and(|count| count > 1));
    let signed = |handshake: Handshake| handshake.sign("pool", "user", b"block", "now");
    let at_once = whole.agree(&server, &salt, "pool", "user", b"password");
    assert_eq!(signed(agreement.finish()), signed(at_once.unwrap()));
}

/// Whichever value of a test is another, the test fails. This is so in a browser, too, and takes
/// its time there.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn an_altered_known_answer_does_not_pass() {
    let file = file();
    let mut kinds = BTreeSet::new();
    for (kind, test) in tests(&file).unwrap() {
        if test["result"] != "valid" || !kinds.insert(kind) {
            continue;
        }
        for (name, value) in test.as_object().unwrap() {
            if ["tcId", "comment", "flags"].contains(&name.as_str()) {
                continue;
            }
            let altered = match value.as_u64() {
                Some(number) => (number + 1).into(),
                None => altered(value.as_str().unwrap()).into(),
            };
            let mut test = test.clone();
            test[name] = altered;
            assert!(check(kind, &test).is_err(), "{kind} {name}");
        }
    }
    assert_eq!(kinds.len(), 7);
}

/// The same with another first character.
#[cfg(not(target_arch = "wasm32"))]
fn altered(text: &str) -> String {
    match text.strip_prefix('1') {
        Some(rest) => format!("2{rest}"),
        None => format!("1{}", text.get(1..).unwrap_or_default()),
    }
}

#[test]
fn the_file_says_what_it_has() {
    let file = file();
    let tests = tests(&file).unwrap();
    assert_eq!(file["numberOfTests"], tests.len());
    let ids: Vec<_> = tests.iter().map(|(_, test)| test["tcId"].clone()).collect();
    assert_eq!(ids, (1..=tests.len()).collect::<Vec<_>>());
    let used: BTreeSet<_> = tests
        .iter()
        .flat_map(|(_, test)| test["flags"].as_array().unwrap())
        .map(|flag| flag.as_str().unwrap())
        .collect();
    let notes = file["notes"].as_object().unwrap();
    assert_eq!(used, notes.keys().map(String::as_str).collect());
}

#[test]
fn long_and_odd_salts_are_refused() {
    for salt in ["", "-", "--1", "0x12", "12 ", "+1", "zz", &"1".repeat(65)] {
        assert_eq!(Salt::from_hex(salt), Err(srp::Error::BadHex), "{salt:?}");
    }
}

#[test]
fn public_values_out_of_range_are_refused_on_both_sides() {
    let file = file();
    let n = file["testGroups"][0]["n"].as_str().unwrap();
    let refused = [
        n.to_owned(),
        format!("{}1", "f".repeat(767)),
        format!("1{}", "0".repeat(768)),
        "f".repeat(770),
        "f".repeat(100_000),
    ];
    let of_tests = tests(&file)
        .unwrap()
        .into_iter()
        .filter_map(|(kind, test)| {
            let flags = test["flags"].to_string();
            let public = kind == "CognitoSrpClient" && !flags.contains("Salt");
            (public && test["result"] == "invalid").then(|| test["B"].as_str().unwrap().to_owned())
        });
    let refused: Vec<_> = refused.into_iter().chain(of_tests).collect();
    assert!(refused.len() > 20);
    for value in refused {
        assert!(ServerPublic::from_hex(&value).is_err(), "{value:.20}");
        assert!(ClientPublic::from_hex(&value).is_err(), "{value:.20}");
    }
    let last = format!("{}e", n.strip_suffix('f').unwrap());
    for value in ["1", "01", "2", &last] {
        assert!(ServerPublic::from_hex(value).is_ok(), "{value:.20}");
        assert!(ClientPublic::from_hex(value).is_ok(), "{value:.20}");
    }
}
