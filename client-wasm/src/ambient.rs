//! The one place that asks the platform for anything: random numbers and time.

use crate::js_error::{self, Code};
use protocol::Timestamp;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// 64 bytes of `crypto.getRandomValues`. There is no other source to fall back to.
pub(crate) fn entropy() -> Result<Zeroizing<[u8; 64]>, JsValue> {
    let mut bytes = Zeroizing::new([0; 64]);
    random_values(&mut *bytes).map_err(|cause| {
        let message = "crypto.getRandomValues is not usable";
        js_error::with_cause(Code::NoRandomness, message, &cause)
    })?;
    Ok(bytes)
}

/// The device's clock.
pub(crate) fn now() -> Timestamp {
    timestamp(js_sys::Date::now()).unwrap_or(Timestamp::from_unix(0))
}

/// A time of the platform's, in milliseconds, if it is one.
pub(crate) fn timestamp(milliseconds: f64) -> Option<Timestamp> {
    (milliseconds >= 0.0).then(|| {
        #[expect(
            clippy::as_conversions,
            reason = "not negative; larger values saturate"
        )]
        let seconds = (milliseconds / 1000.0) as u64;
        Timestamp::from_unix(seconds)
    })
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(bytes: &mut [u8]) -> Result<(), JsValue>;
}
