//! Cases without coverage: drawn from a seed, and made of the corpus.

use std::ops::Range;

use crate::Input;

/// Splitmix64: the same cases from the same seed, everywhere.
pub struct Random(u64);

/// What a token of JSON or HTTP may be replaced by.
const TOKENS: [&str; 56] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999",
    "1.5",
    "18446744073709551616",
    "\"\"",
    "\"true\"",
    "\"false\"",
    "[]",
    "{}",
    "[[]]",
    "{\"\":null}",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"ü\"",
    "\"@CODE@\"",
    "\"@RECORD@\"",
    "\"@CODE@ \"",
    "\"000000\"",
    "\"resend\"",
    "\"SRP_A\"",
    "\"PASSWORD_VERIFIER\"",
    "\"CUSTOM_CHALLENGE\"",
    "\"CONFIRMED\"",
    "\"user@example.com\"",
    "\"user@example.com,a@b.c\"",
    "\"us-east-1_Example1\"",
    "\"de\"",
    "\"__proto__\"",
    "\"v1.1.1790000000.1.0\"",
    "\"v1.1.1790000000.1.2\"",
    "\"USERNAME\"",
    "\"PASSWORD\"",
    "\"ANSWER\"",
    "\"SRP_A\":\"1\"",
    "\"@SESSION@\"",
    "\"@ACCESS@\"",
    "\"@REFRESH@\"",
    "\"USER_AUTH\"",
    "\"CUSTOM_AUTH\"",
    "\"REFRESH_TOKEN_AUTH\"",
    "\"SELECT_CHALLENGE\"",
    "\"NEW_PASSWORD_REQUIRED\"",
    "\"SOFTWARE_TOKEN_MFA\"",
    "\"EMAIL_OTP\"",
    "\r\n",
    "\0",
    "POST",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Origin: null\r\n",
    "AWSCognitoIdentityProviderService.",
    "DynamoDB_20120810.",
];

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.draw() % limit.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.draw().to_le_bytes()[0]
    }
}

/// One input, made of the corpus or of nothing.
pub fn draw(random: &mut Random, input: Input, corpus: &[Vec<u8>]) -> Vec<u8> {
    let of_nothing = input == Input::Script && random.below(2) == 0;
    let mut bytes = match corpus {
        [] => fresh(random),
        _ if of_nothing => fresh(random),
        _ => corpus[random.below(corpus.len())].clone(),
    };
    for _ in 0..=random.below(4) {
        match (input, random.below(8)) {
            (Input::Text, 0..=5) => replace_token(random, &mut bytes),
            (Input::Text | Input::Script, 7) if !corpus.is_empty() => {
                let other = &corpus[random.below(corpus.len())];
                bytes.truncate(random.below(bytes.len() + 1));
                bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
            }
            _ => change_bytes(random, &mut bytes),
        }
    }
    bytes
}

fn fresh(random: &mut Random) -> Vec<u8> {
    let length = random.below(160);
    (0..length).map(|_| random.byte()).collect()
}

/// Puts something else where a string, a number or a word of the text is.
fn replace_token(random: &mut Random, bytes: &mut Vec<u8>) {
    let tokens = tokens(bytes);
    if tokens.is_empty() {
        return change_bytes(random, bytes);
    }
    let token = tokens[random.below(tokens.len())].clone();
    let own = bytes[token.clone()].to_vec();
    let put = match random.below(8) {
        0 => Vec::new(),
        1 => [own.clone(), own].concat(),
        2 => vec![b'a'; random.below(3_000)],
        3 => {
            let other = tokens[random.below(tokens.len())].clone();
            bytes[other].to_vec()
        }
        _ => TOKENS[random.below(TOKENS.len())].as_bytes().to_vec(),
    };
    bytes.splice(token, put);
}

/// Where strings, numbers and words are.
fn tokens(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@+".contains(&byte);
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let rest = &bytes[start + 1..];
        let length = match bytes[start] {
            b'"' => rest.iter().position(|&byte| byte == b'"').map(|at| at + 2),
            byte if is_word(byte) => rest
                .iter()
                .position(|&byte| !is_word(byte))
                .map(|at| at + 1),
            _ => {
                start += 1;
                continue;
            }
        };
        let end = length.map_or(bytes.len(), |length| start + length);
        tokens.push(start..end);
        start = end;
    }
    tokens
}

fn change_bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    let place = random.below(bytes.len() + 1);
    match random.below(6) {
        0 => bytes.insert(place, random.byte()),
        1 => {
            let end = (place + random.below(16)).min(bytes.len());
            bytes.drain(place..end);
        }
        2 => {
            let end = (place + random.below(64)).min(bytes.len());
            let copy = bytes[place..end].to_vec();
            bytes.splice(place..place, copy);
        }
        3 => bytes.truncate(place),
        4 if place < bytes.len() => bytes[place] ^= 1 << random.below(8),
        _ if place < bytes.len() => bytes[place] = random.byte(),
        _ => bytes.push(random.byte()),
    }
}
