use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    #[session(owner)]
    tenant_and_user: (u32, u64),
}

fn main() {}
