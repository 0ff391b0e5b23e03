//! Where a visitor may be sent: a path of this site, and nothing that a browser takes for another one.

/// `target` if it is a path of this site, such as `/orders?page=2`, else `None`.
///
/// For a redirect to where a visitor wanted to go: somebody else may have chosen it, and sends the visitor from your
/// sign-in page to a page of their own (an open redirect). A path that came in a request is no better than one from a
/// form: `GET //evil.example/` is a good request.
///
/// Refused is what does not begin with `/`, what has `//` in its path, and what has a `\` or anything but visible ASCII
/// anywhere: browsers read `/\evil.example` as `//evil.example`, and drop tabs and line ends. A `//` behind `?` or `#`
/// is as good as any text there, and percent-encoding stays what it is: no browser decodes it to find the host.
///
/// ```
/// use session_runtime::local_path;
///
/// assert_eq!(local_path("/orders?page=2"), Some("/orders?page=2"));
/// assert_eq!(local_path("//evil.example"), None);
/// assert_eq!(local_path("https:evil.example"), None);
///
/// fn after_sign_in(return_to: Option<&str>) -> &str {
///     return_to.and_then(local_path).unwrap_or("/")
/// }
/// assert_eq!(after_sign_in(Some("/\\evil.example")), "/");
/// ```
#[doc(alias = "open redirect")]
#[doc(alias = "return_to")]
#[doc(alias = "safe_redirect")]
#[doc(alias = "url_has_allowed_host_and_scheme")]
#[must_use]
pub fn local_path(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let is_local = path.starts_with('/') && !path.contains("//") && target.bytes().all(is_plain);
    is_local.then_some(target)
}
