//! `fuzz::replies`, guided by coverage.

#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls this by an unmangled name")]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::replies(data));
