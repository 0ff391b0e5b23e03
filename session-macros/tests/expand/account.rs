/// What a signed-in visitor has.
pub struct Account {
    /// Id of the signed-in user.
    pub uid: i64,
    pub email: String,
    #[session(default)]
    pub theme: Theme,
    #[session(flash)]
    pub notice: String,
    #[session(ttl = "15m")]
    pub return_to: String,
}
