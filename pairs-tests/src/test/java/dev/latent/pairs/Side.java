package dev.latent.pairs;

/** One language's programs of a page, built and ready to run. */
interface Side {
    /** {@return what the program of a heading prints} */
    String run(String heading) throws Exception;
}
