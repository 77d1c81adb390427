use std::time::Duration;

async fn handle() -> String {
    load("order 7").await
}

async fn load(name: &str) -> String {
    query(name).await
}

async fn query(name: &str) -> String {
    connection(name).await
}

async fn connection(name: &str) -> String {
    tokio::time::sleep(Duration::from_millis(1)).await;
    panic!("no connection for {name}")
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    println!("{}", runtime.block_on(handle()));
}
