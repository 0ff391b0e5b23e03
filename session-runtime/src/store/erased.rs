//! The object-safe twin of [`SessionStore`], so that no store's type reaches a layer or a handler.

use core::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use super::{
    Create, Created, Destroyed, List, Listed, Loaded, Notice, Notices, OwnerId, Replace, Save,
    Saved, SessionStore, StoreError, StoreId, Touch, Touched,
};

pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

pub(crate) type AnyStore = Arc<dyn Erased>;

/// Arguments and answer live as long as the future, which the operations without arguments don't need to say.
macro_rules! erased {
    ($($call:ident($($arg:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[allow(clippy::elidable_lifetime_names)]
        pub(crate) trait Erased: Send + Sync {
            $(fn $call<'a>(&'a self, $($arg: $of),*) -> Answer<'a, $answer>;)*
        }

        #[allow(clippy::elidable_lifetime_names)]
        impl<S: SessionStore> Erased for S {
            $(fn $call<'a>(&'a self, $($arg: $of),*) -> Answer<'a, $answer> {
                Box::pin(SessionStore::$call(self, $($arg),*))
            })*
        }
    };
}

erased! {
    load(id: &'a StoreId) -> Loaded;
    create(create: &'a Create) -> Created;
    save(save: &'a Save) -> Saved;
    replace(replace: &'a Replace) -> Saved;
    touch(touch: &'a Touch) -> Touched;
    destroy(id: &'a StoreId) -> Destroyed;
    list(list: &'a List) -> Vec<Listed>;
    destroy_owner(owner: &'a OwnerId, except: &'a [StoreId]) -> u64;
    publish(notice: &'a Notice) -> ();
    published(since: Option<SystemTime>) -> Notices;
    sweep() -> u64;
}
