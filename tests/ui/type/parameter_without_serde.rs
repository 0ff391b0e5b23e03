use session_runtime::SessionData;

struct Opaque;

#[derive(SessionData)]
struct Page<T> {
    uid: i64,
    item: T,
}

fn page(page: PageHandle<Opaque>) {
    let _ = page.get_uid();
    let _ = page.get_item();
}

fn main() {}
