// Plain code: easy to read, to test and to debug.
String load(int id) throws InterruptedException {
    Thread.sleep(20); // your call, or your computing
    return "row " + id;
}

void main() throws Exception {
    for (int id = 1; id <= 3; id++) {
        IO.println(load(id));
    }
}
