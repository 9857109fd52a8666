//! Signs in by AWS' SDK for Rust and the crate `cognito_srp`, refreshes, reads the user, signs out everywhere, and
//! prints each thing that came as a line of JSON. Where a challenge is open, the next line of the input answers it.
//!
//! ```text
//! foreign-rust ENDPOINT POOL CLIENT USERNAME PASSWORD FLOW
//! ```

use std::{
    collections::HashMap,
    env,
    error::Error,
    io::{self, BufRead},
};

use aws_sdk_cognitoidentityprovider::{
    Client, Config,
    config::{BehaviorVersion, Region},
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    types::{AuthFlowType, AuthenticationResultType, ChallengeNameType},
};
use aws_smithy_http_client::Builder;
use cognito_srp::SrpClient;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Who signs in where.
struct Person {
    client: Client,
    pool: String,
    client_id: String,
    username: String,
    password: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(error) = run().await {
        println!("{}", json!({ "failed": error.to_string() }));
    }
}

async fn run() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [endpoint, pool, client_id, username, password, flow] =
        <[String; 6]>::try_from(arguments).map_err(|_| "six arguments are needed")?;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .http_client(Builder::new().build_http())
        .build();
    let person = Person {
        client: Client::from_conf(config),
        pool,
        client_id,
        username,
        password,
    };
    let tokens = person.sign_in(AuthFlowType::from(flow.as_str())).await?;
    show("signedIn", &tokens);
    person.go_on(&tokens).await
}

impl Person {
    async fn sign_in(&self, flow: AuthFlowType) -> Outcome<AuthenticationResultType> {
        let Self {
            client, client_id, ..
        } = self;
        let secret = None;
        let srp = SrpClient::new(
            &self.username,
            &self.password,
            &self.pool,
            client_id,
            secret,
        );
        let begun = client
            .initiate_auth()
            .auth_flow(flow)
            .client_id(client_id)
            .set_auth_parameters(Some(srp.get_auth_params()?))
            .auth_parameters("CHALLENGE_NAME", "SRP_A")
            .send()
            .await
            .map_err(refused)?;
        let parameters = begun.challenge_parameters().cloned().unwrap_or_default();
        let mut name = begun.challenge_name().cloned().ok_or("no challenge")?;
        let mut session = begun.session().map(str::to_owned);
        let mut responses = srp.process_challenge(parameters)?;
        let username = responses["USERNAME"].clone();
        loop {
            let reply = client
                .respond_to_auth_challenge()
                .client_id(client_id)
                .challenge_name(name)
                .set_session(session)
                .set_challenge_responses(Some(responses))
                .send()
                .await
                .map_err(refused)?;
            if let Some(tokens) = reply.authentication_result {
                return Ok(tokens);
            }
            name = reply.challenge_name.ok_or("neither challenge nor tokens")?;
            session = reply.session;
            println!(
                "{}",
                json!({ "challenge": name.as_str(), "parameters": reply.challenge_parameters })
            );
            responses = answer(&name, &username)?;
        }
    }

    async fn go_on(&self, tokens: &AuthenticationResultType) -> Outcome<()> {
        let Self {
            client, client_id, ..
        } = self;
        let renewed = client
            .get_tokens_from_refresh_token()
            .client_id(client_id)
            .refresh_token(tokens.refresh_token().unwrap_or_default())
            .send()
            .await
            .map_err(refused)?;
        let renewed = renewed.authentication_result.ok_or("no new tokens")?;
        show("refreshed", &renewed);
        let access = renewed.access_token().unwrap_or_default();
        let user = client
            .get_user()
            .access_token(access)
            .send()
            .await
            .map_err(refused)?;
        let attributes: HashMap<_, _> = user
            .user_attributes()
            .iter()
            .map(|each| (each.name(), each.value()))
            .collect();
        println!(
            "{}",
            json!({ "user": user.username(), "attributes": attributes })
        );
        client
            .global_sign_out()
            .access_token(access)
            .send()
            .await
            .map_err(refused)?;
        let gone = client.get_user().access_token(access).send().await;
        let error = gone.err().ok_or("still signed in")?.into_service_error();
        // A variant of its own, which the SDK makes of the name.
        let known = error.is_not_authorized_exception();
        println!("{}", json!({ "refused": error.message(), "known": known }));
        Ok(())
    }
}

/// What a line of the input answers.
fn answer(name: &ChallengeNameType, username: &str) -> Outcome<HashMap<String, String>> {
    let field = match name {
        ChallengeNameType::CustomChallenge => "ANSWER",
        ChallengeNameType::EmailOtp => "EMAIL_OTP_CODE",
        ChallengeNameType::SmsMfa => "SMS_MFA_CODE",
        ChallengeNameType::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA_CODE",
        ChallengeNameType::NewPasswordRequired => "NEW_PASSWORD",
        other => return Err(format!("the challenge {other}").into()),
    };
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let answer = line.trim_end().to_owned();
    Ok([(field, answer), ("USERNAME", username.to_owned())]
        .map(|(name, value)| (name.to_owned(), value))
        .into())
}

fn show(what: &str, tokens: &AuthenticationResultType) {
    let tokens = json!({ "accessToken": tokens.access_token(), "idToken": tokens.id_token() });
    println!("{}", json!({ what: tokens }));
}

/// The exception and its text, as far as the SDK knows the two.
fn refused<E>(error: SdkError<E>) -> Box<dyn Error>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}").into(),
        _ => DisplayErrorContext(error).to_string().into(),
    }
}
