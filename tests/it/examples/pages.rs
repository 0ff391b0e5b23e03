//! What each example shows, page by page.

use std::fs;
use std::io::Write;

use http::StatusCode;

use super::program::Program;

#[tokio::test]
async fn login_leads_back_to_the_page_that_was_wanted() {
    let program = Program::start("login");
    let mut ann = program.browser();
    ann.get("/orders?page=2").await.leads_to("/sign-in");
    let wrong = ann.submit("/sign-in", "name=ann&password=wrong").await;
    wrong.leads_to("/sign-in");
    let form = ann.get("/sign-in").await;
    form.shows("Name or password is wrong.");
    let right = "name=ann&password=correct+horse";
    ann.submit("/sign-in", right)
        .await
        .leads_to("/orders?page=2");
    let orders = ann.get("/orders?page=2").await;
    orders.shows("No orders of user 7");
    orders.shows("Welcome!");
    let cache = orders.headers["cache-control"].to_str().expect("text");
    assert!(cache.contains("no-store"), "{cache}");
    ann.get("/orders").await.hides("Welcome!");
}

#[tokio::test]
async fn login_says_goodbye_and_ends_the_session() {
    let program = Program::start("login");
    let mut ann = program.browser();
    let right = "name=ann&password=correct+horse";
    ann.submit("/sign-in", right).await.leads_to("/");
    let mut thief = ann.clone();
    ann.submit("/sign-out", "").await.leads_to("/");
    ann.get("/").await.shows("You are signed out.");
    ann.get("/orders").await.leads_to("/sign-in");
    thief.get("/orders").await.leads_to("/sign-in");
}

#[tokio::test]
async fn login_remembers_who_asks_for_it() {
    let program = Program::start("login");
    for (form, is_remembered) in [
        ("name=ann&password=correct+horse", false),
        ("name=ann&password=correct+horse&remember=on", true),
    ] {
        let page = program.browser().submit("/sign-in", form).await;
        let cookie = page.set_cookie().expect("a session");
        let max_age = cookie.contains("; Max-Age=2592000");
        assert_eq!(max_age, is_remembered, "{cookie}");
    }
}

#[tokio::test]
async fn login_signs_in_nobody_else() {
    let program = Program::start("login");
    let mut bob = program.browser();
    let nobody = bob
        .submit("/sign-in", "name=bob&password=correct+horse")
        .await;
    nobody.leads_to("/sign-in");
    bob.get("/orders").await.leads_to("/sign-in");
}

#[tokio::test]
async fn flash_shows_all_messages_once() {
    let program = Program::start("flash");
    let mut browser = program.browser();
    browser.submit("/save", "name=").await.leads_to("/");
    browser.submit("/save", "name=Ann").await.leads_to("/");
    let page = browser.get("/").await;
    let saved = page.text.matches("Success: Saved.").count();
    assert_eq!(saved, 2, "{}", page.text);
    page.shows("Warning: Without a name");
    let page = browser.get("/").await;
    page.hides("Saved");
    page.hides("Warning");
}

#[tokio::test]
async fn csrf_refuses_forms_of_other_sites() {
    let program = Program::start("csrf");
    let mut browser = program.browser();
    browser.submit("/transfer", "").await.leads_to("/");
    let (client, url) = (browser.client().clone(), browser.url("/transfer"));
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let request = client.post(&url).header(header, value);
        let page = browser.send(request).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{header}: {value}");
    }
    let own = client.post(&url).header("sec-fetch-site", "same-origin");
    browser.send(own).await.leads_to("/");
    browser.get("/").await.shows("Transfers: 2");
}

/// A file with a key, in a folder of the test's own.
struct KeyFile(std::path::PathBuf);

impl KeyFile {
    fn new() -> Self {
        let name = format!("session-rotation-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn path(&self) -> String {
        self.0.join("keys").display().to_string()
    }

    fn write(&self, text: &str) {
        let mut file = fs::File::create(self.path()).expect("a file");
        file.write_all(text.as_bytes()).expect("room");
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let _gone_before = fs::remove_dir_all(&self.0);
    }
}

const OLD: &str = "A42QgdrpHgfn40iQHQsNLKcNpLdyfaIMEmPwtetyuks=\n";
const NEW: &str = "1kDh95ZZ2Vs8XoFqcTGSrDMw6BpEuLJfVwCnYtQHPes=\n";

#[tokio::test]
async fn rotation_signs_nobody_out() {
    let file = KeyFile::new();
    file.write(OLD);
    let mut program = Program::start_with("rotation", &[("SESSION_KEYS", &file.path())]);
    let mut browser = program.browser();
    browser.get("/").await.shows("visit 1\n");
    file.write(&format!("{NEW},{OLD}"));
    program.hang_up();
    assert_eq!(program.line(), "the keys were replaced");
    browser.get("/").await.shows("visit 2\n");
    file.write(NEW);
    program.hang_up();
    assert_eq!(program.line(), "the keys were replaced");
    browser.get("/").await.shows("visit 3\n");
    browser.get("/keys").await.shows(" opened 1 cookies\n");
    file.write("no key");
    program.hang_up();
    assert!(program.line().starts_with("the keys stay as they were: "));
    browser.get("/").await.shows("visit 4\n");
}

#[tokio::test]
async fn multiple_structs_share_one_cookie() {
    let program = Program::start("multiple_structs");
    let mut browser = program.browser();
    browser.post("/cart", "bread").await.shows("added");
    browser.post("/sign-in", "Ann").await.shows("welcome");
    browser.post("/cart", "milk").await.shows("added");
    browser.get("/").await.shows("Ann: bread, milk\n");
}

#[tokio::test]
async fn plain_tower_counts_each_browser_s_visits() {
    let program = Program::start("plain_tower");
    let (mut one, mut other) = (program.browser(), program.browser());
    one.get("/").await.shows("visit 1\n");
    one.get("/").await.shows("visit 2\n");
    other.get("/").await.shows("visit 1\n");
}

#[tokio::test]
async fn current_is_known_deep_in_the_request_s_task_and_in_no_other() {
    let program = Program::start("current");
    let mut browser = program.browser();
    browser.get("/").await.shows("Hello\n");
    browser.post("/language", "de").await;
    browser.get("/").await.shows("Hallo\n");
    let task = browser.get("/task").await;
    task.shows("de, current in the task: false\n");
}

#[tokio::test]
async fn streaming_reads_the_record_after_the_head_and_changes_nothing() {
    let program = Program::start("streaming");
    let mut browser = program.browser();
    let page = browser.get("/export").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    browser.post("/sign-in", "Ann").await.shows("welcome");
    for n in 1..=2 {
        let page = browser.get("/export").await;
        page.shows(&format!("export {n} of Ann\norder 1\norder 2\norder 3\n"));
        page.shows("too late to put anything\n");
    }
}

/// Its own tests are run by cargo.
#[tokio::test]
async fn testing_serves_what_it_tests() {
    let program = Program::start("testing");
    let mut browser = program.browser();
    let page = browser.get("/me").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    browser.post("/sign-in", "").await.shows("welcome");
    browser.get("/me").await.shows("user 7\n");
    browser.post("/sign-out", "").await.shows("goodbye");
    let page = browser.get("/me").await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn hyper_signs_in_and_out() {
    let program = Program::start("hyper");
    let mut browser = program.browser();
    browser.post("/sign-in", "Ada").await;
    browser.get("/").await.shows("Ada");
    browser.post("/sign-out", "").await;
    browser.get("/").await.hides("Ada");
}
