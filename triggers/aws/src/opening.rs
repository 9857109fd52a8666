//! Connections that are there before the first event.

use std::time::Duration;

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, http::HttpRequest,
        interceptors::BeforeTransmitInterceptorContextMut,
    },
    error::BoxError,
};

/// For all connections together. A function that has no network starts this much later.
pub const OPENING: Duration = Duration::from_millis(300);

/// Makes a `GET` without any header of every request, whatever it was to do: this asks for
/// nothing, needs no permission, and leaves behind an open connection to where the request would
/// have gone.
///
/// Lambda lets a function start with a whole processor, and a small one handle events with a
/// fourteenth of it. There, a TLS handshake takes longer than everything else together. What the
/// SDK sets up for its first request is set up then too.
#[derive(Debug)]
pub struct Opening;

impl Intercept for Opening {
    fn name(&self) -> &'static str {
        "Opening"
    }

    /// The request is signed by now; that goes with the headers.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request = HttpRequest::get(request.uri())?;
        Ok(())
    }
}
