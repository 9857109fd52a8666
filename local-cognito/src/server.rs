//! What is served where.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware,
    response::Response,
    routing::{get, post},
};

use crate::{api, controls, guard, inbox, options::Options, service::Service, ses};

/// All routes. What is not the Cognito API is for this machine's programs and own pages only.
pub fn router(service: Arc<Service>, options: &Options) -> Router {
    let mut own = Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/v2/email/outbound-emails", post(ses::v2::send_email));
    if options.inbox {
        own = own
            .route("/inbox", get(inbox::page))
            .route("/inbox/messages", get(inbox::messages))
            .route("/inbox/messages/{id}", get(inbox::message))
            .route("/inbox/style.css", get(inbox::style));
    }
    if options.test_clock {
        own = own.route("/clock/advance", post(controls::advance_clock));
    }
    if options.faults {
        own = own.route("/faults", post(controls::set_faults));
    }

    Router::new()
        .merge(own.layer(middleware::from_fn(guard::own_origin_only)))
        .route("/{pool}/.well-known/jwks.json", get(api::jwks))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(api::openid_configuration),
        )
        .route("/", get(file).post(api::call).options(api::preflight))
        .fallback(get(file))
        .layer(middleware::from_fn(guard::loopback_host_only))
        .with_state(service)
}

async fn file(State(service): State<Arc<Service>>, request: Request) -> Response {
    service.files.serve(request.uri()).await
}
