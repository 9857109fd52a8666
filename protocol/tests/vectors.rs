//! Known answers, natively and in a browser: `published` by other implementations, the
//! `edge_cases` confirmed by seven of them (each entry names its source):
//! `cargo test -p protocol` and `cargo test -p protocol --target wasm32-unknown-unknown`.

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

use base64ct::{Base64, Encoding};
use known_answers::{bytes, hex};
use protocol::{
    Timestamp,
    srp::{self, Ephemeral, Handshake, Salt, ServerPublic, Verifier},
};
use serde_json::Value;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn file() -> Value {
    serde_json::from_str(include_str!("../vectors/srp-vectors.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name}: no string in {value}"))
}

fn ephemeral(case: &Value) -> Ephemeral {
    Ephemeral::from_be_bytes(&bytes(text(case, "a_hex")).unwrap()).unwrap()
}

/// Agrees with the values of a published case.
fn agree(case: &Value, group: &str, user: &str, password: &str) -> Handshake {
    let server = ServerPublic::from_hex(text(case, "SRP_B")).unwrap();
    let salt = Salt::from_hex(text(case, "SALT")).unwrap();
    ephemeral(case)
        .agree(&server, &salt, group, user, password.as_bytes())
        .unwrap()
}

fn signature(handshake: &Handshake, group: &str, user: &str, block: &str, time: &str) -> String {
    let block = Base64::decode_vec(block).unwrap();
    Base64::encode_string(&*handshake.sign(group, user, &block, time))
}

#[test]
fn every_edge_case() {
    let file = file();
    let cases = known_answers::cases(&file).unwrap();
    assert_eq!(cases.len(), 22);
    for case in cases {
        known_answers::check(case).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
    }
}

#[test]
fn an_altered_case_does_not_pass() {
    let file = file();
    for name in [
        "a",
        "A",
        "B",
        "salt",
        "u",
        "S",
        "x",
        "hkdf",
        "secretBlock",
        "timestamp",
    ] {
        let mut case = known_answers::cases(&file).unwrap()[0].clone();
        let altered = match text(&case, name).strip_prefix('1') {
            Some(rest) => format!("2{rest}"),
            None => format!("1{}", &text(&case, name)[1..]),
        };
        case[name] = altered.into();
        assert!(known_answers::check(&case).is_err(), "{name}");
    }
}

#[test]
fn alexrudd_go() {
    let case = &file()["published"]["alexrudd_go"];
    let decimal = num_bigint::BigUint::parse_bytes(text(case, "A_decimal").as_bytes(), 10).unwrap();
    assert_eq!(ephemeral(case).public_hex(), decimal.to_str_radix(16), "A");
    let (pool, user) = (text(case, "poolName"), text(case, "username"));
    let handshake = agree(case, pool, user, text(case, "password"));
    let got = handshake.intermediates();
    let expected = &case["expected"];
    let s = text(expected, "S_pad_hex").strip_prefix("00").unwrap();
    assert_eq!(hex(got.s), s, "S");
    assert_eq!(hex(got.u), text(expected, "u_pad_hex"), "u");
    assert_eq!(hex(got.key), text(expected, "key_hex"), "key");
    let (block, time) = (text(case, "SECRET_BLOCK_b64"), text(case, "TIMESTAMP"));
    assert_eq!(
        signature(&handshake, pool, user, block, time),
        text(expected, "PASSWORD_CLAIM_SIGNATURE")
    );
}

#[test]
fn cognito_srp_helper() {
    let case = &file()["published"]["cognito_srp_helper_user"];
    assert_eq!(ephemeral(case).public_hex(), text(case, "A_hex"), "A");
    let (pool, user) = (text(case, "poolName"), text(case, "USER_ID_FOR_SRP"));
    let handshake = agree(case, pool, user, text(case, "password"));
    let got = handshake.intermediates();
    let expected = &case["expected"];
    assert_eq!(hex(got.u), text(expected, "u_hex"), "u");
    assert_eq!(hex(got.x), text(expected, "x_hex"), "x");
    assert_eq!(hex(got.key), text(expected, "key_hex"), "key");
    let (block, time) = (text(case, "SECRET_BLOCK"), text(case, "TIMESTAMP"));
    assert_eq!(
        signature(&handshake, pool, user, block, time),
        text(expected, "PASSWORD_CLAIM_SIGNATURE")
    );
}

#[test]
fn aws_cognito_srp_rust() {
    let published = &file()["published"]["aws_cognito_srp_rust"];
    assert_eq!(
        ephemeral(published).public_hex(),
        text(published, "A_hex"),
        "A"
    );
    let identities = [("user", "poolName", "USER_ID_FOR_SRP", "password")];
    let devices = [(
        "device",
        "DeviceGroupKey",
        "DeviceKey",
        "device_random_password",
    )];
    for (list, group, user, password) in identities.into_iter().chain(devices) {
        for case in published[list].as_array().unwrap() {
            let mut case = case.clone();
            case["a_hex"] = published["a_hex"].clone();
            let (group, user) = (text(&case, group), text(&case, user));
            let handshake = agree(&case, group, user, text(&case, password));
            let (block, time) = (
                text(published, "SECRET_BLOCK"),
                text(published, "TIMESTAMP"),
            );
            let got = signature(&handshake, group, user, block, time);
            assert_eq!(got, text(&case, "PASSWORD_CLAIM_SIGNATURE"), "{list}");
        }
    }
}

#[test]
fn identity_js_devices() {
    let file = file();
    let cases = file["published"]["identity_js_device"]["cases"]
        .as_array()
        .unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        assert_eq!(ephemeral(case).public_hex(), text(case, "A_hex"), "A");
        let (group, key) = (text(case, "DeviceGroupKey"), text(case, "DeviceKey"));
        let handshake = agree(case, group, key, text(case, "device_random_password"));
        let (block, time) = (text(case, "SECRET_BLOCK"), text(case, "TIMESTAMP"));
        assert_eq!(
            signature(&handshake, group, key, block, time),
            text(case, "PASSWORD_CLAIM_SIGNATURE")
        );
    }
}

#[test]
fn cognito_srp_npm() {
    let case = &mut file()["published"]["cognito_srp_npm"];
    case["SRP_B"] = case["B_hex"].clone();
    let expected = &case["expected"];
    assert_eq!(ephemeral(case).public_hex(), text(expected, "A_hex"), "A");
    let handshake = agree(
        case,
        text(case, "poolName"),
        text(case, "username"),
        text(case, "password"),
    );
    let got = handshake.intermediates();
    assert_eq!(hex(got.u), text(expected, "u_hex"), "u");
    assert_eq!(hex(got.s), text(expected, "S_hex"), "S");
    assert_eq!(hex(got.key), text(expected, "key_hex"), "key");
}

#[test]
fn device_verifiers() {
    let published = &file()["published"];
    for (case, salt) in [
        (
            &published["cognito_srp_helper_device_verifier"],
            "salt_int_hex",
        ),
        (
            &published["aws_cognito_srp_rust"]["device_verifier"],
            "salt_bytes_hex",
        ),
    ] {
        let salt = Salt::from_hex(text(case, salt)).unwrap();
        let verifier = Verifier::derive(
            text(case, "DeviceGroupKey"),
            text(case, "DeviceKey"),
            text(case, "device_random_password").as_bytes(),
            &salt,
        );
        let expected = case.get("expected").unwrap_or(case);
        let padded = Base64::decode_vec(text(expected, "PasswordVerifier_b64")).unwrap();
        assert_eq!(verifier.to_hex(), hex(&padded).trim_start_matches('0'));
    }
}

#[test]
fn pad_is_javas() {
    let file = file();
    let cases = file["padHex"]["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 25);
    for case in cases {
        let n = case["n"].as_i64().unwrap();
        let sign = if n < 0 { "-" } else { "" };
        let salt = Salt::from_hex(&format!("{sign}{:x}", n.unsigned_abs())).unwrap();
        assert_eq!(
            hex(&salt.pad()),
            text(case, "hex").to_ascii_lowercase(),
            "{n}"
        );
    }
    for case in file["padHex"]["go_cases"]["cases"].as_array().unwrap() {
        let salt = Salt::from_hex(text(case, "in")).unwrap();
        assert_eq!(hex(&salt.pad()), text(case, "out"));
    }
}

#[test]
fn negative_salts_are_twos_complement() {
    for case in file()["negative_salt_encoding"]["cases"]
        .as_array()
        .unwrap()
    {
        let salt = Salt::from_hex(text(case, "SALT")).unwrap();
        assert_eq!(hex(&salt.pad()), text(case, "PAD_hex"));
        assert_eq!(salt.to_hex(), text(case, "SALT"));
    }
}

#[test]
fn salts_of_other_forms_are_refused() {
    for salt in ["", "-", "--1", "0x12", "12 ", "+1", "zz", &"1".repeat(65)] {
        assert_eq!(Salt::from_hex(salt), Err(srp::Error::BadHex), "{salt:?}");
    }
}

#[test]
fn timestamps() {
    for case in file()["timestamps"].as_array().unwrap() {
        let time = Timestamp::from_unix(case["epoch_ms"].as_u64().unwrap() / 1000);
        assert_eq!(time.to_string(), text(case, "text"));
        assert_eq!(Timestamp::parse(text(case, "text")), Ok(time));
    }
}

#[test]
fn public_values_out_of_range_are_refused() {
    let file = file();
    let n = text(&file["constants"], "N_hex");
    let listed = file["must_reject"]["SRP_B"].as_array().unwrap();
    let mut refused: Vec<String> = listed
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect();
    refused.extend(
        ["", "00", "-1", "zz", " ", "0x1"]
            .map(str::to_owned)
            .into_iter()
            .chain([
                format!("0{n}"),
                n.to_ascii_lowercase(),
                format!("{}1", "F".repeat(767)),
                format!("1{}", "0".repeat(768)),
                "f".repeat(770),
                "f".repeat(100_000),
                format!(" {n}"),
            ]),
    );
    for value in &refused {
        assert!(ServerPublic::from_hex(value).is_err(), "{value:.20}");
        assert!(srp::ClientPublic::from_hex(value).is_err(), "{value:.20}");
    }
    let last = format!("{}E", n.strip_suffix('F').unwrap());
    for value in ["1", "01", "2", &last] {
        assert!(ServerPublic::from_hex(value).is_ok(), "{value:.20}");
    }
}
