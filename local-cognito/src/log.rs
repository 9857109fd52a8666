//! The log of `--verbose`: names of operations and of outcomes, never what was said.

use std::fmt;

use crate::error::ApiError;

/// Where the lines go.
#[derive(Clone, Copy)]
pub enum Log {
    /// Nowhere.
    Silent,
    /// To standard error.
    Verbose,
}

impl Log {
    /// One line: what was called, and what came of it.
    pub fn outcome(self, called: impl fmt::Display, error: Option<&ApiError>) {
        if matches!(self, Self::Verbose) {
            let outcome = error.map_or("ok", |error| error.exception.name());
            eprintln!("{called} {outcome}");
        }
    }
}
