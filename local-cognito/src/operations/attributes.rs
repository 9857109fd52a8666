//! `UpdateUserAttributes`, `GetUserAttributeVerificationCode`, `VerifyUserAttribute`,
//! `DeleteUserAttributes` and `DeleteUser`.
//!
//! As in this project's template a new address counts once it is verified; until then the old
//! one stays (`AttributesRequireVerificationBeforeUpdate`).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Attribute,
    sign_up::{change_user, check_writable, delivered, delivery},
};
use crate::{
    codes::{self, Key, Purpose},
    error::{ApiError, Exception},
    service::Service,
    tokens,
};

/// New values.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Update {
    access_token: String,
    user_attributes: Vec<Attribute>,
}

/// Which attribute is to be verified.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SendCode {
    access_token: String,
    attribute_name: String,
}

/// The code that verifies an attribute.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Verification {
    access_token: String,
    attribute_name: String,
    code: String,
}

/// Which attributes are to go.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Deletion {
    access_token: String,
    user_attribute_names: Vec<String>,
}

/// Who is to go.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Farewell {
    access_token: String,
}

/// Sets attributes. A new address is sent a code instead.
pub async fn update(service: &Service, request: Update) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    for attribute in &request.user_attributes {
        check_writable(&attribute.name)?;
    }
    let user = service.user(&grant.pool_id, &grant.username)?;
    let (mut addresses, others): (Vec<_>, Vec<_>) = request
        .user_attributes
        .into_iter()
        .partition(|attribute| attribute.name == "email");
    let mut deliveries = Vec::new();
    if let Some(Attribute { value, .. }) = addresses.pop()
        && !value.eq_ignore_ascii_case(user.attribute("email"))
    {
        if !value.contains('@') {
            return Err(Exception::InvalidParameter.because("Invalid email address format."));
        }
        check_free(service, &grant.pool_id, &value)?;
        let key = Key::of(&grant.pool_id, &user, Purpose::Address);
        codes::send(service, key, &value).await?;
        deliveries.push(delivery(&value));
    }
    change_user(service, &grant.pool_id, &grant.username, |user| {
        let others = others.into_iter().map(|other| (other.name, other.value));
        user.attributes.extend(others);
    })?;
    Ok(json!({ "CodeDeliveryDetailsList": deliveries }))
}

/// Mails a code to the present address.
pub async fn send_code(service: &Service, request: SendCode) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    let address = user.attribute("email");
    check_verifiable(&request.attribute_name)?;
    if address.is_empty() {
        return Err(Exception::InvalidParameter.because("User does not have email attribute."));
    }
    let key = Key::of(&grant.pool_id, &user, Purpose::Address);
    codes::send(service, key, address).await?;
    Ok(delivered(address))
}

/// Spends the code: the address that it went to is the user's, and verified.
pub async fn verify(service: &Service, request: Verification) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    check_verifiable(&request.attribute_name)?;
    let user = service.user(&grant.pool_id, &grant.username)?;
    let key = Key::of(&grant.pool_id, &user, Purpose::Address);
    let address = codes::spend(service, &key, &request.code)?;
    if !address.eq_ignore_ascii_case(user.attribute("email")) {
        // Somebody may have been quicker with the same address.
        check_free(service, &grant.pool_id, &address)?;
    }
    change_user(service, &grant.pool_id, &grant.username, |user| {
        user.attributes.insert("email".into(), address);
        user.attributes
            .insert("email_verified".into(), "true".into());
    })
}

/// Removes attributes; those that are not there are gone already.
pub async fn delete(service: &Service, request: Deletion) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    for name in &request.user_attribute_names {
        check_writable(name)?;
        // People sign in by it, and codes go there.
        if name == "email" {
            return Err(
                Exception::InvalidParameter.because("Cannot delete the required attribute email.")
            );
        }
    }
    change_user(service, &grant.pool_id, &grant.username, |user| {
        for name in &request.user_attribute_names {
            user.attributes.remove(name);
        }
    })
}

/// Removes the user, and all that was granted.
pub async fn delete_user(service: &Service, request: Farewell) -> Result<Value, ApiError> {
    let grant = tokens::bearer(service, &request.access_token).await?;
    service.store.change(|pools| {
        pools
            .pool_mut(&grant.pool_id)?
            .users
            .remove(&grant.username);
        Ok(())
    })?;
    service.grants().revoke_all(&grant.pool_id, &grant.username);
    Ok(json!({}))
}

fn check_verifiable(attribute: &str) -> Result<(), ApiError> {
    if attribute == "email" {
        return Ok(());
    }
    Err(Exception::InvalidParameter.because("AttributeName must be email here."))
}

fn check_free(service: &Service, pool_id: &str, address: &str) -> Result<(), ApiError> {
    let pools = service.pools();
    if pools.pool(pool_id)?.users.by_address(address).is_some() {
        return Err(
            Exception::AliasExists.because("An account with the given email already exists.")
        );
    }
    Ok(())
}
