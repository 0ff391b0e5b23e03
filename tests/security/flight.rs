//! A request that is held in its handler, so that two of them interleave as a test says.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http::{Request, Response, StatusCode};
use session_runtime::Session;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::{Layer, ServiceExt, service_fn};

use crate::support::{Answer, Visitor};

/// A request on its way, with the session that its handler uses.
pub(crate) struct Flight {
    pub(crate) session: Session,
    ends: oneshot::Sender<StatusCode>,
    request: JoinHandle<Response<()>>,
}

impl Flight {
    /// Sends the visitor's cookie; the server has the request from now on.
    pub(crate) async fn start(visitor: &Visitor) -> Self {
        let (ends, end) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let (layer, request) = (visitor.layer.clone(), visitor.request());
        let request = tokio::spawn(async move {
            let held = Arc::new(Mutex::new(Some((tell, end))));
            let handler = service_fn(move |_: Request<()>| {
                let (tell, end) = held.lock().expect("no panic").take().expect("one request");
                async move {
                    let _told = tell.send(Session::current().expect("below the layer"));
                    // Without a status the handler panics, as the test wants it to.
                    let mut response = Response::new(());
                    *response.status_mut() = end.await.expect("a status");
                    Ok::<_, Infallible>(response)
                }
            });
            let response = layer.layer(handler).oneshot(request).await;
            response.unwrap_or_else(|never| match never {})
        });
        Self {
            session: told.await.expect("the handler runs"),
            ends,
            request,
        }
    }

    /// The response with this status.
    pub(crate) async fn answer(self, status: StatusCode) -> Answer {
        self.ends.send(status).expect("the handler waits");
        let (head, ()) = self.request.await.expect("no panic").into_parts();
        Answer {
            headers: head.headers,
        }
    }

    pub(crate) async fn land(self) -> Answer {
        self.answer(StatusCode::OK).await
    }

    /// The client is gone.
    pub(crate) async fn abort(self) {
        self.request.abort();
        let ended = self.request.await;
        assert!(ended.expect_err("aborted").is_cancelled());
    }

    pub(crate) async fn panic(self) {
        drop(self.ends);
        let ended = self.request.await;
        assert!(ended.expect_err("a panic").is_panic());
    }
}
