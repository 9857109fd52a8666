//! The conversation that the triggers direct.
//!
//! ```text
//! history ──▶ Define ──▶ PASSWORD_VERIFIER ──▶ password, then Define again
//!                   ├──▶ CUSTOM_CHALLENGE ──▶ Create ──▶ client ──▶ Verify, then Define again
//!                   ├──▶ issueTokens
//!                   └──▶ failAuthentication
//! ```
//!
//! Define alone decides how often an answer may be wrong; nothing is counted here.

use std::collections::BTreeMap;

use protocol::srp::ClientPublic;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    auth::{AuthReply, SignIn},
    entropy,
    error::{ApiError, Exception},
    events::{self, Round, Scene},
    password,
    pools::ExistenceErrors,
    service::Service,
    sessions::{CustomStep, Step},
    tokens,
    triggers::TriggerName,
};

/// `ClientMetadata` of RespondToAuthChallenge. That of InitiateAuth reaches no trigger.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct ClientMetadata(Option<BTreeMap<String, String>>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    challenge_name: Option<String>,
    issue_tokens: Option<bool>,
    fail_authentication: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Challenge {
    public_challenge_parameters: Option<BTreeMap<String, String>>,
    private_challenge_parameters: Option<Map<String, Value>>,
    challenge_metadata: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Judgement {
    answer_correct: Option<bool>,
}

/// Begins a sign-in: with `A`, the password is asked for first, if Define agrees.
///
/// # Errors
/// What the triggers say, with Cognito's names.
pub async fn begin(
    service: &Service,
    sign_in: SignIn,
    srp_a: Option<ClientPublic>,
) -> Result<AuthReply, ApiError> {
    let first = srp_a.as_ref().map(|_| Round {
        challenge_name: "SRP_A",
        challenge_result: true,
        challenge_metadata: None,
    });
    let history = Vec::from_iter(first);
    let scene = scene(service, &sign_in, ClientMetadata(None))?;
    match (define(service, &sign_in, &scene, &history).await?, srp_a) {
        (Next::Password, Some(a)) => {
            let session = Some(entropy::handle()?);
            password::challenge(service, sign_in, a, session, Some(history)).await
        }
        (next, _) => proceed(service, sign_in, scene, history, next).await,
    }
}

/// Goes on after a round.
///
/// # Errors
/// What the triggers say, with Cognito's names.
pub async fn go_on(
    service: &Service,
    sign_in: SignIn,
    history: Vec<Round>,
    metadata: ClientMetadata,
) -> Result<AuthReply, ApiError> {
    let scene = scene(service, &sign_in, metadata)?;
    let next = define(service, &sign_in, &scene, &history).await?;
    proceed(service, sign_in, scene, history, next).await
}

/// Has Verify judge an answer, and goes on.
///
/// # Errors
/// What the triggers say, with Cognito's names.
pub async fn answer(
    service: &Service,
    sign_in: SignIn,
    step: CustomStep,
    answer: &str,
    metadata: ClientMetadata,
) -> Result<AuthReply, ApiError> {
    let scene = scene(service, &sign_in, metadata.clone())?;
    let event = events::verify(&scene, &step.private_parameters, answer);
    let judgement: Judgement = call(service, &sign_in, TriggerName::Verify, event).await?;
    let mut history = step.history;
    history.push(Round {
        challenge_name: "CUSTOM_CHALLENGE",
        challenge_result: judgement.answer_correct.unwrap_or(false),
        challenge_metadata: step.metadata,
    });
    go_on(service, sign_in, history, metadata).await
}

enum Next {
    Password,
    Custom,
    Tokens,
    Failure,
}

async fn define(
    service: &Service,
    sign_in: &SignIn,
    scene: &Scene,
    history: &[Round],
) -> Result<Next, ApiError> {
    let event = events::define(scene, history);
    let decision: Decision = call(service, sign_in, TriggerName::Define, event).await?;
    if decision.fail_authentication == Some(true) {
        return Ok(Next::Failure);
    }
    if decision.issue_tokens == Some(true) {
        return Ok(Next::Tokens);
    }
    match decision.challenge_name.as_deref() {
        Some("PASSWORD_VERIFIER") => Ok(Next::Password),
        Some("CUSTOM_CHALLENGE") => Ok(Next::Custom),
        Some(_) | None => Err(no_such_challenge()),
    }
}

async fn proceed(
    service: &Service,
    sign_in: SignIn,
    scene: Scene,
    history: Vec<Round>,
    next: Next,
) -> Result<AuthReply, ApiError> {
    match next {
        Next::Custom => create(service, sign_in, &scene, history).await,
        Next::Tokens if sign_in.subject.exists => tokens::issue(service, sign_in).await,
        Next::Tokens | Next::Failure => Err(ApiError::incorrect()),
        // There is no A to answer with, or it has been used.
        Next::Password => Err(no_such_challenge()),
    }
}

async fn create(
    service: &Service,
    sign_in: SignIn,
    scene: &Scene,
    history: Vec<Round>,
) -> Result<AuthReply, ApiError> {
    let event = events::create(scene, &history);
    let challenge: Challenge = call(service, &sign_in, TriggerName::Create, event).await?;
    let mut parameters = challenge.public_challenge_parameters.unwrap_or_default();
    parameters.insert("USERNAME".into(), sign_in.subject.username.clone());
    let step = Step::Custom(CustomStep {
        history,
        private_parameters: challenge.private_challenge_parameters.unwrap_or_default(),
        metadata: challenge.challenge_metadata,
    });
    let session = entropy::handle()?;
    sign_in.keep(service, session.clone(), step)?;
    Ok(AuthReply::Challenge {
        name: "CUSTOM_CHALLENGE",
        session: Some(session),
        parameters,
    })
}

/// What the triggers are told now: attributes may have changed since the last round.
fn scene(service: &Service, sign_in: &SignIn, metadata: ClientMetadata) -> Result<Scene, ApiError> {
    let pools = service.pools();
    let (pool, client) = pools.of_client(&sign_in.client_id)?;
    let exists = sign_in.subject.exists;
    let user = pool.users.get(&sign_in.subject.username).filter(|_| exists);
    let attributes = user.map_or_else(BTreeMap::new, |user| {
        let mut attributes = user.attributes.clone();
        attributes.insert("cognito:user_status".into(), user.status.name().into());
        attributes
    });
    Ok(Scene {
        pool_id: sign_in.pool_id.clone(),
        client_id: sign_in.client_id.clone(),
        username: sign_in.subject.username.clone(),
        attributes,
        user_not_found: match client.prevent_user_existence_errors {
            ExistenceErrors::Enabled => Some(user.is_none()),
            ExistenceErrors::Legacy => None,
        },
        client_metadata: metadata.0,
    })
}

async fn call<T: serde::de::DeserializeOwned>(
    service: &Service,
    sign_in: &SignIn,
    trigger: TriggerName,
    event: Value,
) -> Result<T, ApiError> {
    let configured = service
        .pools()
        .pool(&sign_in.pool_id)?
        .triggers
        .contains(&trigger.to_string());
    if !configured {
        return Err(Exception::InvalidParameter
            .because("Custom auth lambda trigger is not configured for the user pool."));
    }
    let event = service.faults.before_trigger(trigger, event).await?;
    let outcome = service.triggers.call(trigger, &event, &service.clock).await;
    service.log.outcome(trigger, outcome.as_ref().err());
    outcome
}

fn no_such_challenge() -> ApiError {
    Exception::InvalidLambdaResponse
        .because("Invalid lambda function output : DefineAuthChallenge named no possible challenge")
}
