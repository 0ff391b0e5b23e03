//! Futures that are dropped at any poll.

use super::*;

/// Polls the future so often and drops it; whether it ended by itself.
pub(super) async fn drop_after<T>(polls: usize, future: impl Future<Output = T>) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        let polled = core::future::poll_fn(|cx| {
            core::task::Poll::Ready(future.as_mut().poll(cx).is_ready())
        });
        if polled.await {
            return true;
        }
        // Time passes where nothing else is to be done, so this costs none.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}

const MOST_POLLS: usize = 40;

/// Runs it in a world of its own for each number of polls, up to the number at which it ends by itself.
async fn at_every_poll<F: Future<Output = bool>>(run: impl Fn(usize) -> F) {
    let mut ended_at = 0;
    for polls in 0..MOST_POLLS {
        if run(polls).await {
            ended_at = polls;
            break;
        }
    }
    assert!(ended_at > 2, "it ended after {ended_at} polls");
}

#[tokio::test(start_paused = true)]
async fn a_save_that_is_dropped_is_whole_and_hinders_nobody() {
    at_every_poll(|polls| async move {
        let world = World::new();
        let base = world.session(r#"{"a":1}"#).await;
        let conflict = scripted::Turn::After(world.meanwhile(&base, r#"{"a":1,"b":1}"#));
        world.store.next([conflict]);
        let ended = drop_after(polls, world.save(&base, r#"{"a":2}"#)).await;
        let text = world.text(&base.sid).await.expect("the session is there");
        let whole = [r#"{"a":1}"#, r#"{"a":1,"b":1}"#, r#"{"a":2,"b":1}"#];
        assert!(whole.contains(&text.as_str()), "{text}");
        let next = session(world.elsewhere().load(&base.sid).await);
        done(world.elsewhere().save(&next, r#"{"c":1}"#).await);
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_is_dropped_leaves_the_session_under_one_of_its_ids() {
    at_every_poll(|polls| async move {
        let world = World::new();
        let base = world.session(r#"{"uid":1}"#).await;
        let new = world.new_id();
        let ended = drop_after(polls, world.renew(&base, new, r#"{"uid":1}"#)).await;
        let there = [
            world.text(&base.sid).await.is_some(),
            world.text(&new.sid).await.is_some(),
        ];
        assert!(
            there == [true, false] || there == [false, true],
            "{there:?}"
        );
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_load_that_is_dropped_leaves_everything_as_it_is() {
    at_every_poll(|polls| async move {
        let world = World::new();
        let base = world.session("{}").await;
        world.store.next([scripted::Turn::Unreached]);
        let ended = drop_after(polls, world.load(&base.sid)).await;
        assert!(world.text(&base.sid).await.is_some());
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_is_dropped_is_whole() {
    at_every_poll(|polls| async move {
        let world = World::new();
        let new = world.new_id();
        let ended = drop_after(
            polls,
            world
                .vault
                .save(Way::Create(new), ours("{}"), world.times()),
        )
        .await;
        let text = world.text(&new.sid).await;
        assert!(text.is_none_or(|text| text == "{}"));
        ended
    })
    .await;
}
