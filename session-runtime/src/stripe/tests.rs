use std::sync::{Arc, Weak};
use std::thread;

use super::{STRIPES, Stripe, StripedArc, StripedLock};

/// The stripe of a new thread.
fn stripe_of_another() -> Stripe {
    let thread = thread::spawn(Stripe::mine);
    thread.join().expect("no panic")
}

#[test]
fn a_thread_keeps_its_stripe() {
    let Stripe(mine) = Stripe::mine();
    assert!(mine < STRIPES);
    assert_eq!(Stripe::mine().0, mine);
}

#[test]
fn threads_have_stripes_in_turn() {
    let first = stripe_of_another();
    // Other tests begin threads meanwhile.
    let found = (0..1000).find(|_| stripe_of_another().0 != first.0);
    assert!(found.is_some(), "every thread is on stripe {}", first.0);
}

#[test]
fn a_clone_is_counted_on_the_stripe_of_the_thread_that_makes_it() {
    let service = StripedArc::new(Arc::new(()));
    for _ in 0..2 * STRIPES {
        let service = &service;
        let [made, mine] = thread::scope(|scope| {
            let clone = move || [service.clone().counted().stripe(), Stripe::mine()];
            scope.spawn(clone).join().expect("no panic")
        });
        assert_eq!(made.0, mine.0);
    }
}

#[test]
fn all_references_are_to_one_value() {
    let value = Arc::new(7);
    let service = StripedArc::new(Arc::clone(&value));
    let clone = thread::scope(|scope| scope.spawn(|| service.clone()).join().expect("no panic"));
    let again = clone.clone();
    assert!(again.counted().is_same(service.counted()));
    let other = StripedArc::new(Arc::new(7));
    assert!(!other.counted().is_same(service.counted()));
}

#[test]
fn the_value_lives_as_long_as_its_last_reference_and_no_longer() {
    let value = Arc::new(7);
    let watched: Weak<i32> = Arc::downgrade(&value);
    let service = StripedArc::new(value);
    let clone = service.clone();
    drop(service);
    let counted = clone.counted().clone();
    drop(clone);
    assert_eq!(*counted, 7);
    drop(counted);
    assert!(watched.upgrade().is_none());
}

#[test]
fn a_replacement_reaches_every_stripe_and_drops_what_was_there() {
    let lock = StripedLock::new(Arc::new(1));
    let watched = Arc::downgrade(&**lock.read(Stripe::mine()));
    lock.replace(|present| Arc::new(**present + 1));
    let mut values = (0..STRIPES).map(|number| ***lock.read(Stripe(number)));
    assert!(values.all(|value| value == 2));
    assert!(watched.upgrade().is_none());
}
