//! Connections that are there before the first event.

use std::{
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use runtime_api::{Request, Response, listen};

use crate::{first_challenge, mail_not_sent, start};

const SOON: Duration = Duration::from_secs(5);

/// A service that gives one answer to everything, and tells of connections and requests.
fn service(answer: &'static str) -> (String, Receiver<()>, Receiver<Request>) {
    let ((connected, connections), (taken, requests)) = (mpsc::channel(), mpsc::channel());
    let count = move |connection| {
        connected.send(()).unwrap_or_default();
        connection
    };
    let address = listen(count, move |request| {
        taken.send(request).unwrap_or_default();
        Response::json(200, answer)
    });
    (format!("http://{address}"), connections, requests)
}

#[test]
fn the_first_event_finds_open_connections() {
    let (ses, ses_connections, mails) = service(r#"{"MessageId":"1"}"#);
    let (table, table_connections, operations) = service("{}");
    let settings = [
        ("ATTEMPTS_TABLE", "attempts"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &*table),
    ];
    let create = start(&ses, &settings);
    let asked = [
        mails.recv_timeout(SOON).unwrap(),
        operations.recv_timeout(SOON).unwrap(),
    ];
    for request in asked {
        assert!(request.line.starts_with("GET /"), "{}", request.line);
        let names: Vec<_> = request.headers.keys().collect();
        assert_eq!(names, ["host"], "nothing is signed");
        assert!(request.body.is_empty());
    }
    create.invoke(first_challenge().to_string()).unwrap();
    assert_eq!(mails.try_iter().count(), 1);
    assert_eq!(operations.try_iter().count(), 3);
    for connections in [ses_connections, table_connections] {
        assert_eq!(connections.try_iter().count(), 1);
    }
    let (stdout, stderr) = create.stop();
    assert_eq!((stdout.lines().count(), &*stderr), (1, ""));
}

/// Connections are taken, and nothing is ever said.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[test]
fn what_is_silent_delays_a_start_by_no_more_than_the_bound() {
    let (_listener, address) = silent();
    for scheme in ["http", "https"] {
        let endpoint = format!("{scheme}://{address}");
        let started = Instant::now();
        let create = start(
            &endpoint,
            &[
                ("ATTEMPTS_TABLE", "attempts"),
                ("AWS_ENDPOINT_URL_DYNAMODB", &endpoint),
            ],
        );
        // An event that needs neither.
        create.invoke("null").unwrap_err();
        let elapsed = started.elapsed().as_millis();
        assert!((300..500).contains(&elapsed), "{scheme}: {elapsed} ms");
    }
}

#[test]
fn an_ses_that_refuses_connections_delays_nothing() {
    let (listener, address) = silent();
    drop(listener);
    let started = Instant::now();
    let create = start(&format!("http://{address}"), &[]);
    create.invoke("null").unwrap_err();
    let elapsed = started.elapsed().as_millis();
    assert!(elapsed < 300, "{elapsed} ms");
    let answer = create.invoke(first_challenge().to_string());
    assert_eq!(answer, Err(mail_not_sent()));
}

#[test]
fn a_connection_that_could_not_be_opened_is_opened_by_the_first_event() {
    let hang_up = |first: &TcpStream| first.shutdown(Shutdown::Both).unwrap();
    let say_nothing = |_: &TcpStream| thread::sleep(Duration::from_secs(30));
    for lose in [hang_up as fn(&TcpStream), say_nothing] {
        let is_first = AtomicBool::new(true);
        let secure = move |connection| {
            if is_first.swap(false, Ordering::Relaxed) {
                lose(&connection);
            }
            connection
        };
        let (taken, mails) = mpsc::channel();
        let address = listen(secure, move |request| {
            taken.send(request.line).unwrap_or_default();
            Response::json(200, r#"{"MessageId":"1"}"#)
        });
        let create = start(&format!("http://{address}"), &[]);
        create.invoke(first_challenge().to_string()).unwrap();
        let mails = mails.try_iter().filter(|line| line.starts_with("POST "));
        assert_eq!(mails.count(), 1);
    }
}
