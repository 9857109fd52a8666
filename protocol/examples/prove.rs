//! Proves passwords for a test that plays the server with other people's code.
//!
//! One JSON object a line comes in, with `pool_name`, `user_id`, `password`, `salt`,
//! `srp_b`, `secret_block` (base64), `now` (Unix seconds) and `entropy` (hexadecimal,
//! 64 bytes); one goes out, with `srp_a`, `timestamp` and `signature` (base64).

#![expect(
    clippy::indexing_slicing,
    reason = "serde_json's index never panics when it reads"
)]

use base64ct::{Base64, Encoding};
use protocol::{
    Timestamp,
    srp::{Ephemeral, Salt, ServerPublic},
};
use serde_json::{Value, json};
use std::{
    error::Error,
    io::{BufRead, Write, stdin, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = stdout().lock();
    for line in stdin().lock().lines() {
        writeln!(output, "{}", prove(&serde_json::from_str(&line?)?)?)?;
        output.flush()?;
    }
    Ok(())
}

fn prove(question: &Value) -> Result<Value, Box<dyn Error>> {
    let text = |name: &str| {
        question[name]
            .as_str()
            .ok_or(format!("{name}: expected a string"))
    };
    let now = question["now"]
        .as_u64()
        .ok_or("now: expected Unix seconds")?;
    let ephemeral = Ephemeral::new(&entropy(text("entropy")?)?)?;
    let handshake = ephemeral.agree(
        &ServerPublic::from_hex(text("srp_b")?)?,
        &Salt::from_hex(text("salt")?)?,
        text("pool_name")?,
        text("user_id")?,
        text("password")?.as_bytes(),
    )?;
    let secret_block =
        Base64::decode_vec(text("secret_block")?).map_err(|_| "secret_block: expected base64")?;
    let timestamp = Timestamp::from_unix(now).to_string();
    let signature = handshake.sign(
        text("pool_name")?,
        text("user_id")?,
        &secret_block,
        &timestamp,
    );
    Ok(json!({
        "srp_a": ephemeral.public_hex(),
        "timestamp": timestamp,
        "signature": Base64::encode_string(&*signature),
    }))
}

fn entropy(hex: &str) -> Result<[u8; 64], Box<dyn Error>> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|char| char.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()
        .ok_or("entropy: expected hexadecimal")?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect();
    bytes
        .try_into()
        .map_err(|_| "entropy: expected 64 bytes".into())
}
