package merge;

/**
 * What each database is asked.
 *
 * @param product whose part is wanted
 * @param slowMillis so much longer the database shall take, as one that is slow would; 0: as fast as it can
 */
record Question(long product, int slowMillis) {
    Question(long product) {
        this(product, 0);
    }
}
