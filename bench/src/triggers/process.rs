//! One function, from its start to its end.

use super::{
    Bench,
    share::Share,
    subject::{Question, Subject},
};
use anyhow::{Context, Result, anyhow};
use runtime_api::{Call, RuntimeApi};
use serde_json::Value;
use std::{
    fs,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

/// A profiler makes everything fifty times slower.
const PATIENCE: Duration = Duration::from_secs(600);

/// What was seen of it.
pub struct Timed {
    pub init_ms: f64,
    pub cold_ms: f64,
    pub first_ms: f64,
    pub warm_ms: Vec<f64>,
    pub peak_memory_mb: f64,
}

/// A function that runs, and is ended when it is dropped.
pub struct Running {
    pub process: Child,
    pub api: RuntimeApi,
    started: Instant,
}

impl Bench {
    /// Starts a function and calls it. With a share, it has no more of the CPU from the first
    /// event on: Lambda lets functions start at full speed.
    ///
    /// # Errors
    /// If it cannot be started, or answers something else than it should.
    pub fn run(&self, subject: Subject, share: Option<&Share>, warm_calls: usize) -> Result<Timed> {
        let question = subject.question(self)?;
        let running = Running::start(self, subject, &[])?;
        let asked = running.api.asked();
        if let Some(share) = share {
            share.limit(running.process.id())?;
        }
        let first = self.call(subject, &running, &question)?;
        let mut warm_ms = Vec::with_capacity(warm_calls);
        for _ in 0..warm_calls {
            running.api.asked();
            let call = self.call(subject, &running, &question)?;
            warm_ms.push(milliseconds(call.delivered, call.answered));
        }
        Ok(Timed {
            init_ms: milliseconds(running.started, asked),
            cold_ms: milliseconds(running.started, first.answered),
            first_ms: milliseconds(first.delivered, first.answered),
            warm_ms,
            peak_memory_mb: running.peak_memory_mb()?,
        })
    }

    /// The answer of a function that is started for this one event.
    ///
    /// # Errors
    /// As [`Bench::run`].
    pub fn ask_once(&self, subject: Subject) -> Result<Value> {
        let question = subject.question(self)?;
        let running = Running::start(self, subject, &[])?;
        running.api.asked();
        let call = self.call(subject, &running, &question)?;
        call.outcome.map_err(|error| anyhow!("{error}"))
    }

    /// Calls a function that waits for an event, and checks what comes.
    ///
    /// # Errors
    /// If it is not what should come.
    pub fn call(&self, subject: Subject, running: &Running, question: &Question) -> Result<Call> {
        self.services.reset(question.item.clone());
        let call = running.api.call(question.event.clone());
        match &call.outcome {
            Ok(answer) => subject.check(answer, self.services.mails())?,
            Err(error) => return Err(anyhow!("{subject}: {error}")),
        }
        Ok(call)
    }
}

impl Running {
    /// Starts it, by way of a wrapper if there is one.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(bench: &Bench, subject: Subject, wrapper: &[String]) -> Result<Self> {
        let api = RuntimeApi::new(PATIENCE);
        let mut command = subject.command(bench, wrapper);
        api.environment(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let process = command
            .spawn()
            .with_context(|| format!("cannot start {subject}"))?;
        Ok(Self {
            process,
            api,
            started,
        })
    }

    fn peak_memory_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
            .context("no VmHWM in the status of a process")?;
        Ok(kilobytes.parse::<f64>()? * 1024.0 / 1e6)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn milliseconds(from: Instant, to: Instant) -> f64 {
    to.saturating_duration_since(from).as_secs_f64() * 1e3
}
