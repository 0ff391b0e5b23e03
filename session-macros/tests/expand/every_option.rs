#[session(prefix = "all.", rename_all = "camelCase", handle = "Everything")]
struct All {
    #[session(owner)]
    user: Option<UserId>,
    #[session(rename = "n", alias = "count", alias = "total")]
    number: u32,
    #[session(default = vec![1, 2], ttl = "90s")]
    page_numbers: Vec<u8>,
    #[session(max_len = 40, private, missing = 404)]
    secret_hint: String,
    #[session(value = Token, flash, default)]
    token: Wrapped,
    #[session(skip)]
    cache: Vec<u8>,
}
