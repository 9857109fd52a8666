//! `AdminCreateUser`: a user with a temporary password. No mail goes out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Attribute, admin_set_user_password::check_password, check_length, listed_attributes};
use crate::{
    entropy,
    error::{ApiError, Exception},
    pools::{SignInNames, short_name},
    service::Service,
    users::{Credential, Status, User},
};

/// The request. `MessageAction` and the like change nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    user_pool_id: String,
    username: String,
    temporary_password: Option<String>,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
}

/// Makes a user that has to be given a permanent password before signing in.
pub fn run(service: &Service, request: Request) -> Result<Value, ApiError> {
    check_length("Username", &request.username, 1..=128)?;
    let names = service.pools().pool(&request.user_pool_id)?.sign_in_names;
    let sub = entropy::uuid()?.to_string();
    let mut attributes: BTreeMap<String, String> = request
        .user_attributes
        .into_iter()
        .map(|attribute| (attribute.name, attribute.value))
        .collect();
    let username = match names {
        SignInNames::Username => request.username.clone(),
        SignInNames::Email => {
            if !request.username.contains('@') {
                return Err(Exception::InvalidParameter.because("Username should be an email."));
            }
            attributes.insert("email".into(), request.username.clone());
            sub.clone()
        }
    };
    let password = match request.temporary_password {
        Some(password) => password,
        None => entropy::handle()?,
    };
    check_password(&password)?;
    let credential = Credential::of(short_name(&request.user_pool_id), &username, &password)?;
    let mut user = User::new(username, sub, credential, service.clock.now());
    user.status = Status::ForceChangePassword;
    // The pool alone says what the sub is.
    attributes.remove("sub");
    user.attributes.extend(attributes);
    let reply = json!({ "User": described(&user, "Attributes") });
    service.store.change(|pools| {
        let pool = pools.pool_mut(&request.user_pool_id)?;
        if pool.by_sign_in_name(&request.username).is_some() {
            return Err(Exception::UsernameExists.because("User account already exists"));
        }
        pool.users.insert(user);
        Ok(())
    })?;
    Ok(reply)
}

/// A user as the administrative calls show one; the list of attributes has two names.
pub fn described(user: &User, attributes: &str) -> Value {
    json!({
        "Username": user.username,
        attributes: listed_attributes(user),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status.name(),
    })
}
