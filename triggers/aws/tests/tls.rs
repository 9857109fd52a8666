//! Whose certificates are believed, over a real connection.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

use std::{env, fs, path::Path, process, sync::Arc};

use aws::{Connection, Table};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rules::{Item, Store, StoreError};
use runtime_api::{Response, listen};
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};
use tokio::runtime::Builder;

/// An authority that only those believe in who are told to.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A DynamoDB without items, with a certificate for `localhost`. Its address.
fn dynamodb(authority: &CertifiedIssuer<'_, KeyPair>) -> String {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let secure = move |connection| {
        let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        StreamOwned::new(tls, connection)
    };
    let address = listen(secure, |_| Response::json(200, "{}"));
    format!("https://localhost:{}", address.port())
}

fn read(address: &str, bundle: Option<&Path>) -> Result<Option<Item>, StoreError> {
    let variable = |name: &str| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        "AWS_ENDPOINT_URL" => Some(address.to_owned()),
        "AWS_CA_BUNDLE" => bundle.map(|path| path.display().to_string()),
        _ => None,
    };
    let connection = Connection::new(variable).unwrap();
    let table = Table::new("attempts".to_owned(), &connection, variable).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(table.get("id"))
}

#[test]
fn only_amazon_or_the_bundle_is_believed() {
    let (ours, other) = (authority(), authority());
    let address = dynamodb(&ours);
    let bundle = |name: &str, pem: String| {
        let file = env::temp_dir().join(format!("{name}-{}.pem", process::id()));
        fs::write(&file, pem).unwrap();
        file
    };
    let ours = bundle("ours", ours.pem() + &other.pem());
    let other = bundle("other", other.pem());
    assert_eq!(read(&address, Some(&ours)), Ok(None));
    let refused = Err(StoreError {
        reason: "no_connection",
    });
    assert_eq!(read(&address, Some(&other)), refused);
    assert_eq!(read(&address, None), refused);
    for file in [ours, other] {
        fs::remove_file(file).unwrap();
    }
}
