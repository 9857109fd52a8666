declare module "cognito-email-mfa/core_bg.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "cognito-email-mfa/challenges-core_bg.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
