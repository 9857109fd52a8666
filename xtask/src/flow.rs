//! Whether the instructions are the same for every secret: those of a sign-in's powers, and those
//! that compare an answer with the code.

use crate::{
    callgrind::{instructions, spread},
    debian,
    outcome::Outcome,
    process, workspace,
};
use anyhow::Result;
use std::path::PathBuf;

const KERNELS: [&str; 3] = ["scalar", "extmul", "fused"];
/// Known to depend on secrets: if it does not here, nothing has been measured.
const CONTROL: &str = "num-bigint";
/// Of a kernel's some hundred millions.
const SPREAD: u64 = 100;

/// Answers of one length each, right and wrong, to a code of ten digits: a cross is a wrong digit.
const ANSWERS: [(&str, &[&str]); 4] = [
    (
        "valid",
        &["..........", "x.........", ".........x", "xxxxxxxxxx"],
    ),
    ("valid", &[".....", "xxxxx"]),
    ("valid", &["...........", "xxxxxxxxxxx"]),
    ("expired", &["..........", "xxxxxxxxxx"]),
];
/// The same, compared until two digits differ.
const PLAIN: (&str, &[&str]) = ("plain", ANSWERS[0].1);

/// Counts the instructions for twenty secrets by each kernel, and for right and wrong answers.
///
/// # Errors
/// If it cannot be counted.
pub fn check() -> Result<Outcome> {
    debian::ensure_program("valgrind")?;
    Ok([powers()?, answers()?].into_iter().sum())
}

fn powers() -> Result<Outcome> {
    let program = built(
        &["--package", "group15", "--example", "powers"],
        "examples/powers",
    )?;
    let secrets = secrets();
    let spread = |kernel| {
        let counts = secrets.iter();
        spread(counts.map(|secret| instructions(&program, &[kernel], secret)))
    };
    let mut outcomes = Vec::new();
    for kernel in KERNELS {
        let spread = spread(kernel)?;
        println!("{kernel}: instructions spread by {spread}");
        outcomes.push(Outcome::one(spread <= SPREAD));
    }
    let spread = spread(CONTROL)?;
    println!("{CONTROL}, which depends on secrets: by {spread}");
    outcomes.push(Outcome::one(spread > SPREAD));
    Ok(outcomes.into_iter().sum())
}

fn answers() -> Result<Outcome> {
    let program = built(&["--package", "answers"], "answers")?;
    let spread = |(how, answers): (&str, &[&str])| {
        spread(
            answers
                .iter()
                .map(|answer| instructions(&program, &[how, answer], &[])),
        )
    };
    let mut outcomes = Vec::new();
    for of_one_length in ANSWERS {
        let (how, answers) = of_one_length;
        let spread = spread(of_one_length)?;
        println!("{how} answers {answers:?}: instructions spread by {spread}");
        outcomes.push(Outcome::one(spread == 0));
    }
    let spread = spread(PLAIN)?;
    println!("compared until two digits differ: by {spread}");
    outcomes.push(Outcome::one(spread > 0));
    Ok(outcomes.into_iter().sum())
}

/// Builds a program as it is deployed, and tells where it is.
fn built(what: &[&str], program: &str) -> Result<PathBuf> {
    process::run(workspace::cargo().args(["build", "--release"]).args(what))?;
    Ok(workspace::target().join("release").join(program))
}

/// `a` of 64 bytes and `x` of 32: the least, the greatest, short ones, and any.
fn secrets() -> Vec<[u8; 96]> {
    let mut state = 15_u64;
    let mut any = || {
        // Numbers that are the same in each run, by xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    let mut secrets = vec![[0; 96], [255; 96]];
    for zeros in [1, 4, 8, 32] {
        // The highest bytes of `a`, and of `x`.
        let is_zero = |at: usize| at % 64 < zeros;
        secrets.push(std::array::from_fn(
            |at| if is_zero(at) { 0 } else { any() },
        ));
    }
    secrets.resize_with(20, || std::array::from_fn(|_| any()));
    secrets
}
