//! `SignUp`, `ConfirmSignUp` and `ResendConfirmationCode`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Attribute, admin_set_user_password::check_password, check_length};
use crate::{
    codes::{self, Key, Purpose},
    entropy,
    error::{ApiError, Exception},
    pools::{SignInNames, short_name},
    service::Service,
    users::{Credential, Status, User},
};

/// A new user. `ValidationData` and `ClientMetadata` would reach triggers that no local pool has.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    client_id: String,
    username: String,
    password: String,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
}

/// The code of a new user.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Confirmation {
    client_id: String,
    username: String,
    confirmation_code: String,
}

/// Who wants another code.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Resend {
    client_id: String,
    username: String,
}

/// Makes a user that has to be confirmed, and mails the code for it.
pub async fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("Username", &request.username, 1..=128)?;
    check_password(&request.password)?;
    let (pool_id, names) = {
        let pools = service.pools();
        let (pool, _) = pools.of_client(&request.client_id)?;
        (pool.id.clone(), pool.sign_in_names)
    };
    let sub = entropy::uuid()?.to_string();
    let mut attributes: BTreeMap<String, String> = BTreeMap::new();
    for Attribute { name, value } in request.user_attributes {
        check_writable(&name)?;
        attributes.insert(name, value);
    }
    let (username, taken) = match names {
        SignInNames::Username => (request.username.clone(), "User already exists"),
        SignInNames::Email => {
            if !request.username.contains('@') {
                return Err(Exception::InvalidParameter.because("Username should be an email."));
            }
            attributes.insert("email".into(), request.username.clone());
            (
                sub.clone(),
                "An account with the given email already exists.",
            )
        }
    };
    let credential = Credential::of(short_name(&pool_id), &username, &request.password)?;
    let mut user = User::new(username, sub.clone(), credential, service.clock.now());
    user.status = Status::Unconfirmed;
    user.attributes.extend(attributes);
    let made = user.clone();
    service.store.change(|pools| {
        let pool = pools.pool_mut(&pool_id)?;
        if pool.by_sign_in_name(&request.username).is_some() {
            return Err(Exception::UsernameExists.because(taken));
        }
        pool.users.insert(user);
        Ok(())
    })?;
    let mut reply = json!({ "UserConfirmed": false, "UserSub": sub });
    if let Some(delivery) = send(service, &pool_id, &made, Purpose::SignUp).await? {
        merge(&mut reply, delivery);
    }
    Ok(reply)
}

/// Spends the code; the address is verified with it.
pub fn confirm(service: &Service, request: &Confirmation) -> Result<Value, ApiError> {
    let (pool_id, user) = match find(service, &request.client_id, &request.username)? {
        Found::User(pool_id, user) => (pool_id, user),
        Found::Nobody => return Err(codes::expired()),
    };
    if user.status != Status::Unconfirmed {
        return Err(Exception::NotAuthorized.because(format!(
            "User cannot be confirmed. Current status is {}",
            user.status.name()
        )));
    }
    let key = Key::of(&pool_id, &user, Purpose::SignUp);
    codes::spend(service, &key, &request.confirmation_code)?;
    change_user(service, &pool_id, &user.username, |user| {
        user.status = Status::Confirmed;
        user.attributes
            .insert("email_verified".into(), "true".into());
    })
}

/// Mails another code.
pub async fn resend(service: &Service, request: Resend) -> Result<Value, ApiError> {
    match find(service, &request.client_id, &request.username)? {
        Found::User(_, user) if user.status != Status::Unconfirmed => {
            Err(Exception::InvalidParameter.because("User is already confirmed."))
        }
        Found::User(pool_id, user) => {
            let delivery = send(service, &pool_id, &user, Purpose::SignUp).await?;
            delivery.ok_or_else(|| ApiError::missing("email"))
        }
        Found::Nobody => Ok(delivered(&request.username)),
    }
}

/// Who goes by a name, as far as the client may know.
pub enum Found {
    /// The pool's id, and the user.
    User(String, Box<User>),
    /// Nobody, which the client is not told.
    Nobody,
}

/// Looks for the user of a call that needs no token.
///
/// # Errors
/// `UserNotFoundException` for a legacy client.
pub fn find(service: &Service, client_id: &str, name: &str) -> Result<Found, ApiError> {
    let pools = service.pools();
    let (pool, client) = pools.of_client(client_id)?;
    let subject = pool.subject(client, name).map_err(|_| {
        Exception::UserNotFound.because("Username/client id combination not found.")
    })?;
    let user = pool.users.get(&subject.username);
    Ok(match user {
        Some(user) if subject.exists => Found::User(pool.id.clone(), Box::new(user.clone())),
        Some(_) | None => Found::Nobody,
    })
}

/// Mails a user a code; the reply that says so, if there is an address.
///
/// # Errors
/// `CodeDeliveryFailureException`.
pub async fn send(
    service: &Service,
    pool_id: &str,
    user: &User,
    purpose: Purpose,
) -> Result<Option<Value>, ApiError> {
    let address = user.attribute("email");
    if address.is_empty() {
        return Ok(None);
    }
    codes::send(service, Key::of(pool_id, user, purpose), address).await?;
    Ok(Some(delivered(address)))
}

/// `CodeDeliveryDetails` for an address.
pub fn delivered(address: &str) -> Value {
    json!({ "CodeDeliveryDetails": delivery(address) })
}

/// Where a code went, masked as Cognito masks: `u***@e***`.
pub fn delivery(address: &str) -> Value {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let first = |text: &str| text.chars().take(1).collect::<String>();
    json!({
        "AttributeName": "email",
        "DeliveryMedium": "EMAIL",
        "Destination": format!("{}***@{}***", first(local), first(domain)),
    })
}

/// What the pool alone says of a user is not for the user to say.
///
/// # Errors
/// `NotAuthorizedException`.
pub fn check_writable(attribute: &str) -> Result<(), ApiError> {
    check_length("Name", attribute, 1..=32)?;
    if attribute == "sub" || attribute.ends_with("_verified") {
        return Err(
            Exception::NotAuthorized.because("A client attempted to write unauthorized attribute")
        );
    }
    Ok(())
}

/// Changes a user, and answers that it is done.
///
/// # Errors
/// `UserNotFoundException` if the user is gone.
pub fn change_user(
    service: &Service,
    pool_id: &str,
    username: &str,
    change: impl FnOnce(&mut User),
) -> Result<Value, ApiError> {
    service.store.change(|pools| {
        let user = pools.pool_mut(pool_id)?.users.get_mut(username);
        let mut user =
            user.ok_or_else(|| Exception::UserNotFound.because("User does not exist."))?;
        change(&mut user);
        user.modified = service.clock.now().as_secs();
        Ok(())
    })?;
    Ok(json!({}))
}

fn merge(reply: &mut Value, more: Value) {
    if let (Value::Object(reply), Value::Object(more)) = (reply, more) {
        reply.extend(more);
    }
}
