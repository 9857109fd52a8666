//! Whose certificates are believed.

use std::fs;

use aws_smithy_http_client::tls::TrustStore;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::MissingOrMalformed;

/// AWS's services need no others, and to read the 145 that a system trusts takes longer than
/// everything else that a function does at its start.
const AMAZON: &str = include_str!("roots.pem");

/// The AWS SDKs' own variable for a file of roots.
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// The roots in the file that `AWS_CA_BUNDLE` names; Amazon's own if it names none.
pub(crate) fn trusted(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<TrustStore, MissingOrMalformed> {
    let pem = match variable(BUNDLE).filter(|path| !path.is_empty()) {
        Some(path) => bundle(&path)?,
        None => AMAZON.into(),
    };
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// Reads a file, and reads it as the first connection would: there it would be too late to say
/// what is wrong.
fn bundle(path: &str) -> Result<Vec<u8>, MissingOrMalformed> {
    let refused = |found: String| {
        MissingOrMalformed(format!(
            "{BUNDLE}: expected a file of certificates in PEM, found {path:?}, {found}"
        ))
    };
    let pem = fs::read(path).map_err(|error| refused(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| refused(error.to_string()))?;
        let added = roots.add(certificate);
        added.map_err(|error| refused(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(refused("which has none".to_owned()));
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use sha2::{Digest, Sha256};

    use super::*;

    /// As https://www.amazontrust.com/repository/ has them.
    #[test]
    fn the_roots_are_those_that_amazon_publishes() {
        let fingerprint = |certificate: Result<CertificateDer<'_>, _>| {
            let hash = Sha256::digest(certificate.unwrap());
            hash.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let fingerprints: Vec<String> = CertificateDer::pem_slice_iter(AMAZON.as_bytes())
            .map(fingerprint)
            .collect();
        assert_eq!(
            fingerprints,
            [
                "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
                "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
                "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
                "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
                "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
            ]
        );
    }

    #[test]
    fn a_bundle_that_cannot_be_read_is_named() {
        let file = env::temp_dir().join(format!("roots-{}.pem", process::id()));
        let file = file.to_str().unwrap();
        let complaint = |content: Option<&str>| {
            if let Some(content) = content {
                fs::write(file, content).unwrap();
            }
            let bundle = trusted(|name| (name == "AWS_CA_BUNDLE").then(|| file.to_owned()));
            bundle.err().map(|error| error.to_string())
        };
        let start =
            format!("AWS_CA_BUNDLE: expected a file of certificates in PEM, found {file:?}, ");
        let wrong_base64 = AMAZON.replacen("MIID", "!!!!", 1);
        let wrong_certificate = AMAZON.replacen("MIID", "AAAA", 1);
        for content in [
            None,
            Some(""),
            Some("text"),
            Some(&*wrong_base64),
            Some(&*wrong_certificate),
        ] {
            let complaint = complaint(content).unwrap();
            assert!(complaint.starts_with(&start), "{complaint}");
        }
        assert_eq!(complaint(Some(AMAZON)), None);
        fs::remove_file(file).unwrap();
    }
}
