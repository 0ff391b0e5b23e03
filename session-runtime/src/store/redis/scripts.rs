//! The Lua scripts. Each is one step on one key.

use std::sync::LazyLock;

pub(super) struct Script(LazyLock<redis::Script>, &'static str);

impl Script {
    pub(super) fn hash(&self) -> &str {
        self.0.get_hash()
    }

    pub(super) fn text(&self) -> &'static str {
        self.1
    }
}

macro_rules! script {
    ($name:ident: $($file:literal)*) => {
        pub(super) static $name: Script = {
            const TEXT: &str = concat!($(include_str!($file)),*);
            Script(LazyLock::new(|| redis::Script::new(TEXT)), TEXT)
        };
    };
}

script!(LOAD: "common.lua" "slot.lua" "load.lua");
script!(CREATE: "common.lua" "slot.lua" "create.lua");
script!(OPEN: "common.lua" "slot.lua" "open.lua");
script!(SAVE: "common.lua" "slot.lua" "save.lua");
script!(RETIRE: "common.lua" "slot.lua" "retire.lua");
script!(WITHDRAW: "common.lua" "slot.lua" "withdraw.lua");
script!(TOUCH: "common.lua" "slot.lua" "touch.lua");
script!(DESTROY: "common.lua" "slot.lua" "destroy.lua");
script!(REAP: "common.lua" "slot.lua" "reap.lua");
script!(ENTER: "common.lua" "enter.lua");
script!(MEMBERS: "common.lua" "members.lua");
script!(PRUNE: "common.lua" "prune.lua");
script!(PUBLISH: "common.lua" "publish.lua");
script!(PUBLISHED: "common.lua" "published.lua");
script!(FORGET: "common.lua" "forget.lua");
