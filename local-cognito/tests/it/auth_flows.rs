//! Whole sign-ins, and what their tokens are good for.

use serde_json::{Value, json};

use crate::support::{
    CLIENT, EMAIL, PASSWORD, POOL, SRP_CLIENT, Server, decoded, incorrect, refusal,
};

#[test]
fn password_and_code_give_tokens() {
    let server = Server::start(&[]);
    let first = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    assert_eq!(first["ChallengeParameters"]["CODE_LENGTH"], "6");
    let second = server.answer(&first, "000000").unwrap();
    assert_eq!(second["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_ne!(first["Session"], second["Session"]);
    let tokens = server.answer(&second, "123456").unwrap();
    assert_eq!(tokens["ChallengeParameters"], json!({}));
    let result = &tokens["AuthenticationResult"];
    assert_eq!(
        (&result["TokenType"], &result["ExpiresIn"]),
        (&json!("Bearer"), &json!(3600))
    );

    let keys = server.get(&format!("/{POOL}/.well-known/jwks.json")).json();
    let kids: Vec<_> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| &key["kid"])
        .collect();
    let (id_header, id) = decoded(&result["IdToken"]);
    let (access_header, access) = decoded(&result["AccessToken"]);
    assert_eq!(kids, [&id_header["kid"], &access_header["kid"]]);
    assert_ne!(kids[0], kids[1]);
    assert_eq!(
        (&id_header["alg"], &access_header["alg"]),
        (&json!("RS256"), &json!("RS256"))
    );

    let issuer = format!("http://127.0.0.1:{}/{POOL}", server.port);
    let keys_of = |claims: &Value| {
        claims
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        keys_of(&id),
        "aud auth_time cognito:username email email_verified event_id exp iat iss jti \
         origin_jti sub token_use"
    );
    assert_eq!(
        keys_of(&access),
        "auth_time client_id event_id exp iat iss jti origin_jti scope sub token_use username"
    );
    for (claims, name, expected) in [
        (&id, "iss", json!(issuer)),
        (&id, "aud", json!(CLIENT)),
        (&id, "token_use", json!("id")),
        (&id, "email", json!(EMAIL)),
        (&id, "email_verified", json!(true)),
        (&access, "iss", json!(issuer)),
        (&access, "client_id", json!(CLIENT)),
        (&access, "token_use", json!("access")),
        (&access, "scope", json!("aws.cognito.signin.user.admin")),
        (&access, "username", id["cognito:username"].clone()),
        (&access, "sub", id["sub"].clone()),
        (&access, "origin_jti", id["origin_jti"].clone()),
        (&access, "event_id", id["event_id"].clone()),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    assert_ne!(id["jti"], access["jti"]);
    assert_eq!(
        id["exp"].as_u64().unwrap() - id["iat"].as_u64().unwrap(),
        3600
    );
}

#[test]
fn three_wrong_codes_end_it() {
    let server = Server::start(&[]);
    let mut challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    for _ in 0..2 {
        challenge = server.answer(&challenge, "000000").unwrap();
    }
    assert_eq!(server.answer(&challenge, "000000"), Err(incorrect()));
    let spent = refusal("NotAuthorizedException", "Invalid session for the user.");
    assert_eq!(server.answer(&challenge, "123456"), Err(spent));
}

#[test]
fn a_wrong_password_is_refused_in_both_flows() {
    let server = Server::start(&[]);
    for client in [CLIENT, SRP_CLIENT] {
        assert_eq!(
            server.password(client, EMAIL, "Correct-Horse-8"),
            Err(incorrect())
        );
        assert!(server.password(client, EMAIL, PASSWORD).is_ok());
    }
}

#[test]
fn the_password_alone_is_enough_only_for_the_client_that_says_so() {
    let server = Server::start(&[]);
    let proof = server.prove(SRP_CLIENT, EMAIL, PASSWORD).unwrap();
    assert_eq!(proof.session, None, "USER_SRP_AUTH has no Session");
    let reply = server
        .respond(SRP_CLIENT, "PASSWORD_VERIFIER", None, &proof.responses)
        .unwrap();
    assert!(reply["AuthenticationResult"]["IdToken"].is_string());

    let begin = |client: &str, flow: &str| {
        let parameters = json!({
            "USERNAME": EMAIL, "PASSWORD": PASSWORD, "SRP_A": "2", "CHALLENGE_NAME": "SRP_A",
        });
        let request = json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters });
        server.call("InitiateAuth", request).unwrap_err()
    };
    let disabled = |flow: &str| {
        refusal(
            "InvalidParameterException",
            &format!("{flow} flow not enabled for this client"),
        )
    };
    assert_eq!(begin(CLIENT, "USER_SRP_AUTH"), disabled("USER_SRP_AUTH"));
    assert_eq!(begin(SRP_CLIENT, "CUSTOM_AUTH"), disabled("CUSTOM_AUTH"));
    for flow in [
        "USER_PASSWORD_AUTH",
        "USER_AUTH",
        "ADMIN_NO_SRP_AUTH",
        "ADMIN_USER_PASSWORD_AUTH",
        "",
        "custom_auth",
    ] {
        for client in [CLIENT, SRP_CLIENT] {
            assert_eq!(begin(client, flow).0, "InvalidParameterException", "{flow}");
        }
    }
}

#[test]
fn custom_auth_without_a_password_is_for_define_to_refuse() {
    let server = Server::start(&[]);
    let request = json!({
        "ClientId": CLIENT,
        "AuthFlow": "CUSTOM_AUTH",
        "AuthParameters": { "USERNAME": EMAIL },
    });
    assert_eq!(server.call("InitiateAuth", request), Err(incorrect()));
}

#[test]
fn refresh_renews_until_it_is_revoked() {
    let server = Server::start(&["--test-clock"]);
    let first = server.sign_in();
    let refresh = |client: &str, token: &Value| {
        let parameters = json!({ "REFRESH_TOKEN": token });
        server.call(
            "InitiateAuth",
            json!({
                "ClientId": client,
                "AuthFlow": "REFRESH_TOKEN_AUTH",
                "AuthParameters": parameters,
            }),
        )
    };
    server.advance(60);
    let second = refresh(CLIENT, &first["RefreshToken"]).unwrap()["AuthenticationResult"].clone();
    assert_eq!(
        second.get("RefreshToken"),
        None,
        "without rotation there is no new one"
    );
    let (old, new) = (decoded(&first["IdToken"]).1, decoded(&second["IdToken"]).1);
    assert_eq!(
        (&old["auth_time"], &old["origin_jti"]),
        (&new["auth_time"], &new["origin_jti"])
    );
    assert!(new["iat"].as_u64() >= old["iat"].as_u64().map(|time| time + 60));

    let by_name = json!({ "RefreshToken": first["RefreshToken"], "ClientId": CLIENT });
    assert!(
        server
            .call("GetTokensFromRefreshToken", by_name.clone())
            .is_ok()
    );

    let invalid = Err(refusal("NotAuthorizedException", "Invalid Refresh Token."));
    assert_eq!(
        refresh(SRP_CLIENT, &first["RefreshToken"]),
        invalid,
        "another client's"
    );
    for token in [&first["AccessToken"], &first["IdToken"], &json!("x")] {
        assert_eq!(refresh(CLIENT, token), invalid);
    }
    let revoke = |client: &str, token: &Value| {
        server.call("RevokeToken", json!({ "Token": token, "ClientId": client }))
    };
    assert_eq!(revoke(SRP_CLIENT, &first["RefreshToken"]), invalid);
    assert_eq!(
        revoke(CLIENT, &first["AccessToken"]).unwrap_err().0,
        "UnsupportedTokenTypeException"
    );
    assert_eq!(revoke(CLIENT, &json!("unknown")), Ok(json!({})));
    let user = |token: &Value| server.call("GetUser", json!({ "AccessToken": token }));
    assert!(user(&second["AccessToken"]).is_ok());
    assert_eq!(revoke(CLIENT, &first["RefreshToken"]), Ok(json!({})));
    let revoked = |what| Err(refusal("NotAuthorizedException", what));
    assert_eq!(
        refresh(CLIENT, &first["RefreshToken"]),
        revoked("Refresh Token has been revoked")
    );
    assert!(server.call("GetTokensFromRefreshToken", by_name).is_err());
    for token in [&first["AccessToken"], &second["AccessToken"]] {
        assert_eq!(user(token), revoked("Access Token has been revoked"));
    }
}

#[test]
fn refresh_tokens_live_thirty_days() {
    let server = Server::start(&["--test-clock"]);
    let token = server.sign_in()["RefreshToken"].clone();
    let refresh = || {
        let request = json!({ "RefreshToken": token, "ClientId": CLIENT });
        server.call("GetTokensFromRefreshToken", request).is_ok()
    };
    server.advance(30 * 86_400 - 60);
    assert!(refresh());
    server.advance(60);
    assert!(!refresh());
}

#[test]
fn an_access_token_shows_its_user_for_an_hour() {
    let server = Server::start(&["--test-clock"]);
    let tokens = server.sign_in();
    let user = |token: &str| server.call("GetUser", json!({ "AccessToken": token }));
    let access = tokens["AccessToken"].as_str().unwrap();
    let shown = user(access).unwrap();
    assert_eq!(
        shown["Username"],
        decoded(&tokens["AccessToken"]).1["username"]
    );
    let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let attributes = shown["UserAttributes"].as_array().unwrap();
    assert!(attributes.contains(&attribute("email", EMAIL)));
    assert!(attributes.contains(&attribute("email_verified", "true")));
    assert_eq!(attributes.len(), 3, "and the sub");

    let invalid = Err(refusal("NotAuthorizedException", "Invalid Access Token"));
    let (head, tail) = access.rsplit_once('.').unwrap();
    let (header, claims) = head.split_once('.').unwrap();
    for forged in [
        tokens["IdToken"].as_str().unwrap().to_owned(),
        head.to_owned(),
        format!("{head}."),
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        format!("{header}.{}.{tail}", claims.replacen('e', "f", 1)),
        format!("{access}A"),
        String::new(),
    ] {
        assert_eq!(user(&forged), invalid, "{forged}");
    }
    server.advance(3540);
    assert!(user(access).is_ok());
    server.advance(60);
    assert_eq!(
        user(access),
        Err(refusal(
            "NotAuthorizedException",
            "Access Token has expired"
        ))
    );
}

#[test]
fn global_sign_out_ends_every_grant_of_the_user() {
    let server = Server::start(&[]);
    let (one, two) = (server.sign_in(), server.sign_in());
    let sign_out = |tokens: &Value| {
        server.call(
            "GlobalSignOut",
            json!({ "AccessToken": tokens["AccessToken"] }),
        )
    };
    assert_eq!(sign_out(&one), Ok(json!({})));
    let revoked = Err(refusal(
        "NotAuthorizedException",
        "Access Token has been revoked",
    ));
    assert_eq!(sign_out(&one), revoked);
    assert_eq!(sign_out(&two), revoked);
}
