//! Checks ours against the tests of `vectors/cognito_srp_test.json`, whose README says what they
//! have. Shared by the tests and the `check_vectors` example.

use base64ct::{Base64, Encoding};
use protocol::{
    Timestamp,
    srp::{
        ClientPublic, Ephemeral, PasswordClaim, Salt, ServerHandshake, ServerPublic, Verifier,
        scrambler, session_key,
    },
};
use serde_json::Value;

/// Why a test did not give its values.
#[derive(Debug)]
pub enum Fault {
    /// The input is none to compute with: right for an invalid test.
    Refused(String),
    /// Another value, or a file of another form.
    Other(String),
}

/// The tests of a file, each with the type of its group.
pub fn tests(file: &Value) -> Result<Vec<(&str, &Value)>, String> {
    let groups = file["testGroups"]
        .as_array()
        .ok_or("testGroups: expected a list")?;
    let mut all = Vec::new();
    for group in groups {
        let kind = group["type"].as_str().ok_or("type: expected a string")?;
        let tests = group["tests"].as_array().ok_or("tests: expected a list")?;
        all.extend(tests.iter().map(|test| (kind, test)));
    }
    Ok(all)
}

/// Does a test, and names what is not as its `result` says.
pub fn check(kind: &str, test: &Value) -> Result<(), String> {
    let done = match kind {
        "CognitoSrpClient" => client(test),
        "CognitoSrpServer" => server(test),
        "CognitoSrpDeviceVerifier" => device_verifier(test),
        "CognitoSrpPad" => padded(test),
        "CognitoTimestamp" => timestamp(test),
        "CognitoSrpScrambler" => scrambled(test),
        "CognitoSrpKey" => key(test),
        _ => Err(Fault::Other(format!("no test is called {kind}"))),
    };
    match (test["result"].as_str(), done) {
        (Some("valid" | "acceptable"), Ok(())) => Ok(()),
        (Some("acceptable" | "invalid"), Err(Fault::Refused(_))) => Ok(()),
        (Some("valid"), Err(Fault::Refused(error))) => Err(format!("refused: {error}")),
        (Some("invalid"), Ok(())) => Err("not refused".into()),
        (_, Err(Fault::Other(error))) => Err(error),
        _ => Err(format!("result: {}", test["result"])),
    }
}

fn client(test: &Value) -> Result<(), Fault> {
    let secret = bytes(text(test, "a")?).ok_or(Fault::Other("a: not hexadecimal".into()))?;
    let client = Ephemeral::from_be_bytes(&secret).map_err(refused)?;
    same(test, "A", &client.public_hex())?;
    let server = ServerPublic::from_hex(text(test, "B")?).map_err(refused)?;
    let salt = Salt::from_hex(text(test, "salt")?).map_err(refused)?;
    let (pool_name, user) = (text(test, "poolName")?, text(test, "userId")?);
    let password = text(test, "password")?.as_bytes();
    let handshake = client
        .agree(&server, &salt, pool_name, user, password)
        .map_err(refused)?;
    let got = client
        .intermediates(&server, &salt, pool_name, user, password)
        .map_err(refused)?;
    for (name, number) in [("u", &got.u[..]), ("x", &*got.x), ("S", &*got.s)] {
        same(test, name, &shortest(&hex(number)))?;
    }
    same(test, "key", &hex(&*got.key))?;
    let block = base64(test, "secretBlock")?;
    let signature = handshake.sign(pool_name, user, &block, text(test, "timestamp")?);
    same(test, "signature", &Base64::encode_string(&*signature))
}

fn server(test: &Value) -> Result<(), Fault> {
    let (pool_name, user_id) = (text(test, "poolName")?, text(test, "userId")?);
    let salt = Salt::from_hex(text(test, "salt")?).map_err(refused)?;
    let password = text(test, "password")?.as_bytes();
    let verifier = Verifier::derive(pool_name, user_id, password, &salt);
    same(test, "v", &verifier.to_hex())?;
    let client = ClientPublic::from_hex(text(test, "A")?).map_err(refused)?;
    let secret = wide(test, "b")?;
    let handshake = ServerHandshake::begin(&verifier, client, &secret).map_err(refused)?;
    same(test, "B", &handshake.server_public_hex())?;
    let accepted = handshake.accepts(&PasswordClaim {
        pool_name,
        user_id,
        secret_block: &base64(test, "secretBlock")?,
        timestamp: text(test, "timestamp")?,
        signature: &base64(test, "signature")?,
    });
    accepted
        .then_some(())
        .ok_or(Fault::Refused("another signature".into()))
}

fn device_verifier(test: &Value) -> Result<(), Fault> {
    let salt = Salt::from_hex(text(test, "salt")?).map_err(refused)?;
    let verifier = Verifier::derive(
        text(test, "deviceGroupKey")?,
        text(test, "deviceKey")?,
        text(test, "password")?.as_bytes(),
        &salt,
    );
    same(test, "saltBase64", &Base64::encode_string(&salt.pad()))?;
    same(test, "verifier", &Base64::encode_string(&verifier.pad()))
}

fn padded(test: &Value) -> Result<(), Fault> {
    let number = Salt::from_hex(text(test, "number")?).map_err(refused)?;
    same(test, "padded", &hex(&number.pad()))
}

fn scrambled(test: &Value) -> Result<(), Fault> {
    let client = ClientPublic::from_hex(text(test, "A")?).map_err(refused)?;
    let server = ServerPublic::from_hex(text(test, "B")?).map_err(refused)?;
    same(test, "u", &shortest(&hex(&scrambler(&client, &server))))
}

fn key(test: &Value) -> Result<(), Fault> {
    let (u, s) = (wide(test, "u")?, wide(test, "S")?);
    same(test, "key", &hex(&*session_key(&u, &s)))
}

/// A number as so many bytes.
fn wide<const BYTES: usize>(test: &Value, name: &str) -> Result<[u8; BYTES], Fault> {
    let digits = BYTES * 2;
    let number = bytes(&format!("{:0>digits$}", text(test, name)?));
    let number = number.and_then(|number| number.try_into().ok());
    number.ok_or_else(|| Fault::Other(format!("{name}: not a number of {BYTES} bytes")))
}

fn timestamp(test: &Value) -> Result<(), Fault> {
    let read = Timestamp::parse(text(test, "timestamp")?).map_err(refused)?;
    if test["epochSeconds"].as_u64() != Some(read.unix()) {
        let expected = &test["epochSeconds"];
        let error = format!("epochSeconds: expected {expected}, got {}", read.unix());
        return Err(Fault::Other(error));
    }
    // What is acceptable may be read, and is not what we write.
    match test["result"].as_str() {
        Some("valid") => same(test, "timestamp", &read.to_string()),
        _ => Ok(()),
    }
}

fn text<'a>(test: &'a Value, name: &str) -> Result<&'a str, Fault> {
    test[name].as_str().ok_or_else(|| {
        let got = &test[name];
        Fault::Other(format!("{name}: expected a string, got {got}"))
    })
}

fn base64(test: &Value, name: &str) -> Result<Vec<u8>, Fault> {
    Base64::decode_vec(text(test, name)?)
        .map_err(|error| Fault::Other(format!("{name}: expected Base64: {error}")))
}

fn same(test: &Value, name: &str, got: &str) -> Result<(), Fault> {
    let expected = text(test, name)?;
    if got == expected {
        Ok(())
    } else {
        let error = format!("{name}: expected {expected}, got {got}");
        Err(Fault::Other(error))
    }
}

fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::Refused(error.to_string())
}

/// The bytes of a hexadecimal number of any length.
pub fn bytes(hex: &str) -> Option<Vec<u8>> {
    let even = if hex.len().is_multiple_of(2) {
        hex.to_owned()
    } else {
        format!("0{hex}")
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    even.as_bytes()
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
            _ => None,
        })
        .collect()
}

/// Hexadecimal, two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The number itself: no leading zeros, but for zero a digit.
fn shortest(hex: &str) -> String {
    match hex.trim_start_matches('0') {
        "" => "0".into(),
        digits => digits.to_owned(),
    }
}
