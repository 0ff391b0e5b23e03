use session_runtime::SessionData;

#[derive(SessionData)]
struct Page<#[session(skip)] T> {
    item: T,
}

fn main() {}
