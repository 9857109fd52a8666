//! The command line.

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::{Context, anyhow, bail};
use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};

use crate::triggers::{Program, TriggerName};

/// What `--help` prints.
pub const HELP: &str = "\
A Cognito user pool, SES and the Lambda runtime on this machine, for demo and tests.

local-cognito [FLAGS]

  --port N                listen on 127.0.0.1:N (default 8080; 0 picks a free port)
  --data FILE             keep pools, clients and users in FILE between runs
  --triggers DIR          the folder of the three triggers' executables
                          (default: that of this executable)
  --trigger NAME=COMMAND  run COMMAND as the trigger define, create or verify
  --www DIR               the demo page (default www)
  --pkg DIR               the built npm package's dist folder (default target/npm/dist)
  --no-inbox              do not show the mails
  --test-clock            POST /clock/advance {\"seconds\":N} moves the clock ahead
  --faults                POST /faults {\"api\":\"throttle\",\"ses\":\"reject\"|\"hang\",
                          \"define\"|\"create\"|\"verify\":\"fail\"|\"slow\"|\"garble\",
                          \"table\":\"throttle\"|\"hang\"}
                          makes things go wrong
  --verbose               log calls and triggers on standard error
  --help                  show this
";

/// What the flags say.
pub struct Options {
    /// `--port`.
    pub port: u16,
    /// `--data`.
    pub data: Option<PathBuf>,
    /// `--triggers`.
    pub triggers: PathBuf,
    /// `--trigger`, the last of each name.
    pub commands: Vec<(TriggerName, String)>,
    /// `--www`.
    pub www: PathBuf,
    /// `--pkg`.
    pub pkg: PathBuf,
    /// Unless `--no-inbox`.
    pub inbox: bool,
    /// `--test-clock`.
    pub test_clock: bool,
    /// `--faults`.
    pub faults: bool,
    /// `--verbose`.
    pub verbose: bool,
}

impl Options {
    /// Reads the flags, without the name of the program; nothing for `--help`.
    ///
    /// # Errors
    /// If a flag is unknown, or has a value of another form.
    pub fn parse(flags: impl IntoIterator<Item = OsString>) -> anyhow::Result<Option<Self>> {
        let mut options = Self::default()?;
        let mut parser = Parser::from_args(flags);
        while let Some(flag) = parser.next()? {
            match flag {
                Long("port") => options.port = parser.value()?.parse().context("--port")?,
                Long("data") => options.data = Some(parser.value()?.into()),
                Long("triggers") => options.triggers = parser.value()?.into(),
                Long("trigger") => {
                    let command = trigger(&parser.value()?.string()?)?;
                    options.commands.retain(|(name, _)| *name != command.0);
                    options.commands.push(command);
                }
                Long("www") => options.www = parser.value()?.into(),
                Long("pkg") => options.pkg = parser.value()?.into(),
                Long("no-inbox") => options.inbox = false,
                Long("test-clock") => options.test_clock = true,
                Long("faults") => options.faults = true,
                Long("verbose") => options.verbose = true,
                Long("help") | Short('h') => return Ok(None),
                Long(_) | Short(_) | Value(_) => return Err(flag.unexpected().into()),
            }
        }
        Ok(Some(options))
    }

    /// What to run as a trigger.
    ///
    /// # Errors
    /// If there is neither a command nor an executable.
    pub fn program(&self, name: TriggerName) -> anyhow::Result<Program> {
        if let Some((_, command)) = self.commands.iter().find(|(of, _)| *of == name) {
            return Ok(Program::Command(command.clone()));
        }
        let file = format!("{}{}", name.executable(), env::consts::EXE_SUFFIX);
        let path = self.triggers.join(file);
        if path.is_file() {
            return Ok(Program::Executable(path));
        }
        let (path, short) = (path.display(), name.short());
        bail!("no {name} trigger: {path} does not exist; name one with --trigger {short}=COMMAND")
    }

    fn default() -> anyhow::Result<Self> {
        let own = env::current_exe().context("where this executable is")?;
        let folder = own
            .parent()
            .ok_or_else(|| anyhow!("this executable is in no folder"))?;
        Ok(Self {
            port: 8080,
            data: None,
            triggers: folder.to_owned(),
            commands: Vec::new(),
            www: "www".into(),
            pkg: "target/npm/dist".into(),
            inbox: true,
            test_clock: false,
            faults: false,
            verbose: false,
        })
    }
}

fn trigger(value: &str) -> anyhow::Result<(TriggerName, String)> {
    let (short, command) = value
        .split_once('=')
        .with_context(|| format!("--trigger {value}: expected NAME=COMMAND"))?;
    let name = TriggerName::ALL
        .into_iter()
        .find(|name| name.short() == short);
    let name = name.with_context(|| {
        format!("--trigger {short}: expected define, create or verify before the =")
    })?;
    Ok((name, command.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(flags: &[&str]) -> anyhow::Result<Option<Options>> {
        Options::parse(flags.iter().map(OsString::from))
    }

    #[test]
    fn the_last_command_of_a_name_counts() {
        let options = parse(&[
            "--trigger",
            "create=a=b",
            "--trigger=create=c d",
            "--port=0",
        ]);
        let options = options.unwrap().unwrap();
        assert_eq!(options.commands, [(TriggerName::Create, "c d".to_owned())]);
        assert_eq!(options.port, 0);
    }

    #[test]
    fn mistakes_name_the_flag() {
        for (flags, named) in [
            (&["--port", "70000"][..], "--port"),
            (&["--prot", "1"], "--prot"),
            (&["--trigger", "create"], "NAME=COMMAND"),
            (&["--trigger", "delete=x"], "delete"),
            (&["8080"], "8080"),
        ] {
            let error = format!("{:#}", parse(flags).err().unwrap());
            assert!(error.contains(named), "{error}");
        }
    }
}
