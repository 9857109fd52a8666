//! Refresh tokens that rotate, how long tokens live, and refresh tokens that belong to a device.

use serde_json::{Value, json};

use crate::{
    client::{Pool, signed_in},
    devices::remember,
    support::{CLIENT, EMAIL, PASSWORD, POOL, Refusal, Server, decoded, refusal},
};

const ROTATING: &str = "emailmfalocalrotating001";

fn sign_in(server: &Server) -> Value {
    let challenge = server.password(ROTATING, EMAIL, PASSWORD).unwrap();
    let responses = json!({
        "USERNAME": challenge["ChallengeParameters"]["USERNAME"],
        "ANSWER": "123456",
    });
    let session = challenge["Session"].as_str();
    let reply = server.respond(ROTATING, "CUSTOM_CHALLENGE", session, &responses);
    reply.unwrap()["AuthenticationResult"].clone()
}

fn refresh(server: &Server, client: &str, token: &Value) -> Result<Value, Refusal> {
    let request = json!({ "RefreshToken": token, "ClientId": client });
    let reply = server.call("GetTokensFromRefreshToken", request)?;
    Ok(reply["AuthenticationResult"].clone())
}

fn client(server: &Server, more: Value) -> Result<Value, Refusal> {
    let mut request = json!({ "UserPoolId": POOL, "ClientName": "c" });
    let members = request.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    Ok(server.call("CreateUserPoolClient", request)?["UserPoolClient"].clone())
}

fn reused() -> Refusal {
    refusal(
        "RefreshTokenReuseException",
        "Refresh token has been invalidated by rotation.",
    )
}

fn invalid() -> Refusal {
    refusal("NotAuthorizedException", "Invalid Refresh Token.")
}

#[test]
fn a_rotated_refresh_token_is_good_for_its_grace_period_only() {
    let server = Server::start(&["--test-clock"]);
    let first = sign_in(&server)["RefreshToken"].clone();
    let second = refresh(&server, ROTATING, &first).unwrap()["RefreshToken"].clone();
    assert_ne!(first, second);
    server.advance(8);
    let retried = refresh(&server, ROTATING, &first).unwrap();
    assert!(retried["RefreshToken"].is_string());
    server.advance(3);
    assert_eq!(refresh(&server, ROTATING, &first), Err(reused()));
    for good in [&second, &retried["RefreshToken"]] {
        let renewed = refresh(&server, ROTATING, good);
        assert!(renewed.is_ok(), "a reuse ends no other token: {renewed:?}");
    }
}

#[test]
fn the_tokens_of_a_rotation_keep_the_origin_and_the_end_of_the_sign_in() {
    let server = Server::start(&["--test-clock"]);
    let tokens = sign_in(&server);
    let claims = decoded(&tokens["IdToken"]).1;
    server.advance(29 * 86_400);
    let renewed = refresh(&server, ROTATING, &tokens["RefreshToken"]).unwrap();
    let later = decoded(&renewed["IdToken"]).1;
    for name in ["origin_jti", "auth_time", "event_id", "sub"] {
        assert_eq!(claims[name], later[name], "{name}");
    }
    assert_ne!(claims["jti"], later["jti"]);
    server.advance(86_400);
    let over = refresh(&server, ROTATING, &renewed["RefreshToken"]);
    assert_eq!(over, Err(invalid()));
}

#[test]
fn to_revoke_one_refresh_token_is_to_revoke_those_that_came_of_it_and_before_it() {
    let server = Server::start(&["--test-clock"]);
    let first = sign_in(&server);
    let second = refresh(&server, ROTATING, &first["RefreshToken"]).unwrap();
    let third = refresh(&server, ROTATING, &second["RefreshToken"]).unwrap();
    let revoke = json!({ "Token": second["RefreshToken"], "ClientId": ROTATING });
    assert_eq!(server.call("RevokeToken", revoke), Ok(json!({})));
    for tokens in [&first, &second, &third] {
        let refused = refresh(&server, ROTATING, &tokens["RefreshToken"]);
        let Refusal(name, message) = refused.unwrap_err();
        assert_eq!(name, "NotAuthorizedException");
        assert_eq!(message, "Refresh Token has been revoked");
        let request = json!({ "AccessToken": tokens["AccessToken"] });
        assert!(server.call("GetUser", request).is_err());
    }
}

#[test]
fn a_client_with_rotation_does_not_refresh_by_initiate_auth() {
    let server = Server::start(&[]);
    let token = sign_in(&server)["RefreshToken"].clone();
    let request = json!({
        "ClientId": ROTATING,
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": { "REFRESH_TOKEN": token },
    });
    let refused = server.call("InitiateAuth", request).unwrap_err();
    assert_eq!(refused.0, "InvalidParameterException");
    assert!(
        refresh(&server, ROTATING, &token).is_ok(),
        "and it is not spent"
    );
}

#[test]
fn what_is_refused_spends_no_refresh_token() {
    let server = Server::start(&["--test-clock"]);
    let token = sign_in(&server)["RefreshToken"].clone();
    let of_another = refresh(&server, CLIENT, &token);
    assert_eq!(of_another, Err(invalid()));
    server.advance(60);
    assert!(refresh(&server, ROTATING, &token).is_ok());
}

#[test]
fn rotation_is_part_of_an_app_client() {
    let server = Server::start(&[]);
    let rotation = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 60 });
    let made = client(&server, json!({ "RefreshTokenRotation": rotation })).unwrap();
    assert_eq!(made["RefreshTokenRotation"], rotation);
    let flows = json!(["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH"]);
    assert_eq!(made["ExplicitAuthFlows"], flows);
    let off = json!({ "RefreshTokenRotation": { "Feature": "DISABLED" } });
    let made = client(&server, off).unwrap();
    assert_eq!(made["ExplicitAuthFlows"].as_array().unwrap().len(), 3);
    for wrong in [
        json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 61 } }),
        json!({
            "RefreshTokenRotation": rotation,
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        }),
        json!({ "AccessTokenValidity": 299, "TokenValidityUnits": { "AccessToken": "seconds" } }),
    ] {
        let refused = client(&server, wrong.clone()).unwrap_err();
        assert_eq!(refused.0, "InvalidParameterException", "{wrong}");
    }
}

#[test]
fn tokens_live_as_long_as_their_client_says() {
    let server = Server::start(&["--test-clock"]);
    let validity = json!({
        "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"],
        "AccessTokenValidity": 5,
        "IdTokenValidity": 600,
        "RefreshTokenValidity": 1,
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours" },
    });
    let made = client(&server, validity.clone()).unwrap();
    assert_eq!(made["TokenValidityUnits"], validity["TokenValidityUnits"]);
    let id = made["ClientId"].as_str().unwrap();
    let challenge = server.password(id, EMAIL, PASSWORD).unwrap();
    let name = &challenge["ChallengeParameters"]["USERNAME"];
    let responses = json!({ "USERNAME": name, "ANSWER": "123456" });
    let session = challenge["Session"].as_str();
    let reply = server.respond(id, "CUSTOM_CHALLENGE", session, &responses);
    let tokens = reply.unwrap()["AuthenticationResult"].clone();
    let life = |token: &str| {
        let claims = decoded(&tokens[token]).1;
        claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap()
    };
    assert_eq!((life("AccessToken"), life("IdToken")), (300, 600));
    assert_eq!(tokens["ExpiresIn"], 300);
    let user = || server.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] }));
    assert!(user().is_ok());
    server.advance(300);
    assert!(user().is_err());
    server.advance(3200);
    let refreshed = refresh(&server, id, &tokens["RefreshToken"]).unwrap();
    assert_eq!(refreshed["ExpiresIn"], 300);
    assert_eq!(refreshed.get("RefreshToken"), None);
    server.advance(100);
    assert_eq!(
        refresh(&server, id, &tokens["RefreshToken"]),
        Err(invalid())
    );
}

#[test]
fn a_refresh_token_of_a_device_is_good_with_its_key_and_while_it_is_confirmed() {
    let devices = json!({ "DeviceConfiguration": { "DeviceOnlyRememberedOnUserPrompt": false } });
    let pool = Pool::new(devices, json!({})).with_permanent_password();
    let tokens = signed_in(pool.begin(PASSWORD, None));
    let key = tokens.new_device().unwrap().key.clone();
    let refresh = |key: Option<&str>| {
        let mut request = json!({ "RefreshToken": tokens.refresh(), "ClientId": pool.client });
        if let Some(key) = key {
            request["DeviceKey"] = key.into();
        }
        pool.server.call("GetTokensFromRefreshToken", request)
    };
    assert_eq!(refresh(Some(&key)), Err(invalid()), "not confirmed yet");
    remember(&pool, &tokens);
    assert!(refresh(Some(&key)).is_ok());
    assert_eq!(refresh(None), Err(invalid()));
    assert_eq!(refresh(Some("us-east-1_another")), Err(invalid()));
    let forget = json!({ "AccessToken": tokens.access(), "DeviceKey": key });
    pool.server.call("ForgetDevice", forget).unwrap();
    assert_eq!(refresh(Some(&key)), Err(invalid()), "forgotten");
}
