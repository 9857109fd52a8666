// Who signs in, and where: the one user of the pool in client-wasm/npm/support.
export const POOL = "us-east-1_Example1";
export const CLIENT = "exampleclient";
export const USERNAME = "user@example.com";
export const PASSWORD = "Correct-Horse-9";
export const CODE = "012345";
