//! HTTP itself: headers, limits, who may call.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{CLIENT, Reply, Server};

const INITIATE: (&str, &str) = (
    "X-Amz-Target",
    "AWSCognitoIdentityProviderService.InitiateAuth",
);

#[test]
fn errors_are_in_the_body_and_in_headers_that_pages_may_read() {
    let server = Server::start(&[]);
    let reply = server.call_raw("RevokeToken", r#"{"Token":"x","ClientId":"nobody"}"#);
    assert_eq!(reply.status, 400);
    let message = "User pool client does not exist.";
    assert_eq!(
        reply.json(),
        json!({ "__type": "ResourceNotFoundException", "message": message })
    );
    for (name, value) in [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amzn-errortype", "ResourceNotFoundException:"),
        ("x-amzn-errormessage", message),
        ("access-control-allow-origin", "*"),
        (
            "access-control-expose-headers",
            "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
        ),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    let id = |reply: &Reply| reply.header("x-amzn-requestid").unwrap().to_owned();
    assert_eq!(id(&reply).len(), 36);
    assert_ne!(id(&reply), id(&server.call_raw("RevokeToken", "{}")));
    assert!(httpdate::parse_http_date(reply.header("date").unwrap()).is_ok());
}

#[test]
fn pages_of_any_origin_may_sign_in() {
    let server = Server::start(&[]);
    let foreign = ("Origin", "https://app.example");
    let reply = server.request("OPTIONS", "/", &[foreign], "");
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let allowed = reply.header("access-control-allow-headers").unwrap();
    for header in [
        "content-type",
        "x-amz-target",
        "x-amz-user-agent",
        "cache-control",
        "amz-sdk-invocation-id",
        "amz-sdk-request",
    ] {
        assert!(
            allowed.split(',').any(|allowed| allowed == header),
            "{header}"
        );
    }
    let body = r#"{"ClientId":"nobody","AuthFlow":"CUSTOM_AUTH"}"#;
    let reply = server.request("POST", "/", &[INITIATE, foreign], body);
    assert_eq!(reply.json()["__type"], "ResourceNotFoundException");
    let keys = server.request(
        "GET",
        "/us-east-1_EmailMfa1/.well-known/jwks.json",
        &[foreign],
        "",
    );
    assert_eq!(keys.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn pages_of_other_origins_get_nothing_else() {
    let server = Server::start(&["--test-clock", "--faults"]);
    let own = format!("http://127.0.0.1:{}", server.port);
    let administrative = (
        "X-Amz-Target",
        "AWSCognitoIdentityProviderService.AdminGetUser",
    );
    for (method, path, target) in [
        ("GET", "/inbox", None),
        ("GET", "/inbox/messages", None),
        ("POST", "/clock/advance", None),
        ("POST", "/faults", None),
        ("POST", "/v2/email/outbound-emails", None),
        ("POST", "/", Some(administrative)),
    ] {
        for origin in ["https://app.example", "null", "http://127.0.0.1:1"] {
            let headers: Vec<_> = [("Origin", origin)].into_iter().chain(target).collect();
            let reply = server.request(method, path, &headers, "{}");
            assert_eq!(reply.status, 403, "{path} {origin}");
        }
        let headers: Vec<_> = [("Origin", own.as_str())]
            .into_iter()
            .chain(target)
            .collect();
        let reply = server.request(method, path, &headers, "{}");
        assert_ne!(reply.status, 403, "{path}");
        let cors = reply.header("access-control-allow-origin");
        assert_eq!(cors, target.map(|_| "*"), "{path}");
    }
}

#[test]
fn other_hosts_are_not_answered() {
    let server = Server::start(&[]);
    let port = server.port;
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "",
        "0.0.0.0",
        "169.254.0.1",
    ] {
        for path in [
            "/",
            "/inbox/messages",
            "/health",
            "/us-east-1_EmailMfa1/.well-known/jwks.json",
        ] {
            let reply = server.request("GET", path, &[("Host", host)], "");
            assert_eq!(reply.status, 421, "{host} {path}");
        }
    }
    for host in [
        &format!("localhost:{port}"),
        &format!("[::1]:{port}"),
        "127.0.0.1",
    ] {
        assert_eq!(
            server
                .request("GET", "/health", &[("Host", host)], "")
                .status,
            200
        );
    }
}

#[test]
fn it_listens_on_loopback_only() {
    let server = Server::start(&[]);
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap()
        + &std::fs::read_to_string("/proc/net/tcp6").unwrap();
    let port = format!(":{:04X}", server.port);
    let listening = " 00000000:0000 0A ";
    let ours: Vec<_> = table
        .lines()
        .filter_map(|line| {
            line.split_whitespace()
                .nth(1)
                .filter(|_| line.contains(listening))
        })
        .filter(|address| address.ends_with(&port))
        .collect();
    assert_eq!(ours, [format!("0100007F{port}")]);
}

#[test]
fn targets_and_methods_that_are_not_there() {
    let server = Server::start(&[]);
    for target in [
        "",
        "InitiateAuth",
        "AWSCognitoIdentityProviderService.",
        "AWSCognitoIdentityProviderService.ListUserImportJobs",
        "AWSCognitoIdentityProviderService.initiateauth",
        "DynamoDB_20111205.GetItem",
        "\u{e9}",
    ] {
        let reply = server.request("POST", "/", &[("X-Amz-Target", target)], "{}");
        assert_eq!(
            reply.json()["__type"],
            "UnknownOperationException",
            "{target}"
        );
    }
    assert_eq!(server.request("POST", "/", &[], "{}").status, 400);
    for method in ["PUT", "DELETE", "PATCH"] {
        assert_eq!(
            server.request(method, "/", &[INITIATE], "{}").status,
            405,
            "{method}"
        );
    }
    assert_eq!(server.request("POST", "/nowhere", &[], "").status, 405);
}

#[test]
fn bodies_end_at_64_kib() {
    let server = Server::start(&[]);
    let padding = |length: usize| {
        let body = json!({ "ClientId": CLIENT, "AuthFlow": "X", "Padding": "" }).to_string();
        body.replace(
            r#""Padding":"""#,
            &format!(r#""Padding":"{}""#, " ".repeat(length - body.len())),
        )
    };
    let largest = padding(64 * 1024);
    assert_eq!(largest.len(), 64 * 1024);
    assert_eq!(
        server.call_raw("InitiateAuth", &largest).status,
        400,
        "read and judged"
    );
    let reply = server.call_raw("InitiateAuth", &padding(64 * 1024 + 1));
    assert_eq!(reply.status, 413);
    assert_eq!(reply.json()["__type"], "RequestEntityTooLargeException");
}

#[test]
fn two_hundred_megabytes_are_refused_unread() {
    let server = Server::start(&[]);
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\n{}: {}\r\nContent-Length: 209715200\r\n\r\n{{",
        INITIATE.0, INITIATE.1
    );
    let begun = Instant::now();
    let reply = Reply::parse(&server.raw(head.as_bytes()));
    assert_eq!(reply.status, 413);
    assert_eq!(reply.header("connection"), Some("close"));
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn endless_chunks_end_at_64_kib() {
    let server = Server::start(&[]);
    let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\n{}: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        INITIATE.0, INITIATE.1
    );
    let reply = server.raw((head + &chunk.repeat(64)).as_bytes());
    assert_eq!(Reply::parse(&reply).status, 413);
}

#[test]
fn a_length_and_chunks_at_once_are_one_message_and_the_last() {
    let server = Server::start(&[]);
    let smuggled = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for headers in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
    ] {
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{}: {}\r\n{headers}\r\n\r\n\
             2\r\n{{}}\r\n0\r\n\r\n{smuggled}",
            INITIATE.0, INITIATE.1
        );
        let reply = server.raw(request.as_bytes());
        assert_eq!(reply.matches("HTTP/1.1 ").count(), 1, "{reply}");
        assert!(!reply.contains("\r\n\r\nok\n"), "{reply}");
    }
}

#[test]
fn a_body_that_is_shorter_than_it_said_is_not_waited_for_in_vain() {
    let server = Server::start(&[]);
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\n{}: {}\r\nContent-Length: 10\r\n\
         Expect: 100-continue\r\n\r\n{{}}",
        INITIATE.0, INITIATE.1
    );
    let begun = Instant::now();
    let reply = server.raw(request.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 100 Continue"), "{reply}");
    assert!(reply.contains("The body did not come in time."), "{reply}");
    assert!(begun.elapsed() < Duration::from_secs(15));
}

#[test]
fn ready_in_less_than_a_second() {
    let begun = Instant::now();
    let server = Server::start(&[]);
    let elapsed = begun.elapsed();
    assert_eq!(server.get("/health").status, 200);
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
}

#[test]
fn it_ends_when_told_to() {
    assert_eq!(Server::start(&[]).stop(), Some(0));
}
