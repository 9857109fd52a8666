//! What people do with their account: sign up, get a new password, change attributes, leave.

use serde_json::{Value, json};

use crate::support::{CLIENT, EMAIL, PASSWORD, Refusal, SRP_CLIENT, Server, incorrect, refusal};

const NAME: &str = "ada@example.com";

fn named(operation: &str, server: &Server, name: &str) -> Result<Value, Refusal> {
    server.call(operation, json!({ "ClientId": CLIENT, "Username": name }))
}

fn sign_up(server: &Server, name: &str, password: &str) -> Result<Value, Refusal> {
    let attributes = json!([{ "Name": "name", "Value": "Ada" }]);
    server.call(
        "SignUp",
        json!({
            "ClientId": CLIENT, "Username": name, "Password": password,
            "UserAttributes": attributes,
        }),
    )
}

fn confirm(server: &Server, code: &str) -> Result<Value, Refusal> {
    let request = json!({ "ClientId": CLIENT, "Username": NAME, "ConfirmationCode": code });
    server.call("ConfirmSignUp", request)
}

fn new_password(server: &Server, name: &str, code: &str) -> Result<Value, Refusal> {
    let request = json!({
        "ClientId": CLIENT, "Username": name, "ConfirmationCode": code, "Password": "New-Horse-10",
    });
    server.call("ConfirmForgotPassword", request)
}

/// The code of the last mail to an address.
fn code(server: &Server, address: &str) -> String {
    let mails = server.get(&format!("/inbox/messages?to={address}")).json();
    let text = mails.as_array().unwrap().last().unwrap()["text"].clone();
    let digits = text
        .as_str()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(digits.len(), 6, "{text}");
    digits
}

fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

fn mismatch() -> Refusal {
    refusal(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
}

fn expired() -> Refusal {
    refusal(
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
    )
}

fn attributes(server: &Server, token: &Value) -> Value {
    let user = server
        .call("GetUser", json!({ "AccessToken": token }))
        .unwrap();
    let list = user["UserAttributes"].as_array().unwrap().clone();
    let pair = |item: Value| Some((item["Name"].as_str()?.to_owned(), item["Value"].clone()));
    Value::Object(list.into_iter().filter_map(pair).collect())
}

#[test]
fn a_new_user_signs_in_once_the_code_is_back() {
    let server = Server::start(&[]);
    let made = sign_up(&server, NAME, PASSWORD).unwrap();
    assert_eq!(made["UserConfirmed"], false);
    let details = json!({
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
    });
    assert_eq!(made["CodeDeliveryDetails"], details);
    let again = sign_up(&server, "ADA@example.com", PASSWORD);
    let taken = "An account with the given email already exists.";
    assert_eq!(again, Err(refusal("UsernameExistsException", taken)));
    let early = server.password(SRP_CLIENT, NAME, PASSWORD);
    assert_eq!(
        early,
        Err(refusal(
            "UserNotConfirmedException",
            "User is not confirmed."
        ))
    );
    let first = code(&server, NAME);
    assert_eq!(confirm(&server, wrong(&first)), Err(mismatch()));
    let resent = named("ResendConfirmationCode", &server, NAME).unwrap();
    assert_eq!(resent["CodeDeliveryDetails"], details);
    let second = code(&server, NAME);
    assert_eq!(confirm(&server, &second), Ok(json!({})));
    let over = "User cannot be confirmed. Current status is CONFIRMED";
    assert_eq!(
        confirm(&server, &second),
        Err(refusal("NotAuthorizedException", over))
    );
    assert_eq!(
        named("ResendConfirmationCode", &server, NAME),
        Err(refusal(
            "InvalidParameterException",
            "User is already confirmed."
        ))
    );
    let tokens = server.password(SRP_CLIENT, NAME, PASSWORD).unwrap();
    let user = attributes(&server, &tokens["AuthenticationResult"]["AccessToken"]);
    assert_eq!(user["sub"], made["UserSub"]);
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&json!(NAME), &json!("true"))
    );
    assert_eq!(user["name"], "Ada");
    for (name, password, exception) in [
        ("nobody", PASSWORD, "InvalidParameterException"),
        ("b@example.com", "short", "InvalidPasswordException"),
    ] {
        assert_eq!(sign_up(&server, name, password).unwrap_err().0, exception);
    }
}

#[test]
fn a_forgotten_password_is_replaced_and_a_stranger_learns_nothing() {
    let server = Server::start(&["--test-clock"]);
    assert_eq!(new_password(&server, EMAIL, "123456"), Err(expired()));
    let known = named("ForgotPassword", &server, EMAIL).unwrap();
    let unknown = named("ForgotPassword", &server, "ursula@example.com").unwrap();
    assert_eq!(known, unknown);
    assert_eq!(
        new_password(&server, "ursula@example.com", "123456"),
        Err(mismatch())
    );
    let first = code(&server, EMAIL);
    server.advance(3601);
    assert_eq!(new_password(&server, EMAIL, &first), Err(expired()));
    named("ForgotPassword", &server, EMAIL).unwrap();
    let second = code(&server, EMAIL);
    assert_eq!(new_password(&server, EMAIL, &second), Ok(json!({})));
    assert_eq!(new_password(&server, EMAIL, &second), Err(expired()));
    assert_eq!(
        server.password(SRP_CLIENT, EMAIL, PASSWORD),
        Err(incorrect())
    );
    assert!(server.password(SRP_CLIENT, EMAIL, "New-Horse-10").is_ok());
    sign_up(&server, NAME, PASSWORD).unwrap();
    assert_eq!(
        named("ForgotPassword", &server, NAME).unwrap_err().0,
        "InvalidParameterException",
        "an address that nobody has verified"
    );
}

#[test]
fn five_wrong_codes_are_enough() {
    let server = Server::start(&[]);
    named("ForgotPassword", &server, EMAIL).unwrap();
    let right = code(&server, EMAIL);
    for _ in 0..5 {
        assert_eq!(new_password(&server, EMAIL, wrong(&right)), Err(mismatch()));
    }
    let limit = "Attempt limit exceeded, please try after some time.";
    assert_eq!(
        new_password(&server, EMAIL, &right),
        Err(refusal("LimitExceededException", limit))
    );
}

#[test]
fn whoever_knows_the_old_password_sets_a_new_one() {
    let server = Server::start(&[]);
    let token = server.sign_in()["AccessToken"].clone();
    let change = |previous: &str, proposed: &str| {
        let request = json!({
            "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed,
        });
        server.call("ChangePassword", request)
    };
    assert_eq!(change("wrong-Horse-9", "New-Horse-10"), Err(incorrect()));
    assert_eq!(
        change(PASSWORD, "short").unwrap_err().0,
        "InvalidPasswordException"
    );
    assert_eq!(change(PASSWORD, "New-Horse-10"), Ok(json!({})));
    assert!(server.password(SRP_CLIENT, EMAIL, "New-Horse-10").is_ok());
    for _ in 0..5 {
        assert_eq!(change(PASSWORD, "New-Horse-11"), Err(incorrect()));
    }
    let locked = change("New-Horse-10", "New-Horse-11").unwrap_err();
    assert_eq!(locked.0, "LimitExceededException");
}

#[test]
fn a_new_address_counts_once_it_is_verified() {
    let server = Server::start(&[]);
    let token = server.sign_in()["AccessToken"].clone();
    let update = |name: &str, value: &str| {
        let list = json!([{ "Name": name, "Value": value }]);
        let request = json!({ "AccessToken": token, "UserAttributes": list });
        server.call("UpdateUserAttributes", request)
    };
    let verify = |code: &str| {
        let request = json!({ "AccessToken": token, "AttributeName": "email", "Code": code });
        server.call("VerifyUserAttribute", request)
    };
    let plain = update("name", "Grace").unwrap();
    assert_eq!(plain["CodeDeliveryDetailsList"], json!([]));
    for name in ["sub", "email_verified"] {
        assert_eq!(
            update(name, "x").unwrap_err().0,
            "NotAuthorizedException",
            "{name}"
        );
    }
    assert_eq!(verify("123456"), Err(expired()));
    let sent = update("email", "new@example.com").unwrap();
    assert_eq!(
        sent["CodeDeliveryDetailsList"][0]["Destination"],
        "n***@e***"
    );
    assert_eq!(
        attributes(&server, &token)["email"],
        EMAIL,
        "until then the old one"
    );
    let right = code(&server, "new@example.com");
    assert_eq!(verify(wrong(&right)), Err(mismatch()));
    assert_eq!(verify(&right), Ok(json!({})));
    let user = attributes(&server, &token);
    assert_eq!(
        (&user["email"], &user["name"]),
        (&json!("new@example.com"), &json!("Grace"))
    );
    assert!(
        server
            .password(SRP_CLIENT, "new@example.com", PASSWORD)
            .is_ok()
    );
    assert_eq!(
        server.password(SRP_CLIENT, EMAIL, PASSWORD),
        Err(incorrect())
    );
    sign_up(&server, NAME, PASSWORD).unwrap();
    assert_eq!(update("email", NAME).unwrap_err().0, "AliasExistsException");
    let send = json!({ "AccessToken": token, "AttributeName": "email" });
    let sent = server
        .call("GetUserAttributeVerificationCode", send)
        .unwrap();
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "n***@e***");
    assert_eq!(verify(&code(&server, "new@example.com")), Ok(json!({})));
    let delete = |name: &str| {
        let request = json!({ "AccessToken": token, "UserAttributeNames": [name] });
        server.call("DeleteUserAttributes", request)
    };
    assert_eq!(delete("name"), Ok(json!({})));
    assert_eq!(attributes(&server, &token).get("name"), None);
    assert_eq!(delete("email").unwrap_err().0, "InvalidParameterException");
}

#[test]
fn a_user_who_leaves_is_gone() {
    let server = Server::start(&[]);
    let tokens = server.sign_in();
    let bearer = json!({ "AccessToken": tokens["AccessToken"] });
    assert_eq!(server.call("DeleteUser", bearer.clone()), Ok(json!({})));
    for operation in ["GetUser", "DeleteUser"] {
        let refused = server.call(operation, bearer.clone()).unwrap_err();
        assert_eq!(refused.0, "NotAuthorizedException", "{operation}");
    }
    assert_eq!(
        server.password(SRP_CLIENT, EMAIL, PASSWORD),
        Err(incorrect())
    );
}
