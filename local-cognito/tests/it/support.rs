//! Starts the program with stand-in triggers, and speaks to it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use protocol::{
    Timestamp,
    srp::{Ephemeral, Salt, ServerPublic},
};
use serde_json::{Value, json};

pub const POOL: &str = "us-east-1_EmailMfa1";
pub const CLIENT: &str = "emailmfalocalclient00001";
pub const SRP_CLIENT: &str = "emailmfalocalsrponly0001";
pub const EMAIL: &str = "user@example.com";
pub const PASSWORD: &str = "Correct-Horse-9";

/// The running program; it ends with this value.
pub struct Server {
    child: Child,
    /// Kept open: the program may write to it.
    _stdout: BufReader<ChildStdout>,
    pub port: u16,
}

/// An HTTP reply.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// An error of the API: its name and its message.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(pub String, pub String);

/// A password challenge, answered but not yet sent.
#[derive(Clone)]
pub struct Proof {
    pub session: Option<String>,
    pub responses: Value,
    pub parameters: Value,
}

/// The shell line of a stand-in trigger.
pub fn stand_in(trigger: &str, behaviour: &str) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_local-cognito"));
    let program = program.parent().unwrap().join("examples/stand_in");
    assert!(
        program.is_file(),
        "cargo test builds the examples: {}",
        program.display()
    );
    format!("{} {trigger} {behaviour}", program.display())
}

/// The program's command line with well-behaved stand-ins.
pub fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-cognito"));
    command.args(["--port", "0"]);
    for trigger in ["define", "create", "verify"] {
        command.args(["--trigger", &format!("{trigger}={}", stand_in(trigger, ""))]);
    }
    command.args(flags);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

impl Server {
    pub fn start(flags: &[&str]) -> Self {
        Self::spawn(command(flags).stderr(Stdio::null()))
    }

    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("ready http://127.0.0.1:")
            .expect("a ready line");
        let port = address.trim_end().trim_end_matches('/').parse().unwrap();
        Self {
            child,
            _stdout: stdout,
            port,
        }
    }

    /// Asks the program to end, and waits until it has.
    pub fn stop(mut self) -> Option<i32> {
        self.terminate();
        self.child.wait().unwrap().code()
    }

    fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Sends bytes as they are, and reads until the server hangs up.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        // A server that refuses early may hang up before all is written.
        let _ = stream.write_all(request);
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply);
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// One request with our own Host.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Reply::parse(&self.raw(&[head.as_bytes(), body.as_bytes()].concat()))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &[], "")
    }

    /// One call of the API, as it comes.
    pub fn call_raw(&self, operation: &str, body: &str) -> Reply {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let headers = [
            ("X-Amz-Target", target.as_str()),
            ("Content-Type", "application/x-amz-json-1.1"),
        ];
        self.request("POST", "/", &headers, body)
    }

    pub fn call(&self, operation: &str, body: Value) -> Result<Value, Refusal> {
        let reply = self.call_raw(operation, &body.to_string());
        let json = reply.json();
        if reply.status == 200 {
            return Ok(json);
        }
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Err(Refusal(text("__type"), text("message")))
    }

    pub fn advance(&self, seconds: u64) {
        let body = json!({ "seconds": seconds }).to_string();
        assert_eq!(
            self.request("POST", "/clock/advance", &[], &body).status,
            200
        );
    }

    /// The server's time, from its own header.
    pub fn now(&self) -> u64 {
        let reply = self.call_raw("GetUser", "{}");
        let date = httpdate::parse_http_date(reply.header("date").unwrap()).unwrap();
        date.duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs()
    }

    /// InitiateAuth with a fresh `A`; the challenge is answered with the password.
    pub fn prove(&self, client: &str, username: &str, password: &str) -> Result<Proof, Refusal> {
        self.prove_at(client, username, password, self.now())
    }

    /// As [`Server::prove`], by a clock that says `now`.
    pub fn prove_at(
        &self,
        client: &str,
        username: &str,
        password: &str,
        now: u64,
    ) -> Result<Proof, Refusal> {
        let mut entropy = [0; 64];
        getrandom::fill(&mut entropy).unwrap();
        let ephemeral = Ephemeral::new(&entropy).unwrap();
        let srp_a = ephemeral.public_hex();
        let mut auth = json!({ "USERNAME": username, "SRP_A": srp_a });
        let mut flow = "USER_SRP_AUTH";
        if client != SRP_CLIENT {
            flow = "CUSTOM_AUTH";
            auth["CHALLENGE_NAME"] = "SRP_A".into();
        }
        let request = json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": auth });
        let reply = self.call("InitiateAuth", request)?;
        assert_eq!(reply["ChallengeName"], "PASSWORD_VERIFIER");
        let parameters = reply["ChallengeParameters"].clone();
        let text = |name: &str| parameters[name].as_str().unwrap();
        let b = ServerPublic::from_hex(text("SRP_B")).unwrap();
        let salt = Salt::from_hex(text("SALT")).unwrap();
        let user_id = text("USER_ID_FOR_SRP");
        let pool_name = "EmailMfa1";
        let handshake = ephemeral.agree(&b, &salt, pool_name, user_id, password.as_bytes());
        let block = Base64::decode_vec(text("SECRET_BLOCK")).unwrap();
        let timestamp = Timestamp::from_unix(now).to_string();
        let signature = handshake
            .unwrap()
            .sign(pool_name, user_id, &block, &timestamp);
        let responses = json!({
            "USERNAME": text("USERNAME"),
            "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": text("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": Base64::encode_string(&*signature),
        });
        let session = reply["Session"].as_str().map(str::to_owned);
        Ok(Proof {
            session,
            responses,
            parameters,
        })
    }

    /// RespondToAuthChallenge.
    pub fn respond(
        &self,
        client: &str,
        challenge: &str,
        session: Option<&str>,
        responses: &Value,
    ) -> Result<Value, Refusal> {
        let mut request = json!({
            "ClientId": client,
            "ChallengeName": challenge,
            "ChallengeResponses": responses,
        });
        if let Some(session) = session {
            request["Session"] = session.into();
        }
        self.call("RespondToAuthChallenge", request)
    }

    /// The password is proved; what comes back.
    pub fn password(&self, client: &str, username: &str, password: &str) -> Result<Value, Refusal> {
        let proof = self.prove(client, username, password)?;
        self.respond(
            client,
            "PASSWORD_VERIFIER",
            proof.session.as_deref(),
            &proof.responses,
        )
    }

    /// Answers a custom challenge.
    pub fn answer(&self, challenge: &Value, answer: &str) -> Result<Value, Refusal> {
        let responses = json!({
            "USERNAME": challenge["ChallengeParameters"]["USERNAME"],
            "ANSWER": answer,
        });
        self.respond(
            CLIENT,
            "CUSTOM_CHALLENGE",
            challenge["Session"].as_str(),
            &responses,
        )
    }

    /// Signs the seeded user in; the result with the tokens.
    pub fn sign_in(&self) -> Value {
        let challenge = self.password(CLIENT, EMAIL, PASSWORD).unwrap();
        assert_eq!(challenge["ChallengeName"], "CUSTOM_CHALLENGE");
        self.answer(&challenge, "123456").unwrap()["AuthenticationResult"].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.terminate();
            let _ = self.child.wait();
        }
    }
}

impl Reply {
    pub fn parse(text: &str) -> Self {
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{text:?}"));
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Self {
            status,
            headers: headers.collect(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// The error that a wrong name, a wrong password and a failed sign-in share.
pub fn incorrect() -> Refusal {
    refusal("NotAuthorizedException", "Incorrect username or password.")
}

pub fn refusal(name: &str, message: &str) -> Refusal {
    Refusal(name.into(), message.into())
}

/// The header and the claims of a token.
pub fn decoded(token: &Value) -> (Value, Value) {
    let mut parts = token.as_str().unwrap().split('.').map(|part| {
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap_or_default()
    });
    (parts.next().unwrap(), parts.next().unwrap())
}

/// A path that is this test's own, and not there yet. Another run may be under way.
pub fn scratch(name: &str) -> PathBuf {
    let folder = format!("local-cognito-{}", std::process::id());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}
