//! As much of an HTTP/1.1 server as Lambda, SES and DynamoDB take.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A request as it came over HTTP.
pub struct Request {
    /// Method, path, version.
    pub line: String,
    /// The headers, by their names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is answered: a status, headers, a body.
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// Names and values, without the body's length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// One whose body is JSON.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.into(),
        }
    }

    fn write(&self, connection: &mut impl Write) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} X\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", self.body.len());
        connection.write_all(&[head.as_bytes(), &self.body].concat())?;
        connection.flush()
    }
}

/// Answers each request on a free port, one at a time, until the process ends. `secure` makes
/// what the two ends talk through of a connection: TLS, or the connection itself.
pub fn listen<S: Read + Write>(
    secure: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    respond: impl FnMut(Request) -> Response + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (secure, respond) = (Arc::new(secure), Arc::new(Mutex::new(respond)));
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (secure, respond) = (Arc::clone(&secure), Arc::clone(&respond));
            thread::spawn(move || {
                let connection = connection.unwrap();
                connection.set_nodelay(true).unwrap();
                let mut stream = BufReader::new(secure(connection));
                while let Some(request) = read(&mut stream) {
                    let response = respond.lock().unwrap()(request);
                    if response.write(stream.get_mut()).is_err() {
                        // Who gives up waiting is gone by now.
                        break;
                    }
                }
            });
        }
    });
    address
}

fn read(stream: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    if stream.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim_start().to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Request {
        line,
        headers,
        body,
    })
}
