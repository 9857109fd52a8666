//! Pages, files, mails, and the switches of tests.

use std::{fs, process::Stdio, time::Instant};

use serde_json::{Value, json};

use crate::support::{CLIENT, EMAIL, PASSWORD, Reply, Server, command, refusal, scratch};

/// A server with a small site, and a file beside it that nobody may read.
fn site(name: &str) -> Server {
    let folder = scratch(name);
    fs::create_dir_all(folder.join("www/more")).unwrap();
    fs::create_dir_all(folder.join("pkg")).unwrap();
    for (file, text) in [
        ("secret", "secret"),
        ("www/.env", "secret"),
        ("www/index.html", "<p>page"),
        ("www/more/page.html", "<p>more"),
        ("www/app.js", "app"),
        ("www/style.css", "css"),
        ("pkg/index.js", "package"),
        ("pkg/core_bg.wasm", "\0asm"),
    ] {
        fs::write(folder.join(file), text).unwrap();
    }
    let _ = std::os::unix::fs::symlink(folder.join("secret"), folder.join("www/link"));
    let (www, pkg) = (folder.join("www"), folder.join("pkg"));
    Server::start(&[
        "--www",
        www.to_str().unwrap(),
        "--pkg",
        pkg.to_str().unwrap(),
    ])
}

fn policy(reply: &Reply) -> &str {
    reply.header("content-security-policy").unwrap()
}

#[test]
fn files_come_with_their_types() {
    let server = site("types");
    for (path, kind, body) in [
        ("/", "text/html; charset=utf-8", "<p>page"),
        ("/?x=1", "text/html; charset=utf-8", "<p>page"),
        ("/index.html", "text/html; charset=utf-8", "<p>page"),
        ("/more/page.html", "text/html; charset=utf-8", "<p>more"),
        ("/app.js", "text/javascript; charset=utf-8", "app"),
        ("/style.css", "text/css; charset=utf-8", "css"),
        ("/pkg/index.js", "text/javascript; charset=utf-8", "package"),
        ("/pkg/core_bg.wasm", "application/wasm", "\0asm"),
    ] {
        let reply = server.get(path);
        assert_eq!((reply.status, reply.body.as_str()), (200, body), "{path}");
        assert_eq!(reply.header("content-type"), Some(kind), "{path}");
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
    }
    assert_eq!(server.request("HEAD", "/", &[], "").status, 200);
}

#[test]
fn nothing_outside_the_two_folders_comes() {
    let server = site("traversal");
    for path in [
        "/../secret",
        "/more/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/..%5csecret",
        "/%2e%2e%2fsecret",
        "/pkg/../secret",
        "/pkg/..%2fsecret",
        "/.env",
        "/%2eenv",
        "/link",
        "//secret",
        "/secret%00.html",
        "/index.html%00",
        "/index.html/",
        "/more",
        "/more/",
        "/pkg/",
        "/pkg",
        "/nothing",
        "/\\..\\secret",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.body.starts_with("secret"), "{path}");
    }
}

#[test]
fn pages_have_their_policy() {
    let server = site("policy");
    let reply = server.get("/");
    assert_eq!(
        policy(&reply),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'"
    );
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(
        reply.header("cross-origin-opener-policy"),
        Some("same-origin")
    );
    let real = server.get("/?pool=eu-west-1_AbC123&client=abc");
    let host = "connect-src 'self' https://cognito-idp.eu-west-1.amazonaws.com/; ";
    assert!(policy(&real).contains(host));
    let forged = server.get("/?pool=eu-west-1_a;script-src%20*&client=abc");
    assert_eq!(policy(&forged), policy(&reply));
    let inbox = server.get("/inbox");
    assert_eq!(
        policy(&inbox),
        "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    assert!(
        !inbox.body.contains("<script") && !inbox.body.contains("style="),
        "{inbox:?}"
    );
}

fn send(server: &Server, mail: &Value) -> Reply {
    server.request("POST", "/v2/email/outbound-emails", &[], &mail.to_string())
}

fn mail(to: &str) -> Value {
    json!({
        "FromEmailAddress": "Sign-in <no-reply@example.com>",
        "Destination": { "ToAddresses": [to] },
        "Content": { "Simple": {
            "Subject": { "Data": "Your <code>", "Charset": "UTF-8" },
            "Body": { "Text": { "Data": "It is <b>1</b>" }, "Html": { "Data": "<p>1" } },
        } },
    })
}

#[test]
fn mails_are_kept_and_shown() {
    let server = Server::start(&[]);
    let reply = send(&server, &mail("a@example.com"));
    assert_eq!(reply.status, 200);
    send(&server, &mail("b@example.com"));
    let all = server.get("/inbox/messages").json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let found = server.get("/inbox/messages?to=A%40Example.com").json();
    let [found] = found.as_array().unwrap().as_slice() else {
        panic!("{found}")
    };
    assert_eq!(found["id"], reply.json()["MessageId"]);
    for (field, value) in [
        ("to", "a@example.com"),
        ("from", "Sign-in <no-reply@example.com>"),
        ("subject", "Your <code>"),
        ("text", "It is <b>1</b>"),
        ("html", "<p>1"),
    ] {
        assert_eq!(found[field], value);
    }
    assert!(
        found["at"].as_u64().unwrap() > 1_600_000_000_000,
        "milliseconds"
    );
    let page = server.get("/inbox").body;
    assert!(
        page.contains("It is &lt;b&gt;1&lt;/b&gt;")
            && !page.contains("<b>")
            && !page.contains("<p>1"),
        "{page}"
    );
    let part = format!("/inbox/messages/{}", found["id"].as_str().unwrap());
    assert!(page.contains(&format!(
        "<iframe sandbox loading=\"lazy\" title=\"Your &lt;code&gt;\" src=\"{part}\">"
    )));
    let part = server.get(&part);
    assert_eq!(part.body, "<p>1");
    assert_eq!(
        policy(&part),
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'"
    );
    assert_eq!(server.get("/inbox/messages/none").status, 404);
    assert_eq!(
        server.get("/inbox/style.css").header("content-type"),
        Some("text/css; charset=utf-8")
    );
}

#[test]
fn ses_refuses_what_is_no_mail() {
    let server = Server::start(&[]);
    let cases: [(&str, Value); 7] = [
        ("/FromEmailAddress", json!("nobody")),
        ("/FromEmailAddress", json!("a@b\r\nBcc: c@d")),
        ("/Destination/ToAddresses", json!([])),
        ("/Destination/ToAddresses/0", json!("nobody")),
        ("/Destination/ToAddresses/0", json!("a@b\nBcc: c@d")),
        ("/Content", json!({ "Raw": { "Data": "" } })),
        ("/Content/Simple/Body", json!({})),
    ];
    for (place, value) in cases {
        let mut mail = mail("a@example.com");
        *mail.pointer_mut(place).unwrap() = value;
        let reply = send(&server, &mail);
        assert_eq!(reply.status, 400, "{place}");
        assert_eq!(
            reply.header("x-amzn-errortype"),
            Some("BadRequestException"),
            "{place}"
        );
    }
    assert_eq!(server.get("/inbox/messages").json(), json!([]));
}

#[test]
fn the_inbox_can_be_closed_and_switches_are_off() {
    let server = Server::start(&["--no-inbox"]);
    for path in [
        "/inbox",
        "/inbox/messages",
        "/inbox/messages/1",
        "/inbox/style.css",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert_eq!(send(&server, &mail("a@example.com")).status, 200);
    for path in ["/clock/advance", "/faults"] {
        assert_eq!(
            server.request("POST", path, &[], "{}").status,
            405,
            "{path}"
        );
    }
}

#[test]
fn faults_are_what_they_say() {
    let server = Server::start(&["--faults"]);
    let set = |faults: &str| server.request("POST", "/faults", &[], faults).status;
    assert_eq!(set(r#"{"ses":"reject"}"#), 200);
    let reply = send(&server, &mail("a@example.com"));
    assert_eq!(reply.header("x-amzn-errortype"), Some("MessageRejected"));
    assert_eq!(set(r#"{"api":"throttle"}"#), 200);
    let throttled = server.password(CLIENT, EMAIL, PASSWORD);
    assert_eq!(
        throttled,
        Err(refusal("TooManyRequestsException", "Rate exceeded"))
    );
    assert_eq!(set(r#"{"create":"slow"}"#), 200);
    let begun = Instant::now();
    assert!(server.password(CLIENT, EMAIL, PASSWORD).is_ok());
    assert!(begun.elapsed().as_secs() >= 3);
    assert_eq!(set("{}"), 200);
    assert_eq!(send(&server, &mail("a@example.com")).status, 200);
    for wrong in ["", "null", r#"{"ses":"maybe"}"#, r#"{"sse":"ok"}"#] {
        assert_eq!(set(wrong), 400, "{wrong}");
    }
}

#[test]
fn each_trigger_can_fail() {
    let server = Server::start(&["--faults"]);
    let set = |faults: &str| assert_eq!(server.request("POST", "/faults", &[], faults).status, 200);
    for (switch, trigger) in [
        ("define", "DefineAuthChallenge"),
        ("create", "CreateAuthChallenge"),
        ("verify", "VerifyAuthChallengeResponse"),
    ] {
        set(&format!(r#"{{"{switch}":"fail"}}"#));
        let outcome = server
            .password(CLIENT, EMAIL, PASSWORD)
            .and_then(|challenge| server.answer(&challenge, "123456"));
        let message = format!("{trigger} failed with error FAULT.");
        let refused = refusal("UserLambdaValidationException", &message);
        assert_eq!(outcome, Err(refused), "{switch}");
    }
    set("{}");
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    assert!(server.answer(&challenge, "123456").is_ok());
}

#[test]
fn the_clock_moves_ahead_only() {
    let server = Server::start(&["--test-clock"]);
    let before = server.now();
    server.advance(3600);
    assert!((3600..3610).contains(&(server.now() - before)));
    for wrong in [
        "",
        "{}",
        r#"{"seconds":-1}"#,
        r#"{"seconds":"1"}"#,
        r#"{"seconds":4294967296}"#,
    ] {
        let reply = server.request("POST", "/clock/advance", &[], wrong);
        assert_eq!(reply.status, 400, "{wrong}");
    }
}

#[test]
fn the_log_says_what_was_called_and_nothing_that_was_said() {
    let log = scratch("log.txt");
    let file = fs::File::create(&log).unwrap();
    let server = Server::spawn(command(&["--verbose"]).stderr(Stdio::from(file)));
    let challenge = server.password(CLIENT, EMAIL, PASSWORD).unwrap();
    let session = challenge["Session"].as_str().unwrap();
    let tokens = server.answer(&challenge, "123456").unwrap();
    let _ = server.password(CLIENT, EMAIL, "Wrong-Horse-1");
    let _ = server.call("GetUser", json!({ "AccessToken": "Wrong-Token-1" }));
    send(&server, &mail("a@example.com"));
    drop(server);
    let log = fs::read_to_string(log).unwrap();
    for line in [
        "InitiateAuth ok",
        "DefineAuthChallenge ok",
        "CreateAuthChallenge ok",
        "VerifyAuthChallengeResponse ok",
        "RespondToAuthChallenge ok",
        "RespondToAuthChallenge NotAuthorizedException",
        "GetUser NotAuthorizedException",
        "SendEmail ok",
    ] {
        assert!(log.lines().any(|found| found == line), "{line} in {log}");
    }
    let token = tokens["AuthenticationResult"]["AccessToken"]
        .as_str()
        .unwrap();
    for secret in [
        "123456",
        session,
        PASSWORD,
        "Wrong-Horse-1",
        "Wrong-Token-1",
        token,
        EMAIL,
    ] {
        assert!(!log.contains(secret), "{secret:.20}");
    }
    assert!(!log.contains("example.com"), "no address: {log}");
}

#[test]
fn openid_configuration_leads_to_the_keys() {
    let server = Server::start(&[]);
    let found = server
        .get("/us-east-1_EmailMfa1/.well-known/openid-configuration")
        .json();
    let issuer = format!("http://127.0.0.1:{}/us-east-1_EmailMfa1", server.port);
    assert_eq!(found["issuer"], issuer.as_str());
    assert_eq!(found["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
    assert_eq!(
        server.get("/us-east-1_None/.well-known/jwks.json").status,
        400
    );
}
