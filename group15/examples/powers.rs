//! The secret powers of one sign-in by one implementation, for a counter of instructions:
//! `powers KERNEL`, with `a` (64 bytes) and `x` (32 bytes) on standard input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a tool for tests ends with a panic"
)]

use group15::{Exponent, Extmul, Fused, Kernel, N, Number, Scalar, powers::Power};
use num_bigint::BigUint;
use std::{
    env,
    hint::black_box,
    io::{Read, stdin},
};

/// Public values: any will do.
const B: Number = [0x5a; 384];
const U: [u8; 32] = [0xa5; 32];
const K: [u8; 32] = [0x3c; 32];

fn main() {
    let mut input = [0; 96];
    stdin().read_exact(&mut input).expect("96 bytes");
    let (a, x) = input.split_at(64);
    let x = x.try_into().unwrap();
    match env::args().nth(1).as_deref() {
        Some("scalar") => measured(|| ours::<Scalar, _>(a, x)),
        Some("extmul") => measured(|| ours::<Extmul, _>(a, x)),
        Some("fused") => measured(|| ours::<Fused, _>(a, x)),
        Some("num-bigint") => measured(|| theirs(a, x)),
        _ => unimplemented!("a kernel is scalar, extmul, fused or num-bigint"),
    }
}

/// What happens in here is counted.
#[inline(never)]
fn measured(work: impl Fn()) {
    black_box(work)();
}

fn ours<K: Kernel<L>, const L: usize>(a: &[u8], x: &[u8; 32]) {
    let a = Exponent::from_be_bytes(black_box(a)).unwrap();
    let e = a.plus_product(&U, x);
    black_box(Power::<K, L>::of_g(&a).finish());
    let x = Exponent::from_be_bytes(x).unwrap();
    black_box(Power::<K, L>::premaster(&B, &self::K, &x, &e).finish());
}

fn theirs(a: &[u8], x: &[u8; 32]) {
    let number = BigUint::from_bytes_be;
    let (a, x, n) = (number(a), number(x), number(&N));
    black_box(BigUint::from(2_u8).modpow(&a, &n));
    let kv = number(&K) * BigUint::from(2_u8).modpow(&x, &n) % &n;
    let base = (number(&B) + &n - kv) % &n;
    black_box(base.modpow(&(a + number(&U) * x), &n));
}
