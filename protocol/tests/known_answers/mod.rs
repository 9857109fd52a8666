//! Checks handshakes against known answers of the shape of `edge_cases` in
//! `vectors/srp-vectors.json`. Shared by the tests and the `check_vectors` example.

use base64ct::{Base64, Encoding};
use protocol::srp::{Ephemeral, Salt, ServerPublic};
use serde_json::Value;

/// The cases of a file: `edge_cases.cases`, `cases`, or the file itself is the list.
pub fn cases(file: &Value) -> Result<&[Value], String> {
    let at = |path| file.pointer(path).unwrap_or(&Value::Null);
    [at("/edge_cases/cases"), at("/cases"), file]
        .into_iter()
        .find_map(Value::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| {
            "expected a list of cases, at the top, in `cases` or in `edge_cases.cases`".into()
        })
}

/// Computes one case and names the first value that differs.
pub fn check(case: &Value) -> Result<(), String> {
    let text = |name: &str| {
        case[name]
            .as_str()
            .ok_or_else(|| format!("{name}: expected a string, got {}", case[name]))
    };
    let number =
        |name: &str| text(name).and_then(|hex| bytes(hex).ok_or(format!("{name}: not hex")));
    let value = |name: &str, error: protocol::srp::Error| format!("{name}: {error}");

    let client = Ephemeral::from_be_bytes(&number("a")?).map_err(|e| value("a", e))?;
    same("A", &client.public_hex(), &lower(text("A")?))?;
    let server = ServerPublic::from_hex(text("B")?).map_err(|e| value("B", e))?;
    let salt = Salt::from_hex(text("salt")?).map_err(|e| value("salt", e))?;
    let (pool_name, user) = (text("poolName")?, text("user")?);
    let handshake = client
        .agree(
            &server,
            &salt,
            pool_name,
            user,
            text("password")?.as_bytes(),
        )
        .map_err(|e| value("u", e))?;

    let got = handshake.intermediates();
    for (name, field, got) in [
        ("u", "u", got.u),
        ("x", "x", got.x),
        ("S", "S", got.s),
        ("key", "hkdf", got.key),
    ] {
        same(name, &lower(&hex(got)), &lower(text(field)?))?;
    }
    let secret_block =
        Base64::decode_vec(text("secretBlock")?).map_err(|_| "secretBlock: not base64")?;
    let signature = handshake.sign(pool_name, user, &secret_block, text("timestamp")?);
    same(
        "signature",
        &Base64::encode_string(&*signature),
        text("signature")?,
    )
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

/// The number itself: lower case, no leading zeros.
fn lower(hex: &str) -> String {
    hex.trim_start_matches('0').to_ascii_lowercase()
}

fn same(name: &str, got: &str, expected: &str) -> Result<(), String> {
    if got == expected {
        Ok(())
    } else {
        Err(format!("{name}: expected {expected}, got {got}"))
    }
}
