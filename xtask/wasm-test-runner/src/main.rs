//! wasm-bindgen's own test runner, linked as a library so that its version is locked
//! together with the crate's and nothing has to be installed.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
