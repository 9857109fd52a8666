//! Passkeys: registered by those who are signed in, and taken instead of a password.

use protocol::{Error, FirstFactor, Flow, Next, RefusalKind, Tokens};
use serde_json::{Value, json};

use crate::{
    authenticator::Authenticator,
    client::{Pool, kind, signed_in},
    support::{PASSWORD, Refusal, refusal},
};

fn pool_with(configuration: Value) -> Pool {
    let factors = json!({ "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] });
    let input = json!({ "Policies": { "SignInPolicy": factors } });
    let mfa = json!({ "WebAuthnConfiguration": configuration });
    Pool::new(input, mfa).with_permanent_password()
}

fn pool() -> Pool {
    pool_with(json!({ "RelyingPartyId": "localhost" }))
}

fn by_password(pool: &Pool) -> Tokens {
    signed_in(pool.begin(PASSWORD, None))
}

fn start(pool: &Pool, access_token: &str) -> Result<Value, Refusal> {
    let request = json!({ "AccessToken": access_token });
    let reply = pool.server.call("StartWebAuthnRegistration", request)?;
    Ok(reply["CredentialCreationOptions"].clone())
}

fn complete(pool: &Pool, access_token: &str, credential: &Value) -> Result<Value, Refusal> {
    let request = json!({ "AccessToken": access_token, "Credential": credential });
    pool.server.call("CompleteWebAuthnRegistration", request)
}

fn register(pool: &Pool, authenticator: &Authenticator) -> Result<Value, Refusal> {
    let tokens = by_password(pool);
    let options = start(pool, tokens.access())?;
    complete(pool, tokens.access(), &authenticator.create(&options))
}

fn list(pool: &Pool, more: Value) -> Result<Value, Refusal> {
    let mut request = json!({ "AccessToken": by_password(pool).access() });
    let members = request.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    pool.server.call("ListWebAuthnCredentials", request)
}

fn begin(pool: &Pool) -> Result<Next, Error> {
    pool.begin_by(Flow::Choice(Some(FirstFactor::WebAuthn)), None, None)
}

/// Signs in with what `sign` makes of the options.
fn answer(pool: &Pool, sign: impl FnOnce(&Value) -> Value) -> Result<Next, Error> {
    let Ok(Next::AskPasskey(prompt)) = begin(pool) else {
        panic!("no passkey is asked for")
    };
    let options = serde_json::from_str(prompt.options()).unwrap();
    let credential = sign(&options).to_string();
    pool.go_on(prompt.submit(&credential).unwrap())
}

#[test]
fn a_passkey_is_registered_and_then_signs_in_without_a_password() {
    let pool = pool();
    assert!(
        matches!(begin(&pool), Ok(Next::AskChoice(_))),
        "there is none yet"
    );
    let mut passkey = Authenticator::new();
    let tokens = by_password(&pool);
    let options = start(&pool, tokens.access()).unwrap();
    assert_eq!(
        options["rp"],
        json!({ "id": "localhost", "name": "localhost" })
    );
    assert_eq!(options["user"]["name"], "ada");
    assert_eq!(options["excludeCredentials"], json!([]));
    assert_eq!(
        complete(&pool, tokens.access(), &passkey.create(&options)),
        Ok(json!({}))
    );
    let again = start(&pool, tokens.access()).unwrap();
    assert_eq!(again["excludeCredentials"][0]["id"], passkey.id.as_str());

    let Ok(Next::AskChoice(prompt)) = pool.begin_by(Flow::Choice(None), None, None) else {
        panic!()
    };
    assert_eq!(prompt.options(), ["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]);
    for counter in 2..4 {
        passkey.counter = counter;
        let tokens = signed_in(answer(&pool, |options| {
            assert_eq!(options["rpId"], "localhost");
            assert_eq!(options["allowCredentials"][0]["id"], passkey.id.as_str());
            passkey.sign(options)
        }));
        let request = json!({ "AccessToken": tokens.access() });
        let user = pool.server.call("GetUser", request).unwrap();
        assert_eq!(user["Username"], "ada");
        passkey.user_handle = Some(
            user["UserAttributes"]
                .as_array()
                .unwrap()
                .iter()
                .find(|attribute| attribute["Name"] == "sub")
                .unwrap()["Value"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
}

#[test]
fn a_well_signed_answer_for_another_page_domain_user_or_challenge_is_refused() {
    let pool = pool();
    register(&pool, &Authenticator::new()).unwrap();
    let mut passkey = Authenticator::new();
    register(&pool, &passkey).unwrap();
    let mut kept = None;
    passkey.counter = 2;
    signed_in(answer(&pool, |options| {
        let credential = passkey.sign(options);
        kept = Some(credential.clone());
        credential
    }));
    passkey.counter = 3;
    type Spoil = fn(&mut Authenticator);
    let spoilt: [(&str, Spoil); 6] = [
        ("origin", |passkey| passkey.origin = "https://evil.example"),
        ("domain", |passkey| passkey.relying_party = "evil.example"),
        ("presence", |passkey| passkey.flags = 0b100),
        ("backup", |passkey| passkey.flags = 0b1_1101),
        ("counter", |passkey| passkey.counter = 2),
        ("user", |passkey| passkey.user_handle = Some("bob".into())),
    ];
    for (what, spoil) in spoilt {
        spoil(&mut passkey);
        let refused = answer(&pool, |options| passkey.sign(options));
        assert_eq!(kind(refused), RefusalKind::BadCredentials, "{what}");
        passkey.behave();
        passkey.counter = 3;
    }
    let replayed = answer(&pool, |_| kept.unwrap());
    assert_eq!(kind(replayed), RefusalKind::BadCredentials);
    let unknown = answer(&pool, |options| Authenticator::new().sign(options));
    assert_eq!(kind(unknown), RefusalKind::BadCredentials);
    signed_in(answer(&pool, |options| passkey.sign(options)));
}

#[test]
fn a_session_takes_one_answer_and_a_credential_is_read_before() {
    let pool = pool();
    let passkey = Authenticator::new();
    register(&pool, &passkey).unwrap();
    let request = json!({
        "ClientId": pool.client,
        "AuthFlow": "USER_AUTH",
        "AuthParameters": { "USERNAME": "ada", "PREFERRED_CHALLENGE": "WEB_AUTHN" },
    });
    let challenge = pool.server.call("InitiateAuth", request).unwrap();
    assert_eq!(challenge["ChallengeName"], "WEB_AUTHN");
    let options = &challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"];
    let options = serde_json::from_str(options.as_str().unwrap()).unwrap();
    let respond = |name: &str, credential: Value| {
        let session = challenge["Session"].as_str();
        let responses =
            json!({ "USERNAME": "ada", "CREDENTIAL": credential, "ANSWER": "PASSWORD" });
        pool.server.respond(&pool.client, name, session, &responses)
    };
    for (text, message) in [
        ("", "Missing required parameter CREDENTIAL"),
        ("{}", "CREDENTIAL must be an AuthenticationResponseJSON."),
        ("[1]", "CREDENTIAL must be an AuthenticationResponseJSON."),
    ] {
        let refused = respond("WEB_AUTHN", text.into());
        assert_eq!(refused, Err(refusal("InvalidParameterException", message)));
    }
    let credential: Value = passkey.sign(&options).to_string().into();
    let mut later = Authenticator::new();
    later.id.clone_from(&passkey.id);
    let forged = respond("WEB_AUTHN", later.sign(&options).to_string().into());
    assert_eq!(forged, Err(crate::support::incorrect()));
    let spent = refusal("NotAuthorizedException", "Invalid session for the user.");
    assert_eq!(respond("WEB_AUTHN", credential), Err(spent));
}

#[test]
fn a_registration_is_refused_with_cognitos_name_for_the_reason() {
    let pool = pool();
    let refused = |outcome: Result<Value, Refusal>, name: &str| match outcome {
        Err(Refusal(refused, _)) => assert_eq!(refused, format!("{name}Exception")),
        Ok(reply) => panic!("{name}: {reply}"),
    };
    let with = |spoil: fn(&mut Authenticator)| {
        let mut passkey = Authenticator::new();
        spoil(&mut passkey);
        register(&pool, &passkey)
    };
    refused(
        with(|it| it.origin = "https://evil.example"),
        "WebAuthnOriginNotAllowed",
    );
    refused(
        with(|it| it.relying_party = "evil.example"),
        "WebAuthnRelyingPartyMismatch",
    );
    refused(with(|it| it.flags = 0), "InvalidParameter");
    refused(with(|it| it.id = String::new()), "InvalidParameter");

    let tokens = by_password(&pool);
    let access = tokens.access();
    let passkey = Authenticator::new();
    let nothing = complete(
        &pool,
        access,
        &passkey.create(&json!({ "challenge": "AAAA" })),
    );
    refused(nothing, "WebAuthnChallengeNotFound");
    let options = start(&pool, access).unwrap();
    let other = complete(
        &pool,
        access,
        &passkey.create(&json!({ "challenge": "AAAA" })),
    );
    refused(other, "WebAuthnChallengeNotFound");
    let spent = complete(&pool, access, &passkey.create(&options));
    refused(spent, "WebAuthnChallengeNotFound");
    let options = start(&pool, access).unwrap();
    refused(
        complete(&pool, access, &json!({ "id": 1 })),
        "InvalidParameter",
    );
    pool.server.advance(180);
    let late = complete(&pool, access, &passkey.create(&options));
    refused(late, "WebAuthnChallengeNotFound");
    assert_eq!(
        list(&pool, json!({})).unwrap(),
        json!({ "Credentials": [] })
    );
    refused(start(&pool, "a.b.c"), "NotAuthorized");

    assert_eq!(register(&pool, &passkey), Ok(json!({})));
    refused(register(&pool, &passkey), "InvalidParameter");
}

#[test]
fn another_client_cannot_complete_what_one_began() {
    let pool = pool();
    let (first, passkey) = (by_password(&pool), Authenticator::new());
    let options = start(&pool, first.access()).unwrap();
    let request = json!({
        "UserPoolId": pool.id,
        "ClientName": "other",
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
    });
    let made = pool.server.call("CreateUserPoolClient", request).unwrap();
    let client = made["UserPoolClient"]["ClientId"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = Pool { client, ..pool };
    let second = by_password(&other);
    let refused = complete(&other, second.access(), &passkey.create(&options));
    let Err(Refusal(name, _)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(name, "WebAuthnClientMismatchException");
}

#[test]
fn a_pool_that_takes_no_passkeys_says_why() {
    let named = |outcome: Result<Value, Refusal>| outcome.unwrap_err().0;
    let without = Pool::new(json!({}), json!({})).with_permanent_password();
    let refused = start(&without, by_password(&without).access());
    assert_eq!(named(refused), "WebAuthnNotEnabledException");
    let nameless = pool_with(json!({}));
    let refused = start(&nameless, by_password(&nameless).access());
    assert_eq!(named(refused), "WebAuthnConfigurationMissingException");

    let pool = pool_with(json!({ "RelyingPartyId": "localhost", "UserVerification": "required" }));
    let mut passkey = Authenticator::new();
    passkey.flags = 1;
    let refused = register(&pool, &passkey);
    assert_eq!(named(refused), "InvalidParameterException");
    passkey.flags = 0b101;
    register(&pool, &passkey).unwrap();
    (passkey.flags, passkey.counter) = (1, 2);
    let refused = answer(&pool, |options| passkey.sign(options));
    assert_eq!(kind(refused), RefusalKind::BadCredentials);
    let mfa =
        json!({ "UserPoolId": pool.id, "MfaConfiguration": "ON", "EmailMfaConfiguration": {} });
    pool.server.call("SetUserPoolMfaConfig", mfa).unwrap();
    let next = begin(&pool);
    assert!(
        matches!(next, Ok(Next::AskChoice(_))),
        "one factor is not enough: {next:?}"
    );
}

#[test]
fn twenty_passkeys_are_listed_by_pages_and_deleted_one_by_one() {
    let pool = pool();
    let mut ids: Vec<_> = (0..20)
        .map(|_| {
            let passkey = Authenticator::new();
            register(&pool, &passkey).unwrap();
            passkey.id
        })
        .collect();
    ids.sort();
    let one_more = register(&pool, &Authenticator::new());
    assert_eq!(one_more.unwrap_err().0, "LimitExceededException");
    let (mut listed, mut next) = (Vec::new(), Value::Null);
    loop {
        let page = list(&pool, json!({ "MaxResults": 7, "NextToken": next })).unwrap();
        for credential in page["Credentials"].as_array().unwrap() {
            assert_eq!(credential["RelyingPartyId"], "localhost");
            assert_eq!(credential["AuthenticatorTransports"], json!(["internal"]));
            listed.push(credential["CredentialId"].as_str().unwrap().to_owned());
        }
        next = page["NextToken"].clone();
        if next.is_null() {
            break;
        }
    }
    assert_eq!(listed, ids);
    let refused = list(&pool, json!({ "MaxResults": 21 }));
    assert_eq!(refused.unwrap_err().0, "InvalidParameterException");
    let tokens = by_password(&pool);
    let delete = || {
        let request = json!({ "AccessToken": tokens.access(), "CredentialId": ids[0] });
        pool.server.call("DeleteWebAuthnCredential", request)
    };
    assert_eq!(delete(), Ok(json!({})));
    assert_eq!(delete().unwrap_err().0, "ResourceNotFoundException");
    let left = list(&pool, json!({})).unwrap();
    assert_eq!(left["Credentials"].as_array().unwrap().len(), 19);
}
