//! A browser without scripts, over a real connection, and the pages that it is shown.

use std::net::Ipv4Addr;

use axum::Router;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use session_runtime::testing::{self, Visitor};
use tokio::net::TcpListener;

/// Serves this on a loopback port until the test's runtime ends; answers `http://127.0.0.1:` and the port.
pub(crate) async fn serve(app: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
    format!("http://{address}")
}

/// Keeps the cookies of one site. A clone is another browser with the same cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    base: String,
    pub(crate) cookies: Visitor,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser {
    /// Of the site at `http://`, an address and a port.
    pub(crate) fn at(base: &str) -> Self {
        Self::of(base, Visitor::from(&testing::layer()))
    }

    /// With the cookies of this visitor.
    pub(crate) fn of(base: &str, cookies: Visitor) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none());
        Self {
            client: client.build().expect("a client"),
            base: base.to_owned(),
            cookies,
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.client.get(self.url(path));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &'static str) -> Page {
        let request = self.client.post(self.url(path)).body(body);
        self.send(request).await
    }

    pub(crate) async fn submit(&mut self, path: &str, form: impl Into<String>) -> Page {
        let request = self.form(path, form);
        self.send(request).await
    }

    /// The request that submits this form.
    pub(crate) fn form(&self, path: &str, form: impl Into<String>) -> RequestBuilder {
        let request = self.client.post(self.url(path)).body(form.into());
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Page {
        Page::of(self.answer(request).await).await
    }

    /// A response whose body was not read yet.
    pub(crate) async fn answer(&mut self, request: RequestBuilder) -> reqwest::Response {
        let request = request.header(COOKIE, self.cookies.cookie());
        let response = request.send().await.expect("an answer");
        self.cookies.keep(response.headers());
        response
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Page {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} in\n{}", self.text);
    }

    /// Where the browser is sent.
    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        assert_eq!(self.headers[LOCATION], path);
    }

    /// The only field of this name.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.get_all(name).iter();
        let field = fields.next()?;
        assert!(fields.next().is_none(), "more than one {name}");
        Some(field.to_str().expect("text"))
    }

    /// The cookie that was set, with its attributes.
    #[track_caller]
    pub(crate) fn set_cookie(&self) -> Option<&str> {
        self.header(SET_COOKIE.as_str())
    }
}
