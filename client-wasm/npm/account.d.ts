/**
 * The account at an Amazon Cognito user pool: sign-up, passwords, attributes, devices. Each method
 * is one operation of Cognito's API, and one request: none is repeated that sends a mail, spends a
 * code or changes the account.
 *
 * ```ts
 * const account = new Account({ userPoolId: 'us-east-1_Example1', clientId: 'exampleclient' });
 * const { delivery } = await account.signUp({ username, password, attributes: { name: 'Ada' } });
 * await account.confirmSignUp({ username, code: await ask(delivery) });
 * ```
 *
 * The wasm module behind it is loaded when a method is first called.
 *
 * @module
 */
import { CognitoError, type CognitoOptions } from './index.js';

export { CognitoError, type CognitoOptions };

/** What the account can be refused with, beside the codes that it shares with a sign-in. */
export type AccountRefusal =
  /** The code is not the one that was sent. */
  | 'wrong_code'
  /** The code is too old, or was used, or none was sent. Ask for a new one. */
  | 'code_expired'
  /** Too many wrong codes. Waiting helps. */
  | 'attempts_exceeded'
  /** The new password does not meet the pool's policy; the message says in what. */
  | 'password_not_accepted'
  /** The new password was used before, and the pool's policy remembers it. */
  | 'password_used_before'
  /** There is a user of this name already. */
  | 'username_exists'
  /** The address belongs to another user. */
  | 'alias_exists'
  /** There is no such user, and the pool says so. */
  | 'user_not_found'
  /** There is nothing to confirm any more. */
  | 'already_confirmed'
  /** No verified address that a code for a new password could be sent to. */
  | 'no_verified_address'
  /** There is no such device. */
  | 'device_not_found'
  /** The token has expired or was revoked, or is another kind of token. */
  | 'token_rejected'
  /** The pool or the app client does not let people do this. */
  | 'not_permitted'
  /** The pool did not take a value of the input; the message says which. */
  | 'invalid_input';

/** The codes of a {@link CognitoError} that a method of {@link Account} throws. */
export type AccountErrorCode =
  | AccountRefusal
  | 'aborted'
  | 'timeout'
  | 'network'
  /** `changePassword`: the present password is another. */
  | 'bad_credentials'
  | 'locked_out'
  | 'throttled'
  | 'limit_exceeded'
  | 'trigger_failed'
  | 'mail_not_sent'
  | 'user_not_confirmed'
  | 'password_reset_required'
  | 'user_disabled'
  | 'misconfigured'
  | 'forbidden'
  | 'pool_unavailable'
  | 'refused'
  | 'bad_reply'
  | 'wasm_unavailable';

/** What every input may have beside its own. */
export interface Abortable {
  /** Gives up waiting when it fires. The request may have arrived all the same. */
  signal?: AbortSignal | undefined;
}

/** What goes to the pool's triggers and to its threat protection. */
export interface Context extends Abortable {
  /** Reaches the triggers of the operation as `clientMetadata`. */
  clientMetadata?: Record<string, string> | undefined;
  /**
   * What the browser's risk script has collected, for pools with threat protection. If it is left
   * out, `userContextData` of the options is asked.
   */
  userContext?: { encodedData: string } | undefined;
}

/** An input that says who by an access token. The token comes from a sign-in. */
export interface Authorized extends Abortable {
  /** With the scope `aws.cognito.signin.user.admin`, as every sign-in by this package gives. */
  accessToken: string;
}

/** A user who is to be sent a code. */
export interface Named extends Context {
  /** A user name or alias, 1 to 128 characters. */
  username: string;
}

/** A new user. */
export interface SignUpInput extends Named {
  password: string;
  /** Attributes by their names, such as `{ email, name, 'custom:team': 'red' }`. */
  attributes?: Record<string, string> | undefined;
  /** Reaches the trigger PreSignUp, and is kept nowhere. */
  validationData?: Record<string, string> | undefined;
}

/** The code that a new user was sent. */
export interface ConfirmSignUpInput extends Named {
  /** What the person typed; spaces and hyphens do not count. */
  code: string;
  /** Takes the address away from another user who has verified it. */
  forceAliasCreation?: boolean | undefined;
}

/** A new password, and the code that allows it. */
export interface ConfirmForgotPasswordInput extends Named {
  /** What the person typed; spaces and hyphens do not count. */
  code: string;
  /** The new password. */
  password: string;
}

/** The present password and the next one. */
export interface ChangePasswordInput extends Authorized {
  previous: string;
  proposed: string;
}

/** Attributes that are new or have changed. */
export interface UpdateUserAttributesInput extends Authorized {
  attributes: Record<string, string>;
  clientMetadata?: Record<string, string> | undefined;
}

/** An attribute that a code is to verify: `email` or `phone_number`. */
export interface SendAttributeCodeInput extends Authorized {
  attribute: string;
  clientMetadata?: Record<string, string> | undefined;
}

/** The code that verifies an attribute. */
export interface VerifyUserAttributeInput extends Authorized {
  attribute: string;
  /** What the person typed; spaces and hyphens do not count. */
  code: string;
}

/** Names of attributes that are to go. */
export interface DeleteUserAttributesInput extends Authorized {
  attributes: string[];
}

/** The refresh token that is to end. */
export interface RevokeTokenInput extends Abortable {
  refreshToken: string;
}

/** Which page of the devices. */
export interface DevicesInput extends Authorized {
  /** At most so many, up to 60. */
  limit?: number | undefined;
  /** {@link Devices.next} of the page before. */
  next?: string | undefined;
}

/** A device. */
export interface DeviceInput extends Authorized {
  deviceKey: string;
}

/** Whether a device is remembered. */
export interface UpdateDeviceStatusInput extends DeviceInput {
  remembered: boolean;
}

/** The second factors; what is left out stays as it is. */
export interface SetMfaPreferenceInput extends Authorized {
  email?: Factor | undefined;
  sms?: Factor | undefined;
  totp?: Factor | undefined;
}

/** A second factor. */
export interface Factor {
  enabled: boolean;
  /** Whether it is the one that is asked for. */
  preferred?: boolean | undefined;
}

/** Where a code was sent. */
export interface Delivery {
  /** The address or number, masked: `u***@e***`. */
  readonly sentTo?: string;
  /** `EMAIL` or `SMS`. */
  readonly medium?: string;
  /** The attribute it is from, such as `email`. */
  readonly attribute?: string;
}

/** Whether a code was sent, and where. */
export interface Sent {
  /** Left out if Cognito does not say. */
  readonly delivery?: Delivery;
}

/** A user who has signed up. */
export interface SignedUp extends Sent {
  /** The user's `sub`. */
  readonly sub: string;
  /** Whether the user may sign in already, without a code. */
  readonly confirmed: boolean;
}

/** A user's name and attributes. */
export interface UserAttributes {
  readonly username: string;
  /** All that the app client may read, such as `{ sub, email, email_verified: 'true' }`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What changed attributes have set off. */
export interface Updated {
  /** The codes that were sent. Where the pool wants it so, the old value stays until then. */
  readonly deliveries: readonly Delivery[];
}

/** A page of devices. */
export interface Devices {
  readonly devices: readonly Device[];
  /** For {@link DevicesInput.next}; left out after the last page. */
  readonly next?: string;
}

/** A device that the pool knows. */
export interface Device {
  readonly deviceKey: string;
  /** `device_name`, `device_status`, `last_ip_used` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly created?: Date;
  readonly modified?: Date;
  readonly lastAuthenticated?: Date;
}

/** A user's second factors, in Cognito's words: `EMAIL_OTP`, `SMS_MFA`, `SOFTWARE_TOKEN_MFA`. */
export interface MfaPreference {
  readonly preferred?: string;
  readonly enabled: readonly string[];
}

/**
 * The account at a user pool. All methods throw a `TypeError` with the `code` `invalid_argument`
 * that names the field, what was expected, and what came (never a value), after which nothing was
 * sent; and a {@link CognitoError} with one of {@link AccountErrorCode}.
 */
export class Account {
  /** @throws {TypeError} that names the option, what was expected, and what came. */
  constructor(options: CognitoOptions);

  /** `SignUp`: a new user, who is sent a code. */
  signUp(input: SignUpInput): Promise<SignedUp>;
  /** `ConfirmSignUp`: spends the code. */
  confirmSignUp(input: ConfirmSignUpInput): Promise<void>;
  /** `ResendConfirmationCode`. */
  resendConfirmationCode(input: Named): Promise<Sent>;
  /** `ForgotPassword`: sends a code. Cognito may say so of users that do not exist, too. */
  forgotPassword(input: Named): Promise<Sent>;
  /** `ConfirmForgotPassword`: spends the code on a new password. */
  confirmForgotPassword(input: ConfirmForgotPasswordInput): Promise<void>;
  /** `ChangePassword`. */
  changePassword(input: ChangePasswordInput): Promise<void>;

  /** `GetUser`. Repeated up to twice after `network`, `pool_unavailable`, `throttled`. */
  userAttributes(input: Authorized): Promise<UserAttributes>;
  /** `UpdateUserAttributes`. */
  updateUserAttributes(input: UpdateUserAttributesInput): Promise<Updated>;
  /** `GetUserAttributeVerificationCode`: sends a code. */
  sendAttributeCode(input: SendAttributeCodeInput): Promise<Sent>;
  /** `VerifyUserAttribute`: spends the code. */
  verifyUserAttribute(input: VerifyUserAttributeInput): Promise<void>;
  /** `DeleteUserAttributes`. */
  deleteUserAttributes(input: DeleteUserAttributesInput): Promise<void>;
  /** `DeleteUser`: the user is gone, for good. */
  deleteUser(input: Authorized): Promise<void>;

  /**
   * `RevokeToken`: ends this sign-in's refresh token and access tokens. Repeated as
   * {@link Account.userAttributes} is. A session does not learn of it: `session.signOut()` does
   * the same and drops its tokens.
   */
  revokeToken(input: RevokeTokenInput): Promise<void>;
  /**
   * `GlobalSignOut`: ends all sign-ins of the user. Repeated as {@link Account.revokeToken} is. With
   * a session, call `session.signOutEverywhere()`.
   */
  globalSignOut(input: Authorized): Promise<void>;

  /** `ListDevices`. Repeated as {@link Account.userAttributes} is. */
  devices(input: DevicesInput): Promise<Devices>;
  /** `ForgetDevice`. */
  forgetDevice(input: DeviceInput): Promise<void>;
  /**
   * `UpdateDeviceStatus`: whether the device skips the second factor. A new device is made known by
   * `rememberDevice` of `Cognito`.
   */
  updateDeviceStatus(input: UpdateDeviceStatusInput): Promise<void>;

  /** `GetUser`, for the second factors. Repeated as {@link Account.userAttributes} is. */
  mfaPreference(input: Authorized): Promise<MfaPreference>;
  /** `SetUserMFAPreference`. */
  setMfaPreference(input: SetMfaPreferenceInput): Promise<void>;
}

/**
 * Loads the wasm module ahead of time, from elsewhere if a source is given: a precompiled
 * `WebAssembly.Module`, or where `cognito-email-mfa/account-core_bg.wasm` is served. Optional.
 *
 * @throws {CognitoError} `wasm_unavailable`.
 */
export function init(
  source?: BufferSource | WebAssembly.Module | URL | string | Response | Promise<Response>,
): Promise<unknown>;
