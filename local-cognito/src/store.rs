//! The pools in memory and, with `--data`, on disk.

use std::{
    borrow::Cow,
    fs,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    error::{ApiError, Exception},
    pools::Pools,
};

/// The pools, and the file that keeps them between runs.
pub struct Store {
    pools: Mutex<Pools>,
    file: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents<'a> {
    version: u32,
    pools: Cow<'a, Pools>,
}

const VERSION: u32 = 1;

impl Store {
    /// Opens the file, or begins it with the `seed`. Without a file all is kept in memory.
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else; it is left as it is then.
    pub fn open(
        file: Option<PathBuf>,
        seed: impl FnOnce() -> anyhow::Result<Pools>,
    ) -> anyhow::Result<Self> {
        let Some(path) = file else {
            return Ok(Self {
                pools: Mutex::new(seed()?),
                file: None,
            });
        };
        let pools = if path.exists() {
            read(&path).with_context(|| format!("--data {}", path.display()))?
        } else {
            let pools = seed()?;
            write(&path, &pools).with_context(|| format!("--data {}", path.display()))?;
            pools
        };
        Ok(Self {
            pools: Mutex::new(pools),
            file: Some(path),
        })
    }

    /// The pools, to look something up. Not to be held across an await.
    pub fn pools(&self) -> MutexGuard<'_, Pools> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the pools, on disk first: what could not be kept did not happen.
    ///
    /// # Errors
    /// What `change` says, or `InternalErrorException` if the file cannot be written.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Pools) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut pools = self.pools();
        let mut changed = pools.clone();
        let outcome = change(&mut changed)?;
        if let Some(file) = &self.file {
            write(file, &changed).map_err(|error| {
                Exception::InternalError.because(format!("The data file was not written: {error}"))
            })?;
        }
        *pools = changed;
        Ok(outcome)
    }
}

fn read(path: &Path) -> anyhow::Result<Pools> {
    let file = fs::File::open(path).context("cannot be read")?;
    let contents: Contents = serde_json::from_reader(BufReader::new(file))
        .context("is not a data file of this program; mend it or move it away")?;
    let version = contents.version;
    ensure!(
        version == VERSION,
        "has version {version}, expected {VERSION}"
    );
    Ok(contents.pools.into_owned())
}

/// Writes beside the file, then puts it in place: a crash leaves the old one or the new one.
fn write(path: &Path, pools: &Pools) -> anyhow::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let contents = Contents {
        version: VERSION,
        pools: Cow::Borrowed(pools),
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Verifiers can be searched for weak passwords.
        options.mode(0o600);
    }
    let mut file = BufWriter::new(options.open(&beside)?);
    serde_json::to_writer_pretty(&mut file, &contents)?;
    file.write_all(b"\n")?;
    file.into_inner()?.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(())
}
