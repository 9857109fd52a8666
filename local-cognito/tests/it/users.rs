//! Users that exist, users that do not, users that may not, and the file that keeps them.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use crate::support::{
    CLIENT, EMAIL, PASSWORD, POOL, Refusal, SRP_CLIENT, Server, command, incorrect, refusal,
    scratch,
};

fn challenge(server: &Server, client: &str, name: &str) -> Value {
    server.prove(client, name, "any").unwrap().parameters
}

#[test]
fn a_user_that_does_not_exist_looks_like_one_that_does() {
    let server = Server::start(&[]);
    for client in [CLIENT, SRP_CLIENT] {
        let known = challenge(&server, client, EMAIL);
        let unknown = challenge(&server, client, "nobody@example.com");
        let shape = |parameters: &Value| {
            let parameters = parameters.as_object().unwrap();
            parameters.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(shape(&known), shape(&unknown));
        for name in ["USERNAME", "USER_ID_FOR_SRP", "SECRET_BLOCK"] {
            let length = |parameters: &Value| parameters[name].as_str().unwrap().len();
            assert_eq!(length(&known), length(&unknown), "{name}");
        }
        let wrong = |name: &str| server.password(client, name, "wrong password");
        assert_eq!(wrong("nobody@example.com"), Err(incorrect()));
        assert_eq!(wrong(EMAIL), Err(incorrect()));
    }
}

#[test]
fn what_is_invented_for_a_name_stays_the_same() {
    let server = Server::start(&[]);
    let fixed = |name: &str| {
        let parameters = challenge(&server, CLIENT, name);
        (
            parameters["SALT"].clone(),
            parameters["USER_ID_FOR_SRP"].clone(),
        )
    };
    for name in [EMAIL, "nobody@example.com"] {
        assert_eq!(fixed(name), fixed(name));
        assert_eq!(fixed(name), fixed(&name.to_uppercase()));
        assert_eq!(fixed(name).0, challenge(&server, SRP_CLIENT, name)["SALT"]);
    }
    assert_ne!(fixed("nobody@example.com"), fixed("somebody@example.com"));
    let id = fixed("nobody@example.com").1;
    assert_eq!(
        id.as_str().unwrap().chars().nth(14),
        Some('3'),
        "a name-based UUID: {id}"
    );
    let again = Server::start(&[]);
    let other = challenge(&again, CLIENT, "nobody@example.com");
    assert_ne!(
        fixed("nobody@example.com").0,
        other["SALT"],
        "and is another pool's otherwise"
    );
}

#[test]
fn the_sub_is_no_name_to_sign_in_with() {
    let server = Server::start(&[]);
    let sub = challenge(&server, CLIENT, EMAIL)["USERNAME"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(
        challenge(&server, CLIENT, &sub)["USER_ID_FOR_SRP"],
        sub.as_str()
    );
    assert_eq!(server.password(CLIENT, &sub, PASSWORD), Err(incorrect()));
}

/// A pool as a set-up script makes it; the ids of the pool and of its client.
fn set_up(server: &Server, pool: Value, client: Value) -> (String, String) {
    let mut request = json!({ "PoolName": "p" });
    request
        .as_object_mut()
        .unwrap()
        .extend(pool.as_object().unwrap().clone());
    let pool = server.call("CreateUserPool", request).unwrap();
    let pool = pool["UserPool"]["Id"].as_str().unwrap().to_owned();
    let mut request = json!({ "UserPoolId": pool, "ClientName": "c" });
    request
        .as_object_mut()
        .unwrap()
        .extend(client.as_object().unwrap().clone());
    let client = server.call("CreateUserPoolClient", request).unwrap();
    (
        pool,
        client["UserPoolClient"]["ClientId"]
            .as_str()
            .unwrap()
            .to_owned(),
    )
}

fn begin(server: &Server, client: &str, flow: &str, name: &str) -> Result<Value, Refusal> {
    let parameters = json!({ "USERNAME": name, "SRP_A": "2", "CHALLENGE_NAME": "SRP_A" });
    server.call(
        "InitiateAuth",
        json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters }),
    )
}

#[test]
fn a_legacy_client_is_told_and_needs_triggers_that_are_configured() {
    let server = Server::start(&[]);
    let (pool, client) = set_up(&server, json!({}), json!({}));
    let user = json!({ "UserPoolId": pool, "Username": "ada" });
    let made = server.call("AdminCreateUser", user.clone()).unwrap();
    assert_eq!(made["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    assert_eq!(made["User"]["Username"], "ada");
    let again = server.call("AdminCreateUser", user);
    assert_eq!(again.unwrap_err().0, "UsernameExistsException");
    for flow in ["CUSTOM_AUTH", "USER_SRP_AUTH"] {
        let unknown = begin(&server, &client, flow, "bob");
        assert_eq!(
            unknown,
            Err(refusal("UserNotFoundException", "User does not exist."))
        );
    }
    let srp = begin(&server, &client, "USER_SRP_AUTH", "ada").unwrap();
    assert_eq!(srp["ChallengeParameters"]["USER_ID_FOR_SRP"], "ada");
    let unconfigured = "Custom auth lambda trigger is not configured for the user pool.";
    assert_eq!(
        begin(&server, &client, "CUSTOM_AUTH", "ada"),
        Err(refusal("InvalidParameterException", unconfigured))
    );
}

#[test]
fn set_up_calls_say_what_is_wrong() {
    let server = Server::start(&[]);
    for (operation, request, name) in [
        ("CreateUserPool", json!({}), "InvalidParameterException"),
        (
            "CreateUserPool",
            json!({ "PoolName": "" }),
            "InvalidParameterException",
        ),
        (
            "CreateUserPool",
            json!({ "PoolName": "p", "UsernameAttributes": ["phone_number"] }),
            "InvalidParameterException",
        ),
        (
            "CreateUserPoolClient",
            json!({ "UserPoolId": "us-east-1_None", "ClientName": "c" }),
            "ResourceNotFoundException",
        ),
        (
            "CreateUserPoolClient",
            json!({ "UserPoolId": POOL, "ClientName": "c", "GenerateSecret": true }),
            "InvalidParameterException",
        ),
        (
            "CreateUserPoolClient",
            json!({ "UserPoolId": POOL, "ClientName": "c", "AuthSessionValidity": 16 }),
            "InvalidParameterException",
        ),
        (
            "CreateUserPoolClient",
            json!({ "UserPoolId": POOL, "ClientName": "c", "PreventUserExistenceErrors": "NO" }),
            "SerializationException",
        ),
        (
            "AdminCreateUser",
            json!({ "UserPoolId": POOL, "Username": "ada" }),
            "InvalidParameterException",
        ),
        (
            "AdminCreateUser",
            json!({ "UserPoolId": POOL, "Username": "USER@example.com" }),
            "UsernameExistsException",
        ),
        (
            "AdminSetUserPassword",
            json!({ "UserPoolId": POOL, "Username": "a@b", "Password": "Long-enough-1" }),
            "UserNotFoundException",
        ),
        (
            "AdminSetUserPassword",
            json!({ "UserPoolId": POOL, "Username": EMAIL, "Password": "short" }),
            "InvalidPasswordException",
        ),
        (
            "AdminGetUser",
            json!({ "UserPoolId": POOL, "Username": "a@b" }),
            "UserNotFoundException",
        ),
    ] {
        let outcome = server.call(operation, request.clone());
        assert_eq!(outcome.unwrap_err().0, name, "{operation} {request}");
    }
}

#[test]
fn a_new_user_signs_in_once_the_password_is_permanent() {
    let server = Server::start(&[]);
    let name = "ada@example.com";
    let made = server.call(
        "AdminCreateUser",
        json!({
            "UserPoolId": POOL,
            "Username": name,
            "TemporaryPassword": "Temporary-1",
            "UserAttributes": [
                { "Name": "email_verified", "Value": "true" },
                { "Name": "sub", "Value": "chosen" },
            ],
        }),
    );
    let user = made.unwrap()["User"].clone();
    assert_eq!(
        user["Username"].as_str().unwrap().chars().nth(14),
        Some('4'),
        "{user}"
    );
    assert_eq!(server.password(CLIENT, name, "wrong"), Err(incorrect()));
    let asked = server.password(CLIENT, name, "Temporary-1").unwrap();
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    for (password, permanent) in [("Permanent-1", true), ("Permanent-\u{1f600}", true)] {
        let request = json!({
            "UserPoolId": POOL, "Username": name, "Password": password, "Permanent": permanent,
        });
        assert_eq!(server.call("AdminSetUserPassword", request), Ok(json!({})));
        assert!(
            server.password(CLIENT, name, password).is_ok(),
            "{password}"
        );
        assert!(
            server.password(SRP_CLIENT, name, password).is_ok(),
            "{password}"
        );
    }
    assert_eq!(
        server.password(CLIENT, name, "Permanent-1"),
        Err(incorrect())
    );
    for asked in [name, user["Username"].as_str().unwrap()] {
        let shown = server
            .call(
                "AdminGetUser",
                json!({ "UserPoolId": POOL, "Username": asked }),
            )
            .unwrap();
        assert_eq!(shown["UserStatus"], "CONFIRMED");
        let sub = json!({ "Name": "sub", "Value": user["Username"] });
        assert!(
            shown["UserAttributes"].as_array().unwrap().contains(&sub),
            "{shown}"
        );
    }
}

/// A data file with the seeded user, changed.
fn data_file(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let path = scratch(name);
    let flag = path.to_str().unwrap().to_owned();
    drop(Server::start(&["--data", &flag]));
    let mut data: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let users = data.pointer_mut(&format!("/pools/{POOL}/users")).unwrap();
    change(users.as_object_mut().unwrap().values_mut().next().unwrap());
    fs::write(&path, data.to_string()).unwrap();
    flag
}

#[test]
fn users_that_may_not_sign_in_learn_why_after_the_password() {
    let cases: [(&str, &str, Value, &str); 3] = [
        (
            "disabled",
            "enabled",
            json!(false),
            "NotAuthorizedException",
        ),
        (
            "unconfirmed",
            "status",
            json!("UNCONFIRMED"),
            "UserNotConfirmedException",
        ),
        (
            "reset",
            "status",
            json!("RESET_REQUIRED"),
            "PasswordResetRequiredException",
        ),
    ];
    for (name, field, value, exception) in cases {
        let flag = data_file(&format!("{name}.json"), |user| user[field] = value);
        let server = Server::start(&["--data", &flag]);
        for client in [CLIENT, SRP_CLIENT] {
            let refused = server.password(client, EMAIL, PASSWORD).unwrap_err();
            assert_eq!(refused.0, exception, "{name}");
            assert_ne!(refused, incorrect(), "{name}");
            assert_eq!(
                server.password(client, EMAIL, "wrong"),
                Err(incorrect()),
                "{name}"
            );
        }
    }
}

#[test]
fn the_data_file_keeps_users_salts_and_clients_but_no_password() {
    let path = scratch("kept.json");
    let flag = path.to_str().unwrap();
    let server = Server::start(&["--data", flag]);
    let user = json!({
        "UserPoolId": POOL, "Username": "ada@example.com", "TemporaryPassword": "Secret-Horse-1",
    });
    server.call("AdminCreateUser", user).unwrap();
    let password = json!({
        "UserPoolId": POOL,
        "Username": "ada@example.com",
        "Password": "Secret-Horse-2",
        "Permanent": true,
    });
    server.call("AdminSetUserPassword", password).unwrap();
    let salts = |server: &Server| {
        ["ada@example.com", "nobody@example.com"]
            .map(|name| challenge(server, CLIENT, name)["SALT"].clone())
    };
    let before = salts(&server);
    drop(server);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(!kept.contains("Horse"), "no password");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let server = Server::start(&["--data", flag]);
    assert_eq!(salts(&server), before);
    assert!(
        server
            .password(CLIENT, "ada@example.com", "Secret-Horse-2")
            .is_ok()
    );
}

#[test]
fn a_damaged_data_file_is_said_and_left_alone() {
    let good = data_file("damaged.json", |_| ());
    let text = fs::read_to_string(&good).unwrap();
    for damaged in [
        String::new(),
        "{}".to_owned(),
        text[..text.len() / 2].to_owned(),
        text.replace("\"version\":1", "\"version\":2"),
        text.replace("\"salt\":\"", "\"salt\":\"x"),
        text.replace("\"secret\":\"", "\"secret\":\"AAAA"),
    ] {
        assert_ne!(damaged, text);
        fs::write(&good, &damaged).unwrap();
        let output = command(&["--data", &good])
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(&format!("--data {good}")), "{error}");
        assert_eq!(fs::read_to_string(&good).unwrap(), damaged);
    }
}
