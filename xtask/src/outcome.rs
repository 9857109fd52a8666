//! How many checks passed, read from what each runner prints.

use std::{fmt, iter::Sum, process::ExitCode};

/// Checks that passed and checks that did not: one that was skipped has not passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

/// The forms in which runners print their counts.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// Nothing to read: the program as a whole is one check.
    ExitStatus,
    /// `test result: ok. 3 passed; 0 failed; ...`, once per test binary.
    Libtest,
    /// Node's `spec` reporter: `pass 3` and `fail 0`, each once, after a symbol.
    NodeSpec,
    /// `3 passed, 0 failed`, alone on a line.
    Plain,
    /// `Passed checks: 3, Failed checks: 0, Skipped checks: 1`. The skipped ones have a reason
    /// in what is checked.
    Checkov,
}

impl Outcome {
    /// One check.
    pub fn one(succeeded: bool) -> Self {
        Self {
            passed: u64::from(succeeded),
            failed: u64::from(!succeeded),
        }
    }

    /// What a program says with it at its end.
    pub fn exit_code(self) -> ExitCode {
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    /// The counts in a line, if it is one that has them.
    pub fn read(line: &str, format: Format) -> Option<Self> {
        match format {
            Format::ExitStatus => None,
            Format::Libtest => {
                let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
                let mut counts = counts.split("; ");
                let passed = counts.next()?.strip_suffix(" passed")?;
                let failed = counts.next()?.strip_suffix(" failed")?;
                let ignored = counts.next()?.strip_suffix(" ignored")?;
                Some(
                    [Self::of(passed, failed)?, Self::of("0", ignored)?]
                        .into_iter()
                        .sum(),
                )
            }
            Format::NodeSpec => match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["ℹ", "pass", passed] => Self::of(passed, "0"),
                ["ℹ", "fail" | "cancelled" | "skipped" | "todo", failed] => Self::of("0", failed),
                _ => None,
            },
            Format::Plain => {
                let (passed, failed) = line.split_once(" passed, ")?;
                Self::of(passed, failed.strip_suffix(" failed")?)
            }
            Format::Checkov => {
                let counts = line.strip_prefix("Passed checks: ")?;
                let (passed, counts) = counts.split_once(", Failed checks: ")?;
                let (failed, _) = counts.split_once(", Skipped checks: ")?;
                Self::of(passed, failed)
            }
        }
    }

    /// What a run that ended amounts to. Without a single check, or with an unhappy end that
    /// no count explains, something failed that nobody counted.
    pub fn after_exit(self, format: Format, succeeded: bool) -> Self {
        match format {
            Format::ExitStatus => Self::one(succeeded),
            Format::Libtest | Format::NodeSpec | Format::Plain | Format::Checkov => {
                let unexplained = self.failed == 0 && (!succeeded || self.passed == 0);
                if unexplained {
                    Self { failed: 1, ..self }
                } else {
                    self
                }
            }
        }
    }

    fn of(passed: &str, failed: &str) -> Option<Self> {
        Some(Self {
            passed: passed.parse().ok()?,
            failed: failed.parse().ok()?,
        })
    }
}

impl Sum for Outcome {
    fn sum<I: Iterator<Item = Self>>(outcomes: I) -> Self {
        outcomes.fold(Self::default(), |sum, outcome| Self {
            passed: sum.passed.saturating_add(outcome.passed),
            failed: sum.failed.saturating_add(outcome.failed),
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Outcome {
        Outcome { passed, failed }
    }

    fn read_all(output: &str, format: Format) -> Outcome {
        output
            .lines()
            .filter_map(|line| Outcome::read(line, format))
            .sum()
    }

    #[test]
    fn counts_are_found_among_other_lines() {
        let libtest = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(read_all(libtest, Format::Libtest), counts(7, 3));
        let node = "✔ signs in (3ms)\nℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n";
        assert_eq!(read_all(node, Format::NodeSpec), counts(3, 3));
        let plain = "case 3: 1 passed, 2 failed here\n2000 passed, 0 failed\n";
        assert_eq!(read_all(plain, Format::Plain), counts(2000, 0));
        let checkov = "cloudformation scan results:\n\nPassed checks: 52, Failed checks: 1, Skipped checks: 19\n";
        assert_eq!(read_all(checkov, Format::Checkov), counts(52, 1));
    }

    #[test]
    fn a_run_without_checks_or_with_an_unexplained_end_has_failed() {
        let none = Outcome::default();
        let two = counts(2, 0);
        for format in [
            Format::Libtest,
            Format::NodeSpec,
            Format::Plain,
            Format::Checkov,
        ] {
            assert_eq!(none.after_exit(format, true), counts(0, 1));
            assert_eq!(two.after_exit(format, true), two);
            assert_eq!(two.after_exit(format, false), counts(2, 1));
        }
        assert_eq!(
            none.after_exit(Format::ExitStatus, true),
            Outcome::one(true)
        );
        assert_eq!(
            none.after_exit(Format::ExitStatus, false),
            Outcome::one(false)
        );
    }
}
