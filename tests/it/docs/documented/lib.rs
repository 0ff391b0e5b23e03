//! A crate whose sessions use every option of the derive: its documentation must not have one warning.
#![warn(missing_docs, rustdoc::all)]

use session_runtime::SessionData;

/// Who is signed in.
///
/// The handle is an [`AccountHandle`]; `put` it with [`AccountHandle::put_uid`], the key is [`Account::UID`].
#[derive(SessionData)]
#[session(prefix = "account.", rename_all = "camelCase")]
pub struct Account {
    /// Id of the signed-in user, as in `users.id`.
    #[session(missing = 404, owner)]
    pub uid: i64,
    /// Where [`Account::UID`] gets mail: `name <a@example.org>` & others.
    #[session(alias = "mail", max_len = 300)]
    pub email_address: Option<String>,
    /// Shown once.
    #[session(flash)]
    pub notice: String,
    /// Asked again after 15 minutes.
    #[session(ttl = "15m", private)]
    pub confirmed: bool,
    /// A list of [`u32`], *newest* first: `[3, 2, 1]`.
    #[session(default)]
    pub recent: Vec<u32>,
    /// IETF's name of a language, see <https://www.rfc-editor.org/info/bcp47>.
    #[session(default = "en".to_owned(), rename = "lang")]
    pub locale: String,
    /// An option that no macro can see.
    #[session(value = String)]
    pub theme: Maybe<String>,
    #[doc = "A raw identifier."]
    pub r#type: u8,
    /// The old name of the user's id.
    #[deprecated(since = "0.2.0", note = "read `uid`")]
    pub id: i64,
    /// Not in this build.
    #[cfg(any())]
    pub absent: i64,
    /// The name that [`Self::uid`] shows, as [written by][them]: [`Self`], [`AccountHandle`], [`Self::NICK`].
    ///
    /// A second paragraph.
    ///
    /// ```
    /// assert_eq!(documented::Account::NICK.name(), "account.nick");
    /// ```
    ///
    /// [them]: Self::email_address
    #[doc(alias = "NICK", alias = "alias")]
    pub nick: String,
    /// ```
    /// assert!(!documented::Account::EXAMPLE.info().is_flash());
    /// ```
    /// Shown after its example.
    #[session(default = "`\n\n```".to_owned(), rename = "ex`ample")]
    pub example: String,
    /** With stars, as [`Self::nick`].
     *
     * A second paragraph.
     */
    pub starred: u8,
    /// # Heading
    ///
    /// <div class="warning">
    ///
    /// Careful.
    ///
    /// </div>
    #[doc(alias = "STRICT")]
    #[doc(alias = "severe")]
    pub strict: bool,
    /// Nobody sees [`Self::private_too`] or `Self::id`.
    private: u8,
    /// Nor [`Self::private`], nor [that](Self::uid).
    private_too: u8,
    /// Hidden.
    #[doc(hidden)]
    pub hidden: u8,
    /// A name without upper case: [`Self::名`].
    pub 名: u8,
    /// No key.
    #[session(skip)]
    pub cached: u64,
    undocumented: u8,
    pub(crate) inner: [u8; 4],
}

/// A raw name.
#[derive(SessionData)]
#[allow(non_camel_case_types)]
#[session(prefix = "raw.")]
pub struct r#struct {
    /// As in [`Self::as`].
    pub r#type: u8,
    /// As in [`Self::type`].
    pub r#as: u8,
}

/// Has a session of its own.
pub fn local() -> usize {
    /// Known here only, see [`Account`].
    #[derive(SessionData)]
    struct Local {
        /// A key, see [`Account::uid`].
        uid: i64,
    }
    Local::KEYS.len()
}

/// There or not.
pub type Maybe<T> = Option<T>;

/// Generic, under a handle of another name.
#[derive(SessionData)]
#[session(handle = "Shelf")]
pub struct Basket<T = String, const N: usize = 2>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    /// The things.
    pub things: Vec<T>,
    /// The latest.
    pub latest: Option<[u8; N]>,
}

mod inner {
    use session_runtime::SessionData;

    /// Seen in this crate only.
    #[derive(SessionData)]
    pub(in crate::inner) struct Hidden {
        pub(in crate::inner) step: u8,
    }
}
