//! Starts `dynalite`, and passes requests on to it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use runtime_api::Request;
use serde_json::{Value, json};

pub const TABLE: &str = "attempts";

/// On a free port of this machine alone, and until nobody holds its standard input.
const PROGRAM: &str = "
    const server = require('dynalite')({ createTableMs: 0 });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    process.stdin.resume().on('end', () => process.exit());
";

/// The running server, with a table as `template.yaml` makes it; it ends with this value.
pub struct Dynalite {
    process: Child,
    pub address: SocketAddr,
}

impl Dynalite {
    pub fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
        let installed = folder.join("node_modules/dynalite");
        assert!(
            installed.is_dir(),
            "`cargo xtask test native` installs {}",
            installed.display()
        );
        let mut process = Command::new("node")
            .args(["--eval", PROGRAM])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = (Ipv4Addr::LOCALHOST, line.trim().parse().unwrap()).into();
        let server = Self { process, address };
        server.create_table();
        server
    }

    fn create_table(&self) {
        let key = json!([{ "AttributeName": "id", "KeyType": "HASH" }]);
        let types = json!([{ "AttributeName": "id", "AttributeType": "S" }]);
        let table = json!({
            "TableName": TABLE,
            "KeySchema": key,
            "AttributeDefinitions": types,
            "BillingMode": "PAY_PER_REQUEST",
        });
        self.call("CreateTable", &table);
        let name = json!({ "TableName": TABLE });
        while self.call("DescribeTable", &name)["Table"]["TableStatus"] != "ACTIVE" {
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn call(&self, operation: &str, body: &Value) -> Value {
        let signature = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, \
                         SignedHeaders=host, Signature=00";
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", &format!("DynamoDB_20120810.{operation}")),
            ("x-amz-date", "20260101T000000Z"),
            ("authorization", signature),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let request = Request {
            line: "POST / HTTP/1.1\r\n".to_owned(),
            headers: headers.into(),
            body: body.to_string().into_bytes(),
        };
        let (status, body) = pass_on(self.address, &request);
        let body = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }
}

impl Drop for Dynalite {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Sends a request to a server: the status and the body of what it answers.
pub fn pass_on(address: SocketAddr, request: &Request) -> (u16, Vec<u8>) {
    let mut head = request.line.clone();
    for (name, value) in &request.headers {
        if !["connection", "content-length", "host"].contains(&name.as_str()) {
            head += &format!("{name}: {value}\r\n");
        }
    }
    let length = request.body.len();
    head += &format!("host: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    let mut connection = TcpStream::connect(address).unwrap();
    connection
        .write_all(&[head.as_bytes(), &request.body].concat())
        .unwrap();
    let mut reply = Vec::new();
    connection.read_to_end(&mut reply).unwrap();
    let end = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let status = str::from_utf8(&reply[9..12]).unwrap().parse().unwrap();
    (status, reply.split_off(end + 4))
}
