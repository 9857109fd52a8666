//! Mails as SES gets them.

use runtime_api::{CANARY, full_of_canaries};
use serde_json::{Value, json};

use crate::{code_in, first_challenge, ses, start};

#[test]
fn it_mails_a_code_and_tells_nobody_else() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let settings = [
        ("APP_NAME", "Example"),
        ("REPLY_TO", "help@example.com"),
        ("SES_CONFIGURATION_SET", "codes"),
    ];
    let create = start(&endpoint, &settings);
    let answer = create.invoke(first_challenge().to_string()).unwrap();
    let request = requests.try_recv().unwrap();
    assert_eq!(request.line, "POST /v2/email/outbound-emails HTTP/1.1\r\n");
    let signature = &request.headers["authorization"];
    assert!(
        signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"),
        "{signature}"
    );
    assert!(
        signature.contains("/us-east-1/ses/aws4_request"),
        "{signature}"
    );

    let mail: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(mail["FromEmailAddress"], "noreply@example.com");
    assert_eq!(
        mail["Destination"],
        json!({ "ToAddresses": ["user@example.com"] })
    );
    assert_eq!(mail["ReplyToAddresses"], json!(["help@example.com"]));
    assert_eq!(mail["ConfigurationSetName"], "codes");
    let message = &mail["Content"]["Simple"];
    assert_eq!(
        message["Subject"],
        json!({ "Data": "Example: your sign-in code", "Charset": "UTF-8" })
    );
    let code = code_in(&request);
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
    let html = message["Body"]["Html"]["Data"].as_str().unwrap();
    assert!(html.contains(&format!(">{code}<")), "{html}");
    assert_eq!(message["Body"]["Text"]["Charset"], "UTF-8");
    assert_eq!(message["Body"]["Html"]["Charset"], "UTF-8");

    let told = &answer["response"]["publicChallengeParameters"];
    assert_eq!(told["CODE_DELIVERY_DESTINATION"], "u***@e***");
    let (stdout, stderr) = create.stop();
    let log: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(log["decision"], "code_sent");
    assert_eq!(log["MailsSent"], 1);
    assert!(!stdout.contains(&code));
    assert_eq!(stderr, "");
    assert!(!answer["response"].to_string().contains(&code));
}

#[test]
fn nothing_of_an_event_or_a_mail_is_in_the_log() {
    let refusal = r#"{"__type":"MessageRejected","message":"canary@canary.example"}"#;
    let (endpoint, _requests) = ses(&[(200, r#"{"MessageId":"canary"}"#), (400, refusal)]);
    let create = start(&endpoint, &[]);
    let event = full_of_canaries(first_challenge());
    create.invoke(event.to_string()).unwrap();
    create.invoke(event.to_string()).unwrap_err();
    create.invoke(CANARY).unwrap_err();
    let (stdout, stderr) = create.stop();
    assert_eq!(stdout.lines().count(), 3, "{stdout}");
    assert!(!stdout.contains(CANARY), "{stdout}");
    assert_eq!(stderr, "");
}

#[test]
fn a_wrong_answer_mails_nothing() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    let mut event = first_challenge();
    event["request"]["session"]
        .as_array_mut()
        .unwrap()
        .push(json!({
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": false,
            "challengeMetadata": "v1.1.1790000000.1.0",
        }));
    let response = create.invoke(event.to_string()).unwrap()["response"].clone();
    assert_eq!(response["challengeMetadata"], "v1.1.1790000000.1.1");
    assert!(requests.try_recv().is_err());
}

/// An answer without an address fails before SES is called, whatever `define` said.
#[test]
fn an_address_that_is_not_verified_gets_nothing() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(&endpoint, &[]);
    let mut event = first_challenge();
    event["request"]["userAttributes"]["email_verified"] = json!("false");
    let name = "ADDRESS_NOT_VERIFIED";
    let refusal = json!({ "errorType": name, "errorMessage": name });
    assert_eq!(create.invoke(event.to_string()), Err(refusal));
    assert!(requests.try_recv().is_err());
}

#[test]
fn what_is_not_set_is_not_sent() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(
        &endpoint,
        &[("REPLY_TO", ""), ("SES_CONFIGURATION_SET", "")],
    );
    create.invoke(first_challenge().to_string()).unwrap();
    let mail: Value = serde_json::from_slice(&requests.try_recv().unwrap().body).unwrap();
    let mut names: Vec<_> = mail.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["Content", "Destination", "FromEmailAddress"]);
}

#[test]
fn the_mail_is_in_the_language_that_the_client_asks_for() {
    let (endpoint, requests) = ses(&[(200, r#"{"MessageId":"1"}"#)]);
    let create = start(
        &endpoint,
        &[("APP_NAME", "Beispiel"), ("DEFAULT_LOCALE", "ja")],
    );
    for (metadata, subject) in [
        (json!({ "locale": "de-AT" }), "Beispiel: Ihr Anmeldecode"),
        (Value::Null, "【Beispiel】ログイン用の確認コード"),
    ] {
        let mut event = first_challenge();
        event["request"]["clientMetadata"] = metadata;
        create.invoke(event.to_string()).unwrap();
        let mail: Value = serde_json::from_slice(&requests.try_recv().unwrap().body).unwrap();
        assert_eq!(mail["Content"]["Simple"]["Subject"]["Data"], subject);
    }
}
