//! The memory of sign-outs: ten thousand in a minute, and no more. The rule itself is tested in `http/supersede.rs`.

use session_runtime::{Result, Session};

use super::support::Visitor;

/// How many ids are remembered.
const IDS: usize = 10_000;

fn put(session: &Session) -> Result<()> {
    session.put("cart", 1)
}

async fn uid(visitor: &Visitor) -> Option<i64> {
    visitor.clone().visit(|session| session.get("uid")).await
}

async fn sign_out(visitor: &Visitor) {
    let mut visitor = visitor.clone();
    visitor.visit(Session::destroy).await;
    assert!(visitor.answer.removes());
}

/// Browsers of this server with sessions that were sealed without a request, which is faster.
fn browsers(visitor: &Visitor, count: usize) -> Vec<Visitor> {
    let make = |_| {
        let mut record = visitor.codec.new_record().expect("random bytes");
        record.put("uid", 7).expect("encodes");
        let cookie = visitor.codec.seal(&record).expect("fits");
        let pair = cookie.to_str().expect("ASCII").split("; ").next();
        let mut other = visitor.clone();
        other.cookie = pair.map(ToOwned::to_owned);
        other
    };
    (0..count).map(make).collect()
}

#[tokio::test]
async fn ten_thousand_sign_outs_in_a_minute_are_remembered_and_no_more() {
    let browsers = browsers(&Visitor::new(), IDS + 1);
    let (first, last) = (&browsers[0], &browsers[IDS]);
    let slow = first.begin(put, put).await;
    let slowest = first.begin(put, put).await;
    for browser in &browsers[..IDS] {
        sign_out(browser).await;
    }
    let slow = slow.finish().await;
    assert_eq!(slow.answer.session_cookie(), None, "the oldest of 10,000");
    for browser in &browsers[..IDS] {
        assert_eq!(uid(browser).await, None);
    }

    assert_eq!(uid(last).await, Some(7));
    sign_out(last).await;
    assert!(
        slowest.finish().await.answer.saves(),
        "one more, and the oldest is forgotten"
    );
    assert_eq!(uid(first).await, Some(7));
    for browser in &browsers[1..] {
        assert_eq!(uid(browser).await, None);
    }
    assert!(first.layer.requests().is_empty());
}
