//! The file of `--data`: one program at a time has it, and it is whole at any moment.

use std::{
    borrow::Cow,
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::pools::Pools;

/// Where the pools are kept between runs.
pub struct DataFile {
    path: PathBuf,
    /// Held until this program ends, however it does.
    _lock: File,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents<'a> {
    version: u32,
    pools: Cow<'a, Pools>,
}

const VERSION: u32 = 1;

impl DataFile {
    /// Takes hold of the file, which need not be there yet.
    ///
    /// # Errors
    /// If another program has it, or its folder cannot be written.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        // Behind a link, so that a new file takes the old one's place and not the link's.
        let path = if path.try_exists()? {
            fs::canonicalize(path)?
        } else {
            path.to_owned()
        };
        // The file itself is replaced by every write, and a lock on it would be gone.
        let lock = private().open(with_suffix(&path, ".lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!("another local-cognito has it open"),
            Err(TryLockError::Error(error)) => Err(error).context("cannot be locked"),
        }
    }

    /// The pools, if the file is there.
    ///
    /// # Errors
    /// If it cannot be read, or holds something else.
    pub fn read(&self) -> anyhow::Result<Option<Pools>> {
        if !self.path.try_exists()? {
            return Ok(None);
        }
        let file = File::open(&self.path).context("cannot be read")?;
        let contents: Contents = serde_json::from_reader(BufReader::new(file))
            .context("is not a data file of this program; mend it or move it away")?;
        let version = contents.version;
        ensure!(
            version == VERSION,
            "has version {version}, expected {VERSION}"
        );
        Ok(Some(contents.pools.into_owned()))
    }

    /// Writes beside the file, then puts it in place: a crash leaves the old one or the new one.
    ///
    /// # Errors
    /// If that cannot be done; the file is as it was then.
    pub fn write(&self, pools: &Pools) -> anyhow::Result<()> {
        let beside = with_suffix(&self.path, ".new");
        let written = write_to(&beside, pools).and_then(|()| Ok(fs::rename(&beside, &self.path)?));
        if written.is_err() {
            // Half a file is of no use, and may be all that a full disk had room for.
            let _ = fs::remove_file(&beside);
        }
        written
    }
}

fn write_to(path: &Path, pools: &Pools) -> anyhow::Result<()> {
    let contents = Contents {
        version: VERSION,
        pools: Cow::Borrowed(pools),
    };
    let mut file = BufWriter::new(private().truncate(true).open(path)?);
    serde_json::to_writer_pretty(&mut file, &contents)?;
    file.write_all(b"\n")?;
    file.into_inner()?.sync_all()?;
    Ok(())
}

/// To write a file that nobody else may read: verifiers can be searched for weak passwords.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
