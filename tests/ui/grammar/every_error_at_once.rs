use session_runtime::SessionData;

#[derive(SessionData)]
#[session(prefx = "account.", rename_all = "camelcase")]
struct Account {
    #[session(flahs)]
    uid: i64,
    #[session(ttl = "15")]
    #[session(missing = 500)]
    email: String,
    #[session(max_len = "20", default = "en".to_owned(), rename = 7)]
    locale: String,
    #[session(private = true)]
    note: String,
}

// All of it is there without these options, so that nothing else fails.
fn page(account: AccountHandle) -> session_runtime::Result<(i64, String, String)> {
    account.put_note(String::new())?;
    Ok((account.require_uid()?, account.require_email()?, account.get_locale()?))
}

fn main() {}
