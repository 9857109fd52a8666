//! One call of the pool, as a class that JavaScript drives.

use crate::{
    border::{self, record},
    field,
    operation::{self, Operation},
    refusal::Refusal,
    value::Value,
};
use js_sys::{Function, Promise};
use protocol::{Pool, Request};
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
};
use zeroize::Zeroizing;

/// A call: its request, posted once or as often as it does no harm.
#[wasm_bindgen]
pub struct Call {
    operation: &'static Operation,
    endpoint: String,
    body: Zeroizing<String>,
    repeated: u8,
}

/// The first pause before a repetition; each further one is twice as long.
const PAUSE_MS: u32 = 300;

#[wasm_bindgen]
impl Call {
    /// Reads the input of a method. Without an `endpoint`, the pool's own is used.
    ///
    /// # Errors
    /// `invalid_argument` with the path of what does not fit.
    #[wasm_bindgen(constructor)]
    pub fn new(
        user_pool_id: &str,
        client_id: &str,
        endpoint: Option<String>,
        method: &str,
        input: &JsValue,
    ) -> Result<Self, JsValue> {
        let pool =
            Pool::new(user_pool_id, client_id).map_err(|error| misuse(&error.to_string()))?;
        let operation = operation::of(method).ok_or_else(|| misuse("method: there is no such"))?;
        let mut member = |name: &str| border::member(input, name);
        let mut request = field::request(operation.fields, &mut member)
            .map_err(|mismatch| misuse(&mismatch.to_string()))?;
        if operation.names_client {
            request.insert("ClientId".to_owned(), Value::text(client_id));
        }
        Ok(Self {
            operation,
            endpoint: endpoint.unwrap_or_else(|| pool.endpoint()),
            body: Zeroizing::new(border::json(&Value::Map(request))),
            repeated: 0,
        })
    }

    /// Posts the request with `headers` beside its own, through `fetch` or the platform's.
    ///
    /// # Errors
    /// What the platform threw.
    pub fn post(
        &self,
        headers: &Headers,
        signal: &AbortSignal,
        fetch: Option<Function>,
    ) -> Result<Promise, JsValue> {
        let headers = Headers::new_with_headers(headers)?;
        headers.set("Content-Type", Request::CONTENT_TYPE)?;
        headers.set("X-Amz-Target", self.operation.target)?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers_headers(&headers);
        init.set_body_opt_str(Some(&self.body));
        init.set_signal(Some(signal));
        init.set_cache(RequestCache::NoStore);
        init.set_credentials(RequestCredentials::Omit);
        // Tokens and passwords go to the endpoint and nowhere else.
        init.set_redirect(RequestRedirect::Error);
        let request =
            web_sys::Request::new_with_str_and_init(&self.endpoint, &init).or_else(|_| {
                // workerd does not know `error`. With `manual` the reply is the redirect, which is refused.
                init.set_redirect(RequestRedirect::Manual);
                web_sys::Request::new_with_str_and_init(&self.endpoint, &init)
            })?;
        match fetch {
            Some(fetch) => fetch
                .call1(&JsValue::UNDEFINED, &request)
                .map(|reply| Promise::resolve(&reply)),
            None => platform_fetch(&request),
        }
    }

    /// Takes the reply: its status, its headers, and what `JSON.parse` made of its body.
    /// Returns `{ value }`, or `{}` for what has none.
    ///
    /// # Errors
    /// Why the pool refused, or `bad_reply`.
    pub fn receive(
        &self,
        status: u16,
        headers: &Headers,
        body: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let error_type = headers.get("x-amzn-ErrorType").ok().flatten();
        let value = match Refusal::of(status, error_type, body) {
            None => (self.operation.value)(body).map_err(|why| {
                error(
                    "bad_reply",
                    &format!("the pool's reply is malformed: {why}"),
                )
            })?,
            // The reply to an earlier attempt was lost, not the attempt.
            Some(refusal) if self.repeated > 0 && refusal.already_done(self.operation) => {
                JsValue::UNDEFINED
            }
            Some(refusal) => return Err(refusal.into_js()),
        };
        Ok(record(&[("value", value)]))
    }

    /// After an error with this code: how many milliseconds to wait before the request is
    /// posted again, or nothing if it must not be.
    pub fn repeat(&mut self, code: &str) -> Option<u32> {
        let passes = matches!(code, "network" | "pool_unavailable" | "throttled");
        if !passes || self.repeated >= self.operation.repeats {
            return None;
        }
        let pause = PAUSE_MS.checked_shl(self.repeated.into());
        self.repeated = self.repeated.saturating_add(1);
        pause
    }
}

fn misuse(message: &str) -> JsValue {
    error("invalid_argument", message)
}

fn error(code: &str, message: &str) -> JsValue {
    record(&[("code", code.into()), ("message", message.into())])
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn platform_fetch(request: &web_sys::Request) -> Result<Promise, JsValue>;
}
