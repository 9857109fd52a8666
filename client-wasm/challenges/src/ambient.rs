//! The one place that asks the platform for anything: random numbers. Time is handed over.

use crate::js_error::{self, Code};
use js_sys::Reflect;
use protocol::Timestamp;
use wasm_bindgen::prelude::*;
use web_sys::Crypto;
use zeroize::Zeroizing;

/// 64 bytes of `crypto.getRandomValues`. There is no other source to fall back to. They stay where
/// they are: what is moved leaves a copy behind.
pub(crate) fn entropy() -> Result<Box<Zeroizing<[u8; 64]>>, JsValue> {
    let failed = |cause: JsValue| {
        let message = "crypto.getRandomValues is not usable";
        js_error::with_cause(Code::NoRandomness, message, &cause)
    };
    // Windows, workers and servers have it, under this one name.
    let crypto = GLOBAL_THIS
        .with(|global| Reflect::get(global, &"crypto".into()))
        .map_err(failed)?;
    if crypto.is_undefined() {
        return Err(failed(crypto));
    }
    let mut bytes = Box::new(Zeroizing::new([0; 64]));
    crypto
        .unchecked_into::<Crypto>()
        .get_random_values_with_u8_array(&mut **bytes)
        .map_err(failed)?;
    Ok(bytes)
}

/// Of seconds since 1970.
pub(crate) fn timestamp(seconds: f64) -> Timestamp {
    #[expect(
        clippy::as_conversions,
        reason = "what is negative becomes 0, and what is large the last time there is"
    )]
    Timestamp::from_unix(seconds as u64)
}

#[wasm_bindgen]
extern "C" {
    // `js_sys::global` asks for Node's `global`, too, which bundlers answer with a polyfill.
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL_THIS: JsValue;
}
