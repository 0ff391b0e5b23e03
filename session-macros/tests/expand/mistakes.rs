struct Account {
    #[session(flahs, ttl = "15m")]
    uid: i64,
    #[session(ttl = "15")]
    #[session(default = "en".to_owned())]
    locale: String,
}
