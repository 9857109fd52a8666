//! Remembered devices.

use base64ct::{Base64, Encoding};
use protocol::{
    Confirmation, Credentials, Device, Error, Flow, NewDevice, Next, Password, RefusalKind,
    remember_device,
};
use serde_json::{Value, json};

use crate::{
    pool::{self, DEVICE, USER_ID},
    sign_in::{SignIn, answer, challenge, kind, refusal},
};

fn remembered(password: &str) -> SignIn {
    let device = Device::new(DEVICE.0, DEVICE.1, password).unwrap();
    let credentials = Credentials::of(
        "user@example.com",
        Some(Password::new("Correct-Horse-9")),
        Flow::UserSrp,
    );
    SignIn::with(credentials.unwrap().with_device(device, &[5; 64]))
}

/// The same, with `SRP_A` of the device about to be posted.
fn asked_for_the_device(password: &str) -> SignIn {
    let mut sign_in = remembered(password);
    sign_in.sent();
    let next = sign_in.replied(&challenge("DEVICE_SRP_AUTH", json!({})));
    let Ok(Next::Send(request, state)) = next else {
        panic!("{next:?}")
    };
    sign_in.waiting = Some((request, state));
    sign_in
}

#[test]
fn a_remembered_device_proves_itself() {
    let mut sign_in = asked_for_the_device(DEVICE.2);
    assert_eq!(sign_in.posted[0]["AuthParameters"]["DEVICE_KEY"], DEVICE.0);
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
    let mut sign_in = asked_for_the_device("another");
    sign_in.sent();
    assert_eq!(kind(sign_in.post()), RefusalKind::DeviceRefused);
}

/// The proof of a device is its own, and goes where it was asked for.
#[test]
fn another_challenge_is_not_answered_with_the_devices_password() {
    let parameters = json!({
        "SRP_B": "5",
        "SALT": "1",
        "SECRET_BLOCK": "AAAA",
        "USERNAME": USER_ID,
        "USER_ID_FOR_SRP": USER_ID,
    });
    for name in ["PASSWORD_VERIFIER", "CUSTOM_CHALLENGE", ""] {
        let mut sign_in = asked_for_the_device(DEVICE.2);
        let next = sign_in.replied(&challenge(name, parameters.clone()));
        let Err(Error::PoolMisbehaved(bad)) = next else {
            panic!("{name}: {next:?}")
        };
        assert_eq!(bad.field, "ChallengeName");
    }
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

/// Without the device there would be nothing to prove.
#[test]
fn a_device_that_is_gone_when_it_is_asked_for_is_refused() {
    let gone = refusal("ResourceNotFoundException", "Device does not exist.");
    for proved in [false, true] {
        let mut sign_in = asked_for_the_device(DEVICE.2);
        if proved {
            sign_in.sent();
        }
        assert_eq!(kind(sign_in.replied(&gone)), RefusalKind::DeviceRefused);
    }
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
    let file: Value =
        serde_json::from_str(include_str!("../../vectors/cognito_srp_test.json")).unwrap();
    let groups = file["testGroups"].as_array().unwrap();
    let of_identity_js = groups.iter().find(|group| {
        let source = group["source"]["name"].as_str().unwrap();
        group["type"] == "CognitoSrpDeviceVerifier" && source.contains("identity-js")
    });
    let tests = of_identity_js.unwrap()["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 3);
    for test in tests {
        let text = |name: &str| test[name].as_str().unwrap();
        let mut entropy = Base64::decode_vec(text("password")).unwrap();
        let salt = u128::from_str_radix(text("salt"), 16).unwrap();
        entropy.extend(salt.to_be_bytes());
        let new = NewDevice {
            key: text("deviceKey").into(),
            group_key: text("deviceGroupKey").into(),
        };
        let entropy: [u8; 56] = entropy.try_into().unwrap();
        let (request, state) = remember_device("access", new, Some("Browser"), &entropy);
        assert!(request.target().ends_with(".ConfirmDevice"));
        let body: Value = serde_json::from_str(request.body()).unwrap();
        assert_eq!(
            body,
            json!({
                "AccessToken": "access",
                "DeviceKey": text("deviceKey"),
                "DeviceName": "Browser",
                "DeviceSecretVerifierConfig": {
                    "Salt": text("saltBase64"),
                    "PasswordVerifier": text("verifier"),
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
        assert_eq!(device.password(), text("password"));
        assert_eq!(
            (device.key(), device.group_key()),
            (text("deviceKey"), text("deviceGroupKey"))
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

#[test]
fn a_token_that_has_expired_says_nothing_about_the_device() {
    let new = NewDevice {
        key: "k".into(),
        group_key: "g".into(),
    };
    let (_, state) = remember_device("access", new, None, &[1; 56]);
    let body = refusal("NotAuthorizedException", "Access Token has expired");
    let Err(Error::PoolRefused(refusal)) = state.receive(answer(400, &body).view()) else {
        panic!()
    };
    assert_eq!(refusal.kind, RefusalKind::Other);
}
