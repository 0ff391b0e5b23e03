#[derive(session_runtime::SessionData)]
fn account() {}

fn main() {}
