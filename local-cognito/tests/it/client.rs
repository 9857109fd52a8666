//! The client's own protocol, driven against a pool of its own.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use protocol::{
    AwaitingReply, Credentials, Device, Error, Flow, Next, Password, RefusalKind, Reply, Request,
    Timestamp, Tokens, sign_in, srp::Ephemeral,
};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::support::{PASSWORD, Server};

const NAME: &str = "ada";
const NUMBER: &str = "+12065550108";

/// A pool of its own, a client for the flow, and one user.
pub struct Pool {
    pub server: Server,
    pub id: String,
    pub client: String,
}

impl Pool {
    pub fn new(pool: Value, mfa: Value) -> Self {
        let server = Server::start(&["--test-clock"]);
        let mut request = json!({ "PoolName": "p" });
        extend(&mut request, pool);
        let made = server.call("CreateUserPool", request).unwrap();
        let id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        let mut request = json!({ "UserPoolId": id });
        extend(&mut request, mfa);
        server.call("SetUserPoolMfaConfig", request).unwrap();
        let request = json!({
            "UserPoolId": id,
            "ClientName": "c",
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
        });
        let made = server.call("CreateUserPoolClient", request).unwrap();
        let client = made["UserPoolClient"]["ClientId"].as_str().unwrap();
        let pool = Self {
            client: client.to_owned(),
            server,
            id,
        };
        pool.admin(
            "AdminCreateUser",
            json!({
                "TemporaryPassword": "Temporary-1",
                "UserAttributes": [
                    { "Name": "email", "Value": "ada@example.com" },
                    { "Name": "email_verified", "Value": "true" },
                    { "Name": "phone_number", "Value": NUMBER },
                    { "Name": "phone_number_verified", "Value": "true" },
                ],
            }),
        );
        pool
    }

    pub fn with_permanent_password(self) -> Self {
        let password = json!({ "Password": PASSWORD, "Permanent": true });
        self.admin("AdminSetUserPassword", password);
        self
    }

    pub fn admin(&self, operation: &str, more: Value) {
        let mut request = json!({ "UserPoolId": self.id, "Username": NAME });
        extend(&mut request, more);
        self.server.call(operation, request).unwrap();
    }

    pub fn begin(&self, password: &str, device: Option<Device>) -> Result<Next, Error> {
        self.begin_by(Flow::UserSrp, Some(password), device)
    }

    pub fn begin_by(
        &self,
        flow: Flow,
        password: Option<&str>,
        device: Option<Device>,
    ) -> Result<Next, Error> {
        let pool = protocol::Pool::new(&self.id, &self.client).unwrap();
        let password = password.map(Password::new);
        let mut credentials = Credentials::of(NAME, password, flow).unwrap();
        if let Some(device) = device {
            credentials = credentials.with_device(device, &random());
        }
        let ephemeral = Ephemeral::new(&random()).unwrap();
        self.go_on(sign_in(&pool, credentials, ephemeral))
    }

    /// Posts until there is something to do.
    pub fn go_on(&self, exchange: (Request, AwaitingReply)) -> Result<Next, Error> {
        let mut next = Next::Send(exchange.0, exchange.1);
        while let Next::Send(request, state) = next {
            let now = Timestamp::from_unix(self.server.now());
            next = state.receive(self.post(&request).view(), now)?;
        }
        Ok(next)
    }

    pub fn post(&self, request: &Request) -> (u16, Value) {
        let operation = request.target().rsplit('.').next().unwrap();
        let reply = self.server.call_raw(operation, request.body());
        (reply.status, reply.json())
    }

    pub fn mailed_code(&self) -> String {
        let mails = self.server.get("/inbox/messages?to=ada@example.com").json();
        let text = mails.as_array().unwrap().last().unwrap()["text"].clone();
        let digits = |char: &char| char.is_ascii_digit();
        text.as_str().unwrap().chars().filter(digits).collect()
    }

    /// The code of the last text message.
    pub fn texted_code(&self) -> String {
        let messages = self.server.get("/inbox/messages?to=%2B12065550108").json();
        let last = messages.as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&last["medium"], &last["to"]),
            (&"SMS".into(), &NUMBER.into())
        );
        let digits = |char: &char| char.is_ascii_digit();
        last["text"]
            .as_str()
            .unwrap()
            .chars()
            .filter(digits)
            .collect()
    }

    pub fn code_of(&self, secret: &str) -> String {
        totp(secret, Duration::from_secs(self.server.now()))
    }
}

pub trait View {
    fn view(&self) -> Reply<'_>;
}

impl View for (u16, Value) {
    fn view(&self) -> Reply<'_> {
        Reply {
            status: self.0,
            error_type: None,
            date: None,
            body: Some(&self.1),
        }
    }
}

fn extend(request: &mut Value, more: Value) {
    let members = request.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
}

pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// RFC 6238, as an authenticator computes it.
fn totp(secret: &str, now: Duration) -> String {
    let digit = |char: u8| match char {
        b'A'..=b'Z' => u64::from(char - b'A'),
        _ => u64::from(char - b'2' + 26),
    };
    let mut key = Vec::new();
    for chunk in secret.as_bytes().chunks(8) {
        let bits = chunk.iter().fold(0, |bits, char| bits << 5 | digit(*char));
        key.extend_from_slice(&bits.to_be_bytes()[3..]);
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(now.as_secs() / 30).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap());
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

pub fn signed_in(next: Result<Next, Error>) -> Tokens {
    match next {
        Ok(Next::SignedIn(tokens)) => tokens,
        other => panic!("{other:?}"),
    }
}

pub fn kind(next: Result<Next, Error>) -> RefusalKind {
    match next {
        Err(Error::PoolRefused(refusal)) => refusal.kind,
        other => panic!("{other:?}"),
    }
}
