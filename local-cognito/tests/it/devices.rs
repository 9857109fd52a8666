//! Devices that the pool remembers.

use protocol::{
    Confirmation, Device, Error, Next, Operation, RefusalKind, Tokens, remember_device,
};
use serde_json::{Value, json};

use crate::{
    client::{Pool, View, kind, random, signed_in},
    support::PASSWORD,
};

pub fn remember(pool: &Pool, tokens: &Tokens) -> (Device, Vec<Operation>) {
    let new = tokens.new_device().unwrap().clone();
    let (mut request, mut state) =
        remember_device(tokens.access(), new, Some("Browser"), &random());
    let mut operations = Vec::new();
    loop {
        operations.push(request.operation());
        match state.receive(pool.post(&request).view()).unwrap() {
            Confirmation::Send(next, waiting) => (request, state) = (next, waiting),
            Confirmation::Remembered(device) => return (device, operations),
        }
    }
}

fn kept(device: &Device) -> Device {
    Device::new(device.key(), device.group_key(), device.password()).unwrap()
}

#[test]
fn a_remembered_device_needs_no_code_until_it_is_forgotten() {
    let mfa = json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": {} });
    for (on_prompt, operations) in [
        (false, &[Operation::ConfirmDevice][..]),
        (
            true,
            &[Operation::ConfirmDevice, Operation::UpdateDeviceStatus],
        ),
    ] {
        let devices = json!({
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": true,
                "DeviceOnlyRememberedOnUserPrompt": on_prompt,
            },
        });
        let pool = Pool::new(devices, mfa.clone()).with_permanent_password();
        let with_code = |next: Result<Next, Error>| {
            let Ok(Next::AskCode(prompt)) = next else {
                panic!("{next:?}")
            };
            let code = prompt.read_code(&pool.mailed_code()).unwrap();
            signed_in(pool.go_on(prompt.submit(&code)))
        };
        let first = with_code(pool.begin(PASSWORD, None));
        let (device, called) = remember(&pool, &first);
        assert_eq!(called, operations);
        let second = signed_in(pool.begin(PASSWORD, Some(kept(&device))));
        assert_eq!(
            (second.new_device(), second.is_device_forgotten()),
            (None, false)
        );

        let other = Device::new(device.key(), device.group_key(), "another").unwrap();
        let refused = kind(pool.begin(PASSWORD, Some(other)));
        assert_eq!(refused, RefusalKind::DeviceRefused);
        assert_eq!(
            kind(pool.begin("wrong", Some(kept(&device)))),
            RefusalKind::BadCredentials
        );

        let request = json!({ "AccessToken": first.access(), "DeviceKey": device.key() });
        pool.server.call("ForgetDevice", request.clone()).unwrap();
        let gone = pool.server.call("ForgetDevice", request).unwrap_err();
        assert_eq!(
            (gone.0.as_str(), gone.1.as_str()),
            ("ResourceNotFoundException", "Device does not exist.")
        );
        let third = with_code(pool.begin(PASSWORD, Some(device)));
        assert!(third.is_device_forgotten());
        assert!(
            third.new_device().is_some(),
            "a device may be remembered anew"
        );
    }
}

#[test]
fn devices_are_listed_by_pages_and_shown_one_by_one() {
    let devices = json!({ "DeviceConfiguration": { "DeviceOnlyRememberedOnUserPrompt": true } });
    let pool = Pool::new(devices, json!({})).with_permanent_password();
    let mut keys = Vec::new();
    let mut access = String::new();
    for _ in 0..3 {
        let tokens = signed_in(pool.begin(PASSWORD, None));
        keys.push(remember(&pool, &tokens).0.key().to_owned());
        access = tokens.access().to_owned();
        pool.server.advance(10);
    }
    keys.sort();
    let list = |more: Value| {
        let mut request = json!({ "AccessToken": access });
        let members = request.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        pool.server.call("ListDevices", request)
    };
    let keys_of = |page: &Value| {
        let devices = page["Devices"].as_array().unwrap();
        let keys = devices.iter().map(|device| device["DeviceKey"].clone());
        keys.collect::<Vec<_>>()
    };
    let all = list(json!({})).unwrap();
    assert_eq!(keys_of(&all), keys);
    assert_eq!(all.get("PaginationToken"), None);
    let first = list(json!({ "Limit": 2 })).unwrap();
    assert_eq!(keys_of(&first), keys[..2]);
    let next = json!({ "Limit": 2, "PaginationToken": first["PaginationToken"] });
    let second = list(next).unwrap();
    assert_eq!(keys_of(&second), keys[2..]);
    assert_eq!(second.get("PaginationToken"), None);
    let too_many = list(json!({ "Limit": 61 })).unwrap_err();
    assert_eq!(too_many.0, "InvalidParameterException");

    let get = |key: &str| {
        let request = json!({ "AccessToken": access, "DeviceKey": key });
        pool.server.call("GetDevice", request)
    };
    let shown = get(&keys[0]).unwrap()["Device"].clone();
    assert_eq!(shown, all["Devices"][0]);
    let attributes = shown["DeviceAttributes"].as_array().unwrap();
    for (name, value) in [
        ("device_name", "Browser"),
        ("dev:device_remembered_status", "remembered"),
    ] {
        let expected = json!({ "Name": name, "Value": value });
        assert!(attributes.contains(&expected), "{attributes:?}");
    }
    let missing = get("us-east-1_0").unwrap_err();
    assert_eq!(missing.0, "ResourceNotFoundException");
}

#[test]
fn a_device_that_proves_itself_was_last_seen_then() {
    let devices = json!({ "DeviceConfiguration": { "DeviceOnlyRememberedOnUserPrompt": false } });
    let pool = Pool::new(devices, json!({})).with_permanent_password();
    let tokens = signed_in(pool.begin(PASSWORD, None));
    let device = remember(&pool, &tokens).0;
    pool.server.advance(600);
    let request = json!({ "AccessToken": tokens.access(), "DeviceKey": device.key() });
    signed_in(pool.begin(PASSWORD, Some(device)));
    let shown = pool.server.call("GetDevice", request).unwrap()["Device"].clone();
    let at = |name: &str| shown[name].as_u64().unwrap();
    assert!(at("DeviceLastAuthenticatedDate") >= at("DeviceCreateDate") + 600);
    assert_eq!(at("DeviceLastModifiedDate"), at("DeviceCreateDate"));
}

#[test]
fn a_device_that_was_not_announced_is_not_confirmed() {
    let pool = Pool::new(json!({}), json!({})).with_permanent_password();
    let tokens = signed_in(pool.begin(PASSWORD, None));
    assert_eq!(tokens.new_device(), None);
    let request = json!({
        "AccessToken": tokens.access(),
        "DeviceKey": "us-east-1_0",
        "DeviceSecretVerifierConfig": { "Salt": "AQ==", "PasswordVerifier": "AQ==" },
    });
    let refused = pool.server.call("ConfirmDevice", request).unwrap_err();
    assert_eq!(refused.0, "ResourceNotFoundException");
}
