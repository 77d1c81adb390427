import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

CompletableFuture<String> handle() {
    return load("order 7");
}

CompletableFuture<String> load(String name) {
    return query(name).thenApply(row -> row);
}

CompletableFuture<String> query(String name) {
    return connection(name).thenApply(connection -> connection);
}

CompletableFuture<String> connection(String name) {
    return CompletableFuture.supplyAsync(() -> {
        throw new IllegalStateException("no connection for " + name);
    }, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
}

void main() {
    IO.println(handle().join());
}
