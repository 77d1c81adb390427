package dev.latent.world;

/** {@link FailureHandler#logging()}. */
enum LoggedFailures implements FailureHandler {
    INSTANCE;

    @Override
    public void unhandled(String where, Throwable failure) {
        System.getLogger("dev.latent").log(System.Logger.Level.ERROR, "unhandled failure in " + where, failure);
    }
}
