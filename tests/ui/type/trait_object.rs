use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    item: dyn std::fmt::Debug,
}

fn main() {}
