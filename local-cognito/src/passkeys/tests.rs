//! The specification's own example of an ES256 key without attestation (section 16.2), and what
//! becomes of it when it is altered.

use super::*;
use documents::{AssertionResponse, Bytes, RegistrationResponse};

const CREATED: [&str; 3] = [
    "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
    concat!(
        "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878",
        "475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e223a226874",
        "7470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578747261446174",
        "61223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468206164646974696f6e",
        "616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a646354",
        "427258426941774a544c453551227d",
    ),
    concat!(
        "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735a",
        "e7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70",
        "189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20d",
        "b90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b",
        "9220",
    ),
];

const USED: [&str; 4] = [
    "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
    concat!(
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455",
        "506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a226874747073",
        "3a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
    ),
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
    concat!(
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b935381",
        "74f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
    ),
];

const ID: &str = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn challenge(hex: &str) -> Challenge {
    bytes(hex).try_into().unwrap()
}

fn relying_party(id: &str) -> RelyingParty {
    RelyingParty {
        id: id.into(),
        user_verification: UserVerification::Preferred,
    }
}

fn registration() -> Registration {
    Registration {
        id: Bytes(bytes(ID)),
        authenticator_attachment: None,
        response: RegistrationResponse {
            client_data: Bytes(bytes(CREATED[1])),
            attestation_object: Bytes(bytes(CREATED[2])),
            transports: Vec::new(),
        },
    }
}

fn assertion() -> Assertion {
    Assertion {
        id: Bytes(bytes(ID)),
        response: AssertionResponse {
            client_data: Bytes(bytes(USED[1])),
            authenticator_data: Bytes(bytes(USED[2])),
            signature: Bytes(bytes(USED[3])),
            user_handle: None,
        },
    }
}

fn register(
    party: &RelyingParty,
    registration: &Registration,
) -> Result<(String, Passkey), Refused> {
    Passkey::register(party, &challenge(CREATED[0]), registration, 0)
}

fn prove(party: &RelyingParty, assertion: &Assertion) -> Result<(), Refused> {
    let (_, mut passkey) = register(&relying_party("example.org"), &registration()).unwrap();
    passkey.prove(party, &challenge(USED[0]), "ada", assertion)
}

#[test]
fn the_specifications_example_registers_and_signs_in() {
    let party = relying_party("example.org");
    let (id, mut passkey) = register(&party, &registration()).unwrap();
    assert_eq!(id, Bytes(bytes(ID)).to_string());
    for _ in 0..2 {
        // It does not count.
        passkey
            .prove(&party, &challenge(USED[0]), "ada", &assertion())
            .unwrap();
    }
    passkey.counter = 1;
    let again = passkey.prove(&party, &challenge(USED[0]), "ada", &assertion());
    assert_eq!(again, Err(Refused::Counter));
    assert_eq!(passkey.counter, 1);
}

#[test]
fn another_challenge_page_or_domain_is_refused_by_name() {
    let party = relying_party("example.org");
    let other = Passkey::register(&party, &challenge(USED[0]), &registration(), 0);
    assert_eq!(other.err(), Some(Refused::Challenge));
    let (_, mut passkey) = register(&party, &registration()).unwrap();
    let replayed = passkey.prove(&party, &challenge(CREATED[0]), "ada", &assertion());
    assert_eq!(replayed, Err(Refused::Challenge));
    let mut framed = assertion();
    let text = String::from_utf8(framed.response.client_data.0).unwrap();
    let text = text.replace(r#""crossOrigin":false"#, r#""crossOrigin":true"#);
    framed.response.client_data = Bytes(text.into_bytes());
    assert_eq!(prove(&party, &framed), Err(Refused::Origin));
    for (id, why) in [
        ("org", Refused::RelyingParty),
        ("example.com", Refused::Origin),
        ("sign-in.example.org", Refused::Origin),
    ] {
        let party = relying_party(id);
        assert_eq!(register(&party, &registration()).err(), Some(why), "{id}");
        assert_eq!(prove(&party, &assertion()), Err(why), "{id}");
    }
    let strict = RelyingParty {
        user_verification: UserVerification::Required,
        ..party.clone()
    };
    assert_eq!(prove(&strict, &assertion()), Err(Refused::Absent));
    let mut swapped = assertion();
    swapped.response.client_data = Bytes(bytes(CREATED[1]));
    let why = Refused::Malformed("clientDataJSON");
    assert_eq!(prove(&party, &swapped), Err(why));
    let mut foreign = assertion();
    foreign.response.user_handle = Some(Bytes(b"bob".to_vec()));
    let why = Refused::Malformed("userHandle");
    assert_eq!(prove(&party, &foreign), Err(why));
}

#[test]
fn no_altered_bit_of_what_is_signed_passes() {
    let party = relying_party("example.org");
    let parts: [fn(&mut Assertion) -> &mut Bytes; 3] = [
        |assertion| &mut assertion.response.client_data,
        |assertion| &mut assertion.response.authenticator_data,
        |assertion| &mut assertion.response.signature,
    ];
    for part in parts {
        let length = part(&mut assertion()).0.len();
        for bit in 0..length * 8 {
            let mut altered = assertion();
            part(&mut altered).0[bit / 8] ^= 1 << (bit % 8);
            assert!(prove(&party, &altered).is_err(), "bit {bit}");
        }
        for end in 0..length {
            let mut cut = assertion();
            part(&mut cut).0.truncate(end);
            assert!(prove(&party, &cut).is_err(), "{end} bytes");
        }
    }
}

#[test]
fn a_registration_that_is_cut_or_longer_is_malformed() {
    let party = relying_party("example.org");
    let whole = bytes(CREATED[2]);
    for end in 0..whole.len() {
        let mut cut = registration();
        cut.response.attestation_object.0.truncate(end);
        let refused = register(&party, &cut).err();
        let why = Refused::Malformed("attestationObject");
        assert_eq!(refused, Some(why), "{end} bytes");
    }
    let mut longer = registration();
    longer.response.attestation_object.0.push(0);
    assert!(register(&party, &longer).is_err());
    // Inside, its lengths lie.
    let inner = whole.len() - 164;
    for at in inner..whole.len() {
        for byte in [0, 0x5f, 0x7f, 0xff] {
            let mut altered = registration();
            altered.response.attestation_object.0[at] = byte;
            let _ = register(&party, &altered);
        }
    }
}

#[test]
fn a_key_of_another_kind_is_not_supported() {
    let party = relying_party("example.org");
    let whole = bytes(CREATED[2]);
    let key = whole.len() - 77;
    assert_eq!(whole[key], 0xa5);
    // The type, the algorithm and the curve.
    for (at, byte) in [(2, 1), (4, 0x27), (6, 2)] {
        let mut other = registration();
        other.response.attestation_object.0[key + at] = byte;
        let refused = register(&party, &other).err();
        assert_eq!(refused, Some(Refused::NotSupported), "{at}");
    }
    let mut other = registration();
    other.id = Bytes(b"another".to_vec());
    let why = Refused::Malformed("id");
    assert_eq!(register(&party, &other).err(), Some(why));
}
