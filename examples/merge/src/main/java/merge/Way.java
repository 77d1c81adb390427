package merge;

/** The ways of asking five databases that are compared. */
enum Way {
    SEQUENTIAL("sequential", "a platform thread for each client asks one after the other, by JDBC"),
    THREADS("platform threads", "a platform thread for each question, by JDBC"),
    VIRTUAL("virtual threads", "a virtual thread for each question, by JDBC"),
    LATENT("Latent", "all clients on one thread; Vert.x and Lettuce, and JDBC behind spawnBlocking");

    final String title;
    final String how;

    Way(String title, String how) {
        this.title = title;
        this.how = how;
    }
}
