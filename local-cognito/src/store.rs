//! The pools in memory and, with `--data`, on disk.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Context;

use crate::{
    data_file::DataFile,
    error::{ApiError, Exception},
    pools::Pools,
};

/// The pools, and the file that keeps them between runs.
pub struct Store {
    pools: Mutex<Pools>,
    file: Option<DataFile>,
}

impl Store {
    /// Opens the file, or begins it with the `seed`. Without a file all is kept in memory.
    ///
    /// # Errors
    /// If another program has the file, or it cannot be read, or holds something else; it is left
    /// as it is then.
    pub fn open(
        file: Option<&Path>,
        seed: impl FnOnce() -> anyhow::Result<Pools>,
    ) -> anyhow::Result<Self> {
        let (pools, file) = match file {
            Some(path) => {
                let (pools, file) =
                    kept(path, seed).with_context(|| format!("--data {}", path.display()))?;
                (pools, Some(file))
            }
            None => (seed()?, None),
        };
        Ok(Self {
            pools: Mutex::new(pools),
            file,
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
            file.write(&changed).map_err(|error| {
                Exception::InternalError.because(format!("The data file was not written: {error}"))
            })?;
        }
        *pools = changed;
        Ok(outcome)
    }
}

/// The pools of a file, which begins with the `seed`.
fn kept(
    path: &Path,
    seed: impl FnOnce() -> anyhow::Result<Pools>,
) -> anyhow::Result<(Pools, DataFile)> {
    let file = DataFile::open(path)?;
    if let Some(pools) = file.read()? {
        return Ok((pools, file));
    }
    let pools = seed()?;
    file.write(&pools)?;
    Ok((pools, file))
}
