//! A certificate authority for two days, and a server's certificate of the kind that AWS's own
//! servers show: RSA with 2048 bits, by way of an intermediate.

use crate::machine::output_of;
use anyhow::{Context, Result, anyhow};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

/// What `localhost` shows, and who vouches for it.
pub struct Certificates {
    root: PathBuf,
    /// How a server presents itself.
    pub server: Arc<ServerConfig>,
}

/// Issues them into a folder, by OpenSSL.
///
/// # Errors
/// If OpenSSL fails.
pub fn issue(folder: &Path) -> Result<Certificates> {
    certificate(folder, "root", None, "basicConstraints=critical,CA:TRUE")?;
    certificate(
        folder,
        "middle",
        Some("root"),
        "basicConstraints=critical,CA:TRUE",
    )?;
    certificate(
        folder,
        "server",
        Some("middle"),
        "subjectAltName=DNS:localhost",
    )?;
    let mut chain = Vec::new();
    for name in ["server", "middle"] {
        let path = folder.join(name).with_extension("pem");
        let read = CertificateDer::from_pem_file(&path);
        chain.push(read.map_err(|error| anyhow!("{}: {error}", path.display()))?);
    }
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key"))
        .map_err(|error| anyhow!("server.key: {error}"))?;
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Certificates {
        root: folder.join("root.pem"),
        server: Arc::new(server),
    })
}

impl Certificates {
    /// A file with those certificate authorities and ours.
    pub fn trusted_beside(&self, others: &Path, folder: &Path, name: &str) -> Result<PathBuf> {
        let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
        let bundle = folder.join(format!("{name}-roots.pem"));
        fs::write(
            &bundle,
            [read(others)?, b"\n".to_vec(), read(&self.root)?].concat(),
        )?;
        Ok(bundle)
    }
}

fn certificate(folder: &Path, name: &str, issuer: Option<&str>, extension: &str) -> Result<()> {
    let file = |name: &str, kind| folder.join(name).with_extension(kind);
    let mut command = Command::new("openssl");
    command
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2",
        ])
        .args(["-subj", &format!("/CN=bench {name}"), "-addext", extension])
        .arg("-keyout")
        .arg(file(name, "key"))
        .arg("-out")
        .arg(file(name, "pem"));
    if let Some(issuer) = issuer {
        command.arg("-CA").arg(file(issuer, "pem"));
        command.arg("-CAkey").arg(file(issuer, "key"));
    }
    if name == "server" {
        command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    output_of(&mut command).map(drop)
}
