String handle() throws Exception {
    return load("order 7");
}

String load(String name) throws Exception {
    return query(name);
}

String query(String name) throws Exception {
    return connection(name);
}

String connection(String name) throws Exception {
    Thread.sleep(1);
    throw new IllegalStateException("no connection for " + name);
}

void main() throws Exception {
    Thread.ofVirtual().start(() -> {
        try {
            IO.println(handle());
        } catch (Exception e) {
            throw new RuntimeException(e);
        }
    }).join();
}
